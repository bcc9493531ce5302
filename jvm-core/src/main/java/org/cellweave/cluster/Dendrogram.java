package org.cellweave.cluster;

import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;

/**
 * Tree of groups of cells by the correlation of their mean profiles, with the coordinates to draw
 * it, as scanpy's {@code tl.dendrogram} stores them.
 *
 * <p>Cost: one pass over the representation, then O(groups^3). Links below 0.7 of the greatest
 * height share a colour, as in scipy's {@code dendrogram}.
 */
public final class Dendrogram {
  private static final double COLOR_SHARE = 0.7;
  private static final int COLORS = 9;

  private Dendrogram() {}

  /** How alike two mean profiles are. */
  public enum Correlation {
    PEARSON,
    SPEARMAN,
    /** Tau-b; costs the square of the number of features for each pair of groups. */
    KENDALL
  }

  /**
   * @param correlation similarity of groups
   * @param linkage how clusters of groups are compared
   */
  public record Params(Correlation correlation, Linkage.Method linkage) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Correlation correlation = Correlation.PEARSON;
      private Linkage.Method linkage = Linkage.Method.COMPLETE;

      public Builder correlation(Correlation value) {
        correlation = value;
        return this;
      }

      public Builder linkage(Linkage.Method value) {
        linkage = value;
        return this;
      }

      public Params build() {
        return new Params(correlation, linkage);
      }
    }
  }

  /**
   * @param steps merges
   * @param leaves groups from left to right
   * @param icoord four positions along the leaves per link: 5, 15, ... are the leaves
   * @param dcoord four heights per link
   * @param colors colour name per link, "C0" above the threshold
   * @param leafColors colour name per leaf
   * @param correlation groups by groups
   */
  public record Result(
      Linkage.Step[] steps,
      int[] leaves,
      double[][] icoord,
      double[][] dcoord,
      String[] colors,
      String[] leafColors,
      double[][] correlation) {}

  /**
   * @param x cells by features
   * @param codes group of every cell, -1 for none
   * @param groups their names, for messages
   */
  public static Result run(Matrix x, int[] codes, List<String> groups, Params params) {
    int nGroups = groups.size();
    Check.sameLength(codes.length, x.nRows(), "codes", "the number of cells");
    if (nGroups < 2) {
      throw new IllegalArgumentException(
          "a tree needs at least 2 groups, got " + nGroups + "; group by a column with more");
    }
    double[][] means = means(x, codes, groups);
    for (double[] mean : means) {
      if (Finite.first(mean) != null) {
        Finite.require(x, "x", "dendrogram");
      }
    }
    double[][] correlation = correlations(means, params.correlation());
    requireDefined(means, correlation, groups);
    double[][] distance = new double[nGroups][nGroups];
    for (int a = 0; a < nGroups; a++) {
      for (int b = 0; b < nGroups; b++) {
        distance[a][b] = a == b ? 0 : 1 - correlation[a][b];
      }
    }
    var steps = Linkage.run(distance, params.linkage());
    return new Drawing(steps, nGroups).result(correlation);
  }

  /** Refuses a group whose profile is flat: it correlates with nothing. */
  private static void requireDefined(
      double[][] means, double[][] correlation, List<String> groups) {
    for (int a = 0; a < means.length; a++) {
      for (int b = 0; b < a; b++) {
        if (Double.isNaN(correlation[a][b])) {
          int flat = isFlat(means[a]) ? a : b;
          throw new IllegalArgumentException(
              "group '"
                  + groups.get(flat)
                  + "' has no correlation with the others, because its means are the same in all "
                  + means[flat].length
                  + " features; use more or other features, or remove the group");
        }
      }
    }
  }

  private static boolean isFlat(double[] mean) {
    return Arrays.stream(mean).distinct().count() < 2;
  }

  private static double[][] means(Matrix x, int[] codes, List<String> groups) {
    int nGroups = groups.size();
    int[] sizes = new int[nGroups];
    for (int code : codes) {
      if (code >= 0) {
        sizes[code]++;
      }
    }
    double[][] means = new double[nGroups][];
    for (int g = 0; g < nGroups; g++) {
      if (sizes[g] == 0) {
        throw new IllegalArgumentException(
            "group '" + groups.get(g) + "' has no cells; remove unused categories first");
      }
      int[] rows = new int[sizes[g]];
      int n = 0;
      for (int i = 0; i < codes.length; i++) {
        if (codes[i] == g) {
          rows[n++] = i;
        }
      }
      means[g] = x.takeRows(rows).colSums();
      for (int j = 0; j < means[g].length; j++) {
        means[g][j] /= sizes[g];
      }
    }
    return means;
  }

  private static double[][] correlations(double[][] profiles, Correlation kind) {
    double[][] use = profiles;
    if (kind == Correlation.SPEARMAN) {
      use = new double[profiles.length][];
      Arrays.setAll(use, g -> Ordering.meanRanks(profiles[g]));
    }
    int n = use.length;
    double[][] out = new double[n][n];
    for (int a = 0; a < n; a++) {
      out[a][a] = 1;
      for (int b = 0; b < a; b++) {
        out[a][b] = kind == Correlation.KENDALL ? kendall(use[a], use[b]) : pearson(use[a], use[b]);
        out[b][a] = out[a][b];
      }
    }
    return out;
  }

  private static double pearson(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int j = 0; j < a.length; j++) {
      double da = a[j] - meanA;
      double db = b[j] - meanB;
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
    return Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
  }

  private static double kendall(double[] a, double[] b) {
    long difference = 0;
    long untiedA = 0;
    long untiedB = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        int signA = Double.compare(a[i], a[j]);
        int signB = Double.compare(b[i], b[j]);
        difference += (long) signA * signB;
        untiedA += signA != 0 ? 1 : 0;
        untiedB += signB != 0 ? 1 : 0;
      }
    }
    return Math.max(-1, Math.min(1, difference / Math.sqrt((double) untiedA * untiedB)));
  }

  /** Places the links: the lower of two subtrees goes left, a leaf before a subtree. */
  private static final class Drawing {
    private final Linkage.Step[] steps;
    private final int n;
    private final double threshold;
    private final int[] leaves;
    private final String[] leafColors;
    private final double[][] icoord;
    private final double[][] dcoord;
    private final String[] colors;
    private int nLeaves;
    private int nLinks;
    private int color = 0;
    private boolean below = false;

    Drawing(Linkage.Step[] steps, int n) {
      this.steps = steps;
      this.n = n;
      double top = 0;
      for (Linkage.Step s : steps) {
        top = Math.max(top, s.height());
      }
      threshold = COLOR_SHARE * top;
      leaves = new int[n];
      leafColors = new String[n];
      icoord = new double[n - 1][];
      dcoord = new double[n - 1][];
      colors = new String[n - 1];
    }

    Result result(double[][] correlation) {
      place(2 * n - 2, "C0");
      return new Result(steps, leaves, icoord, dcoord, colors, leafColors, correlation);
    }

    /** Returns position and height of the node's top; {@code above} colours a leaf outright. */
    private double[] place(int node, String above) {
      if (node < n) {
        leafColors[nLeaves] = above;
        leaves[nLeaves++] = node;
        return new double[] {10 * nLeaves - 5, 0};
      }
      Linkage.Step step = steps[node - n];
      boolean startsColor = step.height() < threshold && !below;
      if (startsColor) {
        below = true;
        color++;
      }
      String own = below ? "C" + ((color - 1) % COLORS + 1) : "C0";
      double[] left = place(step.left(), own);
      double[] right = place(step.right(), own);
      icoord[nLinks] = new double[] {left[0], left[0], right[0], right[0]};
      dcoord[nLinks] = new double[] {left[1], step.height(), step.height(), right[1]};
      colors[nLinks++] = own;
      if (startsColor) {
        below = false;
      }
      return new double[] {(left[0] + right[0]) / 2, step.height()};
    }
  }
}
