package org.cellweave.metrics;

import org.cellweave.cluster.KMeans;
import org.cellweave.cluster.Leiden;
import org.cellweave.design.Categories;
import org.cellweave.graph.StrongComponents;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

/**
 * How well clusters found in an embedding or a graph agree with known labels.
 *
 * <p>By k-means with as many clusters as labels, as scib-metrics does by default, or by Leiden at
 * the resolution with the largest NMI, as scib does.
 *
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 */
public final class ClusterAgreement {
  private static final int RESOLUTIONS = 10;
  private static final double HIGHEST = 2;

  private ClusterAgreement() {}

  /**
   * @param resolution of the Leiden clustering that agrees best; NaN for k-means
   */
  public record Result(double nmi, double ari, double resolution) {}

  /** Clusters with k-means. */
  public static Result kMeans(DenseMatrix x, int[] labels, long seed) {
    var groups = Categories.complete("labels", labels, x.nRows());
    var params = KMeans.Params.builder().nClusters(groups.used()).seed(seed).build();
    int[] found = KMeans.run(x, params).labels();
    return new Result(
        MutualInformation.normalized(labels, found), AdjustedRand.of(labels, found), Double.NaN);
  }

  /** Clusters with Leiden at resolutions 0.2, 0.4 ... 2; the first with the largest NMI counts. */
  public static Result leiden(CsrMatrix graph, int[] labels, long seed, Progress progress) {
    Categories.complete("labels", labels, graph.nRows());
    var best = new Result(-1, -1, Double.NaN);
    for (int step = 1; step <= RESOLUTIONS; step++) {
      int[] found = cluster(graph, step, seed);
      double nmi = MutualInformation.normalized(labels, found);
      if (nmi > best.nmi()) {
        best = new Result(nmi, AdjustedRand.of(labels, found), HIGHEST * step / RESOLUTIONS);
      }
      progress.step("leiden", step, RESOLUTIONS, nmi);
    }
    return best;
  }

  /**
   * Per label that few batches have, the best F1 of one cluster against all others over the
   * resolutions; then the mean over these labels.
   *
   * @param maxBatches 0 for the smallest number of batches that any label has
   * @return NaN when no label is that rare
   */
  public static double isolatedLabelF1(
      CsrMatrix graph, int[] labels, int[] batches, int maxBatches, long seed, Progress progress) {
    boolean[] isolated = IntegrationSilhouette.isolated(labels, batches, maxBatches);
    int[] sizes = Categories.complete("labels", labels, graph.nRows()).sizes();
    double[] best = new double[isolated.length];
    for (int step = 1; step <= RESOLUTIONS; step++) {
      int[] found = cluster(graph, step, seed);
      int[] clusterSizes = StrongComponents.sizes(found);
      long[][] table = ConfusionMatrix.counts(labels, sizes.length, found, clusterSizes.length);
      for (int g = 0; g < best.length; g++) {
        for (int c = 0; c < clusterSizes.length; c++) {
          best[g] = Math.max(best[g], 2.0 * table[g][c] / (sizes[g] + clusterSizes[c]));
        }
      }
      progress.step("leiden", step, RESOLUTIONS, Double.NaN);
    }
    double sum = 0;
    int count = 0;
    for (int g = 0; g < best.length; g++) {
      if (isolated[g]) {
        sum += best[g];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  private static int[] cluster(CsrMatrix graph, int step, long seed) {
    var params =
        Leiden.Params.builder().resolution(HIGHEST * step / RESOLUTIONS).seed(seed).build();
    return Leiden.run(graph, params).labels();
  }
}
