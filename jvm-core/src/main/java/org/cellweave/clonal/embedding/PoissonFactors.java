package org.cellweave.clonal.embedding;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;

/**
 * Coordinates of clones from a Poisson model of their neighbourhoods: {@code log E[counts_ij] = l_i
 * f_j + r_i + c_j}, where r and c are those of independence and stay.
 *
 * <p>Rows and columns take turns; each has a convex problem in d numbers and takes one Newton step,
 * halved until its likelihood rises, so that the whole likelihood rises too. The original
 * (fastglmpca) moves one coordinate at a time. Rows do not depend on each other or on the number of
 * threads. Cost of an iteration: {@code 2 n m} exponentials and {@code n m d^2}.
 *
 * <p>The result is turned into its principal form: {@code l f = u diag(s) v} with orthonormal u and
 * v; the embedding is {@code u sqrt(s)}, so that distances count as they do in the model (the
 * original leaves s out).
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1861-6">Townes et al. 2019</a>
 */
public final class PoissonFactors {
  private PoissonFactors() {}

  /**
   * @param zDim dimensions
   * @param columnOffset whether contexts have offsets of their own size; otherwise all have one
   * @param rowOffset whether clones have offsets of their own size
   * @param ridge half of it times the squares of all factors is taken off the likelihood
   * @param maxIter turns of rows and columns at most
   * @param tol a turn that raises the likelihood by less than this share of all that was gained
   *     over independence is the last
   * @param withSelf whether a clone counts as met around itself
   */
  public record Params(
      int zDim,
      boolean columnOffset,
      boolean rowOffset,
      double ridge,
      int maxIter,
      double tol,
      boolean withSelf,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(zDim, "zDim");
      Ridge.required(ridge);
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int zDim = 10;
      private boolean columnOffset = true;
      private boolean rowOffset = true;
      private double ridge = 1e-3;
      private int maxIter = 500;
      private double tol = 1e-4;
      private boolean withSelf = true;
      private long seed = 4;

      private Builder() {}

      public Builder zDim(int value) {
        zDim = value;
        return this;
      }

      public Builder columnOffset(boolean value) {
        columnOffset = value;
        return this;
      }

      public Builder rowOffset(boolean value) {
        rowOffset = value;
        return this;
      }

      public Builder ridge(double value) {
        ridge = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder tol(double value) {
        tol = value;
        return this;
      }

      public Builder withSelf(boolean value) {
        withSelf = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(zDim, columnOffset, rowOffset, ridge, maxIter, tol, withSelf, seed);
      }
    }
  }

  /**
   * @param counts clones by contexts, whole numbers
   * @param name of the counts, for messages
   */
  public record Input(CsrMatrix counts, String name) {}

  /**
   * @param embedding u times the square roots of {@code lengths}, clones by dimensions, float32
   * @param context v, contexts by dimensions, orthonormal columns, float32
   * @param lengths of the dimensions, longest first
   * @param rowOffset r of every clone
   * @param columnOffset c of every context
   * @param history log-likelihood, without the logarithms of factorials, after every turn
   * @param converged whether it came to rest before {@code maxIter}
   */
  public record Result(
      DenseMatrix embedding,
      DenseMatrix context,
      double[] lengths,
      double[] rowOffset,
      double[] columnOffset,
      double[] history,
      boolean converged) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Fits the factors.
   *
   * @throws IllegalArgumentException when counts are not counts, or there are not more clones than
   *     dimensions
   */
  public static Result run(Input input, Params params, Progress progress) {
    var data = ContextCounts.of(input.counts(), input.name(), params.withSelf());
    data.requireMoreThan(params.zDim(), input.name());
    var offsets = Offsets.of(data, params);
    double[] rows = new double[data.nRows * params.zDim()];
    double[] columns = new double[data.nCols * params.zDim()];
    IndependenceStart.write(data, offsets, params, rows, columns);
    var transposed = data.transposed();
    double independent =
        PoissonTurn.likelihood(
            data, new double[rows.length], new double[columns.length], offsets, params);
    List<Double> history = new ArrayList<>();
    boolean converged = false;
    for (int turn = 0; turn < params.maxIter() && !converged; turn++) {
      PoissonTurn.run(data, rows, columns, offsets.row(), offsets.column(), params);
      double likelihood =
          PoissonTurn.run(transposed, columns, rows, offsets.column(), offsets.row(), params);
      progress.step("clone2vecPoi", turn + 1, params.maxIter(), likelihood);
      double before = turn == 0 ? Double.NEGATIVE_INFINITY : history.get(turn - 1);
      // what independence explains is no gain, and its likelihood has an arbitrary zero
      converged = likelihood - before <= params.tol() * Math.abs(likelihood - independent);
      history.add(likelihood);
    }
    int d = params.zDim();
    double[] lengths = CanonicalForm.principal(rows, columns, d);
    CanonicalForm.stretch(rows, lengths, d);
    String advice = "raise ridge, or lower zDim";
    return new Result(
        Finite.made(DenseMatrix.wrap(rows, data.nRows, d).toFloat32(), "clone2vecPoi", advice),
        Finite.made(
            DenseMatrix.wrap(columns, data.nCols, d).toFloat32(), "the contexts' side", advice),
        lengths,
        offsets.row(),
        offsets.column(),
        history.stream().mapToDouble(Double::doubleValue).toArray(),
        converged);
  }

  /** Logarithms of what independence expects: a part of the clone and a part of the context. */
  record Offsets(double[] row, double[] column) {
    /** Keeps logarithms of empty rows and columns finite. */
    private static final double LEAST = 1e-8;

    static Offsets of(ContextCounts data, Params params) {
      double[] columnSums = new double[data.nCols];
      for (int p = 0; p < data.at.length; p++) {
        columnSums[data.at[p]] += data.counts[p];
      }
      double[] column = new double[data.nCols];
      double overall = data.total / ((double) data.nRows * data.nCols);
      double expected = 0;
      for (int j = 0; j < column.length; j++) {
        double mean = params.columnOffset() ? columnSums[j] / data.nRows : overall;
        expected += mean;
        column[j] = Elementary.log(mean + LEAST);
      }
      double[] row = new double[data.nRows];
      if (params.rowOffset()) {
        for (int i = 0; i < row.length; i++) {
          row[i] = Elementary.log(data.rowTotals[i] / (expected + LEAST) + LEAST);
        }
      }
      return new Offsets(row, column);
    }
  }
}
