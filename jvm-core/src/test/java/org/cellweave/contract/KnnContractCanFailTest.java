package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class KnnContractCanFailTest {
  private static final class Kept extends KnnContract {
    private final Fault fault;

    Kept(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected double leastRecall() {
      return 1;
    }

    @Override
    protected NearestNeighbors.Result search(DenseMatrix x, int k, long seed, Progress progress) {
      Clauses.begin(x, fault, progress);
      int n = x.nRows();
      int[][] lists = AllPairs.nearest(x, k + 1);
      int[] indices = new int[n * k];
      double[] distances = new double[n * k];
      double jitter = Clauses.jitter(fault);
      double[] a = new double[x.nCols()];
      double[] b = new double[x.nCols()];
      for (int i = 0; i < n; i++) {
        x.readRow(i, a);
        for (int c = 0; c < k; c++) {
          // without the cell itself every place is the next one's
          int at = lists[i][fault == Fault.LOSES_A_CELL ? c + 1 : c];
          x.readRow(at, b);
          indices[i * k + c] = at;
          distances[i * k + c] = AllPairs.distance(a, b) + jitter;
        }
        distort(lists[i], indices, distances, i * k, k);
      }
      return new NearestNeighbors.Result(n, k, indices, distances, NearestNeighbors.Search.EXACT);
    }

    private void distort(int[] list, int[] indices, double[] distances, int from, int k) {
      if (fault == Fault.MEASURES_WRONG) {
        distances[from + k - 1] += 1;
      } else if (fault == Fault.GOES_BY_POSITION && list[0] > 100) {
        indices[from + k - 1] = list[k];
      } else if (fault == Fault.TIES_BACKWARDS) {
        int swap = indices[from + 1];
        indices[from + 1] = indices[from + 2];
        indices[from + 2] = swap;
      }
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        KnnContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyListBeginsWithTheCellItselfAndHoldsNoCellTwice", Fault.LOSES_A_CELL),
            entry("distancesAscendAndAreThoseOfThePairs", Fault.MEASURES_WRONG),
            entry("theNearestAreFound", Fault.GOES_BY_POSITION),
            entry("tiesGoToTheLowerIndex", Fault.TIES_BACKWARDS),
            entry("theOrderOfCellsDoesNotMatter", Fault.GOES_BY_POSITION),
            entry("sameBitsForAnyNumberOfThreads", Fault.GOES_BY_THREADS),
            entry("sameSeedSameBits", Fault.FORGETS_THE_SEED),
            entry("nanIsRefusedByRowAndColumn", Fault.TAKES_NAN),
            entry("anInterruptEndsTheSearchAndLeavesTheInputAsItWas", Fault.IGNORES_INTERRUPTS)));
  }
}
