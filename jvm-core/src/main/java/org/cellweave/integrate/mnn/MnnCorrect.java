package org.cellweave.integrate.mnn;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The first MNN method: expression of every cell shifted by a Gaussian mean of the differences
 * between mutual nearest neighbours of two batches.
 *
 * <p>Departures from batchelor: the search is exact; a cell whose shift is zero keeps it, where the
 * original divides by zero; a batch with k cells or fewer is refused. {@link FastMnn} is faster and
 * usually better.
 *
 * <p>Cost: for every merge of m with n cells of p genes {@code n (m + n) p} multiplications by
 * BLAS, and float64 copies of the expression. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class MnnCorrect {
  private static final String NAME = "mnn";
  private static final int BLOCK = 256;

  private MnnCorrect() {}

  /**
   * @param plan order of merges, and neighbours
   * @param sigma squared distances are divided by it in the Gaussian, without a factor of two
   * @param cosNormIn seeks neighbours among cells of length one
   * @param cosNormOut corrects cells of length one
   * @param svdDim directions of biology, of each set, that shifts have no part in; 0 for none
   * @param varAdj lengthens shifts so that spreads along them agree
   * @param correctAll corrects genes that were not chosen, too
   */
  public record Params(
      MergePlan plan,
      double sigma,
      boolean cosNormIn,
      boolean cosNormOut,
      int svdDim,
      boolean varAdj,
      boolean correctAll) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(sigma, "sigma");
      Check.nonNegative(svdDim, "svdDim");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private MergePlan plan = MergePlan.DEFAULTS;
      private double sigma = 0.1;
      private boolean cosNormIn = true;
      private boolean cosNormOut = true;
      private int svdDim = 0;
      private boolean varAdj = true;
      private boolean correctAll = false;

      public Builder plan(MergePlan value) {
        this.plan = value;
        return this;
      }

      public Builder sigma(double value) {
        this.sigma = value;
        return this;
      }

      public Builder cosNormIn(boolean value) {
        this.cosNormIn = value;
        return this;
      }

      public Builder cosNormOut(boolean value) {
        this.cosNormOut = value;
        return this;
      }

      public Builder svdDim(int value) {
        this.svdDim = value;
        return this;
      }

      public Builder varAdj(boolean value) {
        this.varAdj = value;
        return this;
      }

      public Builder correctAll(boolean value) {
        this.correctAll = value;
        return this;
      }

      public Params build() {
        return new Params(plan, sigma, cosNormIn, cosNormOut, svdDim, varAdj, correctAll);
      }
    }
  }

  /**
   * @param x corrected expression, dense float32
   * @param features column of the input that each column of {@code x} was; null for all
   * @param merges one for every step
   * @param order of the merges
   */
  public record Result(DenseMatrix x, int[] features, List<MnnMerge> merges, MergeOrder order)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, features));
    }
  }

  /** The correction with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return with(params, null, null);
  }

  /**
   * @param genes to seek neighbours with; null for all
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static BatchIntegration<Result> with(Params params, boolean[] genes, boolean[] restrict) {
    return new OnLogarithms<>(
        NAME, (x, batch, progress) -> run(x, batch, genes, restrict, params, progress));
  }

  public static Result run(Matrix x, Categories batch, Params params) {
    return run(x, batch, null, null, params, Progress.NONE);
  }

  /**
   * @param x cells by genes, logarithms of normalised expression; not changed
   * @param batch of every cell, at least two with more than k cells each
   * @param genes to seek neighbours with; null for all
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static Result run(
      Matrix x,
      Categories batch,
      boolean[] genes,
      boolean[] restrict,
      Params params,
      Progress progress) {
    Finite.require(x, "X", "mnnCorrect");
    var batches = params.plan().checked(batch, x.nRows(), restrict, "mnnCorrect");
    var chosen = ChosenGenes.of(genes, x.nCols());
    var rows = Rows.of(x);
    double[] factors = CosineNorm.factors(CosineNorm.norms(rows, chosen));
    var in = values(rows, chosen.columns(), params.cosNormIn() ? factors : null);
    boolean all = chosen.isAll() || params.correctAll();
    boolean same = params.cosNormIn() == params.cosNormOut() && all == chosen.isAll();
    var out = in;
    if (!same) {
      int[] columns = all ? ChosenGenes.of(null, x.nCols()).columns() : chosen.columns();
      out = values(rows, columns, params.cosNormOut() ? factors : null);
    }
    var merging = new ExpressionMerges(in, out, batches, params);
    var order = new MergeSchedule(batches, restrict, params.plan(), merging, NAME, progress).run();
    return new Result(
        out.toFloat32(), all ? null : chosen.columns(), List.copyOf(merging.merges()), order);
  }

  /** A float64 copy of some columns, every row times its factor. */
  private static DenseMatrix values(Rows rows, int[] columns, double[] factors) {
    var out = DenseMatrix.zeros(rows.nRows(), columns.length, DType.FLOAT64);
    Parallel.forRange(
        rows.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[rows.nCols()];
          double[] taken = new double[columns.length];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            for (int g = 0; g < taken.length; g++) {
              taken[g] = row[columns[g]] * (factors == null ? 1 : factors[i]);
            }
            out.setRow(i, taken);
          }
        });
    return out;
  }
}
