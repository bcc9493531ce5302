package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class ClusteringContractCanFailTest {
  /** Labels a cell by its largest coordinate, which is what tells the groups apart. */
  private static final class Kept extends ClusteringContract {
    private final Fault fault;
    private final StandIn standIn;

    Kept(Fault fault) {
      this.fault = fault;
      this.standIn = new StandIn(fault);
    }

    @Override
    protected Prepared<int[]> on(DenseMatrix x) {
      return new Prepared<>(
          x,
          (seed, progress) -> {
            var read = standIn.begin(x, progress);
            int[] labels = new int[x.nRows()];
            int moves = standIn.moves(seed);
            for (int i = 0; i < labels.length; i++) {
              int label = (label(read, i) + moves) % GROUPS;
              labels[i] = fault == Fault.SKIPS_A_LABEL ? 2 * label : label;
            }
            standIn.end(x);
            return labels;
          });
    }

    private int label(DenseMatrix x, int i) {
      if (fault == Fault.GOES_BY_POSITION) {
        return i % GROUPS;
      }
      if (fault == Fault.DOES_NOTHING) {
        // of a coordinate that is the same for all groups
        return Math.floorMod((int) Math.floor(3 * x.get(i, 5)), GROUPS);
      }
      int largest = 0;
      for (int c = 1; c < GROUPS; c++) {
        largest = x.get(i, c) > x.get(i, largest) ? c : largest;
      }
      return largest;
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        ClusteringContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyCellHasALabelAndNoLabelIsLeftOut", List.of(Fault.SKIPS_A_LABEL)),
            entry("groupsThatLieApartAreFound", List.of(Fault.DOES_NOTHING)),
            entry("theOrderOfCellsDoesNotMatter", List.of(Fault.GOES_BY_POSITION)),
            entry("theInputStaysAsItWas", List.of(Fault.CHANGES_THE_INPUT)),
            entry("sameBitsForAnyNumberOfThreads", List.of(Fault.GOES_BY_THREADS)),
            entry("sameSeedSameBits", List.of(Fault.REMEMBERS_RUNS)),
            entry("anotherSeedGivesOtherBits", List.of(Fault.IGNORES_THE_SEED)),
            entry("nanIsRefused", List.of(Fault.TAKES_NAN)),
            entry(
                "anInterruptEndsTheRunAndLeavesTheInputAsItWas",
                List.of(Fault.IGNORES_INTERRUPTS, Fault.LOOKS_ONCE, Fault.WORKS_IN_THE_INPUT))));
  }
}
