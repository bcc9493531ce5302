package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;

/**
 * Brings blocks of an embedding's dimensions to the weight they are given: a block of weight one
 * has as many units of absolute value in sum as there are cells, however many dimensions it has.
 */
public final class BlockWeights {
  private BlockWeights() {}

  /**
   * @param embedding cells by dimensions
   * @param block of every dimension, from 0
   * @param weights of the blocks, not negative; 0 leaves a block without influence
   * @return the same dimensions, scaled
   */
  public static DenseMatrix run(DenseMatrix embedding, int[] block, double[] weights) {
    Check.sameLength(block.length, embedding.nCols(), "block", "the number of dimensions");
    for (int b : block) {
      Check.index(b, weights.length, "block");
    }
    for (double weight : weights) {
      Check.nonNegative(Check.finite(weight, "weights"), "weights");
    }
    int n = embedding.nRows();
    var out = DenseMatrix.zeros(n, block.length, DType.FLOAT64);
    double[][] columns = new double[block.length][];
    Arrays.setAll(columns, embedding::column);
    for (int b = 0; b < weights.length; b++) {
      int of = b;
      double[][] own =
          IntStream.range(0, block.length)
              .filter(d -> block[d] == of)
              .mapToObj(d -> columns[d])
              .toArray(double[][]::new);
      toUnit(own, n, weights[b]);
    }
    for (int d = 0; d < block.length; d++) {
      for (int i = 0; i < n; i++) {
        out.set(i, d, columns[d][i]);
      }
    }
    return out;
  }

  /** Of the columns of one block, in place. */
  static void toUnit(double[][] block, int nCells, double weight) {
    double sum = 0;
    for (double[] column : block) {
      for (double v : column) {
        sum += Math.abs(v);
      }
    }
    double factor = sum > 0 ? weight * nCells / sum : weight;
    for (double[] column : block) {
      for (int i = 0; i < column.length; i++) {
        column[i] *= factor;
      }
    }
  }
}
