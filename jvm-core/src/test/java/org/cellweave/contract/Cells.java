package org.cellweave.contract;

import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** Cells for the clauses of a contract. */
final class Cells {
  private Cells() {}

  /** Cell {@code i} belongs to group {@code i % nGroups}, which lies that far out on its axis. */
  static DenseMatrix inGroups(int n, int nGroups, double apart, long seed) {
    var x = withoutGroups(n, 6, seed);
    for (int i = 0; i < n; i++) {
      x.set(i, i % nGroups, x.get(i, i % nGroups) + apart);
    }
    return x;
  }

  /** Nothing tells these apart but chance: where a method draws, every draw shows. */
  static DenseMatrix withoutGroups(int n, int dims, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, dims, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < dims; c++) {
        x.set(i, c, random.nextGaussian());
      }
    }
    return x;
  }
}
