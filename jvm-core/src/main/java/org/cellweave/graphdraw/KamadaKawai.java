package org.cellweave.graphdraw;

import java.util.Arrays;
import java.util.PriorityQueue;
import org.cellweave.embed.StartCoordinates;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Layout of a small graph in a plane in which distances are those along shortest paths, near ones
 * above all.
 *
 * <p>It has the energy of Kamada and Kawai, the scale of igraph (the longest path is as long as
 * {@code sqrt(n)}), and 1.5 times the longest path between components. Instead of Newton steps of
 * one node at a time, nodes go in turn to the minimum of a quadratic function above the energy,
 * which never rises. It starts from the classical scaling of the distances. A weight makes an edge
 * short when {@code weighted}; igraph takes weights as lengths, so that strong edges are long.
 *
 * <p>Cost of an iteration: the square of the number of nodes; memory 4 bytes for each pair.
 *
 * <p>Kamada and Kawai 1989, doi:10.1016/0020-0190(89)90102-6; Gansner, Koren and North 2005,
 * doi:10.1007/978-3-540-31843-9_25.
 */
public final class KamadaKawai {
  /** More nodes than this are refused. */
  public static final int LARGEST = 5000;

  private static final int BLOCK = 16;
  private static final double START_TOLERANCE = 1e-3;

  private KamadaKawai() {}

  /**
   * The graph and where its nodes start.
   *
   * @param graph weights; one and its transpose are averaged
   * @param start nodes times 2 or more columns; null for the classical scaling
   */
  public record Input(CsrMatrix graph, DenseMatrix start) {}

  /**
   * How to lay out.
   *
   * @param weighted whether the length of an edge is the largest weight over its own; 1 otherwise
   * @param tol stop once the relative drop of the energy falls below this
   */
  public record Params(boolean weighted, int maxIter, double tol, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private boolean weighted = false;
      private int maxIter = 500;
      private double tol = 1e-5;
      private long seed = 0;

      private Builder() {}

      public Builder weighted(boolean value) {
        weighted = value;
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

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(weighted, maxIter, tol, seed);
      }
    }
  }

  /**
   * The layout.
   *
   * @param coordinates nodes times 2, float64
   * @param stress mean over pairs of the squared relative error of their distance
   * @param converged false when {@code maxIter} ended the run
   */
  public record Result(DenseMatrix coordinates, double stress, int iterations, boolean converged) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * Lays the graph out.
   *
   * @throws IllegalArgumentException when there are more than {@link #LARGEST} nodes, a weight is
   *     negative or not finite, or the start does not fit
   */
  public static Result run(Input input, Params params, Progress progress) {
    int n = input.graph().nRows();
    if (n > LARGEST) {
      throw new IllegalArgumentException(
          "graph must have at most "
              + LARGEST
              + " nodes for a layout by all paths, got "
              + n
              + "; use layout fr or fa, or sample the cells");
    }
    var graph = UndirectedGraph.of(input.graph());
    float[][] length = lengths(graph, params.weighted());
    double longest = longest(length);
    double[] position =
        input.start() == null
            ? scaling(length, params.seed())
            : scaled(StartCoordinates.of(input.start(), n, 2), longest / Math.sqrt(n));
    float[][] inverse = inverted(length);
    double stress = stress(inverse, position);
    boolean converged = n < 2;
    int done = 0;
    while (done < params.maxIter() && !converged) {
      Parallel.checkInterrupted();
      sweep(inverse, position);
      double now = stress(inverse, position);
      converged = stress - now <= params.tol() * stress;
      stress = now;
      progress.step("draw_graph", ++done, params.maxIter(), stress);
    }
    double scale = longest > 0 ? Math.sqrt(n) / longest : 1;
    return new Result(DenseMatrix.wrap(scaled(position, scale), n, 2), stress, done, converged);
  }

  private static double[] scaled(double[] position, double scale) {
    double[] out = new double[position.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = scale * position[c];
    }
    return out;
  }

  /** Lengths of shortest paths, and 1.5 times the longest where there is none. */
  private static float[][] lengths(UndirectedGraph graph, boolean weighted) {
    int n = graph.n;
    float[][] out = new float[n][n];
    float largest = 0;
    for (float w : graph.weight) {
      largest = Math.max(largest, w);
    }
    float unit = largest;
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            if (weighted) {
              byWeight(graph, i, unit, out[i]);
            } else {
              bySteps(graph, i, out[i]);
            }
          }
        });
    double longest = longest(out);
    float between = (float) (longest > 0 ? 1.5 * longest : 1);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        out[i][j] = Float.isInfinite(out[i][j]) ? between : out[i][j];
      }
    }
    return out;
  }

  private static double longest(float[][] length) {
    double longest = 0;
    for (float[] row : length) {
      for (float d : row) {
        longest = Math.max(longest, Float.isInfinite(d) ? 0 : d);
      }
    }
    return longest;
  }

  private static void bySteps(UndirectedGraph graph, int from, float[] length) {
    Arrays.fill(length, Float.POSITIVE_INFINITY);
    int[] queue = new int[graph.n];
    int tail = 0;
    queue[tail++] = from;
    length[from] = 0;
    for (int head = 0; head < tail; head++) {
      int i = queue[head];
      for (int p = graph.start[i]; p < graph.start[i + 1]; p++) {
        int j = graph.neighbors[p];
        if (Float.isInfinite(length[j])) {
          length[j] = length[i] + 1;
          queue[tail++] = j;
        }
      }
    }
  }

  private record Reached(int node, float length) {}

  private static void byWeight(UndirectedGraph graph, int from, float unit, float[] length) {
    Arrays.fill(length, Float.POSITIVE_INFINITY);
    length[from] = 0;
    var queue =
        new PriorityQueue<Reached>(
            (a, b) -> {
              int order = Float.compare(a.length(), b.length());
              return order != 0 ? order : Integer.compare(a.node(), b.node());
            });
    queue.add(new Reached(from, 0));
    while (!queue.isEmpty()) {
      var next = queue.poll();
      int i = next.node();
      if (next.length() > length[i]) {
        continue;
      }
      for (int p = graph.start[i]; p < graph.start[i + 1]; p++) {
        int j = graph.neighbors[p];
        float through = length[i] + unit / graph.weight[p];
        if (through < length[j]) {
          length[j] = through;
          queue.add(new Reached(j, through));
        }
      }
    }
  }

  /** Two leading axes of the classical scaling; the second is 0 for a path, which is a line. */
  private static double[] scaling(float[][] length, long seed) {
    int n = length.length;
    if (n < 3) {
      return n < 2 ? new double[2 * n] : new double[] {-0.5, 0, 0.5, 0};
    }
    var task =
        new LeadingEigen.Task(
            n,
            2,
            LeadingEigen.Order.LARGEST,
            START_TOLERANCE,
            seed,
            "layout kk",
            "Give it coordinates to start from");
    var axes = LeadingEigen.pairs(task, (x, y) -> centredSquares(length, x, y));
    double[] position = new double[2 * n];
    for (int c = 0; c < 2; c++) {
      double size = Math.sqrt(Math.max(0, axes.values()[c]));
      for (int i = 0; i < n; i++) {
        position[2 * i + c] = size * axes.vectors()[c * n + i];
      }
    }
    return position;
  }

  /** Half the squares of the lengths with the sign turned, rows and columns less their means. */
  private static void centredSquares(float[][] length, double[] x, double[] y) {
    double[] from = centred(x);
    Parallel.forRange(
        x.length,
        BLOCK,
        (first, end) -> {
          for (int i = first; i < end; i++) {
            double sum = 0;
            for (int j = 0; j < from.length; j++) {
              sum -= (double) length[i][j] * length[i][j] * from[j];
            }
            y[i] = sum / 2;
          }
        });
    System.arraycopy(centred(y), 0, y, 0, y.length);
  }

  private static double[] centred(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    return Arrays.stream(values).map(v -> v - mean).toArray();
  }

  /** One over each length, in its place. */
  private static float[][] inverted(float[][] length) {
    for (float[] row : length) {
      for (int j = 0; j < row.length; j++) {
        row[j] = 1 / row[j];
      }
    }
    return length;
  }

  /** Moves each node in turn to where the others want it. */
  private static void sweep(float[][] inverse, double[] position) {
    int n = inverse.length;
    for (int i = 0; i < n; i++) {
      float[] row = inverse[i];
      double x = position[2 * i];
      double y = position[2 * i + 1];
      double goX = 0;
      double goY = 0;
      double sum = 0;
      for (int j = 0; j < n; j++) {
        if (j == i) {
          continue;
        }
        double dx = x - position[2 * j];
        double dy = y - position[2 * j + 1];
        double square = dx * dx + dy * dy;
        double w = (double) row[j] * row[j];
        double stretch = square > 0 ? row[j] / Math.sqrt(square) - w : -w;
        sum += w;
        goX += stretch * dx;
        goY += stretch * dy;
      }
      position[2 * i] = x + goX / sum;
      position[2 * i + 1] = y + goY / sum;
    }
  }

  private static double stress(float[][] inverse, double[] position) {
    int n = inverse.length;
    double sum =
        Parallel.sum(
            n,
            BLOCK,
            (from, to) -> {
              double part = 0;
              for (int i = from; i < to; i++) {
                for (int j = 0; j < i; j++) {
                  double dx = position[2 * i] - position[2 * j];
                  double dy = position[2 * i + 1] - position[2 * j + 1];
                  double error = Math.sqrt(dx * dx + dy * dy) * inverse[i][j] - 1;
                  part += error * error;
                }
              }
              return part;
            });
    return n < 2 ? 0 : sum / (0.5 * n * (n - 1));
  }
}
