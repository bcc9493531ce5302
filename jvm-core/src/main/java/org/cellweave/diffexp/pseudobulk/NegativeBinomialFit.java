package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The model of all genes that have a count: dispersions, trend, prior, coefficients, outliers, and
 * once more the genes whose outliers were replaced.
 */
final class NegativeBinomialFit {
  private static final String NAME = "pseudobulkDe";
  private static final int STEPS = 5;

  private final PseudobulkDe.Params params;
  private final Progress progress;
  final SampleDesign design;

  /** Genes by samples; those with replaced outliers are other rows than were given. */
  final double[][] counts;

  final double[] means;

  /** Genes whose counts have become zeros alone by replacement. */
  final boolean[] emptied;

  final boolean[] replaced;
  DispersionTrend trend;
  DispersionPrior prior;
  SharedDispersions dispersions;
  Coefficients coefficients;

  /** Of the counts as given. */
  double[][] cooks;

  NegativeBinomialFit(
      double[][] counts, SampleDesign design, PseudobulkDe.Params params, Progress progress) {
    this.counts = counts.clone();
    this.design = design;
    this.params = params;
    this.progress = progress;
    this.means = means(counts);
    this.emptied = new boolean[counts.length];
    this.replaced = new boolean[counts.length];
    fit();
    if (params.refitCooks()) {
      refit();
    }
  }

  private double[] means(double[][] rows) {
    double[] out = new double[rows.length];
    for (int g = 0; g < rows.length; g++) {
      for (int i = 0; i < design.n; i++) {
        out[g] += rows[g][i] / design.sizeFactors[i] / design.n;
      }
    }
    return out;
  }

  private void step(int number) {
    progress.step(NAME, number, STEPS, Double.NaN);
    Parallel.checkInterrupted();
  }

  private void fit() {
    var own = GeneDispersions.of(counts, design, params);
    step(1);
    trend = DispersionTrend.fit(means, own.dispersions(), params.fitType(), params.minDisp());
    double[] fitted = Arrays.stream(means).map(trend::at).toArray();
    prior = DispersionPrior.fit(own.dispersions(), fitted, design.n - design.p, params.minDisp());
    step(2);
    dispersions = shared(counts, means, own);
    step(3);
    coefficients = Coefficients.of(counts, design, dispersions.shrunk(), params, true);
    cooks = coefficients.cooks();
    step(4);
  }

  private SharedDispersions shared(
      double[][] rows, double[] rowMeans, GeneDispersions.Estimates own) {
    return SharedDispersions.of(rows, rowMeans, design, own, trend, prior, params.minDisp());
  }

  private void refit() {
    boolean[] replaceable = CooksDistance.replicated(design, params.minReplicates());
    double cutoff = CooksDistance.cutoff(design.p, design.n);
    var distance = new CooksDistance(design);
    for (int g = 0; g < counts.length; g++) {
      double[] other = null;
      for (int i = 0; i < design.n; i++) {
        if (replaceable[i] && cooks[g][i] > cutoff) {
          other = other == null ? counts[g].clone() : other;
          other[i] = distance.expected(counts[g])[i];
        }
      }
      if (other != null) {
        counts[g] = other;
        replaced[g] = true;
        emptied[g] = Arrays.stream(other).allMatch(v -> v == 0);
      }
    }
    int[] again =
        IntStream.range(0, counts.length).filter(g -> replaced[g] && !emptied[g]).toArray();
    double[][] rows = Arrays.stream(again).mapToObj(g -> counts[g]).toArray(double[][]::new);
    double[] rowMeans = means(rows);
    var own = shared(rows, rowMeans, GeneDispersions.of(rows, design, params));
    dispersions.replace(again, own);
    coefficients.replace(again, Coefficients.of(rows, design, own.shrunk(), params, false));
    for (int k = 0; k < again.length; k++) {
      means[again[k]] = rowMeans[k];
    }
    step(STEPS);
  }

  /**
   * Genes with a count that decides their coefficients, so that their p-values say nothing: beyond
   * the cutoff, in a sample that has replicates but not enough of them to replace it, and larger
   * than all but two of the gene's counts.
   */
  boolean[] outlying(double[][] given) {
    boolean[] judged = CooksDistance.replicated(design, CooksDistance.REPLICATES);
    boolean[] replaceable = CooksDistance.replicated(design, params.minReplicates());
    double cutoff = CooksDistance.cutoff(design.p, design.n);
    boolean[] out = new boolean[counts.length];
    for (int g = 0; g < out.length; g++) {
      int worst = -1;
      boolean beyond = false;
      for (int i = 0; i < design.n; i++) {
        boolean counted = judged[i] && !(params.refitCooks() && replaceable[i]);
        beyond |= counted && cooks[g][i] > cutoff;
        worst = worst < 0 || cooks[g][i] > cooks[g][worst] ? i : worst;
      }
      double most = given[g][worst];
      out[g] = beyond && Arrays.stream(given[g]).filter(v -> v > most).count() < 3;
    }
    return out;
  }
}
