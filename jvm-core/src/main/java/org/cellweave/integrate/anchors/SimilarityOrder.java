package org.cellweave.integrate.anchors;

import java.util.Arrays;
import org.cellweave.cluster.Linkage;
import org.cellweave.integrate.MergeOrder;

/** The order in which batches join by what they share. */
public final class SimilarityOrder {
  private SimilarityOrder() {}

  /**
   * Ward's tree of the batches, distance being what a similarity lacks of the largest. Ties: the
   * pair with the lowest numbers joins first.
   *
   * @param similarity such as {@link Anchors#counts()}; symmetric, the diagonal is not read
   */
  public static MergeOrder of(int[][] similarity) {
    int n = similarity.length;
    int largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (similarity[i][j] != similarity[j][i]) {
          throw new IllegalArgumentException(
              "similarities of batches must be symmetric, got "
                  + similarity[i][j]
                  + " and "
                  + similarity[j][i]
                  + " for "
                  + i
                  + " and "
                  + j);
        }
        largest = i == j ? largest : Math.max(largest, similarity[i][j]);
      }
    }
    double[][] distances = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        distances[i][j] = i == j ? 0 : largest - similarity[i][j];
      }
    }
    return tree(distances, Linkage.Method.WARD);
  }

  /**
   * Complete linkage of the batches by how many anchors they share, relative to the cells of the
   * smaller: the distance is the inverse of that. Batches without any anchor lie farther apart than
   * all others and join last.
   *
   * @param counts of anchors, symmetric; the diagonal is not read
   * @param sizes cells of the batches
   */
  public static MergeOrder byAnchors(int[][] counts, int[] sizes) {
    int n = sizes.length;
    double[][] distances = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int smaller = Math.min(sizes[i], sizes[j]);
        // any number above smaller / 2, the largest distance of batches with one anchor
        double apart = counts[i][j] == 0 ? smaller : smaller / (2.0 * counts[i][j]);
        distances[i][j] = i == j ? 0 : apart + (counts[i][j] == 0 ? largest(sizes) : 0);
      }
    }
    return tree(distances, Linkage.Method.COMPLETE);
  }

  private static int largest(int[] sizes) {
    return Arrays.stream(sizes).max().orElse(0);
  }

  private static MergeOrder tree(double[][] distances, Linkage.Method method) {
    return new MergeOrder(
        Arrays.stream(Linkage.run(distances, method))
            .map(step -> new MergeOrder.Step(step.left(), step.right()))
            .toList());
  }
}
