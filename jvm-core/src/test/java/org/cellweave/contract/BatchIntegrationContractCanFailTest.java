package org.cellweave.contract;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class BatchIntegrationContractCanFailTest {
  private record Made(DenseMatrix x) implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(x));
    }
  }

  /** Takes the mean of every batch off, unless there is but one. */
  private record Centring(Fault fault) implements BatchIntegration<Made> {
    @Override
    public String name() {
      return "centring";
    }

    @Override
    public Values reads() {
      return Values.EMBEDDING;
    }

    @Override
    public Made run(IntegrationInput input, Progress progress) {
      var x = input.values(name()).toDense();
      Clauses.begin(x, fault, progress);
      var batch = input.batch(name());
      var out = x.copy();
      boolean one = batch.used() == 1 && fault != Fault.CHANGES_ONE_BATCH;
      if (!one && fault != Fault.DOES_NOTHING) {
        for (int c = 0; c < x.nCols(); c++) {
          centre(x, batch, c, out);
        }
      }
      int first = fault == Fault.LOSES_A_CELL ? 1 : 0;
      return new Made(out.takeRows(IntStream.range(first, x.nRows()).toArray()));
    }

    private void centre(DenseMatrix x, Categories batch, int c, DenseMatrix out) {
      int[][] members = batch.members();
      double more = Clauses.jitter(fault);
      for (int b = 0; b < members.length; b++) {
        double mean = 0;
        for (int i : members[b]) {
          mean += x.get(i, c) / members[b].length;
        }
        for (int i : members[b]) {
          double own = fault == Fault.GOES_BY_POSITION ? i : fault == Fault.GOES_BY_CODE ? b : 0;
          out.set(i, c, x.get(i, c) - mean + more + own);
        }
      }
    }
  }

  private static final class Kept extends BatchIntegrationContract {
    private final Fault fault;

    Kept(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected BatchIntegration<?> method(long seed) {
      return new Centring(fault);
    }

    @Override
    protected OneBatch oneBatch() {
      return OneBatch.UNCHANGED;
    }

    @Override
    protected double tolerance() {
      return 1e-5;
    }

    @Override
    protected IntegrationResult run(
        BatchIntegration<?> method, Matrix x, Categories batch, Progress progress) {
      int[] filled = Arrays.stream(batch.codes()).map(c -> Math.max(c, 0)).toArray();
      return super.run(
          method,
          x,
          fault == Fault.FILLS_LABELS ? Categories.of("batch", filled) : batch,
          progress);
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        BatchIntegrationContract.class,
        Kept::new,
        Map.ofEntries(
            entry("everyCellIsThereAndFinite", Fault.LOSES_A_CELL),
            entry("theInputStaysAsItWas", Fault.CHANGES_THE_INPUT),
            entry("theOrderOfCellsDoesNotMatter", Fault.GOES_BY_POSITION),
            entry("namesAndOrderOfBatchesDoNotMatter", Fault.GOES_BY_CODE),
            entry("oneBatchBehavesAsStated", Fault.CHANGES_ONE_BATCH),
            entry("sameBitsForAnyNumberOfThreads", Fault.GOES_BY_THREADS),
            entry("sameSeedSameBits", Fault.FORGETS_THE_SEED),
            entry("nanIsRefusedByRowAndColumn", Fault.TAKES_NAN),
            entry("aMissingLabelIsRefusedByName", Fault.FILLS_LABELS),
            entry("anInterruptEndsTheRunAndLeavesTheInputAsItWas", Fault.IGNORES_INTERRUPTS),
            entry("batchesMixAndTypesStay", Fault.DOES_NOTHING)));
  }
}
