package org.cellweave.clonal.embedding;

import java.util.Arrays;
import org.cellweave.linalg.FastExponential;
import org.cellweave.linalg.PositiveSystem;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Coordinates of other clones in a fitted embedding: contexts stay, and each clone's coordinates
 * minimise the loss of its own counts, with a small ridge that keeps those of few counts finite.
 *
 * <p>The problem of a clone is convex in d numbers and is solved by Newton's method with halved
 * steps; clones do not depend on each other or on the number of threads. Cost: {@code n m d^2} a
 * step.
 */
public final class Projection {
  private static final int BLOCK = 16;

  /** Share of the promised decrease that a step must keep. */
  private static final double ARMIJO = 1e-4;

  private static final int MAX_HALVINGS = 40;

  /** Share of a loss below which a difference of two is none. */
  private static final double ROUNDING = 1e-14;

  private Projection() {}

  /**
   * @param ridge half of it times the square of the coordinates is added to a clone's mean loss
   * @param maxIter Newton steps of a clone at most
   * @param tol bound on the length of the gradient of a clone's mean loss
   */
  public record Params(double ridge, int maxIter, double tol) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Ridge.required(ridge);
      Check.positive(maxIter, "maxIter");
      Check.positive(tol, "tol");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double ridge = 1e-3;
      private int maxIter = 100;
      private double tol = 1e-8;

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
   * @param context of the reference, contexts by dimensions
   * @param bias of the reference's contexts
   */
  public record Input(CsrMatrix counts, String name, DenseMatrix context, double[] bias) {}

  /**
   * @param embedding clones by dimensions, float32; zero for a clone without counts
   * @param losses mean loss of every clone, NaN without counts
   * @param withoutCounts clones that have none
   * @param unfinished clones whose gradient is not small after {@code maxIter} steps
   */
  public record Result(DenseMatrix embedding, double[] losses, int withoutCounts, int unfinished) {}

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
    int m = data.nCols;
    int d = input.context().nCols();
    data.requireContexts(input.context().nRows(), input.name());
    Check.sameLength(input.bias().length, m, "bias", "the number of contexts");
    Finite.require(input.context(), "context", "the projection");
    double[] v = RowKernels.byDimension(input.context().doubleData(), d);
    float[] embedding = new float[data.nRows * d];
    double[] losses = new double[data.nRows];
    boolean[] unfinished = new boolean[data.nRows];
    Parallel.forRange(
        data.nRows,
        BLOCK,
        (from, to) -> {
          var row = new RowProblem(data, v, input.bias(), d, params);
          for (int i = from; i < to; i++) {
            unfinished[i] = !row.solve(i);
            losses[i] = row.value();
            for (int c = 0; c < d; c++) {
              embedding[i * d + c] = (float) row.u[c];
            }
          }
        });
    progress.step("projection", data.nRows, data.nRows, Double.NaN);
    int open = 0;
    for (boolean u : unfinished) {
      open += u ? 1 : 0;
    }
    var made = DenseMatrix.wrap(embedding, data.nRows, d);
    Finite.made(made, "the projection", "raise ridge");
    return new Result(made, losses, data.emptyRows(), open);
  }

  /** The loss of one clone. */
  private static final class RowProblem {
    private final ContextCounts data;
    private final double[] v;
    private final double[] bias;
    private final int d;
    private final int m;
    private final Params params;
    private final double[] u;
    private final double[] chances;
    private final double[] weighted;
    private final double[] gradient;
    private final double[] hessian;
    private final double[] met;
    private double biasMet;
    private double loss;

    RowProblem(ContextCounts data, double[] v, double[] bias, int d, Params params) {
      this.data = data;
      this.v = v;
      this.bias = bias;
      this.d = d;
      this.m = data.nCols;
      this.params = params;
      this.u = new double[d];
      this.chances = new double[m];
      this.weighted = new double[m];
      this.gradient = new double[d];
      this.hessian = new double[d * d];
      this.met = new double[d];
    }

    /** False when the gradient stays. */
    boolean solve(int i) {
      Arrays.fill(u, 0);
      if (data.rowTotals[i] == 0) {
        loss = Double.NaN;
        return true;
      }
      observe(i);
      loss = evaluate(u);
      for (int step = 0; step < params.maxIter(); step++) {
        Parallel.checkInterrupted();
        derivatives();
        double length = Math.sqrt(RowKernels.dot(gradient, gradient, 0, d));
        if (length <= params.tol()) {
          return true;
        }
        if (!descend()) {
          return true;
        }
      }
      return false;
    }

    double value() {
      return Double.isNaN(loss) ? loss : loss - params.ridge() / 2 * RowKernels.dot(u, u, 0, d);
    }

    /** The mean context met around the clone. */
    private void observe(int i) {
      Arrays.fill(met, 0);
      biasMet = 0;
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        double share = data.counts[p] / data.rowTotals[i];
        for (int c = 0; c < d; c++) {
          met[c] += share * v[c * m + data.at[p]];
        }
        biasMet += share * bias[data.at[p]];
      }
    }

    /** The loss at these coordinates; leaves the chances of all contexts. */
    private double evaluate(double[] at) {
      System.arraycopy(bias, 0, chances, 0, m);
      double linear = biasMet;
      for (int c = 0; c < d; c++) {
        RowKernels.plus(chances, at[c], v, c * m, m);
        linear += at[c] * met[c];
      }
      double most = RowKernels.largest(chances, m);
      FastExponential.ofShifted(chances, m, most);
      double sum = RowKernels.sum(chances, m);
      RowKernels.scale(chances, 1 / sum, m);
      return most
          + Elementary.log(sum)
          - linear
          + params.ridge() / 2 * RowKernels.dot(at, at, 0, d);
    }

    private void derivatives() {
      double[] mean = new double[d];
      for (int c = 0; c < d; c++) {
        mean[c] = RowKernels.dot(chances, v, c * m, m);
        gradient[c] = mean[c] - met[c] + params.ridge() * u[c];
      }
      for (int a = 0; a < d; a++) {
        for (int j = 0; j < m; j++) {
          weighted[j] = chances[j] * v[a * m + j];
        }
        for (int b = a; b < d; b++) {
          double value = RowKernels.dot(weighted, v, b * m, m) - mean[a] * mean[b];
          hessian[a * d + b] = a == b ? value + params.ridge() : value;
        }
      }
    }

    /** A Newton step, halved until it lowers the loss; false when none does. */
    private boolean descend() {
      double[] step = gradient.clone();
      if (!PositiveSystem.solve(d, hessian, step)) {
        System.arraycopy(gradient, 0, step, 0, d);
      }
      double slope = RowKernels.dot(gradient, step, 0, d);
      // what is left to gain is half of this, and no loss can tell it from rounding
      if (slope <= ROUNDING * (1 + Math.abs(loss))) {
        return false;
      }
      double[] tried = new double[d];
      double t = 1;
      for (int k = 0; k < MAX_HALVINGS; k++) {
        for (int c = 0; c < d; c++) {
          tried[c] = u[c] - t * step[c];
        }
        double there = evaluate(tried);
        if (there <= loss - ARMIJO * t * slope) {
          System.arraycopy(tried, 0, u, 0, d);
          loss = there;
          return true;
        }
        t /= 2;
      }
      loss = evaluate(u);
      return false;
    }
  }
}
