package org.cellweave.graphdraw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.embed.umap.Umap;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Layout of a small weighted graph in two dimensions by attraction along edges and repulsion
 * between all nodes.
 *
 * <p>Weights count relative to the largest of a component, so that a multiple of a graph has the
 * same layout; a weight and its transpose are averaged, self-loops are ignored. Each connected
 * component is laid out by itself, turned so that it is widest from left to right, and packed
 * beside the others, larger ones first; igraph lets components drift apart instead.
 *
 * <p>Cost: {@code iterations} times the square of the number of nodes, for tens to some hundreds of
 * them; a spectral layout and {@link Umap} take more. One node alone is at the centre of a square
 * of side 1. The result depends on the seed and the graph alone.
 *
 * <p>Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102.
 */
public final class SpringLayout {
  private static final int LARGEST = 5000;

  private SpringLayout() {}

  /** Steps of the simulation, and the seed of the nodes' first drawings. */
  public record Params(int iterations, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(iterations, "iterations");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private int iterations = 500;
      private long seed = 0;

      private Builder() {}

      public Builder iterations(int value) {
        iterations = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(iterations, seed);
      }
    }
  }

  /**
   * Coordinates of the nodes in float64, where an edge of full weight between two lone nodes has
   * length 1; the number of connected components; and how far the last step moved a node at most.
   */
  public record Result(DenseMatrix coordinates, int components, double lastMove) {}

  /** As {@link #run(CsrMatrix, Params, Progress)} without progress. */
  public static Result run(CsrMatrix graph, Params params) {
    return run(graph, params, Progress.NONE);
  }

  /** Lays out the graph of non-negative weights. */
  public static Result run(CsrMatrix graph, Params params, Progress progress) {
    int n = graph.nRows();
    GraphCheck.square(graph);
    if (n > LARGEST) {
      throw new IllegalArgumentException(
          "graph must have at most "
              + LARGEST
              + " nodes, got "
              + n
              + "; lay out groups of cells, or the cells by UMAP");
    }
    double[][] weight = symmetric(graph);
    List<int[]> components = components(weight);
    double lastMove = 0;
    var drawings = new ArrayList<double[][]>();
    for (int c = 0; c < components.size(); c++) {
      var springs = new Springs(part(weight, components.get(c)), params.seed() + c);
      for (int step = 0; step < params.iterations(); step++) {
        Parallel.checkInterrupted();
        double moved = springs.step(1 - (double) step / params.iterations());
        if (step + 1 == params.iterations()) {
          lastMove = Math.max(lastMove, moved);
        }
        if (c == 0) {
          progress.step("graph layout", step + 1, params.iterations(), moved);
        }
      }
      drawings.add(springs.turned());
    }
    BoxPacking.pack(drawings);
    double[] out = new double[2 * n];
    for (int c = 0; c < drawings.size(); c++) {
      int[] members = components.get(c);
      for (int m = 0; m < members.length; m++) {
        out[2 * members[m]] = drawings.get(c)[0][m];
        out[2 * members[m] + 1] = drawings.get(c)[1][m];
      }
    }
    return new Result(DenseMatrix.wrap(out, n, 2), components.size(), lastMove);
  }

  private static double[][] symmetric(CsrMatrix graph) {
    int n = graph.nRows();
    double[][] weight = new double[n][n];
    graph.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            for (int p = block.start(i); p < block.end(i); p++) {
              int j = block.indices()[p];
              double w = block.value(p);
              if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                    "graph must have finite weights of at least 0, got "
                        + w
                        + " in row "
                        + i
                        + ", column "
                        + j);
              }
              if (i != j) {
                weight[i][j] += w / 2;
                weight[j][i] += w / 2;
              }
            }
          }
        });
    return weight;
  }

  /** Nodes of each component in ascending order; larger components first, then by first node. */
  private static List<int[]> components(double[][] weight) {
    int n = weight.length;
    var found =
        ConnectedComponents.of(
            n,
            (i, next) -> {
              for (int j = 0; j < n; j++) {
                if (weight[i][j] > 0) {
                  next.accept(j);
                }
              }
            });
    var out = new ArrayList<>(found.members());
    out.sort((a, b) -> Integer.compare(b.length, a.length));
    return out;
  }

  /** Weights among some nodes, in units of the largest. */
  private static double[][] part(double[][] weight, int[] members) {
    int n = members.length;
    double[][] out = new double[n][n];
    double largest = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        out[a][b] = weight[members[a]][members[b]];
        largest = Math.max(largest, out[a][b]);
      }
    }
    if (largest > 0) {
      for (double[] row : out) {
        for (int b = 0; b < n; b++) {
          row[b] /= largest;
        }
      }
    }
    return out;
  }

  /** One component: repulsion 1/d between nodes, attraction w d^2 along edges. */
  private static final class Springs {
    private final double[][] weight;
    private final double[] x;
    private final double[] y;
    private final double[] dx;
    private final double[] dy;

    Springs(double[][] weight, long seed) {
      this.weight = weight;
      int n = weight.length;
      x = new double[n];
      y = new double[n];
      dx = new double[n];
      dy = new double[n];
      var random = new SplittableRandom(seed);
      double side = Math.sqrt(n);
      for (int i = 0; i < n && n > 1; i++) {
        x[i] = side * (random.nextDouble() - 0.5);
        y[i] = side * (random.nextDouble() - 0.5);
      }
    }

    /**
     * Moves every node along its force.
     *
     * @param heat 1 at the first step, towards 0; bounds the moves
     * @return the longest move
     */
    double step(double heat) {
      int n = x.length;
      Arrays.fill(dx, 0);
      Arrays.fill(dy, 0);
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          double ex = x[i] - x[j];
          double ey = y[i] - y[j];
          double square = Math.max(ex * ex + ey * ey, 1e-12);
          double force = 1 / square - weight[i][j] * Math.sqrt(square);
          dx[i] += force * ex;
          dy[i] += force * ey;
          dx[j] -= force * ex;
          dy[j] -= force * ey;
        }
      }
      double bound = heat * 0.3 * Math.sqrt(n);
      double longest = 0;
      for (int i = 0; i < n; i++) {
        double length = Math.sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
        // A tenth of the force settles without overshooting where springs are stiffest.
        double part = length > 0 ? Math.min(0.1, bound / length) : 0;
        x[i] += part * dx[i];
        y[i] += part * dy[i];
        longest = Math.max(longest, part * length);
      }
      return longest;
    }

    /** The places with the long axis from left to right and the first node in the left half. */
    double[][] turned() {
      int n = x.length;
      double meanX = Arrays.stream(x).sum() / n;
      double meanY = Arrays.stream(y).sum() / n;
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (int i = 0; i < n; i++) {
        double a = x[i] - meanX;
        double b = y[i] - meanY;
        xx += a * a;
        xy += a * b;
        yy += b * b;
      }
      double angle = 0.5 * Elementary.atan2(2 * xy, xx - yy);
      double cos = Elementary.cos(angle);
      double sin = Elementary.sin(angle);
      double[][] out = new double[2][n];
      for (int i = 0; i < n; i++) {
        double a = x[i] - meanX;
        double b = y[i] - meanY;
        out[0][i] = cos * a + sin * b;
        out[1][i] = cos * b - sin * a;
      }
      if (out[0][0] > 0) {
        for (int i = 0; i < n; i++) {
          out[0][i] = -out[0][i];
          out[1][i] = -out[1][i];
        }
      }
      return out;
    }
  }
}
