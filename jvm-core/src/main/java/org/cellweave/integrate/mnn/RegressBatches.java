package org.cellweave.integrate.mnn;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Subtracts from every gene its mean in the cell's batch: right where batches have the same
 * composition.
 *
 * <p>Cost: two passes over the values; the result is dense. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class RegressBatches {
  private static final String NAME = "regress";
  private static final int BLOCK = 256;

  private RegressBatches() {}

  /**
   * @param x residuals, dense float32
   * @param means what was subtracted, by batch and gene
   */
  public record Result(DenseMatrix x, double[][] means) implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, null));
    }
  }

  /** The correction, to be handed on. */
  public static BatchIntegration<Result> ready() {
    return ready(null);
  }

  /**
   * @param restrict cells that means are taken of; null for all
   */
  public static BatchIntegration<Result> ready(boolean[] restrict) {
    return new OnLogarithms<>(NAME, (x, batch, progress) -> run(x, batch, restrict, progress));
  }

  /**
   * @param x cells by genes, logarithms of normalised expression; not changed
   * @param batch of every cell, at least two
   * @param restrict cells that means are taken of, some in every batch; null for all
   */
  public static Result run(Matrix x, Categories batch, boolean[] restrict, Progress progress) {
    Finite.require(x, "X", "regressBatches");
    var batches = batch.forCells(x.nRows()).complete().withoutUnused();
    batches.atLeastTwo("there is nothing to regress within one batch.");
    int[] codes = batches.codes();
    var rows = Rows.of(x);
    double[][] means = means(rows, Restriction.codes(batches, restrict, 1, "regressBatches"));
    progress.step("regressBatches", 1, 2, Double.NaN);
    Parallel.checkInterrupted();
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT32);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            double[] mean = means[codes[i]];
            for (int j = 0; j < row.length; j++) {
              row[j] -= mean[j];
            }
            out.setRow(i, row);
          }
        });
    progress.step("regressBatches", 2, 2, Double.NaN);
    return new Result(out, means);
  }

  private static double[][] means(Rows rows, Categories counted) {
    var sums = GroupSums.byGroup(rows, counted.codes(), counted.nLevels());
    var collected = sums.collect(GroupSums.PLAIN);
    double[][] out = new double[counted.nLevels()][];
    for (int b = 0; b < out.length; b++) {
      out[b] = collected[b].sum();
      for (int j = 0; j < out[b].length; j++) {
        out[b][j] /= counted.size(b);
      }
    }
    return out;
  }
}
