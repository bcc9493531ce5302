package org.cellweave.embed.umap;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.KernelWidth;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * New cells in the UMAP layout of a reference, which stays where it is: a cell starts at the
 * weighted mean of its neighbours and is then drawn to them and pushed from random cells.
 *
 * <p>Since only new cells move, none depends on another, and a seed gives the same layout for any
 * number of threads. Schedule and weights are umap-learn's, the random draws are not. A cell at
 * distance 0 of a reference cell starts on it. Cost: {@code epochs} times the number of new cells
 * times neighbours.
 *
 * <p>McInnes, Healy and Melville 2018, arXiv:1802.03426.
 */
public final class UmapTransform {
  private static final int BLOCK = 256;
  private static final int SMALL = 10_000;
  private static final double MIN_WIDTH = 1e-3;
  private static final float CLIP = 4;

  private UmapTransform() {}

  /**
   * @param a and {@code b} of the curve of the reference's layout
   * @param maxIter number of epochs; 0 stands for 100 up to 10,000 new cells and 30 beyond
   * @param alpha first step length
   * @param gamma weight of the repulsion
   */
  public record Params(
      double a,
      double b,
      int maxIter,
      double alpha,
      double gamma,
      int negativeSampleRate,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(a, "a");
      Check.positive(b, "b");
      Check.nonNegative(maxIter, "maxIter");
      Check.positive(alpha, "alpha");
      Check.nonNegative(gamma, "gamma");
      Check.nonNegative(negativeSampleRate, "negativeSampleRate");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder extends LayoutBuilder<Builder> {
      private double a = 0.58303;
      private double b = 1.33417;

      private Builder() {
        super(0, 0.25);
      }

      @Override
      Builder self() {
        return this;
      }

      public Builder a(double value) {
        a = value;
        return this;
      }

      public Builder b(double value) {
        b = value;
        return this;
      }

      public Params build() {
        return new Params(a, b, maxIter, alpha, gamma, negativeSampleRate, seed);
      }
    }
  }

  /** Coordinates of the new cells in float32, and the number of epochs. */
  public record Result(DenseMatrix coordinates, int epochs) {}

  public static Result run(CrossNeighbors.Result lists, DenseMatrix reference, Params params) {
    return run(lists, reference, params, Progress.NONE);
  }

  /**
   * @param lists neighbours of the new cells among those of the reference
   * @param reference the layout, cells by axes
   */
  public static Result run(
      CrossNeighbors.Result lists, DenseMatrix reference, Params params, Progress progress) {
    int m = lists.nCells();
    int dim = reference.nCols();
    for (int index : lists.indices()) {
      Check.index(index, reference.nRows(), "a neighbour");
    }
    double mean = Parallel.sum(lists.distances().length, BLOCK, (f, t) -> sum(lists, f, t));
    mean /= Math.max(1, lists.distances().length);
    var mover = new Mover(lists, reference.toFloat32().floatData(), dim, mean, params);
    float[] out = new float[m * dim];
    var done = new java.util.concurrent.atomic.AtomicInteger();
    Parallel.forRange(
        m,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            mover.layOut(i, out);
          }
          progress.step("umap", done.addAndGet(to - from), m, Double.NaN);
        });
    return new Result(DenseMatrix.wrap(out, m, dim), mover.epochs);
  }

  private static double sum(CrossNeighbors.Result lists, int from, int to) {
    double sum = 0;
    for (int p = from; p < to; p++) {
      sum += lists.distances()[p];
    }
    return sum;
  }

  /** Places one cell after another, each from scratch. */
  private static final class Mover {
    private final CrossNeighbors.Result lists;
    private final float[] fixed;
    private final int dim;
    private final double mean;
    private final Params params;
    private final UmapForces forces;
    private final int epochs;

    Mover(CrossNeighbors.Result lists, float[] fixed, int dim, double mean, Params params) {
      this.lists = lists;
      this.fixed = fixed;
      this.dim = dim;
      this.mean = mean;
      this.params = params;
      this.forces = new UmapForces(params.a(), params.b(), params.gamma());
      this.epochs = params.maxIter() > 0 ? params.maxIter() : lists.nCells() <= SMALL ? 100 : 30;
    }

    void layOut(int i, float[] out) {
      double[] weights = weights(i);
      float[] here = start(i, weights);
      double[] due = new double[weights.length];
      for (int p = 0; p < due.length; p++) {
        due[p] = weights[p] * epochs < 1 ? Double.POSITIVE_INFINITY : 1 / weights[p];
      }
      float[] diff = new float[dim];
      long stream = Streams.mix(params.seed() + Streams.STEP * (1 + i));
      for (int epoch = 0; epoch < epochs; epoch++) {
        float step = (float) (params.alpha() * (1 - Math.max(0, epoch - 1) / (double) epochs));
        for (int p = 0; p < due.length; p++) {
          if (due[p] <= epoch) {
            due[p] += 1 / weights[p];
            stream = fire(here, lists.indices()[i * due.length + p], step, diff, stream);
          }
        }
      }
      System.arraycopy(here, 0, out, i * dim, dim);
    }

    private long fire(float[] here, int neighbor, float step, float[] diff, long stream) {
      float d2 = difference(here, neighbor, diff);
      push(here, diff, d2 > 0 ? forces.attraction(d2) : 0, step);
      long n = fixed.length / dim;
      long state = stream;
      for (int s = 0; s < params.negativeSampleRate(); s++) {
        state += Streams.STEP;
        d2 = difference(here, (int) (((Streams.mix(state) >>> 32) * n) >>> 32), diff);
        push(here, diff, d2 > 0 ? forces.repulsion(d2) : 0, step);
      }
      return state;
    }

    private float difference(float[] here, int j, float[] diff) {
      float d2 = 0;
      for (int c = 0; c < dim; c++) {
        diff[c] = here[c] - fixed[j * dim + c];
        d2 += diff[c] * diff[c];
      }
      return d2;
    }

    private static void push(float[] here, float[] diff, float force, float step) {
      for (int c = 0; c < here.length; c++) {
        float v = force * diff[c];
        here[c] += step * (v > CLIP ? CLIP : v < -CLIP ? -CLIP : v);
      }
    }

    private float[] start(int i, double[] weights) {
      int k = weights.length;
      double total = 0;
      double[] position = new double[dim];
      for (int p = 0; p < k; p++) {
        int j = lists.indices()[i * k + p];
        boolean same = lists.distances()[i * k + p] == 0;
        double w = same ? 1 : weights[p];
        total = same ? 1 : total + w;
        for (int c = 0; c < dim; c++) {
          position[c] = (same ? 0 : position[c]) + w * fixed[j * dim + c];
        }
        if (same) {
          break;
        }
      }
      float[] here = new float[dim];
      for (int c = 0; c < dim; c++) {
        here[c] = (float) (position[c] / total);
      }
      return here;
    }

    /** Kernel weights whose width makes all but the first sum to log2 of the list's length. */
    private double[] weights(int i) {
      int k = lists.nNeighbors();
      double[] d = java.util.Arrays.copyOfRange(lists.distances(), i * k, (i + 1) * k);
      double width = Math.max(KernelWidth.ofNeighbors(d), MIN_WIDTH * mean);
      for (int p = 0; p < k; p++) {
        d[p] = d[p] == 0 ? 1 : Elementary.exp(-d[p] / width);
      }
      return d;
    }
  }
}
