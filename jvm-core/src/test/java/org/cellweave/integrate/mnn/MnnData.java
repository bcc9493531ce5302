package org.cellweave.integrate.mnn;

import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** Cells of normal noise, every batch around a level of its own. */
record MnnData(DenseMatrix x, Categories batch) {

  /**
   * @param shift of batch b in every gene is b times this
   * @param sizes cells of every batch, which come one batch after another
   */
  static MnnData noise(int nGenes, double shift, long seed, int... sizes) {
    var random = new SplittableRandom(seed);
    int n = 0;
    for (int size : sizes) {
      n += size;
    }
    var x = DenseMatrix.zeros(n, nGenes, DType.FLOAT64);
    int[] codes = new int[n];
    int i = 0;
    for (int b = 0; b < sizes.length; b++) {
      for (int c = 0; c < sizes[b]; c++) {
        for (int j = 0; j < nGenes; j++) {
          x.set(i, j, random.nextGaussian() + b * shift);
        }
        codes[i++] = b;
      }
    }
    String[] names = new String[sizes.length];
    java.util.Arrays.setAll(names, b -> "b" + b);
    return new MnnData(x, new Categories("obs['batch']", codes, names));
  }

  int n() {
    return x.nRows();
  }

  /** A mask of all cells but the last {@code out} of every batch. */
  boolean[] allButLast(int out) {
    boolean[] mask = new boolean[n()];
    for (int[] members : batch.members()) {
      for (int c = 0; c < members.length - out; c++) {
        mask[members[c]] = true;
      }
    }
    return mask;
  }
}
