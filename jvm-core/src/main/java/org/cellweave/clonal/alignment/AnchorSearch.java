package org.cellweave.clonal.alignment;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.integrate.anchors.Anchors;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.MutualNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * Anchors by mutual nearest neighbours of every two batches, exact. Of a pair that stands at places
 * p and q, from 0, of each other's lists of k, the weight is {@code 1 - (p + q) / (2 (k - 1))}: 1
 * for each other's nearest, 0 for the last. A clone keeps its {@code kTrim} best pairs; a pair
 * stays when either end keeps it, so that this is a floor and no bound.
 *
 * <p>Ties of {@code p + q}: the nearer first, then the lower index. The Python package searches
 * approximately and without a seed, and leaves ties to its sort. A metric that takes a variance or
 * a covariance from the data takes that of all clones, so that pairs of batches share one scale.
 * Cost: {@code 2 m n d} for two batches of m and n clones.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi et al. 2018</a>
 */
public final class AnchorSearch {
  private AnchorSearch() {}

  /**
   * @param k nearest clones of the other batch that a clone looks at
   * @param kTrim best pairs that each clone keeps
   * @param metric of the distances
   * @param minAnchors that the two sides of each step of the order must have; there is always one
   */
  public record Params(int k, int kTrim, Metric metric, int minAnchors) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      metric.computed("the search for anchors");
      Check.positive(k, "k");
      Check.positive(kTrim, "kTrim");
      Check.positive(minAnchors, "minAnchors");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = 10;
      private int kTrim = 3;
      private Metric metric = Metric.EUCLIDEAN;
      private int minAnchors = 3;

      private Builder() {}

      public Builder k(int value) {
        k = value;
        return this;
      }

      public Builder kTrim(int value) {
        kTrim = value;
        return this;
      }

      public Builder metric(Metric value) {
        metric = value;
        return this;
      }

      public Builder minAnchors(int value) {
        minAnchors = value;
        return this;
      }

      public Params build() {
        return new Params(k, kTrim, metric, minAnchors);
      }
    }
  }

  /**
   * @param anchors float32 weights
   * @param order in which the batches join, by numbers of anchors
   */
  public record Result(Anchors anchors, MergeOrder order) {}

  /** Pairs of two batches, by rows of the whole. */
  private record Kept(int[] first, int[] second, double[] weights) {}

  /**
   * @param x clones by features
   * @param batches of the clones
   * @throws IllegalArgumentException when a clone has no batch, a batch has fewer than k clones, or
   *     two sides that are to join have fewer anchors than they must
   */
  public static Result run(Matrix x, Categories batches, Params params, Progress progress) {
    Finite.require(x, "x", "the search for anchors");
    Categories used =
        batches.forCells(x.nRows()).complete("clone", Integer::toString).withoutUnused();
    used.atLeastTwo("anchors join clones of different batches");
    requireEnough(used, params);
    int[][] members = used.members();
    Matrix[] parts = Arrays.stream(members).map(x::takeRows).toArray(Matrix[]::new);
    // of all clones, so that the distances of all pairs of batches have one scale
    var arguments = MetricArguments.NONE.completed(params.metric(), x);
    int nPairs = members.length * (members.length - 1) / 2;
    Kept[] kept = new Kept[nPairs];
    int done = 0;
    for (int a = 0; a < members.length; a++) {
      for (int b = a + 1; b < members.length; b++) {
        Matrix first = parts[a];
        Matrix second = parts[b];
        var pairs =
            amongBoth(
                members[a],
                members[b],
                x.nRows(),
                () ->
                    MutualNeighbors.run(
                        first, second, params.k(), params.k(), params.metric(), arguments));
        kept[done++] = kept(pairs, members[a], members[b], params);
        progress.step("anchors", done, nPairs, Double.NaN);
      }
    }
    var anchors = new Anchors("the graph of anchors", graph(kept, x.nRows()), used);
    MergeOrder order = anchors.order();
    requireLinks(anchors, order, params);
    return new Result(anchors, order);
  }

  /** Rows that are refused of two batches are told as those of all clones. */
  private static MutualNeighbors.Pairs amongBoth(
      int[] first, int[] second, int n, Supplier<MutualNeighbors.Pairs> search) {
    return RefusedRowException.among(
        "first", first, "x", n, () -> RefusedRowException.among("second", second, "x", n, search));
  }

  private static void requireEnough(Categories batches, Params params) {
    for (int b = 0; b < batches.nLevels(); b++) {
      if (batches.size(b) < params.k()) {
        throw new IllegalArgumentException(
            "k must be at most the clones of every batch, got k = "
                + params.k()
                + ", but '"
                + batches.level(b)
                + "' of "
                + batches.name()
                + " has "
                + batches.size(b)
                + ". Use a smaller k, or leave that batch out");
      }
    }
  }

  private static Kept kept(MutualNeighbors.Pairs pairs, int[] rows, int[] others, Params params) {
    boolean[] stays = new boolean[pairs.size()];
    keepBest(pairs, pairs.first(), pairs.there(), params.kTrim(), stays);
    keepBest(pairs, pairs.second(), pairs.back(), params.kTrim(), stays);
    int[] left = IntStream.range(0, stays.length).filter(p -> stays[p]).toArray();
    double widest = 2.0 * (params.k() - 1);
    return new Kept(
        Arrays.stream(left).map(p -> rows[pairs.first()[p]]).toArray(),
        Arrays.stream(left).map(p -> others[pairs.second()[p]]).toArray(),
        Arrays.stream(left)
            .mapToDouble(p -> widest == 0 ? 1 : 1 - placesOf(pairs, p) / widest)
            .toArray());
  }

  private static int placesOf(MutualNeighbors.Pairs pairs, int p) {
    return pairs.there()[p] + pairs.back()[p];
  }

  /** Marks the best pairs of every clone of one side. */
  private static void keepBest(
      MutualNeighbors.Pairs pairs, int[] owner, int[] place, int kTrim, boolean[] stays) {
    int[] order =
        IntStream.range(0, owner.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(p -> owner[p])
                    .thenComparingInt(p -> placesOf(pairs, p))
                    .thenComparingInt(p -> place[p]))
            .mapToInt(Integer::intValue)
            .toArray();
    int had = 0;
    for (int r = 0; r < order.length; r++) {
      had = r > 0 && owner[order[r]] == owner[order[r - 1]] ? had + 1 : 0;
      stays[order[r]] |= had < kTrim;
    }
  }

  private static CsrMatrix graph(Kept[] kept, int n) {
    int[] length = new int[n];
    for (Kept pairs : kept) {
      for (int p = 0; p < pairs.first().length; p++) {
        length[pairs.first()[p]]++;
        length[pairs.second()[p]]++;
      }
    }
    int[][] at = new int[n][];
    double[][] weights = new double[n][];
    for (int i = 0; i < n; i++) {
      at[i] = new int[length[i]];
      weights[i] = new double[length[i]];
    }
    int[] filled = new int[n];
    for (Kept pairs : kept) {
      for (int p = 0; p < pairs.first().length; p++) {
        int i = pairs.first()[p];
        int j = pairs.second()[p];
        weights[i][filled[i]] = pairs.weights()[p];
        weights[j][filled[j]] = pairs.weights()[p];
        at[i][filled[i]++] = j;
        at[j][filled[j]++] = i;
      }
    }
    var graph = new CsrBuilder(n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      graph.addRow(at[i], weights[i], length[i]);
    }
    return graph.build();
  }

  private static void requireLinks(Anchors anchors, MergeOrder order, Params params) {
    int[][] counts = anchors.counts();
    for (MergeOrder.Step step : order.steps()) {
      int[] left = order.batches(step.left());
      int[] right = order.batches(step.right());
      int found = 0;
      for (int a : left) {
        for (int b : right) {
          found += counts[a][b];
        }
      }
      if (found < params.minAnchors()) {
        throw new IllegalArgumentException(
            anchors.called(left)
                + " and "
                + anchors.called(right)
                + " of "
                + anchors.batches().name()
                + " have "
                + found
                + " mutual nearest neighbours with k = "
                + params.k()
                + ", but minAnchors = "
                + params.minAnchors()
                + " are needed; use a larger k");
      }
    }
  }
}
