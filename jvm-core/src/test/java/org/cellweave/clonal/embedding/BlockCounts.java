package org.cellweave.clonal.embedding;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;

/** Counts of clones of a few kinds: those of a kind meet each other most. */
final class BlockCounts {
  private BlockCounts() {}

  /**
   * @param perRow neighbours of a clone
   * @return clones by clones; clone i is of kind {@code i % nKinds}
   */
  static CsrMatrix of(int nClones, int nKinds, int perRow, long seed) {
    var random = new SplittableRandom(seed);
    double[][] counts = new double[nClones][nClones];
    for (int i = 0; i < nClones; i++) {
      for (int c = 0; c < perRow; c++) {
        int j = random.nextInt(nClones);
        if (random.nextInt(4) > 0) {
          j = j - j % nKinds + i % nKinds;
          j = j < nClones ? j : i;
        }
        counts[i][j]++;
      }
      counts[i][i] += 3;
    }
    return DenseMatrix.ofRows(counts).toCsr();
  }
}
