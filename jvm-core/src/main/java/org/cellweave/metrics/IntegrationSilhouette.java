package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

/**
 * The silhouettes that judge an integration: of cell types, of batches within cell types (with BRAS
 * as one variant), and of the labels that few batches have. All from 0 to 1, 1 is best.
 *
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 * @see <a href="https://doi.org/10.1038/s41587-025-02743-4">Rautenstrauch and Ohler 2025</a>
 */
public final class IntegrationSilhouette {
  private IntegrationSilhouette() {}

  /** A mean silhouette of labels, scaled to 0 .. 1. */
  public static double label(Silhouette.Result silhouette) {
    return (silhouette.mean() + 1) / 2;
  }

  /**
   * Per label, the mean of one minus the absolute batch silhouette; then the mean over labels.
   * Labels of one batch, or with as many batches as cells, do not count.
   *
   * @return NaN when no label counts
   */
  public static double batch(
      DenseMatrix x, int[] labels, int[] batches, Silhouette.Params params, Progress progress) {
    int n = x.nRows();
    var groups = Categories.complete("labels", labels, n);
    var batch = Categories.complete("batches", batches, n);
    batch.atLeastTwo("there is nothing to mix.");
    int[][] members = groups.members();
    double sum = 0;
    int counted = 0;
    for (int g = 0; g < members.length; g++) {
      int[] codes = batch.take(members[g]);
      int used = (int) Arrays.stream(codes).distinct().count();
      if (used > 1 && used < codes.length) {
        double[] values = Silhouette.run(x.takeRows(members[g]), codes, params).values();
        sum += 1 - Arrays.stream(values).map(Math::abs).sum() / values.length;
        counted++;
      }
      progress.step("batch silhouette", g + 1, members.length, Double.NaN);
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }

  /**
   * Mean, over the labels that at most {@code maxBatches} batches have, of their cells' scaled
   * silhouettes.
   *
   * @param silhouettes of all cells by label, from {@link Silhouette}
   * @param maxBatches 0 for the smallest number of batches that any label has
   * @return NaN when no label is that rare
   */
  public static double isolatedLabels(
      double[] silhouettes, int[] labels, int[] batches, int maxBatches) {
    boolean[] isolated = isolated(labels, batches, maxBatches);
    double[] sums = new double[isolated.length];
    int[] sizes = Categories.complete("labels", labels, silhouettes.length).sizes();
    for (int i = 0; i < silhouettes.length; i++) {
      sums[labels[i]] += (silhouettes[i] + 1) / 2;
    }
    double sum = 0;
    int count = 0;
    for (int g = 0; g < isolated.length; g++) {
      if (isolated[g]) {
        sum += sums[g] / sizes[g];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Which labels are in at most {@code maxBatches} batches; 0 for the smallest number there is. */
  public static boolean[] isolated(int[] labels, int[] batches, int maxBatches) {
    var groups = Categories.complete("labels", labels, labels.length);
    var batch = Categories.complete("batches", batches, labels.length);
    boolean[][] seen = new boolean[groups.sizes().length][batch.sizes().length];
    for (int i = 0; i < labels.length; i++) {
      seen[labels[i]][batches[i]] = true;
    }
    int[] counts = new int[seen.length];
    int fewest = Integer.MAX_VALUE;
    for (int g = 0; g < seen.length; g++) {
      for (boolean s : seen[g]) {
        counts[g] += s ? 1 : 0;
      }
      fewest = counts[g] > 0 ? Math.min(fewest, counts[g]) : fewest;
    }
    int limit = maxBatches > 0 ? maxBatches : fewest;
    boolean[] isolated = new boolean[seen.length];
    for (int g = 0; g < seen.length; g++) {
      isolated[g] = counts[g] > 0 && counts[g] <= limit;
    }
    return isolated;
  }
}
