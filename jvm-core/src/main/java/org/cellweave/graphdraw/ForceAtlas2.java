package org.cellweave.graphdraw;

import java.util.SplittableRandom;
import org.cellweave.embed.StartCoordinates;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * ForceAtlas2 layout of a graph in a plane, with the parameters that scanpy gives to fa2.
 *
 * <p>A square of the tree acts as one cell when its diagonal is less than {@code barnesHutTheta}
 * times its distance; fa2 takes twice the radius of the cells in it. Layouts agree in the forces,
 * not in coordinates.
 *
 * <p>Cost of an iteration: {@code n log n} and the number of edges; memory some 12 bytes for each
 * edge. Cells at the same place do not push each other.
 *
 * <p>Jacomy et al. 2014, doi:10.1371/journal.pone.0098679.
 */
public final class ForceAtlas2 {
  private ForceAtlas2() {}

  /**
   * The graph and where its cells start.
   *
   * @param graph symmetric weights
   * @param start cells times 2 or more columns; null for random places in the unit square
   */
  public record Input(CsrMatrix graph, DenseMatrix start) {}

  /**
   * How to lay out.
   *
   * @param outboundAttractionDistribution shares the pull of a cell among its edges
   * @param edgeWeightInfluence exponent of the weights
   * @param barnesHutOptimize false to sum over all pairs
   * @param scalingRatio strength of the repulsion
   * @param strongGravityMode pull to the origin that grows with the distance
   */
  public record Params(
      boolean outboundAttractionDistribution,
      double edgeWeightInfluence,
      double jitterTolerance,
      boolean barnesHutOptimize,
      double barnesHutTheta,
      double scalingRatio,
      boolean strongGravityMode,
      double gravity,
      int maxIter,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(edgeWeightInfluence, "edgeWeightInfluence");
      Check.positive(jitterTolerance, "jitterTolerance");
      Check.positive(barnesHutTheta, "barnesHutTheta");
      Check.positive(scalingRatio, "scalingRatio");
      Check.nonNegative(gravity, "gravity");
      Check.positive(maxIter, "maxIter");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private boolean outboundAttractionDistribution = false;
      private double edgeWeightInfluence = 1;
      private double jitterTolerance = 1;
      private boolean barnesHutOptimize = true;
      private double barnesHutTheta = 1.2;
      private double scalingRatio = 2;
      private boolean strongGravityMode = false;
      private double gravity = 1;
      private int maxIter = 500;
      private long seed = 0;

      private Builder() {}

      public Builder outboundAttractionDistribution(boolean value) {
        outboundAttractionDistribution = value;
        return this;
      }

      public Builder edgeWeightInfluence(double value) {
        edgeWeightInfluence = value;
        return this;
      }

      public Builder jitterTolerance(double value) {
        jitterTolerance = value;
        return this;
      }

      public Builder barnesHutOptimize(boolean value) {
        barnesHutOptimize = value;
        return this;
      }

      public Builder barnesHutTheta(double value) {
        barnesHutTheta = value;
        return this;
      }

      public Builder scalingRatio(double value) {
        scalingRatio = value;
        return this;
      }

      public Builder strongGravityMode(boolean value) {
        strongGravityMode = value;
        return this;
      }

      public Builder gravity(double value) {
        gravity = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            outboundAttractionDistribution,
            edgeWeightInfluence,
            jitterTolerance,
            barnesHutOptimize,
            barnesHutTheta,
            scalingRatio,
            strongGravityMode,
            gravity,
            maxIter,
            seed);
      }
    }
  }

  /**
   * The layout.
   *
   * @param coordinates cells times 2, float32
   * @param swinging share of the last step's forces that only made cells swing
   */
  public record Result(DenseMatrix coordinates, int iterations, double swinging) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Lays the graph out.
   *
   * @throws IllegalArgumentException when a weight is negative or not finite, or the start does not
   *     fit
   */
  public static Result run(Input input, Params params, Progress progress) {
    var graph = input.graph();
    check(graph);
    var forces = new ForceAtlas2Forces(graph, start(input, params.seed()), params);
    double swinging = 0;
    for (int step = 0; step < params.maxIter(); step++) {
      Parallel.checkInterrupted();
      swinging = forces.step();
      progress.step("draw_graph", step + 1, params.maxIter(), swinging);
    }
    return new Result(
        DenseMatrix.wrap(forces.position(), graph.nRows(), 2), params.maxIter(), swinging);
  }

  private static void check(CsrMatrix graph) {
    GraphCheck.square(graph);
    GraphCheck.hasEdges(graph);
    GraphCheck.weights(graph);
  }

  private static float[] start(Input input, long seed) {
    int n = input.graph().nRows();
    float[] position = new float[2 * n];
    if (input.start() == null) {
      var random = new SplittableRandom(seed);
      for (int c = 0; c < 2 * n; c++) {
        position[c] = (float) random.nextDouble();
      }
      return position;
    }
    double[] given = StartCoordinates.of(input.start(), n, 2);
    for (int c = 0; c < 2 * n; c++) {
      position[c] = (float) given[c];
    }
    return position;
  }
}
