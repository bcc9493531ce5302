package org.cellweave.diffexp;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Ranks genes by how they differ between groups of cells, on logarithms of expression.
 *
 * <p>t-tests are Welch's. The Wilcoxon test is the rank-sum test by its normal approximation,
 * without continuity correction. As in scanpy 1.11.5, whose numbers are matched, fold changes come
 * from means of logarithms, and "rest" is all other cells, those without a group included.
 *
 * <p>Cost: t-tests one pass over the values; Wilcoxon one sort of the non-zero values of every gene
 * for all groups together, some genes at a time. Ties in the score: genes keep their order.
 */
public final class RankGenesGroups {
  /** {@code reference} that compares each group with all other cells. */
  public static final int REST = -1;

  private static final int FEW_CELLS = 25;

  private RankGenesGroups() {}

  /** The test. */
  public enum Method {
    T_TEST("t-test"),
    T_TEST_OVERESTIM_VAR("t-test_overestim_var"),
    WILCOXON("wilcoxon"),
    /** Coefficients of a logistic regression of the groups on all genes; no p-values. */
    LOGREG("logreg");

    private final String spelling;

    Method(String spelling) {
      this.spelling = spelling;
    }

    /** scanpy's spelling. */
    @Override
    public String toString() {
      return spelling;
    }
  }

  /** How p-values are adjusted for the number of genes. */
  public enum Correction {
    BENJAMINI_HOCHBERG("benjamini-hochberg"),
    BONFERRONI("bonferroni");

    private final String spelling;

    Correction(String spelling) {
      this.spelling = spelling;
    }

    /** scanpy's spelling. */
    @Override
    public String toString() {
      return spelling;
    }
  }

  /**
   * @param method the test
   * @param correction adjustment of the p-values
   * @param tieCorrect whether Wilcoxon's variance accounts for ties
   * @param nGenes how many genes to report for each group; null for all
   * @param rankbyAbs rank by the absolute score
   * @param pts whether to report the fractions of expressing cells
   * @param logBase base of the data's logarithm; null for the natural one
   * @param meanInLogSpace fold changes from means of logarithms, as scanpy 1 has it, or of what
   *     they are logarithms of
   * @param regression settings of {@code LOGREG}
   */
  public record Params(
      Method method,
      Correction correction,
      boolean tieCorrect,
      Integer nGenes,
      boolean rankbyAbs,
      boolean pts,
      Double logBase,
      boolean meanInLogSpace,
      Regression regression) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nGenes != null) {
        Check.positive(nGenes, "nGenes");
      }
      if (logBase != null) {
        Check.positive(logBase, "logBase");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Method method = Method.T_TEST;
      private Correction correction = Correction.BENJAMINI_HOCHBERG;
      private boolean tieCorrect = false;
      private Integer nGenes = null;
      private boolean rankbyAbs = false;
      private boolean pts = false;
      private Double logBase = null;
      private boolean meanInLogSpace = true;
      private Regression regression = new Regression(1.0, 100, 1e-4);

      public Builder method(Method value) {
        method = value;
        return this;
      }

      public Builder correction(Correction value) {
        correction = value;
        return this;
      }

      public Builder tieCorrect(boolean value) {
        tieCorrect = value;
        return this;
      }

      public Builder nGenes(Integer value) {
        nGenes = value;
        return this;
      }

      public Builder rankbyAbs(boolean value) {
        rankbyAbs = value;
        return this;
      }

      public Builder pts(boolean value) {
        pts = value;
        return this;
      }

      public Builder logBase(Double value) {
        logBase = value;
        return this;
      }

      public Builder meanInLogSpace(boolean value) {
        meanInLogSpace = value;
        return this;
      }

      public Builder regression(Regression value) {
        regression = value;
        return this;
      }

      public Params build() {
        return new Params(
            method,
            correction,
            tieCorrect,
            nGenes,
            rankbyAbs,
            pts,
            logBase,
            meanInLogSpace,
            regression);
      }
    }
  }

  /**
   * Settings of the logistic regression, with scikit-learn's names and defaults.
   *
   * @param inverseStrength of the ridge penalty, C
   * @param maxIter most steps
   * @param tol bound on the gradient of the mean loss
   */
  public record Regression(double inverseStrength, int maxIter, double tol) {
    public Regression {
      Check.positive(inverseStrength, "C");
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
    }
  }

  /**
   * The comparison of one group; genes are columns of the matrix.
   *
   * @param group code of the group
   * @param genes columns, best first
   * @param scores one per entry of {@code genes}
   * @param pvals two-sided; null for {@code LOGREG}
   * @param pvalsAdj adjusted over all genes; null for {@code LOGREG}
   * @param logFoldChanges to the base 2; null for {@code LOGREG}
   * @param pts fraction of the group's cells that express each gene, by column; null unless asked
   * @param ptsRest the same for all other cells; null unless asked and the reference is "rest"
   */
  public record GroupResult(
      int group,
      int[] genes,
      double[] scores,
      double[] pvals,
      double[] pvalsAdj,
      double[] logFoldChanges,
      double[] pts,
      double[] ptsRest) {}

  /**
   * @param groups one per group asked for, in the order asked for
   * @param referencePts expressing fractions of the reference group; null unless asked
   * @param fewCells whether a Wilcoxon group has at most 25 cells, where the normal approximation
   *     is poor
   * @param converged whether the regression's gradient came below its bound; true for the tests
   */
  public record Result(
      List<GroupResult> groups, double[] referencePts, boolean fewCells, boolean converged) {}

  /**
   * @param x cells by genes, logarithms
   * @param codes group of every cell, -1 for none
   * @param names of the groups, by code
   * @param wanted codes of the groups to compare
   * @param reference a code, or {@link #REST}
   */
  public static Result run(
      Matrix x, int[] codes, List<String> names, int[] wanted, int reference, Params params) {
    return run(x, codes, names, wanted, reference, params, Progress.NONE);
  }

  /** As {@link #run(Matrix, int[], List, int[], int, Params)} with progress. */
  public static Result run(
      Matrix x,
      int[] codes,
      List<String> names,
      int[] wanted,
      int reference,
      Params params,
      Progress progress) {
    Check.sameLength(codes.length, x.nRows(), "codes", "the number of cells");
    int nGroups = names.size() + 1;
    int[] closed = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      closed[i] = codes[i] < 0 ? names.size() : codes[i];
    }
    if (x.nCols() == 0) {
      throw new IllegalArgumentException(
          "there are no genes to rank: X is " + x.shape() + "; check the mask or the filters");
    }
    CsrMatrix csr = x.toCsr().toFloat32();
    Finite.require(csr, "X", "rankGenesGroups");
    var moments = GroupMoments.of(csr, closed, nGroups);
    checkGroups(moments, names, wanted, reference);
    if (params.method() == Method.LOGREG) {
      return new LogisticRanking(csr, codes, moments, names, params)
          .run(wanted, reference, progress);
    }
    var foldChanges =
        params.meanInLogSpace()
            ? FoldChanges.ofMeansOfLogarithms(moments, params.logBase())
            : FoldChanges.ofMeans(csr, closed, moments, params.logBase());
    double[][] scores = new double[wanted.length][csr.nCols()];
    double[][] pvals = new double[wanted.length][csr.nCols()];
    if (params.method() == Method.WILCOXON) {
      var test = RankScores.of(moments, wanted, reference, params.tieCorrect());
      new RankSumTest(csr, closed, moments, test).run(scores, pvals, progress);
    } else {
      new WelchTest(moments, params.method() == Method.T_TEST_OVERESTIM_VAR)
          .run(wanted, reference, scores, pvals);
    }
    List<GroupResult> results = new ArrayList<>();
    for (int w = 0; w < wanted.length; w++) {
      if (wanted[w] != reference) {
        results.add(rank(wanted[w], reference, moments, foldChanges, scores[w], pvals[w], params));
      }
    }
    double[] referencePts =
        params.pts() && reference != REST ? fractions(moments, reference, csr.nCols(), true) : null;
    return new Result(results, referencePts, fewCells(moments, wanted, reference, params), true);
  }

  private static void checkGroups(
      GroupMoments moments, List<String> names, int[] wanted, int reference) {
    if (wanted.length == 0) {
      throw new IllegalArgumentException("groups must not be empty; there are " + names);
    }
    for (int group : wanted) {
      checkSize(moments, names, group);
    }
    if (reference != REST) {
      checkSize(moments, names, reference);
    } else {
      int all = 0;
      for (int g = 0; g <= names.size(); g++) {
        all += moments.size(g);
      }
      for (int group : wanted) {
        if (all - moments.size(group) < 2) {
          throw new IllegalArgumentException(
              "group '"
                  + names.get(group)
                  + "' holds "
                  + moments.size(group)
                  + " of "
                  + all
                  + " cells, so that there is no rest to compare it with; group by another column");
        }
      }
    }
  }

  private static void checkSize(GroupMoments moments, List<String> names, int group) {
    if (moments.size(group) < 2) {
      throw new IllegalArgumentException(
          "group '"
              + names.get(group)
              + "' has "
              + moments.size(group)
              + (moments.size(group) == 1 ? " cell" : " cells")
              + ", but a test needs at least 2; leave it out with the argument groups, or merge it");
    }
  }

  private static boolean fewCells(
      GroupMoments moments, int[] wanted, int reference, Params params) {
    boolean few = false;
    for (int group : wanted) {
      few |= moments.size(group) <= FEW_CELLS;
    }
    few |= reference != REST && moments.size(reference) <= FEW_CELLS;
    return few && params.method() == Method.WILCOXON;
  }

  private static GroupResult rank(
      int group,
      int reference,
      GroupMoments moments,
      FoldChanges foldChanges,
      double[] scores,
      double[] pvals,
      Params params) {
    int nGenes = scores.length;
    double[] adjusted =
        params.correction() == Correction.BONFERRONI
            ? Significance.bonferroni(pvals)
            : Significance.benjaminiHochberg(pvals);
    int[] genes = best(scores, params);
    return new GroupResult(
        group,
        genes,
        pick(scores, genes),
        pick(pvals, genes),
        pick(adjusted, genes),
        foldChanges.of(group, reference, genes),
        params.pts() ? fractions(moments, group, nGenes, true) : null,
        params.pts() && reference == REST ? fractions(moments, group, nGenes, false) : null);
  }

  /** The genes to report, best first. */
  static int[] best(double[] scores, Params params) {
    double[] sortedBy = scores;
    if (params.rankbyAbs()) {
      sortedBy = new double[scores.length];
      for (int j = 0; j < scores.length; j++) {
        sortedBy[j] = Math.abs(scores[j]);
      }
    }
    int[] genes = Ordering.descending(sortedBy);
    return params.nGenes() == null ? genes : Ordering.head(genes, params.nGenes());
  }

  static double[] fractions(GroupMoments moments, int group, int nGenes, boolean inside) {
    double[] out = new double[nGenes];
    for (int j = 0; j < nGenes; j++) {
      out[j] = (inside ? moments.in(group, j) : moments.outside(group, j)).fraction();
    }
    return out;
  }

  static double[] pick(double[] values, int[] at) {
    double[] out = new double[at.length];
    for (int r = 0; r < at.length; r++) {
      out[r] = values[at[r]];
    }
    return out;
  }
}
