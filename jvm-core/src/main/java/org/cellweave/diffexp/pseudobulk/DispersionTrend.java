package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.util.Elementary;

/**
 * Dispersion as a function of mean expression: {@code a1 / mean + a0} by a gamma regression from
 * which genes far off are taken out, or one number for all genes.
 *
 * <p>The first regression sees all genes, and one taken out does not come back, as in PyDESeq2.
 *
 * @param type what was fitted in the end
 * @param a0 dispersion of strongly expressed genes
 * @param a1 what shot noise adds; 0 for one number
 * @param warning why it is not what was asked for; null where it is
 */
public record DispersionTrend(Type type, double a0, double a1, String warning) {
  private static final int ROUNDS = 100;
  private static final int STEPS = 200;
  private static final double SETTLED = 1e-6;
  private static final double LOWEST_RATIO = 1e-4;
  private static final double HIGHEST_RATIO = 15;
  private static final double TRIM = 0.001;
  private static final double VANISHED = 1e-10;
  private static final double LEAST_SHARE = 1e-8;

  /** What the trend looks like. */
  public enum Type {
    PARAMETRIC,
    MEAN
  }

  /** At a mean of normalised counts. */
  public double at(double mean) {
    return a0 + (a1 == 0 ? 0 : a1 / mean);
  }

  /**
   * @param means of normalised counts
   * @param dispersions of every gene for itself
   * @param least smallest dispersion there is; genes near it say nothing of the trend
   */
  static DispersionTrend fit(double[] means, double[] dispersions, Type type, double least) {
    if (type == Type.MEAN) {
      return mean(dispersions, least, null);
    }
    double[] a = parametric(means, dispersions);
    return a == null
        ? mean(
            dispersions,
            least,
            "the parametric dispersion trend did not settle, so that the mean of the dispersions"
                + " stands in its place: fitType = mean")
        : new DispersionTrend(Type.PARAMETRIC, a[0], a[1], null);
  }

  private static DispersionTrend mean(double[] dispersions, double least, String warning) {
    double[] used = Arrays.stream(dispersions).filter(d -> d > 10 * least).toArray();
    if (used.length == 0) {
      throw new IllegalArgumentException(
          "no gene varies more between samples than Poisson counts do, so that there are no"
              + " dispersions to share. Are the samples copies of each other?");
    }
    return new DispersionTrend(Type.MEAN, Robust.trimmedMean(used, used.length, TRIM), 0, warning);
  }

  private static double[] parametric(double[] means, double[] dispersions) {
    double[] a = {1, 1};
    int[] genes = IntStream.range(0, means.length).toArray();
    for (int round = 0; round < ROUNDS && genes.length > 0; round++) {
      double[] before = a;
      double[] now = gamma(means, dispersions, genes, before);
      if (now == null) {
        return null;
      }
      a = now;
      double change =
          Elementary.pow(Elementary.log(a[0] / before[0]), 2)
              + Elementary.pow(Elementary.log(a[1] / before[1]), 2);
      if (round > 0 && change < SETTLED) {
        return a;
      }
      genes =
          Arrays.stream(genes)
              .filter(g -> near(dispersions[g] / (now[0] + now[1] / means[g])))
              .toArray();
    }
    return null;
  }

  private static boolean near(double ratio) {
    return ratio > LOWEST_RATIO && ratio < HIGHEST_RATIO;
  }

  /**
   * Gamma regression with identity link, by Fisher scoring whose steps are halved until they lead
   * down and stay above zero; null where it comes to rest there.
   */
  private static double[] gamma(double[] means, double[] dispersions, int[] genes, double[] from) {
    double[] a = from;
    double value = deviance(means, dispersions, genes, a);
    for (int step = 0; step < STEPS; step++) {
      double[] aim = scored(means, dispersions, genes, a);
      double[] next = a;
      double reached = Double.POSITIVE_INFINITY;
      for (double share = 1; share > LEAST_SHARE && !(reached <= value); share /= 2) {
        next = new double[2];
        for (int k = 0; k < 2; k++) {
          next[k] = Math.max(a[k] + share * (aim[k] - a[k]), a[k] / 10);
        }
        reached = deviance(means, dispersions, genes, next);
      }
      if (!(reached <= value)) {
        break;
      }
      double change = Math.abs(next[0] / a[0] - 1) + Math.abs(next[1] / a[1] - 1);
      a = next;
      value = reached;
      if (!(a[0] > VANISHED && a[1] > VANISHED)) {
        return null;
      }
      if (change < 1e-10) {
        break;
      }
    }
    return a;
  }

  /** Half of it, but for what the dispersions alone decide. */
  private static double deviance(double[] means, double[] dispersions, int[] genes, double[] a) {
    double sum = 0;
    for (int g : genes) {
      double fitted = a[0] + a[1] / means[g];
      sum += dispersions[g] / fitted + Elementary.log(fitted);
    }
    return sum;
  }

  private static double[] scored(double[] means, double[] dispersions, int[] genes, double[] a) {
    double s00 = 0;
    double s01 = 0;
    double s11 = 0;
    double b0 = 0;
    double b1 = 0;
    for (int g : genes) {
      double inverse = 1 / means[g];
      double fitted = a[0] + a[1] * inverse;
      double weight = 1 / (fitted * fitted);
      s00 += weight;
      s01 += weight * inverse;
      s11 += weight * inverse * inverse;
      b0 += weight * dispersions[g];
      b1 += weight * inverse * dispersions[g];
    }
    double determinant = s00 * s11 - s01 * s01;
    return new double[] {(s11 * b0 - s01 * b1) / determinant, (s00 * b1 - s01 * b0) / determinant};
  }
}
