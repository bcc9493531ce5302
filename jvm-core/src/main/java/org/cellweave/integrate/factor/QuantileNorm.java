package org.cellweave.integrate.factor;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * Brings mixtures of factors of several data sets together: within every cluster of cells, the
 * values of every factor get the distribution that they have in the reference set.
 *
 * <p>A cell belongs to the cluster of its strongest factor, each factor measured by its root mean
 * square in the set, or to that of most of its neighbours. Departures from the original: quantiles
 * are those of all cells, not of a sample; neighbours are exact and vote all at once, so that the
 * order of cells does not matter; a cluster that is too small in a set or in the reference is told.
 * Cost: neighbours within every set.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.006">Welch 2019</a>
 */
public final class QuantileNorm {
  private QuantileNorm() {}

  /**
   * @param quantiles pieces of the map from one distribution to the other
   * @param minCells of a cluster in a set and in the reference, below which its cells stay as they
   *     are
   * @param nNeighbors that vote on the cluster of a cell, itself included; 1 for no vote
   * @param reference level of the set that the others are mapped to; null for that with most cells
   */
  public record Params(int quantiles, int minCells, int nNeighbors, String reference) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(quantiles, "quantiles");
      Check.positive(minCells, "minCells");
      Check.positive(nNeighbors, "nNeighbors");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int quantiles = 50;
      private int minCells = 20;
      private int nNeighbors = 20;
      private String reference = null;

      public Builder quantiles(int value) {
        this.quantiles = value;
        return this;
      }

      public Builder minCells(int value) {
        this.minCells = value;
        return this;
      }

      public Builder nNeighbors(int value) {
        this.nNeighbors = value;
        return this;
      }

      public Builder reference(String value) {
        this.reference = value;
        return this;
      }

      public Params build() {
        return new Params(quantiles, minCells, nNeighbors, reference);
      }
    }
  }

  /**
   * @param h cells by factors
   * @param cluster of every cell: a factor
   * @param unmapped for every set and factor whether the cluster stayed as it was for want of cells
   */
  public record Result(DenseMatrix h, int[] cluster, boolean[][] unmapped) {}

  /**
   * @param h cells by factors, not negative
   * @param sets of the cells, without unused levels
   */
  public static Result run(DenseMatrix h, Categories sets, Params params, Progress progress) {
    Finite.require(h, "h", "quantileNorm");
    Categories set = sets.forCells(h.nRows()).complete().withoutUnused();
    int reference = reference(set, params.reference());
    int k = h.nCols();
    int[] cluster = new int[h.nRows()];
    int[][] members = set.members();
    for (int s = 0; s < members.length; s++) {
      DenseMatrix own = h.takeRows(members[s]);
      int[] found = clusters(own, params.nNeighbors());
      for (int i = 0; i < found.length; i++) {
        cluster[members[s][i]] = found[i];
      }
      progress.step("quantileNorm", s + 1, members.length, Double.NaN);
    }
    var out = h.withDType(DType.FLOAT64).copy();
    boolean[][] unmapped = new boolean[members.length][k];
    int[][][] cells = new int[members.length][k][];
    for (int s = 0; s < members.length; s++) {
      for (int c = 0; c < k; c++) {
        int of = c;
        cells[s][c] = Arrays.stream(members[s]).filter(i -> cluster[i] == of).toArray();
      }
    }
    Parallel.forBlocks(
        members.length * k,
        block -> {
          int s = block / k;
          int c = block % k;
          int[] own = cells[s][c];
          int[] theirs = cells[reference][c];
          unmapped[s][c] =
              own.length > 0
                  && (own.length < params.minCells() || theirs.length < params.minCells());
          if (own.length > 0 && !unmapped[s][c]) {
            for (int f = 0; f < k; f++) {
              map(h, f, own, theirs, params.quantiles(), out);
            }
          }
        });
    return new Result(out, cluster, unmapped);
  }

  private static int reference(Categories sets, String name) {
    if (name != null) {
      List<String> levels = List.of(sets.levels());
      int at = levels.indexOf(name);
      if (at < 0) {
        throw new IllegalArgumentException(
            "reference must be one of "
                + levels
                + ", got "
                + Quoted.of(name)
                + "."
                + Check.suggestion(name, levels));
      }
      return at;
    }
    int best = 0;
    for (int s = 1; s < sets.nLevels(); s++) {
      best = sets.size(s) > sets.size(best) ? s : best;
    }
    return best;
  }

  private static int[] clusters(DenseMatrix h, int nNeighbors) {
    int n = h.nRows();
    int k = h.nCols();
    double[] scale = new double[k];
    for (int f = 0; f < k; f++) {
      double squares = Arrays.stream(h.column(f)).map(v -> v * v).sum();
      scale[f] = squares > 0 ? Math.sqrt((n - 1) / squares) : 0;
    }
    int[] strongest = new int[n];
    for (int i = 0; i < n; i++) {
      for (int f = 1; f < k; f++) {
        if (h.get(i, f) * scale[f] > h.get(i, strongest[i]) * scale[strongest[i]]) {
          strongest[i] = f;
        }
      }
    }
    int voters = Math.min(nNeighbors, n);
    if (voters < 2) {
      return strongest;
    }
    var lists =
        NearestNeighbors.run(
            h,
            NearestNeighbors.Params.builder()
                .nNeighbors(voters)
                .search(NearestNeighbors.Search.EXACT)
                .build());
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      int[] votes = new int[k];
      for (int q = 0; q < voters; q++) {
        votes[strongest[lists.indices()[i * voters + q]]]++;
      }
      for (int f = 1; f < k; f++) {
        out[i] = votes[f] > votes[out[i]] ? f : out[i];
      }
    }
    return out;
  }

  private static void map(
      DenseMatrix h, int factor, int[] own, int[] theirs, int pieces, DenseMatrix out) {
    double[] from = quantiles(h, factor, own, pieces);
    double[] to = quantiles(h, factor, theirs, pieces);
    boolean nothing = Arrays.stream(from).sum() == 0 || Arrays.stream(to).sum() == 0;
    PiecewiseLinear map =
        nothing || from[0] == from[pieces] || to[0] == to[pieces]
            ? null
            : PiecewiseLinear.of(from, to);
    for (int i : own) {
      out.set(i, factor, map == null ? 0 : map.at(h.get(i, factor)));
    }
  }

  /** At equal steps from least to greatest, interpolated between neighbouring values. */
  private static double[] quantiles(DenseMatrix h, int factor, int[] cells, int pieces) {
    double[] sorted = Arrays.stream(cells).mapToDouble(i -> h.get(i, factor)).sorted().toArray();
    double[] out = new double[pieces + 1];
    for (int q = 0; q <= pieces; q++) {
      double place = (sorted.length - 1) * (double) q / pieces;
      int below = (int) place;
      int above = Math.min(below + 1, sorted.length - 1);
      out[q] = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
    return out;
  }

  /** Through points of ascending x; beyond the ends as at the ends. */
  private record PiecewiseLinear(double[] x, double[] y) {
    /** Points of one x become one, at the mean of their y. */
    static PiecewiseLinear of(double[] x, double[] y) {
      double[] places = new double[x.length];
      double[] values = new double[x.length];
      int n = 0;
      for (int q = 0; q < x.length; ) {
        int end = q;
        double sum = 0;
        while (end < x.length && x[end] == x[q]) {
          sum += y[end++];
        }
        places[n] = x[q];
        values[n++] = sum / (end - q);
        q = end;
      }
      return new PiecewiseLinear(Arrays.copyOf(places, n), Arrays.copyOf(values, n));
    }

    double at(double v) {
      int last = x.length - 1;
      if (v <= x[0]) {
        return y[0];
      }
      if (v >= x[last]) {
        return y[last];
      }
      int found = Arrays.binarySearch(x, v);
      if (found >= 0) {
        return y[found];
      }
      int above = -found - 1;
      double share = (v - x[above - 1]) / (x[above] - x[above - 1]);
      return y[above - 1] + share * (y[above] - y[above - 1]);
    }
  }
}
