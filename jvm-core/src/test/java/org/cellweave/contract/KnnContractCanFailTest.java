package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class KnnContractCanFailTest {
  private static final class Kept extends KnnContract {
    private final Fault fault;
    private final StandIn standIn;
    private final IdentityHashMap<DenseMatrix, int[][]> nearest = new IdentityHashMap<>();

    Kept(Fault fault) {
      this.fault = fault;
      this.standIn = new StandIn(fault);
    }

    @Override
    protected double leastRecall() {
      return 0.999;
    }

    @Override
    protected NearestNeighbors.Result search(DenseMatrix x, int k, long seed, Progress progress) {
      var read = standIn.begin(x, progress);
      int n = x.nRows();
      int[][] found = nearest.computeIfAbsent(read, cells -> AllPairs.nearest(cells, k + 1));
      int[][] lists = Arrays.stream(found).map(int[]::clone).toArray(int[][]::new);
      boolean far = Math.abs(read.get(0, 0)) > 100;
      int[] indices = new int[n * k];
      double[] distances = new double[n * k];
      double[] a = new double[x.nCols()];
      double[] b = new double[x.nCols()];
      for (int i = 0; i < n; i++) {
        distort(i, lists[i], k, far);
        read.readRow(i, a);
        for (int c = 0; c < k; c++) {
          read.readRow(lists[i][c], b);
          indices[i * k + c] = lists[i][c];
          distances[i * k + c] = AllPairs.distance(a, b);
        }
        if (fault == Fault.TIES_BACKWARDS && distances[i * k + 1] == distances[i * k + 2]) {
          indices[i * k + 1] = lists[i][2];
          indices[i * k + 2] = lists[i][1];
        }
      }
      distances[k - 1] = standIn.moved(distances[k - 1], seed);
      distances[2 * k - 1] += fault == Fault.MEASURES_WRONG ? 1 : 0;
      standIn.end(x);
      return new NearestNeighbors.Result(n, k, indices, distances, NearestNeighbors.Search.EXACT);
    }

    /**
     * @param list one longer than wanted
     */
    private void distort(int i, int[] list, int k, boolean far) {
      boolean misses =
          switch (fault) {
            case MISSES_NEIGHBOURS -> !far;
            case MISSES_FAR_AWAY -> far;
            // too few for what is asked of a single search, enough for two
            case GOES_BY_POSITION -> i < 5;
            default -> false;
          };
      if (misses) {
        list[k - 1] = list[k];
      }
      if (fault == Fault.HAS_A_CELL_TWICE && i == 7) {
        list[k - 1] = list[k - 2];
      }
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        KnnContract.class,
        Kept::new,
        Map.ofEntries(
            entry(
                "everyListBeginsWithTheCellItselfAndHoldsNoCellTwice",
                List.of(Fault.HAS_A_CELL_TWICE)),
            entry("distancesAscendAndAreThoseOfThePairs", List.of(Fault.MEASURES_WRONG)),
            entry("theNearestAreFound", List.of(Fault.MISSES_NEIGHBOURS)),
            entry("theNearestAreFoundFarFromTheOrigin", List.of(Fault.MISSES_FAR_AWAY)),
            entry("tiesGoToTheLowerIndex", List.of(Fault.TIES_BACKWARDS)),
            entry("theOrderOfCellsDoesNotMatter", List.of(Fault.GOES_BY_POSITION)),
            entry("theInputStaysAsItWas", List.of(Fault.CHANGES_THE_INPUT)),
            entry("sameBitsForAnyNumberOfThreads", List.of(Fault.GOES_BY_THREADS)),
            entry("sameSeedSameBits", List.of(Fault.REMEMBERS_RUNS)),
            entry("anotherSeedGivesOtherBits", List.of(Fault.IGNORES_THE_SEED)),
            entry("nanIsRefusedByRowAndColumn", List.of(Fault.TAKES_NAN)),
            entry(
                "anInterruptEndsTheSearchAndLeavesTheInputAsItWas",
                List.of(Fault.IGNORES_INTERRUPTS, Fault.LOOKS_ONCE, Fault.WORKS_IN_THE_INPUT))));
  }
}
