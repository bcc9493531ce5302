package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class EmbeddingContractCanFailTest {
  private static final int DIMS = 4;

  /** The coordinates that tell the groups apart. */
  private static final class Kept extends EmbeddingContract {
    private final Fault fault;
    private final StandIn standIn;

    Kept(Fault fault) {
      this.fault = fault;
      this.standIn = new StandIn(fault);
    }

    @Override
    protected int dims() {
      return DIMS;
    }

    @Override
    protected Prepared<DenseMatrix> on(DenseMatrix x) {
      return new Prepared<>(
          x,
          (seed, progress) -> {
            var read = standIn.begin(x, progress);
            var out = DenseMatrix.zeros(x.nRows(), DIMS, DType.FLOAT32);
            for (int i = 0; i < x.nRows(); i++) {
              for (int c = 0; c < DIMS; c++) {
                out.set(i, c, place(read, i, c));
              }
            }
            out.set(0, 0, fault == Fault.NOT_FINITE ? Double.NaN : out.get(0, 0));
            out.set(1, 1, standIn.moved(out.get(1, 1), seed));
            standIn.end(x);
            return out;
          });
    }

    private double place(DenseMatrix x, int i, int c) {
      return switch (fault) {
        // of coordinates that are the same for all groups
        case DOES_NOTHING -> x.get(i, 4 + c % 2);
        case GOES_BY_POSITION -> x.get(i, 4) + (i % DIMS == c ? 100 : 0);
        default -> x.get(i, c);
      };
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        EmbeddingContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyCellHasAPlace", List.of(Fault.NOT_FINITE)),
            entry("groupsThatLieApartStayApart", List.of(Fault.DOES_NOTHING)),
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
