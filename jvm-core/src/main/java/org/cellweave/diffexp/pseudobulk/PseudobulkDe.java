package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;

/**
 * Differential expression between samples by negative binomial models with shared dispersions, as
 * DESeq2 has them: size factors, dispersions of each gene, their trend and its prior, coefficients,
 * a Wald or likelihood-ratio test, outliers by Cook's distance, independent filtering.
 *
 * <p>Departures from DESeq2: a trend that does not settle becomes the mean, not a local regression;
 * the prior of few degrees of freedom is not simulated. Genes without a count have a mean of 0 and
 * NaN everywhere else. Cost: O(genes samples p^2) per iteration; genes are independent, so that
 * threads do not matter. Numbers matched: PyDESeq2 0.5.4.
 *
 * @see <a href="https://doi.org/10.1186/s13059-014-0550-8">Love, Huber and Anders 2014</a>
 */
public final class PseudobulkDe {
  private PseudobulkDe() {}

  /** What p-values are of. */
  public enum Test {
    /** The contrast. */
    WALD,
    /** The design against a smaller one. */
    LRT
  }

  /**
   * @param test what p-values are of
   * @param fitType trend of dispersions
   * @param sizeFactors which genes tell sequencing depth
   * @param independentFilter leaves out genes of low means where p-values are adjusted
   * @param cooksFilter gives no p-value to genes that single counts decide
   * @param refitCooks replaces single wild counts where there are enough replicates
   * @param minReplicates samples with the same row of the design from which on that is done
   * @param alpha false discovery rate that filtering aims at
   * @param lfcShrink draws fold changes to zero as far as counts leave them open
   * @param maxIter iterations of one gene's coefficients before another method takes over
   * @param minMu expected counts below count as this in weights
   * @param minDisp smallest dispersion
   */
  public record Params(
      Test test,
      DispersionTrend.Type fitType,
      SizeFactors.Type sizeFactors,
      boolean independentFilter,
      boolean cooksFilter,
      boolean refitCooks,
      int minReplicates,
      double alpha,
      boolean lfcShrink,
      int maxIter,
      double minMu,
      double minDisp) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (minReplicates < CooksDistance.REPLICATES) {
        throw new IllegalArgumentException(
            "minReplicates must be at least "
                + CooksDistance.REPLICATES
                + ", got "
                + minReplicates);
      }
      if (!(alpha > 0 && alpha < 1)) {
        throw new IllegalArgumentException("alpha must lie in (0, 1), got " + alpha);
      }
      Check.positive(maxIter, "maxIter");
      Check.positive(minMu, "minMu");
      Check.positive(minDisp, "minDisp");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Test test = Test.WALD;
      private DispersionTrend.Type fitType = DispersionTrend.Type.PARAMETRIC;
      private SizeFactors.Type sizeFactors = SizeFactors.Type.RATIO;
      private boolean independentFilter = true;
      private boolean cooksFilter = true;
      private boolean refitCooks = true;
      private int minReplicates = 7;
      private double alpha = 0.05;
      private boolean lfcShrink = false;
      private int maxIter = 100;
      private double minMu = 0.5;
      private double minDisp = 1e-8;

      public Builder test(Test value) {
        test = value;
        return this;
      }

      public Builder fitType(DispersionTrend.Type value) {
        fitType = value;
        return this;
      }

      public Builder sizeFactors(SizeFactors.Type value) {
        sizeFactors = value;
        return this;
      }

      public Builder independentFilter(boolean value) {
        independentFilter = value;
        return this;
      }

      public Builder cooksFilter(boolean value) {
        cooksFilter = value;
        return this;
      }

      public Builder refitCooks(boolean value) {
        refitCooks = value;
        return this;
      }

      public Builder minReplicates(int value) {
        minReplicates = value;
        return this;
      }

      public Builder alpha(double value) {
        alpha = value;
        return this;
      }

      public Builder lfcShrink(boolean value) {
        lfcShrink = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder minMu(double value) {
        minMu = value;
        return this;
      }

      public Builder minDisp(double value) {
        minDisp = value;
        return this;
      }

      public Params build() {
        return new Params(
            test,
            fitType,
            sizeFactors,
            independentFilter,
            cooksFilter,
            refitCooks,
            minReplicates,
            alpha,
            lfcShrink,
            maxIter,
            minMu,
            minDisp);
      }
    }
  }

  /**
   * @param counts samples by genes
   * @param design one value per sample for every coefficient, of full rank
   * @param coefficients what the columns are called
   * @param contrast a weight for every coefficient; what fold changes are of
   * @param reduced the smaller design of a likelihood-ratio test, whose columns the design can
   *     express; null for none
   */
  public record Input(
      Matrix counts,
      double[][] design,
      List<String> coefficients,
      double[] contrast,
      double[][] reduced) {
    public Input {
      Check.sameLength(coefficients.size(), design.length, "coefficients", "the design's columns");
      Check.sameLength(contrast.length, design.length, "contrast", "the number of coefficients");
      coefficients = List.copyOf(coefficients);
    }
  }

  /**
   * One value per gene each; NaN where there is none.
   *
   * @param baseMean mean of normalised counts
   * @param log2FoldChange of the contrast
   * @param lfcSE its standard error
   * @param stat of the test
   * @param padj after independent filtering
   * @param dispersion what the test used
   * @param dispersionOwn of the gene for itself
   * @param dispersionTrend at its mean
   * @param maxCooks largest Cook's distance of its counts as given
   * @param cooksOutlier genes whose p-value was withheld for one count
   * @param replaced genes in which a count was replaced
   * @param sizeFactors one per sample
   * @param filterThreshold mean that genes needed to be among the adjusted; NaN without filtering
   * @param lfcPriorScale of the shrinkage, natural logarithms; NaN without
   * @param warnings what did not go as asked for
   */
  public record Result(
      double[] baseMean,
      double[] log2FoldChange,
      double[] lfcSE,
      double[] stat,
      double[] pvalue,
      double[] padj,
      double[] dispersion,
      double[] dispersionOwn,
      double[] dispersionTrend,
      double[] maxCooks,
      boolean[] cooksOutlier,
      boolean[] replaced,
      double[] sizeFactors,
      DispersionTrend trend,
      DispersionPrior prior,
      double filterThreshold,
      double lfcPriorScale,
      List<String> warnings) {}

  /**
   * @throws IllegalArgumentException when there are no more samples than coefficients, a count is
   *     not a whole number, or a sample has none
   */
  public static Result run(Input input, Params params, Progress progress) {
    Check.sameLength(
        input.counts().nRows(),
        input.design()[0].length,
        "counts",
        "the number of samples of the design");
    requireReplicates(input);
    if (params.test() == Test.LRT && input.reduced() == null) {
      throw new IllegalArgumentException(
          "test = lrt compares the design with a smaller one; give reduced, such as \"~ 1\"");
    }
    double[][] all = byGene(input.counts());
    int[] genes =
        IntStream.range(0, all.length)
            .filter(g -> Arrays.stream(all[g]).anyMatch(v -> v > 0))
            .toArray();
    double[][] counts = Arrays.stream(genes).mapToObj(g -> all[g]).toArray(double[][]::new);
    double[] factors = SizeFactors.of(counts, params.sizeFactors());
    var design = new SampleDesign(input.design(), factors);
    var fit = new NegativeBinomialFit(counts, design, params, progress);
    return new GeneTests(input, params, fit, counts, genes, all.length).result();
  }

  private static void requireReplicates(Input input) {
    int n = input.design()[0].length;
    int p = input.design().length;
    if (n <= p) {
      throw new IllegalArgumentException(
          "the design has "
              + p
              + " coefficients "
              + input.coefficients()
              + " for "
              + n
              + (n == 1 ? " sample" : " samples")
              + ", which leaves nothing to tell how far replicates differ. Give more samples, or a"
              + " design with fewer terms");
    }
  }

  /** Checked, gene by gene. */
  private static double[][] byGene(Matrix x) {
    Finite.require(x, "counts", "pseudobulkDe");
    double[][] out = new double[x.nCols()][x.nRows()];
    double[] row = new double[x.nCols()];
    Rows rows = Rows.of(x);
    for (int i = 0; i < x.nRows(); i++) {
      rows.read(i, row);
      double total = 0;
      for (int g = 0; g < row.length; g++) {
        out[g][i] = checked(row[g], i, g);
        total += row[g];
      }
      if (total == 0) {
        throw new RefusedRowException(
            "", "counts", x.nRows(), " has no counts at all. Leave such samples out first", i);
      }
    }
    return out;
  }

  private static double checked(double count, int i, int g) {
    if (count < 0 || count != Math.rint(count)) {
      throw new RefusedValueException(
          "pseudobulkDe needs counts, whole numbers from 0, got "
              + count
              + " "
              + RefusedValueException.place(i, g)
              + ". Give sums of raw counts, not of normalised or logarithmic values",
          i,
          g,
          count);
    }
    return count;
  }
}
