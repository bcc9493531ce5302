package org.cellweave.contract;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class BatchIntegrationContractCanFailTest {
  private record Made(Integrated first) implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(first);
    }
  }

  /**
   * Takes the mean of every batch off, unless there is but one.
   *
   * @param graph gives neighbours of what it made
   */
  private record Centring(Fault fault, StandIn standIn, long seed, boolean graph)
      implements BatchIntegration<Made> {
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
      var read = standIn.begin(x, progress);
      var batch = input.batch(name());
      var out = read.copy();
      boolean one = batch.used() == 1 && fault != Fault.CHANGES_ONE_BATCH;
      if (!one && fault != Fault.DOES_NOTHING) {
        for (int c = 0; c < x.nCols(); c++) {
          centre(read, batch, c, out);
        }
      }
      // small inputs only, so that nothing is measured by what is no number
      boolean broken = fault == Fault.NOT_FINITE && x.nRows() == 300 && batch.used() > 1;
      out.set(0, 0, broken ? Double.POSITIVE_INFINITY : out.get(0, 0));
      standIn.end(x);
      if (graph) {
        return new Made(neighbours(out));
      }
      out.set(1, 1, standIn.moved(out.get(1, 1), seed));
      return new Made(new Integrated.Embedding(out));
    }

    private void centre(DenseMatrix x, Categories batch, int c, DenseMatrix out) {
      int[][] members = batch.members();
      for (int b = 0; b < members.length; b++) {
        double mean = 0;
        for (int i : members[b]) {
          mean += x.get(i, c) / members[b].length;
        }
        for (int i : members[b]) {
          double own =
              switch (fault) {
                case GOES_BY_POSITION -> 1e-2 * i / x.nRows();
                case GOES_BY_CODE -> 1e-2 * b;
                default -> 0;
              };
          out.set(i, c, x.get(i, c) - mean + own);
        }
      }
    }

    /** The seed shows in the distances alone. */
    private Integrated neighbours(DenseMatrix x) {
      int[][] lists = AllPairs.nearest(x, 9);
      var distances = new CsrBuilder(x.nRows(), DType.FLOAT64);
      var connectivities = new CsrBuilder(x.nRows(), DType.FLOAT32);
      double[] ones = new double[8];
      Arrays.fill(ones, 1);
      for (int[] list : lists) {
        double[] a = new double[x.nCols()];
        double[] b = new double[x.nCols()];
        double[] far = new double[8];
        x.readRow(list[0], a);
        int[] others = Arrays.copyOfRange(list, 1, 9);
        Arrays.sort(others);
        for (int c = 0; c < 8; c++) {
          x.readRow(others[c], b);
          far[c] = AllPairs.distance(a, b);
        }
        far[0] = list[0] == 0 ? standIn.moved(far[0], seed) : far[0];
        distances.addRow(others, far, 8);
        connectivities.addRow(others, ones, 8);
      }
      return new Integrated.Graph(distances.build(), connectivities.build());
    }
  }

  private static final class Kept extends BatchIntegrationContract {
    private final Fault fault;
    private final StandIn standIn;
    private final boolean graph;

    Kept(Fault fault) {
      this(fault, false);
    }

    Kept(Fault fault, boolean graph) {
      this.fault = fault;
      this.standIn = new StandIn(fault);
      this.graph = graph;
    }

    @Override
    protected BatchIntegration<?> method(long seed) {
      return new Centring(fault, standIn, seed, graph);
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
            entry("everyCellIsThereAndFinite", List.of(Fault.NOT_FINITE)),
            entry("theInputStaysAsItWas", List.of(Fault.CHANGES_THE_INPUT)),
            entry("theOrderOfCellsDoesNotMatter", List.of(Fault.GOES_BY_POSITION)),
            entry("namesAndOrderOfBatchesDoNotMatter", List.of(Fault.GOES_BY_CODE)),
            entry("oneBatchBehavesAsStated", List.of(Fault.CHANGES_ONE_BATCH)),
            entry("sameBitsForAnyNumberOfThreads", List.of(Fault.GOES_BY_THREADS)),
            entry("sameSeedSameBits", List.of(Fault.REMEMBERS_RUNS)),
            entry("anotherSeedGivesOtherBits", List.of(Fault.IGNORES_THE_SEED)),
            entry("nanIsRefusedByRowAndColumn", List.of(Fault.TAKES_NAN)),
            entry("aMissingLabelIsRefusedByName", List.of(Fault.FILLS_LABELS)),
            entry(
                "anInterruptEndsTheRunAndLeavesTheInputAsItWas",
                List.of(Fault.IGNORES_INTERRUPTS, Fault.LOOKS_ONCE, Fault.WORKS_IN_THE_INPUT)),
            entry("batchesMixAndTypesStay", List.of(Fault.DOES_NOTHING))));
  }

  /** Of a graph the weights may be right and the distances wrong. */
  @Test
  void distancesOfAGraphAreRead() {
    String threads = "sameBitsForAnyNumberOfThreads";
    assertThat(Clauses.breach(new Kept(Fault.NONE, true), threads)).isNull();
    assertThat(Clauses.breach(new Kept(Fault.GOES_BY_THREADS, true), threads))
        .isInstanceOf(AssertionError.class);
  }
}
