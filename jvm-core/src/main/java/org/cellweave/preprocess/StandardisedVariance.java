package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.design.Categories;
import org.cellweave.internal.Mask;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;

/** The flavors {@code SEURAT_V3} and {@code SEURAT_V3_PAPER}: variance against a loess trend. */
final class StandardisedVariance {
  private final Matrix x;
  private final GroupSums totals;
  private final Categories batches;
  private final HighlyVariableGenes.Params params;
  private final int nTop;
  private final int nGenes;

  StandardisedVariance(
      Matrix x, GroupSums totals, Categories batches, HighlyVariableGenes.Params params) {
    this.x = x;
    this.totals = totals;
    this.batches = batches;
    this.params = params;
    this.nGenes = x.nCols();
    this.nTop =
        params.nTopGenes() == null ? HighlyVariableGenes.Params.V3_TOP_GENES : params.nTopGenes();
  }

  HighlyVariableGenes.Result run() {
    ValueFacts facts = ValueFacts.of(x);
    checkCounts(facts);
    ColumnSums[] sums = totals.collect(GroupSums.PLAIN);
    for (ColumnSums s : sums) {
      if (!s.isFinite()) {
        throw Finite.sumsRefused(x, "X", "highlyVariableGenes");
      }
    }
    double[][] trend = trends(sums);
    double[][] clip = clips(sums, trend);
    ColumnSums[] clipped =
        totals.collect(
            (batch, at, start, v, n, into) -> {
              double[] limit = clip[batch];
              for (int k = 0; k < n; k++) {
                int j = at[start + k];
                into.add(j, Math.min(v[k], limit[j]));
              }
            });
    double[][] norm = normalised(sums, clipped, trend);
    var whole = new ColumnSums(nGenes);
    for (ColumnSums s : sums) {
      whole.addAll(s);
    }
    return rank(norm, whole, facts.nonInteger());
  }

  private void checkCounts(ValueFacts facts) {
    facts.requireFinite("highlyVariableGenes");
    if (facts.negative() != null) {
      throw new IllegalArgumentException(
          "flavor '"
              + params.flavor().name().toLowerCase(java.util.Locale.ROOT)
              + "' needs counts, but X["
              + facts.negative().row()
              + ", "
              + facts.negative().col()
              + "] is "
              + facts.negative().value()
              + ". Pass the layer that holds the counts, or use flavor 'seurat' on log data");
    }
  }

  /** Expected standard deviation of every gene in every batch. */
  private double[][] trends(ColumnSums[] sums) {
    double[][] out = new double[sums.length][];
    Parallel.forBlocks(sums.length, b -> out[b] = trend(sums[b], b));
    return out;
  }

  private double[] trend(ColumnSums sums, int b) {
    int n = totals.sizes()[b];
    boolean[] varies = new boolean[nGenes];
    for (int j = 0; j < nGenes; j++) {
      varies[j] = sums.variance(j, n) > 0;
    }
    int[] genes = Mask.indicesOf(varies);
    double[] deviation = new double[nGenes];
    Arrays.fill(deviation, 1);
    if (genes.length == 0 && batches != null) {
      return deviation;
    }
    double[] mean = new double[genes.length];
    double[] variance = new double[genes.length];
    for (int g = 0; g < genes.length; g++) {
      mean[g] = Elementary.log10(sums.mean(genes[g], n));
      variance[g] = Elementary.log10(sums.variance(genes[g], n));
    }
    double[] fitted = Loess.fit(mean, variance, params.span());
    for (int g = 0; g < genes.length; g++) {
      deviation[genes[g]] = Math.sqrt(Elementary.pow(10, fitted[g]));
    }
    return deviation;
  }

  private double[][] clips(ColumnSums[] sums, double[][] trend) {
    double[][] clip = new double[sums.length][nGenes];
    for (int b = 0; b < sums.length; b++) {
      int n = totals.sizes()[b];
      for (int j = 0; j < nGenes; j++) {
        clip[b][j] = trend[b][j] * Math.sqrt(n) + sums[b].mean(j, n);
      }
    }
    return clip;
  }

  private double[][] normalised(ColumnSums[] sums, ColumnSums[] clipped, double[][] trend) {
    double[][] norm = new double[sums.length][nGenes];
    for (int b = 0; b < sums.length; b++) {
      int n = totals.sizes()[b];
      for (int j = 0; j < nGenes; j++) {
        double mean = sums[b].mean(j, n);
        double squares = n * mean * mean + clipped[b].squares()[j] - 2 * clipped[b].sum()[j] * mean;
        norm[b][j] = n < 2 ? 0 : squares / ((n - 1) * trend[b][j] * trend[b][j]);
      }
    }
    return norm;
  }

  private HighlyVariableGenes.Result rank(
      double[][] norm, ColumnSums whole, ValueFacts.Found nonInteger) {
    int[][] ranks = ranks(norm);
    double[] medianRank = new double[nGenes];
    int[] nBatches = new int[nGenes];
    double[] meanNorm = new double[nGenes];
    double[] means = new double[nGenes];
    double[] variances = new double[nGenes];
    for (int j = 0; j < nGenes; j++) {
      int gene = j;
      double[] top = Arrays.stream(ranks).mapToDouble(r -> r[gene]).filter(r -> r < nTop).toArray();
      nBatches[j] = top.length;
      medianRank[j] = Median.of(top);
      double sum = 0;
      for (double[] batch : norm) {
        sum += batch[j];
      }
      meanNorm[j] = sum / norm.length;
      means[j] = whole.mean(j, x.nRows());
      variances[j] = whole.variance(j, x.nRows());
    }
    return new HighlyVariableGenes.Result(
        top(medianRank, nBatches),
        means,
        null,
        null,
        variances,
        meanNorm,
        medianRank,
        batches == null ? null : nBatches,
        null,
        nonInteger);
  }

  /** Ranks in every batch; one in which no gene varies says nothing and is left out. */
  static int[][] ranks(double[][] byBatch) {
    double[][] telling =
        Arrays.stream(byBatch)
            .filter(batch -> byBatch.length == 1 || Arrays.stream(batch).anyMatch(v -> v != 0))
            .toArray(double[][]::new);
    int[][] ranks = new int[telling.length][];
    Arrays.setAll(ranks, b -> ranks(telling[b]));
    return ranks;
  }

  /** 0 for the most variable gene; ties in the order of the genes, those of NaN are the last. */
  static int[] ranks(double[] norm) {
    Integer[] order = new Integer[norm.length];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.comparingDouble(j -> 0.0 - norm[j]));
    int[] rank = new int[norm.length];
    for (int k = 0; k < order.length; k++) {
      rank[order[k]] = k;
    }
    return rank;
  }

  private boolean[] top(double[] medianRank, int[] nBatches) {
    // NaN compares above every number, so genes without a rank come last
    Comparator<Integer> byRank = Comparator.comparingDouble(j -> medianRank[j]);
    Comparator<Integer> byBatches = Comparator.comparingInt(j -> -nBatches[j]);
    boolean rankFirst = params.flavor() == HighlyVariableGenes.Flavor.SEURAT_V3;
    Integer[] order = new Integer[nGenes];
    Arrays.setAll(order, j -> j);
    Arrays.sort(
        order, rankFirst ? byRank.thenComparing(byBatches) : byBatches.thenComparing(byRank));
    return firstOf(order, nBatches, nTop);
  }

  /** The first {@code nTop} genes; what is among the top of no batch varies nowhere and is none. */
  static boolean[] firstOf(Integer[] order, int[] nBatches, int nTop) {
    boolean[] selected = new boolean[order.length];
    for (int k = 0; k < Math.min(nTop, order.length); k++) {
      selected[order[k]] = nBatches[order[k]] > 0;
    }
    return selected;
  }
}
