package org.cellweave.neural.midas;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.fused.Exponentials;
import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Negative log likelihood of counts: the mean over cells of the sum over features. Inputs are the
 * logarithms of expectations, or for zeros and ones the logits, cells by features, and for the
 * negative binomial the logarithms of dispersions.
 */
final class CountLoss implements Operation {
  private static final int ROWS = 16;

  private final Modality.Likelihood likelihood;
  private final Counts counts;
  private final boolean[] measured;
  private final float[] slopes;

  /** Of the dispersions, by block of cells; empty without. */
  private final double[][] dispersions;

  /**
   * @param measured features that the cells have; null for all
   */
  CountLoss(Modality.Likelihood likelihood, Counts counts, boolean[] measured) {
    this.likelihood = likelihood;
    this.counts = counts;
    this.measured = measured;
    this.slopes = new float[counts.cells() * counts.genes()];
    boolean negative = likelihood == Modality.Likelihood.NEGATIVE_BINOMIAL;
    this.dispersions = new double[negative ? Parallel.nBlocks(counts.cells(), ROWS) : 0][];
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    int n = counts.genes();
    double sum =
        Parallel.sum(
            counts.cells(),
            ROWS,
            (from, to) -> {
              var row = new Row(n, inputs.length > 1 ? inputs[1] : null);
              double part = 0;
              for (int i = from; i < to; i++) {
                part += row.of(inputs[0], i);
                System.arraycopy(row.slope, 0, slopes, i * n, n);
              }
              if (dispersions.length > 0) {
                dispersions[from / ROWS] = row.byDispersion;
              }
              return part;
            });
    out[0] = (float) (sum / counts.cells());
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    float each = outGradient[0] / counts.cells();
    if (into[0] != null) {
      int n = counts.genes();
      Parallel.forRange(
          counts.cells(),
          ROWS,
          (from, to) -> {
            for (int k = from * n; k < to * n; k++) {
              into[0][k] += each * slopes[k];
            }
          });
    }
    if (into.length > 1 && into[1] != null) {
      for (double[] part : dispersions) {
        for (int j = 0; j < part.length; j++) {
          into[1][j] += (float) (each * part[j]);
        }
      }
    }
  }

  /** One cell at a time. */
  private final class Row {
    private final int n;
    private final double[] logit;
    private final double[] power;
    private final double[] x;
    private final double[] loss;
    private final float[] slope;
    private final double[] theta;
    private final double[] byDispersion;

    Row(int n, float[] logDispersion) {
      this.n = n;
      logit = new double[n];
      power = new double[n];
      x = new double[n];
      loss = new double[n];
      slope = new float[n];
      theta = new double[logDispersion == null ? 0 : n];
      byDispersion = new double[theta.length];
      for (int j = 0; j < theta.length; j++) {
        theta[j] = Elementary.exp(logDispersion[j]);
      }
    }

    double of(float[] logits, int cell) {
      for (int j = 0; j < n; j++) {
        logit[j] = logits[cell * n + j];
      }
      System.arraycopy(logit, 0, power, 0, n);
      int start = counts.start()[cell];
      int end = counts.start()[cell + 1];
      for (int p = start; p < end; p++) {
        x[counts.gene()[p]] = counts.value()[p];
      }
      switch (likelihood) {
        case POISSON -> poisson(start, end);
        case NEGATIVE_BINOMIAL -> negativeBinomial();
        case BERNOULLI -> bernoulli();
      }
      for (int p = start; p < end; p++) {
        x[counts.gene()[p]] = 0;
      }
      for (int j = 0; measured != null && j < n; j++) {
        loss[j] = measured[j] ? loss[j] : 0;
        slope[j] = measured[j] ? slope[j] : 0;
      }
      return Lanes.sum(loss, n);
    }

    /** With Stirling's approximation of factorials, as PyTorch has them. */
    private void poisson(int start, int end) {
      Exponentials.ofShifted(power, n, 0);
      for (int j = 0; j < n; j++) {
        loss[j] = power[j] - x[j] * logit[j];
      }
      for (int j = 0; j < n; j++) {
        slope[j] = (float) (power[j] - x[j]);
      }
      for (int p = start; p < end; p++) {
        double count = counts.value()[p];
        if (count > 1) {
          loss[counts.gene()[p]] +=
              count * Elementary.log(count) - count + 0.5 * Elementary.log(2 * Math.PI * count);
        }
      }
    }

    private void bernoulli() {
      for (int j = 0; j < n; j++) {
        power[j] = -Math.abs(logit[j]);
      }
      Exponentials.ofShifted(power, n, 0);
      for (int j = 0; j < n; j++) {
        double e = power[j];
        double share = (logit[j] > 0 ? 1 : e) / (1 + e);
        loss[j] = Math.max(0, logit[j]) + Elementary.log1p(e) - x[j] * logit[j];
        slope[j] = (float) (share - x[j]);
      }
    }

    private void negativeBinomial() {
      Exponentials.ofShifted(power, n, 0);
      for (int j = 0; j < n; j++) {
        double mu = power[j];
        double r = theta[j];
        double share = r / (r + mu);
        loss[j] = -CountMath.negativeBinomial(x[j], mu, r);
        slope[j] = (float) (share * (mu - x[j]));
        if (measured == null || measured[j]) {
          double log = -Elementary.log1p(mu / r);
          double d = CountMath.digammaRising(x[j], r) + log + (mu - x[j]) / (r + mu);
          byDispersion[j] -= r * d;
        }
      }
    }
  }
}
