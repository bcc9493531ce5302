package org.cellweave.clonal.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.linalg.Lbfgs;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * clone2vec: coordinates u of clones, and v, b of their contexts, such that {@code softmax_j(u_i
 * v_j + b_j)} is the chance that a neighbour of a cell of clone i belongs to clone j.
 *
 * <p>{@link Solver#EXACT} minimises the mean loss on the matrix of counts by L-BFGS; each
 * evaluation costs {@code 6 n^2 d} and {@code n^2} exponentials. Less than full convergence is
 * meant: the loss falls on slowly long after the neighbourhoods of clones have settled, and then
 * disturbs them. {@link Solver#SGD} takes the original's steps (not its stream of random numbers):
 * a batch of pairs at a time. Either way the embedding is known up to an affine map only.
 *
 * <p>Bits do not depend on the number of threads.
 *
 * @see <a href="https://github.com/kharchenkolab/clone2vec">Isaev et al., clone2vec 2.0</a>
 */
public final class Clone2vec {
  /** Coordinates above it have scores that no exponential tells apart. */
  private static final double LARGEST_START = 1e15;

  /** Counts that are drawn one by one. */
  private static final double MOST_DRAWN = 1 << 30;

  private Clone2vec() {}

  /** How the loss is brought down. */
  public enum Solver {
    EXACT,
    SGD
  }

  /** Where the coordinates start. */
  public enum Start {
    /** Singular vectors of the logarithms of the counts. */
    SVD,
    /** Uniform between -1 and 1. */
    RANDOM,
    /** Coordinates that the caller gives; contexts as by {@link #SVD}. */
    CUSTOM
  }

  /**
   * @param zDim dimensions
   * @param maxIter steps of L-BFGS, or epochs of {@code SGD}; null for 100, or 500
   * @param tol {@code EXACT} ends when two steps in a row lower the loss by less than this share of
   *     it, {@code SGD} when its loss changes by less for {@code patience} epochs
   * @param ridge half of it times the mean square of coordinates is added to the loss ({@code
   *     EXACT})
   * @param equalClones whether each clone weighs the same; otherwise each weighs as its counts
   *     ({@code EXACT})
   * @param withSelf whether a clone counts as met around itself
   * @param canonical turns the result into the form where dimensions are orthogonal, u and v share
   *     their lengths, and contexts have mean zero: runs then differ by signs alone
   * @param heldOut share of the counts to leave out of a first run, whose loss on them chooses the
   *     number of steps of the real one ({@code EXACT}); 0 for none
   * @param batchSize pairs of a step ({@code SGD}), as are {@code learningRate} and {@code
   *     patience}
   */
  public record Params(
      int zDim,
      Solver solver,
      Start start,
      Integer maxIter,
      double tol,
      double ridge,
      boolean equalClones,
      boolean withSelf,
      boolean canonical,
      double heldOut,
      int batchSize,
      double learningRate,
      int patience,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(zDim, "zDim");
      maxIter =
          Check.positive(maxIter != null ? maxIter : solver == Solver.EXACT ? 100 : 500, "maxIter");
      Check.nonNegative(tol, "tol");
      Check.finite(Check.nonNegative(ridge, "ridge"), "ridge");
      if (!(heldOut >= 0 && heldOut < 1)) {
        throw new IllegalArgumentException("heldOut must lie in [0, 1), got " + heldOut);
      }
      Check.positive(batchSize, "batchSize");
      Check.finite(Check.positive(learningRate, "learningRate"), "learningRate");
      Check.positive(patience, "patience");
      if (solver == Solver.SGD && (ridge != 0 || equalClones || heldOut != 0)) {
        throw new IllegalArgumentException(
            "ridge, equalClones and heldOut belong to solver exact, got ridge = "
                + ridge
                + ", equalClones = "
                + equalClones
                + ", heldOut = "
                + heldOut
                + " with sgd");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int zDim = 10;
      private Solver solver = Solver.EXACT;
      private Start start = Start.SVD;
      private Integer maxIter = null;
      private double tol = 1e-4;
      private double ridge = 0;
      private boolean equalClones = false;
      private boolean withSelf = true;
      private boolean canonical = false;
      private double heldOut = 0;
      private int batchSize = 128;
      private double learningRate = 1e-3;
      private int patience = 5;
      private long seed = 4;

      private Builder() {}

      public Builder zDim(int value) {
        zDim = value;
        return this;
      }

      public Builder solver(Solver value) {
        solver = value;
        return this;
      }

      public Builder start(Start value) {
        start = value;
        return this;
      }

      public Builder maxIter(Integer value) {
        maxIter = value;
        return this;
      }

      public Builder tol(double value) {
        tol = value;
        return this;
      }

      public Builder ridge(double value) {
        ridge = value;
        return this;
      }

      public Builder equalClones(boolean value) {
        equalClones = value;
        return this;
      }

      public Builder withSelf(boolean value) {
        withSelf = value;
        return this;
      }

      public Builder canonical(boolean value) {
        canonical = value;
        return this;
      }

      public Builder heldOut(double value) {
        heldOut = value;
        return this;
      }

      public Builder batchSize(int value) {
        batchSize = value;
        return this;
      }

      public Builder learningRate(double value) {
        learningRate = value;
        return this;
      }

      public Builder patience(int value) {
        patience = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            zDim,
            solver,
            start,
            maxIter,
            tol,
            ridge,
            equalClones,
            withSelf,
            canonical,
            heldOut,
            batchSize,
            learningRate,
            patience,
            seed);
      }
    }
  }

  /**
   * What is embedded.
   *
   * @param counts clones by contexts: neighbours of the clone's cells by their clone, whole
   *     numbers; contexts may be more than the clones
   * @param name of the counts, for messages
   * @param start coordinates to start from, clones by dimensions; null unless the start is custom
   */
  public record Input(CsrMatrix counts, String name, DenseMatrix start) {
    public Input(CsrMatrix counts) {
      this(counts, "counts", null);
    }
  }

  /**
   * @param embedding clones by dimensions, float32
   * @param context contexts by dimensions, float32
   * @param bias of every context
   * @param lossHistory mean loss after every step, or of every epoch
   * @param converged whether the loss came to rest before {@code maxIter}
   * @param heldOutHistory mean loss on the counts left out after every step of the first run; empty
   *     where none were
   */
  public record Result(
      DenseMatrix embedding,
      DenseMatrix context,
      double[] bias,
      double[] lossHistory,
      boolean converged,
      double[] heldOutHistory) {
    /** Mean loss at the end, as of the last step. */
    public double loss() {
      return lossHistory[lossHistory.length - 1];
    }
  }

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Fits the coordinates.
   *
   * @throws IllegalArgumentException when counts are not counts, or there are not more clones than
   *     dimensions
   * @throws ConvergenceException when the coordinates leave the range of numbers
   */
  public static Result run(Input input, Params params, Progress progress) {
    var data = ContextCounts.of(input.counts(), input.name(), params.withSelf());
    data.requireMoreThan(params.zDim(), input.name());
    Fit fit =
        params.solver() == Solver.EXACT
            ? exact(data, input, params, progress)
            : sgd(data, input, params, progress);
    return result(data, params, fit);
  }

  /** Parameters as {@link SoftmaxLoss} lays them out, and how they were found. */
  private record Fit(double[] x, double[] history, boolean converged, double[] heldOut) {}

  private static double[] start(ContextCounts data, Input input, Params params) {
    int d = params.zDim();
    double[] x = new double[SoftmaxLoss.size(data, d)];
    if (params.start() == Start.RANDOM) {
      var random = new SplittableRandom(params.seed());
      for (int k = 0; k < (data.nRows + data.nCols) * d; k++) {
        x[k] = random.nextDouble(-1, 1);
      }
      return x;
    }
    SingularStart.write(data, d, params.seed(), x);
    if (params.start() == Start.CUSTOM) {
      var given = input.start();
      if (given == null || given.nRows() != data.nRows || given.nCols() != d) {
        throw new ShapeMismatchException(
            "start custom needs coordinates of "
                + data.nRows
                + " clones in "
                + d
                + " dimensions, got "
                + (given == null ? "none" : given.nRows() + " x " + given.nCols()));
      }
      requireStart(given);
      System.arraycopy(given.doubleData(), 0, x, 0, data.nRows * d);
    }
    return x;
  }

  /**
   * @param start coordinates to start from
   * @throws org.cellweave.util.NonFiniteException when one is NaN, infinite or beyond 1e15
   */
  public static void requireStart(Matrix start) {
    Finite.requireBelow(start, LARGEST_START, "start", "clone2vec");
  }

  private static Fit sgd(ContextCounts data, Input input, Params params, Progress progress) {
    double[] x = start(data, input, params);
    double[] history = PairDescent.run(data, params, x, progress);
    return new Fit(x, history, history.length < params.maxIter(), new double[0]);
  }

  private static Fit exact(ContextCounts data, Input input, Params params, Progress progress) {
    double[] x = start(data, input, params);
    if (params.heldOut() == 0) {
      return descent(data, params, x, params.maxIter(), params.tol(), progress);
    }
    double[] unseen = heldOutLosses(data, input, params, progress);
    int best = 0;
    for (int k = 1; k < unseen.length; k++) {
      best = unseen[k] < unseen[best] ? k : best;
    }
    var fit = descent(data, params, x, best + 1, 0, progress);
    return new Fit(fit.x(), fit.history(), best + 1 < params.maxIter(), unseen);
  }

  /** The loss on counts left out, after every step on the others. */
  private static double[] heldOutLosses(
      ContextCounts data, Input input, Params params, Progress progress) {
    if (data.total > MOST_DRAWN) {
      throw new IllegalArgumentException(
          "heldOut draws the counts one by one, of which "
              + input.name()
              + " has "
              + data.total
              + ", more than 2^30; use heldOut = 0");
    }
    ContextCounts[] parts = data.split(params.heldOut(), new SplittableRandom(params.seed()));
    if (parts[0].total == 0 || parts[1].total == 0) {
      throw new IllegalArgumentException(
          "heldOut = "
              + params.heldOut()
              + " leaves "
              + (parts[0].total == 0 ? "no count to fit" : "out no count")
              + " of the "
              + (long) data.total
              + " in "
              + input.name()
              + "; take a share nearer to 0.1, or 0 for none");
    }
    var seen = new SoftmaxLoss(parts[0], params.zDim(), params.ridge(), params.equalClones());
    var unseen = new SoftmaxLoss(parts[1], params.zDim(), 0, params.equalClones());
    List<Double> losses = new ArrayList<>();
    var stop = new Lbfgs.Stop(params.maxIter(), 0, params.tol());
    // from a start of their own, which has not seen the others either
    Lbfgs.minimise(
        seen,
        start(parts[0], input, params),
        stop,
        (iteration, at, value) -> {
          losses.add(unseen.value(at));
          progress.step("clone2vec, counts held out", iteration, params.maxIter(), value);
        });
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Fit descent(
      ContextCounts data, Params params, double[] x, int steps, double tol, Progress progress) {
    var loss = new SoftmaxLoss(data, params.zDim(), params.ridge(), params.equalClones());
    List<Double> history = new ArrayList<>();
    var found =
        Lbfgs.minimise(
            loss,
            x,
            new Lbfgs.Stop(steps, 0, tol),
            (iteration, at, value) -> {
              history.add(value);
              progress.step("clone2vec", iteration, steps, value);
            });
    if (history.isEmpty()) {
      history.add(found.value());
    }
    double[] losses = history.stream().mapToDouble(Double::doubleValue).toArray();
    return new Fit(found.x(), losses, found.converged(), new double[0]);
  }

  private static Result result(ContextCounts data, Params params, Fit fit) {
    int d = params.zDim();
    int n = data.nRows;
    int m = data.nCols;
    double[] u = Arrays.copyOf(fit.x(), n * d);
    double[] v = new double[m * d];
    for (int j = 0; j < m; j++) {
      for (int c = 0; c < d; c++) {
        v[j * d + c] = fit.x()[n * d + c * m + j];
      }
    }
    double[] bias = Arrays.copyOfRange(fit.x(), (n + m) * d, (n + m) * d + m);
    if (params.canonical()) {
      CanonicalForm.apply(u, v, d);
    }
    var embedding = DenseMatrix.wrap(u, n, d).toFloat32();
    var context = DenseMatrix.wrap(v, m, d).toFloat32();
    double loss = fit.history()[fit.history().length - 1];
    if (!Double.isFinite(loss)
        || Finite.first(bias) != null
        || Finite.first(embedding) != null
        || Finite.first(context) != null) {
      throw diverged(params, fit.history().length, loss);
    }
    return new Result(embedding, context, bias, fit.history(), fit.converged(), fit.heldOut());
  }

  /** Coordinates that left the range of numbers, and why they may have. */
  static ConvergenceException diverged(Params params, int steps, double loss) {
    boolean sgd = params.solver() == Solver.SGD;
    String cause =
        sgd
            ? "learningRate = " + params.learningRate() + " is too large; lower it"
            : params.start() == Start.CUSTOM
                ? "the coordinates to start from are too large; scale them down"
                : "the loss has no minimum that numbers reach; raise ridge, or lower maxIter";
    return new ConvergenceException(
        "clone2vec has no finite coordinates after "
            + steps
            + (sgd ? " epochs" : " steps")
            + " (loss "
            + loss
            + "): "
            + cause);
  }
}
