package org.cellweave.graphdraw;

import java.util.SplittableRandom;
import org.cellweave.embed.StartCoordinates;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.nbody.QuadTree;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Layout of a large graph in a plane: attraction {@code d^2} along edges, repulsion {@code 1/d}
 * between all nodes, and moves bounded by a temperature that falls to 0.
 *
 * <p>As igraph: the temperature starts at {@code sqrt(n) / 10}, and in a graph of several
 * components the repulsion turns into attraction beyond {@code sqrt(n)}, so that they stay
 * together, and above 1000 nodes only those nearer than 2.5 push each other, so that clusters fill
 * the plane. Other than igraph: far nodes push as the squares of a tree, an edge counts once (its
 * reach of 2 is 2.5 here), and a node moves by its force over four times the pull of its springs,
 * which keeps it from swinging to and fro. Nodes at the same place do not push each other.
 *
 * <p>Cost of an iteration: {@code n log n} and the number of edges. {@link SpringLayout} packs the
 * components of a small graph.
 *
 * <p>Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102.
 */
public final class FruchtermanReingold {
  private static final int MANY = 1000;
  private static final double REACH_OF_MANY = 2.5;

  private FruchtermanReingold() {}

  /**
   * The graph and where its nodes start.
   *
   * @param graph weights; one and its transpose are averaged
   * @param start nodes times 2 or more columns; null for random places in the unit square
   */
  public record Input(CsrMatrix graph, DenseMatrix start) {}

  /**
   * How to lay out.
   *
   * @param weighted whether an edge pulls as its weight says; as 1 otherwise
   * @param reach nodes farther apart than this do not push each other; null for no end up to 1000
   *     nodes and 2.5 above; a square that acts as one is where its centre is
   * @param theta a square acts as one node below this ratio of its diagonal to its distance
   */
  public record Params(boolean weighted, Double reach, double theta, int maxIter, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (reach != null) {
        Check.positive(reach, "reach");
      }
      Check.nonNegative(theta, "theta");
      Check.positive(maxIter, "maxIter");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private boolean weighted = false;
      private Double reach = null;
      private double theta = 1;
      private int maxIter = 500;
      private long seed = 0;

      private Builder() {}

      public Builder weighted(boolean value) {
        weighted = value;
        return this;
      }

      public Builder reach(Double value) {
        reach = value;
        return this;
      }

      public Builder theta(double value) {
        theta = value;
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
        return new Params(weighted, reach, theta, maxIter, seed);
      }
    }
  }

  /**
   * The layout.
   *
   * @param coordinates nodes times 2, float32
   * @param meanMove how far a node moved in the last step
   */
  public record Result(DenseMatrix coordinates, int iterations, double meanMove) {}

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
    var graph = UndirectedGraph.of(input.graph());
    int n = graph.n;
    var springs = new Springs(graph, start(input, n, params.seed()), params);
    double moved = 0;
    for (int step = 0; step < params.maxIter() && n > 0; step++) {
      Parallel.checkInterrupted();
      moved = springs.step(0.1 * Math.sqrt(n) * (1 - (double) step / params.maxIter()));
      progress.step("draw_graph", step + 1, params.maxIter(), moved);
    }
    return new Result(DenseMatrix.wrap(springs.position, n, 2), params.maxIter(), moved);
  }

  private static float[] start(Input input, int n, long seed) {
    float[] position = new float[2 * n];
    double[] given = input.start() == null ? null : StartCoordinates.of(input.start(), n, 2);
    var random = new SplittableRandom(seed);
    for (int c = 0; c < 2 * n; c++) {
      position[c] = (float) (given == null ? random.nextDouble() : given[c]);
    }
    return position;
  }

  /** The forces of one graph. */
  private static final class Springs {
    private static final int BLOCK = 256;
    private static final double DAMPING = 0.25;

    private final UndirectedGraph graph;
    private final boolean weighted;
    private final float theta2;

    /** Infinite where repulsion has no end. */
    private final double reach;

    /** Squares of distances times this are subtracted from the repulsion. */
    private final double closing;

    private final QuadTree tree;
    private final double[] force;
    private final double[] pull;
    final float[] position;

    Springs(UndirectedGraph graph, float[] position, Params params) {
      this.graph = graph;
      this.position = position;
      weighted = params.weighted();
      // The diagonal is sqrt(2) sides.
      theta2 = (float) (params.theta() * params.theta() / 2);
      int n = graph.n;
      double unset = n > MANY ? REACH_OF_MANY : Double.POSITIVE_INFINITY;
      reach = params.reach() == null ? unset : params.reach();
      boolean connected = true;
      for (int c : graph.components()) {
        connected &= c == 0;
      }
      closing = connected ? 0 : 1 / (n * Math.sqrt(n));
      tree = new QuadTree(n);
      force = new double[2 * n];
      pull = new double[n];
    }

    /** Moves all nodes once, by {@code bound} at most; returns the mean length of the moves. */
    double step(double bound) {
      tree.build(position, null);
      Parallel.forRange(graph.n, BLOCK, this::repel);
      Parallel.forRange(graph.n, BLOCK, this::attract);
      return Parallel.sum(graph.n, BLOCK, (from, to) -> move(from, to, bound)) / graph.n;
    }

    private void repel(int from, int to) {
      tree.forPoints(from, to, this::repel);
    }

    /** What all others push point {@code i}, which lies there. */
    private void repel(int i, float x, float y) {
      var t = tree;
      float reach2 = (float) (reach * reach);
      double pushX = 0;
      double pushY = 0;
      int node = 0;
      while (node < t.nodes) {
        float dx = x - t.centreX[node];
        float dy = y - t.centreY[node];
        float d2 = dx * dx + dy * dy;
        if (t.side2[node] < theta2 * d2) {
          if (d2 <= reach2) {
            double f = t.mass[node] * push(d2);
            pushX += f * dx;
            pushY += f * dy;
          }
          node = t.skip[node];
          continue;
        }
        if (d2 > reach2 && isBeyond(d2, t.side2[node])) {
          node = t.skip[node];
          continue;
        }
        if (t.first[node] >= 0) {
          for (int q = t.first[node]; q < t.end[node]; q++) {
            float ex = x - t.sorted[2 * q];
            float ey = y - t.sorted[2 * q + 1];
            float e2 = ex * ex + ey * ey;
            if (e2 > 0 && e2 <= reach2) {
              double f = push(e2);
              pushX += f * ex;
              pushY += f * ey;
            }
          }
        }
        node++;
      }
      force[2 * i] = pushX;
      force[2 * i + 1] = pushY;
    }

    /** Whether no node of a square can be within reach; its diagonal is sqrt(2) sides. */
    private boolean isBeyond(float d2, float side2) {
      return Math.sqrt(d2) - Math.sqrt(2.0 * side2) > reach;
    }

    private double push(float d2) {
      double f = 1.0 / d2;
      return closing == 0 ? f : f - closing * Math.sqrt(d2);
    }

    private void attract(int from, int to) {
      for (int i = from; i < to; i++) {
        double x = position[2 * i];
        double y = position[2 * i + 1];
        double pullX = 0;
        double pullY = 0;
        double sum = 0;
        for (int p = graph.start[i]; p < graph.start[i + 1]; p++) {
          int j = graph.neighbors[p];
          double dx = position[2 * j] - x;
          double dy = position[2 * j + 1] - y;
          double f = Math.sqrt(dx * dx + dy * dy) * (weighted ? graph.weight[p] : 1);
          sum += f;
          pullX += f * dx;
          pullY += f * dy;
        }
        force[2 * i] += pullX;
        force[2 * i + 1] += pullY;
        pull[i] = sum;
      }
    }

    private double move(int from, int to, double bound) {
      double moved = 0;
      for (int i = from; i < to; i++) {
        double x = force[2 * i];
        double y = force[2 * i + 1];
        double length = Math.sqrt(x * x + y * y);
        if (length > 0) {
          double part = Math.min(pull[i] > 0 ? DAMPING / pull[i] : 1, bound / length);
          position[2 * i] += (float) (part * x);
          position[2 * i + 1] += (float) (part * y);
          moved += part * length;
        }
      }
      return moved;
    }
  }
}
