package org.cellweave.diffexp.pseudobulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.diffexp.Significance;
import org.cellweave.util.Elementary;

/** From fitted genes to the result of all. */
final class GeneTests {
  private static final double LOG2 = Elementary.log(2);

  private final PseudobulkDe.Input input;
  private final PseudobulkDe.Params params;
  private final NegativeBinomialFit fit;
  private final double[][] given;
  private final int[] genes;
  private final int nGenes;
  private final List<String> warnings = new ArrayList<>();

  GeneTests(
      PseudobulkDe.Input input,
      PseudobulkDe.Params params,
      NegativeBinomialFit fit,
      double[][] given,
      int[] genes,
      int nGenes) {
    this.input = input;
    this.params = params;
    this.fit = fit;
    this.given = given;
    this.genes = genes;
    this.nGenes = nGenes;
  }

  PseudobulkDe.Result result() {
    double[] effect = fit.coefficients.effects(input.contrast());
    double[] error =
        WaldTest.standardErrors(
            fit.design,
            fit.coefficients.beta(),
            fit.dispersions.shrunk(),
            input.contrast(),
            params);
    double[] stat = new double[genes.length];
    double[] pvalue = new double[genes.length];
    test(effect, error, stat, pvalue);
    boolean[] outlying = params.cooksFilter() ? fit.outlying(given) : new boolean[genes.length];
    for (int k = 0; k < genes.length; k++) {
      if (outlying[k]) {
        pvalue[k] = Double.NaN;
      }
      if (fit.emptied[k]) {
        fit.means[k] = 0;
        effect[k] = error[k] = stat[k] = pvalue[k] = Double.NaN;
      }
    }
    double scale = params.lfcShrink() ? shrink(effect, error) : Double.NaN;
    double[] means = new double[nGenes];
    IntStream.range(0, genes.length).forEach(k -> means[genes[k]] = fit.means[k]);
    double[] all = spread(pvalue);
    var filtered =
        params.independentFilter()
            ? IndependentFiltering.of(means, all, params.alpha())
            : new IndependentFiltering(
                Significance.keepingNaN(all, Significance::benjaminiHochberg),
                Double.NaN,
                Double.NaN);
    warn();
    return new PseudobulkDe.Result(
        means,
        scaled(effect),
        scaled(error),
        spread(stat),
        all,
        filtered.padj(),
        spread(fit.dispersions.shrunk()),
        spread(fit.dispersions.own()),
        spread(fit.dispersions.fitted()),
        spread(Arrays.stream(fit.cooks).mapToDouble(GeneTests::largest).toArray()),
        flags(outlying),
        flags(fit.replaced),
        fit.design.sizeFactors,
        fit.trend,
        fit.prior,
        filtered.threshold(),
        scale,
        List.copyOf(warnings));
  }

  private void test(double[] effect, double[] error, double[] stat, double[] pvalue) {
    var reduced = params.test() == PseudobulkDe.Test.LRT ? reduced() : null;
    int df = reduced == null ? 0 : input.design().length - input.reduced().length;
    for (int k = 0; k < stat.length; k++) {
      if (reduced == null) {
        stat[k] = effect[k] / error[k];
        pvalue[k] = Significance.normal(stat[k]);
      } else {
        var tested =
            LikelihoodRatio.test(
                fit.coefficients.logLikelihood()[k], reduced.logLikelihood()[k], df);
        stat[k] = tested.stat();
        pvalue[k] = tested.pvalue();
      }
    }
  }

  private Coefficients reduced() {
    if (input.reduced().length >= input.design().length) {
      throw new IllegalArgumentException(
          "reduced must have fewer coefficients than the design, got "
              + input.reduced().length
              + " and "
              + input.design().length);
    }
    var smaller = new SampleDesign(input.reduced(), fit.design.sizeFactors);
    return Coefficients.of(fit.counts, smaller, fit.dispersions.shrunk(), params, false);
  }

  private double shrink(double[] effect, double[] error) {
    var shrunk = FoldChangeShrinkage.of(fit, input.contrast(), effect, error);
    System.arraycopy(shrunk.effects(), 0, effect, 0, effect.length);
    System.arraycopy(shrunk.errors(), 0, error, 0, error.length);
    return shrunk.scale();
  }

  private void warn() {
    if (fit.trend.warning() != null) {
      warnings.add(fit.trend.warning());
    }
    int unsettled = fit.coefficients.unsettled();
    if (unsettled > 0) {
      warnings.add(
          "coefficients of "
              + unsettled
              + (unsettled == 1 ? " gene" : " genes")
              + " did not settle; maxIter, now "
              + params.maxIter()
              + ", may be raised");
    }
  }

  private static double largest(double[] distances) {
    return Arrays.stream(distances).max().orElse(Double.NaN);
  }

  private double[] scaled(double[] natural) {
    return spread(Arrays.stream(natural).map(v -> v / LOG2).toArray());
  }

  /** To all genes, NaN where nothing was fitted. */
  private double[] spread(double[] values) {
    double[] out = new double[nGenes];
    Arrays.fill(out, Double.NaN);
    for (int k = 0; k < genes.length; k++) {
      out[genes[k]] = values[k];
    }
    return out;
  }

  private boolean[] flags(boolean[] values) {
    boolean[] out = new boolean[nGenes];
    for (int k = 0; k < genes.length; k++) {
      out[genes[k]] = values[k];
    }
    return out;
  }
}
