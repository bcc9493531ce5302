package org.cellweave.clonal.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Coordinates of other clones under a fitted {@link PoissonFactors}: contexts and their offsets
 * stay, each clone has the offset of its own counts, and its convex problem is solved by Newton's
 * method.
 */
public final class PoissonProjection {
  private PoissonProjection() {}

  /**
   * @param ridge half of it times the square of the coordinates is taken off a clone's likelihood
   * @param maxIter Newton steps of all clones at most
   * @param tol a step that raises the whole likelihood by less than this share of all that was
   *     gained is the last
   */
  public record Params(double ridge, int maxIter, double tol) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Ridge.required(ridge);
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double ridge = 1e-3;
      private int maxIter = 100;
      private double tol = 1e-9;

      private Builder() {}

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

      public Params build() {
        return new Params(ridge, maxIter, tol);
      }
    }
  }

  /**
   * What is projected.
   *
   * @param counts clones by contexts of the reference, whole numbers
   * @param context orthonormal v of the reference, contexts by dimensions
   * @param lengths of its dimensions
   * @param columnOffset of its contexts
   */
  public record Input(
      CsrMatrix counts,
      String name,
      DenseMatrix context,
      double[] lengths,
      double[] columnOffset) {}

  /**
   * @param embedding clones by dimensions, on the scale of the reference's, float32; zero for a
   *     clone without counts
   * @param rowOffset of every clone
   * @param history log-likelihood after every step
   * @param withoutCounts clones that have none
   */
  public record Result(
      DenseMatrix embedding, double[] rowOffset, double[] history, int withoutCounts) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Projects every clone.
   *
   * @throws IllegalArgumentException when counts are not counts or a context is not finite
   * @throws ShapeMismatchException when counts and contexts differ in number
   */
  public static Result run(Input input, Params params, Progress progress) {
    var data = ContextCounts.of(input.counts(), input.name(), true);
    int d = input.lengths().length;
    data.requireContexts(input.context().nRows(), input.name());
    Check.sameLength(
        input.columnOffset().length, data.nCols, "columnOffset", "the number of contexts");
    Finite.require(input.context(), "context", "the projection");
    double[] columns = input.context().doubleData();
    for (int k = 0; k < columns.length; k++) {
      columns[k] *= Math.sqrt(input.lengths()[k % d]);
    }
    double expected = Arrays.stream(input.columnOffset()).map(Elementary::exp).sum();
    double[] rowOffset = new double[data.nRows];
    Arrays.setAll(rowOffset, i -> Elementary.log(data.rowTotals[i] / expected + 1e-8));
    double[] rows = new double[data.nRows * d];
    var settings = PoissonFactors.Params.builder().zDim(d).ridge(params.ridge()).build();
    List<Double> history = new ArrayList<>();
    boolean rests = false;
    while (history.size() < params.maxIter() && !rests) {
      double now = PoissonTurn.run(data, rows, columns, rowOffset, input.columnOffset(), settings);
      history.add(now);
      int steps = history.size();
      progress.step("projection", steps, params.maxIter(), now);
      double gained = Math.abs(now - history.get(0));
      rests = steps > 1 && now - history.get(steps - 2) <= params.tol() * gained;
    }
    float[] embedding = new float[rows.length];
    for (int k = 0; k < rows.length; k++) {
      embedding[k] = data.rowTotals[k / d] > 0 ? (float) rows[k] : 0;
    }
    return new Result(
        Finite.made(DenseMatrix.wrap(embedding, data.nRows, d), "the projection", "raise ridge"),
        rowOffset,
        history.stream().mapToDouble(Double::doubleValue).toArray(),
        data.emptyRows());
  }
}
