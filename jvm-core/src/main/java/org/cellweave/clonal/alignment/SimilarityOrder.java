package org.cellweave.clonal.alignment;

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
    return new MergeOrder(
        Arrays.stream(Linkage.run(distances, Linkage.Method.WARD))
            .map(step -> new MergeOrder.Step(step.left(), step.right()))
            .toList());
  }
}
