package org.cellweave.embed.umap;

import java.util.SplittableRandom;
import org.cellweave.diffusion.SpectralLayout;
import org.cellweave.embed.StartCoordinates;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * UMAP layout of a neighbour graph.
 *
 * <p>umap-learn moves both ends of one edge after another; here all cells move at once in each of
 * 16 rounds of an epoch, which makes a seed give the same layout for any number of threads. Each
 * firing of an edge draws {@code negativeSampleRate} cells; any start gets the same small noise.
 * Layouts agree with umap-learn's in trustworthiness and neighbour overlap, not in coordinates.
 *
 * <p>Cost: {@code epochs} times the number of edges; memory some 14 bytes for each entry of the
 * graph. Cells at the same place do not push each other. A cell without edges keeps its start.
 *
 * <p>McInnes, Healy and Melville 2018, arXiv:1802.03426.
 */
public final class Umap {
  private static final int SMALL = 10_000;
  private static final double EXTENT = 10;
  private static final double NOISE = 1e-4;

  private Umap() {}

  /** Where the cells start. */
  public enum Init {
    SPECTRAL,
    RANDOM,
    /** The coordinates in {@link Input#start}, such as principal components or a PAGA layout. */
    COORDINATES
  }

  /**
   * The graph and what may go with it.
   *
   * @param graph symmetric connectivities
   * @param representation places the parts of a graph in many pieces; may be null
   * @param start coordinates for {@link Init#COORDINATES}; else null
   */
  public record Input(CsrMatrix graph, DenseMatrix representation, DenseMatrix start) {
    public static Input of(CsrMatrix graph) {
      return new Input(graph, null, null);
    }
  }

  /**
   * How to lay out.
   *
   * @param maxIter number of epochs; 0 stands for 500 up to 10,000 cells and 200 beyond
   * @param alpha first step length
   * @param gamma weight of the repulsion
   * @param a of the curve; null with {@code b} to fit both to {@code minDist} and {@code spread}
   */
  public record Params(
      double minDist,
      double spread,
      int nComponents,
      int maxIter,
      double alpha,
      double gamma,
      int negativeSampleRate,
      Init init,
      Double a,
      Double b,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(minDist, "minDist");
      Check.positive(spread, "spread");
      if (minDist > spread) {
        throw new IllegalArgumentException(
            "minDist must not exceed spread, got minDist = " + minDist + ", spread = " + spread);
      }
      Check.positive(nComponents, "nComponents");
      Check.nonNegative(maxIter, "maxIter");
      Check.positive(alpha, "alpha");
      Check.nonNegative(gamma, "gamma");
      Check.nonNegative(negativeSampleRate, "negativeSampleRate");
      if ((a == null) != (b == null)) {
        throw new IllegalArgumentException(
            "a and b must be given together or not at all, got a = " + a + ", b = " + b);
      }
      if (a != null) {
        Check.positive((double) a, "a");
        Check.positive((double) b, "b");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder extends LayoutBuilder<Builder> {
      private double minDist = 0.5;
      private double spread = 1;
      private int nComponents = 2;
      private Init init = Init.SPECTRAL;
      private Double a = null;
      private Double b = null;

      private Builder() {
        super(0, 1);
      }

      @Override
      Builder self() {
        return this;
      }

      public Builder minDist(double value) {
        minDist = value;
        return this;
      }

      public Builder spread(double value) {
        spread = value;
        return this;
      }

      public Builder nComponents(int value) {
        nComponents = value;
        return this;
      }

      public Builder init(Init value) {
        init = value;
        return this;
      }

      public Builder a(Double value) {
        a = value;
        return this;
      }

      public Builder b(Double value) {
        b = value;
        return this;
      }

      public Params build() {
        return new Params(
            minDist,
            spread,
            nComponents,
            maxIter,
            alpha,
            gamma,
            negativeSampleRate,
            init,
            a,
            b,
            seed);
      }
    }
  }

  /** Coordinates in float32, the curve's parameters and the number of epochs. */
  public record Result(DenseMatrix coordinates, double a, double b, int epochs) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Lays out the graph.
   *
   * @throws IllegalArgumentException when the graph has no edge or a weight is not finite or
   *     negative, or the start is missing or does not fit
   */
  public static Result run(Input input, Params params, Progress progress) {
    var graph = input.graph();
    int n = graph.nRows();
    check(graph);
    int epochs = params.maxIter() > 0 ? params.maxIter() : n <= SMALL ? 500 : 200;
    var curve =
        params.a() == null
            ? UmapCurve.fit(params.minDist(), params.spread())
            : new UmapCurve(params.a(), params.b());
    double[] start = start(input, params);
    spreadOut(start, n, params.nComponents(), params.seed());
    float[] position = new float[start.length];
    for (int p = 0; p < position.length; p++) {
      position[p] = (float) start[p];
    }
    var forces = new UmapForces(curve.a(), curve.b(), params.gamma());
    var optimizer =
        new UmapOptimizer(
            graph,
            position,
            params.nComponents(),
            epochs,
            forces,
            params.negativeSampleRate(),
            params.seed());
    float[] end = optimizer.run(epochs, params.alpha(), progress);
    return new Result(DenseMatrix.wrap(end, n, params.nComponents()), curve.a(), curve.b(), epochs);
  }

  private static void check(CsrMatrix graph) {
    GraphCheck.square(graph);
    GraphCheck.hasEdges(graph);
    if (graph.nnz() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "graph has " + graph.nnz() + " entries, more than 2^31. Lower nNeighbors.");
    }
    GraphCheck.weights(graph);
  }

  private static double[] start(Input input, Params params) {
    int n = input.graph().nRows();
    int dim = params.nComponents();
    if (params.init() != Init.COORDINATES && input.start() != null) {
      throw new IllegalArgumentException(
          "start is only used with init = coordinates, got init = "
              + params.init().name().toLowerCase(java.util.Locale.ROOT));
    }
    return switch (params.init()) {
      case SPECTRAL ->
          SpectralLayout.run(
                  input.graph(),
                  input.representation(),
                  new SpectralLayout.Params(dim, params.seed()))
              .coordinates()
              .doubleData();
      case RANDOM -> new SplittableRandom(params.seed()).doubles((long) n * dim, -1, 1).toArray();
      case COORDINATES -> given(input.start(), n, dim);
    };
  }

  private static double[] given(DenseMatrix start, int n, int dim) {
    if (start == null) {
      throw new IllegalArgumentException("init = coordinates needs start, got null");
    }
    return StartCoordinates.of(start, n, dim);
  }

  /** Each axis to [0, 10], and a little noise that parts coinciding cells. */
  private static void spreadOut(double[] position, int n, int dim, long seed) {
    var random = new SplittableRandom(seed ^ 0x5DEECE66DL);
    for (int c = 0; c < dim; c++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        low = Math.min(low, position[i * dim + c]);
        high = Math.max(high, position[i * dim + c]);
      }
      double scale = high > low ? EXTENT / (high - low) : 1;
      for (int i = 0; i < n; i++) {
        position[i * dim + c] =
            (position[i * dim + c] - low) * scale + NOISE * random.nextGaussian();
      }
    }
    Parallel.checkInterrupted();
  }
}
