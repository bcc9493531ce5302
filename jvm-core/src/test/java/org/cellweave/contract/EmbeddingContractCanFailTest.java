package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class EmbeddingContractCanFailTest {
  /** The coordinates that tell the groups apart. */
  private static final class Kept extends EmbeddingContract {
    private final Fault fault;

    Kept(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected int dims() {
      return 4;
    }

    @Override
    protected DenseMatrix embed(DenseMatrix x, long seed, Progress progress) {
      Clauses.begin(x, fault, progress);
      int n = x.nRows();
      var out = DenseMatrix.zeros(n, 4, DType.FLOAT64);
      double jitter = Clauses.jitter(fault);
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < 4; c++) {
          double place = fault == Fault.DOES_NOTHING ? i : x.get(i, c);
          out.set(i, c, place + jitter + (fault == Fault.GOES_BY_POSITION ? 100.0 * i : 0));
        }
      }
      int first = fault == Fault.LOSES_A_CELL ? 1 : 0;
      return out.takeRows(IntStream.range(first, n).toArray());
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        EmbeddingContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyCellHasAPlace", Fault.LOSES_A_CELL),
            entry("groupsThatLieApartStayApart", Fault.DOES_NOTHING),
            entry("theOrderOfCellsDoesNotMatter", Fault.GOES_BY_POSITION),
            entry("sameBitsForAnyNumberOfThreads", Fault.GOES_BY_THREADS),
            entry("sameSeedSameBits", Fault.FORGETS_THE_SEED),
            entry("nanIsRefused", Fault.TAKES_NAN),
            entry("anInterruptEndsTheRunAndLeavesTheInputAsItWas", Fault.IGNORES_INTERRUPTS)));
  }
}
