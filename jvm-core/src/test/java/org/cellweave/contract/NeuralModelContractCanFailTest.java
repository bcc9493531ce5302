package org.cellweave.contract;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeuralModelContractCanFailTest {
  @TempDir static Path files;

  /** One weight, which halves its distance to the mean count with every epoch. */
  private record Model(double weight, double[] objective) {}

  private static final class Kept extends NeuralModelContract<Model> {
    private final Fault fault;
    private final StandIn standIn;

    /** The counts of the contract are sparse; what it hands over stays one object here. */
    private final IdentityHashMap<Matrix, DenseMatrix> dense = new IdentityHashMap<>();

    Kept(Fault fault) {
      this.fault = fault;
      this.standIn = new StandIn(fault);
      this.folder = files;
    }

    @Override
    protected Model train(
        Matrix counts, Categories batch, int epochs, long seed, Progress progress) {
      var x = dense.computeIfAbsent(counts, Matrix::toDense);
      float[] stored = counts instanceof CsrMatrix sparse ? sparse.block(0).values() : new float[1];
      float before = stored[0];
      stored[0] = fault == Fault.WORKS_IN_THE_INPUT ? 17 : before;
      standIn.begin(x, progress);
      if (fault != Fault.FILLS_LABELS) {
        batch.forCells(x.nRows()).complete();
      }
      double mean = 0;
      double[] row = new double[x.nCols()];
      for (int i = 0; i < x.nRows(); i++) {
        x.readRow(i, row);
        for (int c = 0; c < row.length; c++) {
          if (row[c] < 0 && fault != Fault.TAKES_NAN) {
            throw new IllegalArgumentException("x[" + i + ", " + c + "] is " + row[c]);
          }
        }
        mean += Arrays.stream(row).sum() / x.nRows();
      }
      double[] objective = new double[epochs];
      for (int e = 0; e < epochs; e++) {
        objective[e] = fault == Fault.DOES_NOTHING ? mean : mean * Math.pow(0.5, e);
      }
      if (fault == Fault.BREAKS_ON_ONE_MORE && x.nRows() % 128 == 1) {
        objective[0] = Double.NaN;
      }
      stored[0] = fault == Fault.CHANGES_THE_INPUT ? 17 : before;
      return new Model(standIn.moved(mean * (1 - Math.pow(0.5, epochs)), seed), objective);
    }

    @Override
    protected double[] objective(Model model) {
      return model.objective();
    }

    @Override
    protected DenseMatrix latent(Model model, Matrix counts, Categories batch) {
      var x = dense.computeIfAbsent(counts, Matrix::toDense);
      var out = DenseMatrix.zeros(x.nRows(), 1, DType.FLOAT32);
      double company = fault == Fault.GOES_BY_COMPANY ? x.nRows() : 0;
      for (int i = 0; i < x.nRows(); i++) {
        out.set(i, 0, Math.log1p(x.get(i, 0)) * model.weight() + company);
      }
      return out;
    }

    @Override
    protected void save(Model model, Path folder) {
      double kept = fault == Fault.SAVES_HALF ? model.weight() / 2 : model.weight();
      try {
        Files.writeString(folder.resolve("weight"), Double.toString(kept));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected Model load(Path folder) {
      try {
        return new Model(
            Double.parseDouble(Files.readString(folder.resolve("weight"))), new double[0]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void everyClauseCanFail() {
    Clauses.canFail(
        NeuralModelContract.class,
        Kept::new,
        Map.ofEntries(
            entry("trainingLowersTheObjective", List.of(Fault.DOES_NOTHING)),
            entry("everyCellHasAPlaceThatDoesNotDependOnTheOthers", List.of(Fault.GOES_BY_COMPANY)),
            entry("aLastMinibatchOfOneCellDoesNoHarm", List.of(Fault.BREAKS_ON_ONE_MORE)),
            entry(
                "sameSeedSameBitsForAnyNumberOfThreads",
                List.of(Fault.GOES_BY_THREADS, Fault.REMEMBERS_RUNS)),
            entry("anotherSeedGivesOtherBits", List.of(Fault.IGNORES_THE_SEED)),
            entry("theInputStaysAsItWas", List.of(Fault.CHANGES_THE_INPUT)),
            entry("aSavedModelIsTheSame", List.of(Fault.SAVES_HALF)),
            entry("whatAreNotCountsIsRefusedByRowAndColumn", List.of(Fault.TAKES_NAN)),
            entry("aMissingLabelIsRefusedByName", List.of(Fault.FILLS_LABELS)),
            entry(
                "anInterruptEndsTheTrainingAndLeavesTheInputAsItWas",
                List.of(Fault.IGNORES_INTERRUPTS, Fault.LOOKS_ONCE, Fault.WORKS_IN_THE_INPUT))));
  }
}
