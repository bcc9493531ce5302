package org.cellweave.embed.tsne;

/** The push that every cell of a t-SNE layout receives from all others. */
interface TsneRepulsion {
  /**
   * Sums {@code (y_i - y_j) / (1 + |y_i - y_j|^2)^2} over all {@code j}.
   *
   * @param position x and y of each cell in turn
   * @param push receives the sums in the same layout
   * @return the sum of {@code 1 / (1 + |y_i - y_j|^2)} over all pairs of different cells
   */
  double push(float[] position, float[] push);
}
