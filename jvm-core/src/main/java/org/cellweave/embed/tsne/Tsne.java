package org.cellweave.embed.tsne;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.preprocess.Pca;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * t-SNE layout of cells in a plane.
 *
 * <p>Schedule and constants are scikit-learn's, as scanpy calls it. {@link Method#AUTO} takes
 * Barnes-Hut below {@link #AUTO_INTERPOLATION_CELLS} cells and interpolation from there on, which
 * on 2,000 cells came as near to scikit-learn in divergence, trustworthiness and neighbours kept;
 * the result says which one ran. Neighbours are exact up to {@link
 * NearestNeighbors#AUTO_EXACT_CELLS} cells. With fewer than {@code 3 perplexity + 3} cells, the
 * farthest one is left out of each list.
 *
 * <p>Cost of an iteration: about {@code 100 perplexity n} for the pull, {@code n log n}
 * (Barnes-Hut) or {@code n} and a Fourier transform of the plane (interpolation) for the push;
 * memory some 50 bytes times {@code perplexity n}. Cells at one place with the same neighbours stay
 * together.
 *
 * <p>van der Maaten 2014, JMLR 15:3221; Linderman et al. 2019, doi:10.1038/s41592-018-0308-4;
 * compared with scikit-learn 1.7 and scanpy 1.11.5.
 */
public final class Tsne {
  /** From this number of cells on {@link Method#AUTO} interpolates. */
  public static final int AUTO_INTERPOLATION_CELLS = 1_000;

  private static final double START = 1e-4;

  private Tsne() {}

  /** How the push between all pairs of cells is summed. */
  public enum Method {
    BARNES_HUT,
    INTERPOLATION,
    AUTO
  }

  /** Where the cells start. */
  public enum Init {
    /** The first two principal components, scaled to 1e-4. */
    PCA,
    RANDOM
  }

  /**
   * How to lay out.
   *
   * @param earlyExaggeration factor on the pull in the first 250 iterations
   * @param exaggeration factor on the pull afterwards
   * @param theta accuracy of Barnes-Hut: a square counts as one cell when its side is less than
   *     {@code theta} times its distance
   */
  public record Params(
      int nComponents,
      double perplexity,
      Metric metric,
      double earlyExaggeration,
      double exaggeration,
      double learningRate,
      int maxIter,
      double theta,
      Method method,
      Init init,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nComponents != 2) {
        throw new IllegalArgumentException(
            "nComponents must be 2, the only number that t-SNE supports here, got "
                + nComponents
                + ". UMAP takes more.");
      }
      if (!(perplexity >= 1 && perplexity < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("perplexity must be at least 1, got " + perplexity);
      }
      Check.positive(earlyExaggeration, "earlyExaggeration");
      Check.positive(exaggeration, "exaggeration");
      Check.positive(learningRate, "learningRate");
      Check.positive(maxIter, "maxIter");
      Check.inRange(theta, 0, 1, "theta");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private int nComponents = 2;
      private double perplexity = 30;
      private Metric metric = Metric.EUCLIDEAN;
      private double earlyExaggeration = 12;
      private double exaggeration = 1;
      private double learningRate = 1000;
      private int maxIter = 1000;
      private double theta = 0.5;
      private Method method = Method.AUTO;
      private Init init = Init.PCA;
      private long seed = 0;

      private Builder() {}

      public Builder nComponents(int value) {
        nComponents = value;
        return this;
      }

      public Builder perplexity(double value) {
        perplexity = value;
        return this;
      }

      public Builder metric(Metric value) {
        metric = value;
        return this;
      }

      public Builder earlyExaggeration(double value) {
        earlyExaggeration = value;
        return this;
      }

      public Builder exaggeration(double value) {
        exaggeration = value;
        return this;
      }

      public Builder learningRate(double value) {
        learningRate = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder theta(double value) {
        theta = value;
        return this;
      }

      public Builder method(Method value) {
        method = value;
        return this;
      }

      public Builder init(Init value) {
        init = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            nComponents,
            perplexity,
            metric,
            earlyExaggeration,
            exaggeration,
            learningRate,
            maxIter,
            theta,
            method,
            init,
            seed);
      }
    }
  }

  /**
   * The layout.
   *
   * @param coordinates cells times 2, float32
   * @param method what ran: {@code BARNES_HUT} or {@code INTERPOLATION}; the former took over when
   *     the layout grew too wide for a grid
   * @param search how the neighbours were found
   * @param klDivergence of the layout, estimated with {@code method}
   * @param objectives divergence every 50 iterations and at the end
   * @param stoppedEarly whether a stop rule ended the descent before {@code maxIter}
   */
  public record Result(
      DenseMatrix coordinates,
      Method method,
      NearestNeighbors.Search search,
      double klDivergence,
      double[] objectives,
      int iterations,
      boolean stoppedEarly) {}

  public static Result run(Matrix x, Params params) {
    return run(x, params, Progress.NONE);
  }

  /**
   * Lays the cells out.
   *
   * @param x cells in rows, such as principal components
   * @throws IllegalArgumentException when there are too few cells for the perplexity or a value is
   *     not finite
   */
  public static Result run(Matrix x, Params params, Progress progress) {
    int n = x.nRows();
    int k = (int) Math.min(n - 1L, (long) (3 * params.perplexity()) + 2);
    if (params.perplexity() >= k - 1) {
      throw new IllegalArgumentException(
          "perplexity must be smaller than the number of cells less 2, got perplexity = "
              + params.perplexity()
              + " for "
              + n
              + " cells. Lower perplexity.");
    }
    var search =
        NearestNeighbors.Params.builder()
            .nNeighbors(k)
            .metric(params.metric())
            .seed(params.seed())
            .build();
    var lists = NearestNeighbors.run(x, search, progress);
    float[] position = start(x, params);
    var pairs = TsneAffinities.of(lists, params.perplexity());
    var method = params.method();
    if (method == Method.AUTO) {
      method = n < AUTO_INTERPOLATION_CELLS ? Method.BARNES_HUT : Method.INTERPOLATION;
    }
    TsneRepulsion exact = new BarnesHut(n, params.theta());
    var grid = method == Method.BARNES_HUT ? null : new GridRepulsion(n, exact);
    var outcome =
        new TsneDescent(pairs, grid == null ? exact : grid, position, params, progress).run();
    if (grid != null && grid.wasTooWide()) {
      method = Method.BARNES_HUT;
    }
    double[] objectives = outcome.objectives();
    return new Result(
        DenseMatrix.wrap(position, n, 2),
        method,
        lists.search(),
        objectives[objectives.length - 1],
        objectives,
        outcome.iterations(),
        outcome.stoppedEarly());
  }

  private static float[] start(Matrix x, Params params) {
    Parallel.checkInterrupted();
    int n = x.nRows();
    float[] position = new float[2 * n];
    if (params.init() == Init.RANDOM) {
      var random = new SplittableRandom(params.seed());
      for (int c = 0; c < 2 * n; c++) {
        position[c] = (float) (START * random.nextGaussian());
      }
      return position;
    }
    double[] scores = plane(x, params.seed());
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += scores[2 * i] * scores[2 * i];
    }
    double scale = START / Math.sqrt(squares / n);
    for (int c = 0; c < 2 * n; c++) {
      position[c] = (float) (scale * scores[c]);
    }
    return position;
  }

  /** First and second principal component of each cell in turn. */
  private static double[] plane(Matrix x, long seed) {
    if (x.nCols() < 2) {
      throw new IllegalArgumentException(
          "init = pca needs at least 2 columns, got " + x.describe() + ". Use init = random.");
    }
    if (Arrays.stream(x.colMoments(0).variance()).allMatch(v -> v == 0)) {
      throw new IllegalArgumentException(
          "all cells are equal, so that init = pca has no direction. Check the representation.");
    }
    boolean full = Math.min(x.nRows(), x.nCols()) == 2;
    var params =
        Pca.Params.builder()
            .nComps(2)
            .solver(full ? Pca.Solver.COVARIANCE : Pca.Solver.ARPACK)
            .seed(seed)
            .dtype(DType.FLOAT64)
            .build();
    return Pca.run(x, null, params).scores().doubleData();
  }
}
