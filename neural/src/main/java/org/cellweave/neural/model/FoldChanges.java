package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Log2 fold changes of all pairs of a comparison. Medians and intervals need those of a gene side
 * by side: genes are taken in tiles of bounded memory, with one walk over the pairs for each.
 *
 * @param up share of the pairs that change by the threshold or more, by gene
 * @param down share of the pairs that change by less than the negative threshold
 * @param told columns of the table, by name
 */
record FoldChanges(double[] up, double[] down, Map<String, double[]> told) {
  private static final int VALUES = 1 << 25;
  private static final double TO_LOG2 = 1 / Elementary.log(2);

  static double log2(double first, double second, double pseudocounts) {
    return (Elementary.log(first + pseudocounts) - Elementary.log(second + pseudocounts)) * TO_LOG2;
  }

  /** Means by gene. */
  static double[] means(ExpressionPairs pairs, double pseudocounts) {
    int genes = pairs.genes();
    List<double[]> parts =
        pairs.walk(
            () -> new double[genes],
            sum ->
                (pair, a, b) -> {
                  for (int g = 0; g < genes; g++) {
                    sum[g] += log2(a[g], b[g], pseudocounts);
                  }
                });
    double[] mean = new double[genes];
    for (double[] part : parts) {
      for (int g = 0; g < genes; g++) {
        mean[g] += part[g] / pairs.size();
      }
    }
    return mean;
  }

  /**
   * @param tested pseudocounts that thresholds are applied with
   * @param shown pseudocounts of the fold changes that are told
   * @param levels of credible intervals
   */
  static FoldChanges of(
      ExpressionPairs pairs, double tested, double delta, double shown, List<Double> levels) {
    int genes = pairs.genes();
    FoldChanges out = new FoldChanges(new double[genes], new double[genes], columns(genes, levels));
    int tile = Math.max(1, VALUES / pairs.size());
    for (int from = 0; from < genes; from += tile) {
      out.tile(pairs, from, Math.min(genes, from + tile), tested, delta, shown, levels);
    }
    return out;
  }

  private static Map<String, double[]> columns(int genes, List<Double> levels) {
    Map<String, double[]> out = new LinkedHashMap<>();
    for (String name : List.of("mean", "median", "std", "min", "max")) {
      out.put("lfc_" + name, new double[genes]);
    }
    for (double level : levels) {
      out.put(interval(level) + "_min", new double[genes]);
      out.put(interval(level) + "_max", new double[genes]);
    }
    return out;
  }

  private static String interval(double level) {
    String text = Double.toString(level);
    return "lfc_confidence_interval_" + text.substring(0, Math.min(5, text.length()));
  }

  private void tile(
      ExpressionPairs pairs,
      int from,
      int to,
      double tested,
      double delta,
      double shown,
      List<Double> levels) {
    float[][] changes = new float[to - from][pairs.size()];
    List<double[][]> parts =
        pairs.walk(
            () -> new double[2][to - from],
            counts ->
                (pair, a, b) -> {
                  for (int g = from; g < to; g++) {
                    double change = log2(a[g], b[g], tested);
                    counts[0][g - from] += change >= delta ? 1 : 0;
                    counts[1][g - from] += change < -delta ? 1 : 0;
                    changes[g - from][pair] = (float) log2(a[g], b[g], shown);
                  }
                });
    for (double[][] part : parts) {
      for (int g = from; g < to; g++) {
        up[g] += part[0][g - from] / pairs.size();
        down[g] += part[1][g - from] / pairs.size();
      }
    }
    Parallel.forRange(
        to - from,
        8,
        (first, end) -> {
          for (int k = first; k < end; k++) {
            describe(changes[k], from + k, levels);
          }
        });
  }

  private void describe(float[] values, int gene, List<Double> levels) {
    Arrays.sort(values);
    int n = values.length;
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    double mean = sum / n;
    double squares = 0;
    for (float v : values) {
      squares += (v - mean) * (v - mean);
    }
    told.get("lfc_mean")[gene] = mean;
    told.get("lfc_median")[gene] = 0.5 * ((double) values[(n - 1) / 2] + values[n / 2]);
    told.get("lfc_std")[gene] = Math.sqrt(squares / n);
    told.get("lfc_min")[gene] = values[0];
    told.get("lfc_max")[gene] = values[n - 1];
    for (double level : levels) {
      int at = narrowest(values, level);
      int width = (int) Math.floor(level * n);
      told.get(interval(level) + "_min")[gene] = values[at];
      told.get(interval(level) + "_max")[gene] = values[at + width];
    }
  }

  /** Where the narrowest interval begins that holds this share of sorted values. */
  static int narrowest(float[] sorted, double level) {
    int width = (int) Math.floor(level * sorted.length);
    int best = 0;
    for (int k = 1; k + width < sorted.length; k++) {
      if (sorted[k + width] - sorted[k] < sorted[best + width] - sorted[best]) {
        best = k;
      }
    }
    return best;
  }
}
