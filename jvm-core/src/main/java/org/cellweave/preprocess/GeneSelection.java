package org.cellweave.preprocess;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.cellweave.design.Categories;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.RefusedRowException;

/**
 * Genes that vary more within a data set than the drawing of counts alone makes them, as LIGER's
 * {@code selectGenes}.
 *
 * <p>Counts are divided by the total of their cell. With c the mean of one over the totals, a gene
 * of mean m and variance v among n cells is chosen in a set when {@code v / c} is beyond the upper
 * end of the interval {@code m +- q sqrt(m c / n)}, where q leaves {@code alpha} over the number of
 * genes outside of both ends, and {@code log10 v > log10(m c) + thresh}. Genes that some set has no
 * count of are never chosen. Cost: two passes over the stored values.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.006">Welch 2019</a>
 */
public final class GeneSelection {
  /** Sums of what each gene has of the total of a cell. */
  private static final GroupSums.Kernel SHARES =
      (group, at, start, v, n, sums) -> {
        double total = 0;
        for (int k = 0; k < n; k++) {
          total += v[k];
        }
        for (int k = 0; k < n; k++) {
          sums.add(at[start + k], v[k] / total);
        }
      };

  private GeneSelection() {}

  /** Which sets must choose a gene. */
  public enum Combine {
    /** One at least. */
    UNION,
    /** All. */
    INTERSECTION
  }

  /**
   * @param thresh how far above that of counts the logarithm of the variance must be
   * @param alpha chance that one gene of all is beyond its interval by the drawing of counts
   * @param combine sets
   */
  public record Params(double thresh, double alpha, Combine combine) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.finite(thresh, "thresh");
      Check.positive(Check.inRange(alpha, 0, 1, "alpha"), "alpha");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double thresh = 0.1;
      private double alpha = 0.99;
      private Combine combine = Combine.UNION;

      public Builder thresh(double value) {
        this.thresh = value;
        return this;
      }

      public Builder alpha(double value) {
        this.alpha = value;
        return this;
      }

      public Builder combine(Combine value) {
        this.combine = value;
        return this;
      }

      public Params build() {
        return new Params(thresh, alpha, combine);
      }
    }
  }

  /**
   * @param selected genes chosen
   * @param nSets how many sets choose a gene
   * @param mean of the shares of every gene, sets by genes
   * @param variance of the shares, divisor n - 1, sets by genes
   * @param nonInteger first value that is no whole number, or null
   */
  public record Result(
      boolean[] selected,
      int[] nSets,
      double[][] mean,
      double[][] variance,
      ValueFacts.Found nonInteger) {}

  /**
   * @param counts cells by genes
   * @param sets of the cells, without unused levels; at least two cells in each
   * @throws RefusedRowException for a cell without counts
   */
  public static Result run(Matrix counts, Categories sets, Params params) {
    ValueFacts facts = ValueFacts.of(counts);
    facts.requireCounts("selectGenes");
    Categories set = sets.forCells(counts.nRows()).complete().cellsInEach(2, "selectGenes");
    double[] totals = counts.rowSums();
    for (int i = 0; i < totals.length; i++) {
      if (totals[i] <= 0) {
        throw new RefusedRowException(
            "selectGenes divides by the total of every cell, but ",
            "X",
            totals.length,
            " has no counts. Remove cells without counts first",
            i);
      }
    }
    ColumnSums[] sums =
        GroupSums.byGroup(Rows.of(counts), set.codes(), set.nLevels()).collect(SHARES);
    int genes = counts.nCols();
    double[][] mean = new double[sums.length][genes];
    double[][] variance = new double[sums.length][genes];
    int[] nSets = new int[genes];
    boolean[] everywhere = new boolean[genes];
    Arrays.fill(everywhere, true);
    double[] drawn = drawn(totals, set);
    // two-sided, over all genes: sqrt(2) erfc^-1(alpha / genes) is the quantile of 1 - alpha / (2
    // genes)
    double q = Math.sqrt(2) * InverseErfc.value(params.alpha() / genes);
    for (int s = 0; s < sums.length; s++) {
      int n = set.size(s);
      for (int j = 0; j < genes; j++) {
        double m = sums[s].mean(j, n);
        double v = sums[s].variance(j, n);
        mean[s][j] = m;
        variance[s][j] = v;
        everywhere[j] &= m > 0;
        boolean beyond = v / drawn[s] > m + q * Math.sqrt(m * drawn[s] / n);
        boolean above = Elementary.log10(v) > Elementary.log10(m * drawn[s]) + params.thresh();
        nSets[j] += beyond && above ? 1 : 0;
      }
    }
    boolean[] selected = new boolean[genes];
    int least = params.combine() == Combine.UNION ? 1 : sums.length;
    for (int j = 0; j < genes; j++) {
      selected[j] = everywhere[j] && nSets[j] >= least;
    }
    return new Result(selected, nSets, mean, variance, facts.nonInteger());
  }

  /** The mean of one over the totals, by set. */
  private static double[] drawn(double[] totals, Categories set) {
    double[] sum = new double[set.nLevels()];
    for (int i = 0; i < totals.length; i++) {
      sum[set.code(i)] += 1 / totals[i];
    }
    for (int s = 0; s < sum.length; s++) {
      sum[s] /= set.size(s);
    }
    return sum;
  }
}
