package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ClusteringContractCanFailTest {
  /** Labels a cell by its largest coordinate, which is what tells the groups apart. */
  private static final class Kept extends ClusteringContract {
    private final Fault fault;

    Kept(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected int[] cluster(DenseMatrix x, long seed, Progress progress) {
      Clauses.begin(x, fault, progress);
      int n = x.nRows();
      int[] labels = new int[n];
      for (int i = 0; i < n; i++) {
        for (int c = 1; c < GROUPS; c++) {
          labels[i] = x.get(i, c) > x.get(i, labels[i]) ? c : labels[i];
        }
        if (fault == Fault.DOES_NOTHING) {
          labels[i] = 0;
        } else if (fault == Fault.GOES_BY_POSITION && i < n / 2) {
          labels[i] = (labels[i] + 1) % GROUPS;
        } else if (fault == Fault.GOES_BY_CODE) {
          labels[i] *= 2;
        }
      }
      double jitter = 1000 * Clauses.jitter(fault);
      labels[0] = (int) Math.round(labels[0] + jitter) % GROUPS;
      return labels;
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        ClusteringContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyCellHasALabelAndNoLabelIsLeftOut", Fault.GOES_BY_CODE),
            entry("groupsThatLieApartAreFound", Fault.DOES_NOTHING),
            entry("theOrderOfCellsDoesNotMatter", Fault.GOES_BY_POSITION),
            entry("sameBitsForAnyNumberOfThreads", Fault.GOES_BY_THREADS),
            entry("sameSeedSameBits", Fault.FORGETS_THE_SEED),
            entry("nanIsRefused", Fault.TAKES_NAN),
            entry("anInterruptEndsTheRunAndLeavesTheInputAsItWas", Fault.IGNORES_INTERRUPTS)));
  }
}
