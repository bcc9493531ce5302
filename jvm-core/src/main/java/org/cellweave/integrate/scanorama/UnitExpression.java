package org.cellweave.integrate.scanorama;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/**
 * Expression of the genes used, every cell scaled to length one; a cell without any stays as it is.
 *
 * @param x float32, sparse where the input is
 * @param genes columns of the input, ascending; null for all
 */
record UnitExpression(Matrix x, int[] genes) {
  private static final double NO_EXPRESSION = 1e-10;
  private static final int BLOCK = 256;

  static UnitExpression of(Matrix x, Integer hvg) {
    int[] genes = hvg == null || hvg >= x.nCols() ? null : dispersed(x, hvg);
    var used = genes == null ? x : x.takeCols(genes);
    if (used instanceof DenseMatrix dense) {
      return new UnitExpression(unit(own(dense)), genes);
    }
    CsrMatrix csr = used.toCsr();
    CsrMatrix narrow = csr.toFloat32();
    boolean shared = (narrow == csr && csr == x) || !narrow.isInMemory();
    narrow = shared ? narrow.own() : narrow;
    narrow.forBlocks(UnitExpression::scale);
    return new UnitExpression(narrow.withDType(DType.FLOAT32), genes);
  }

  /** Those of largest mean square over mean, the first of equal ones. */
  private static int[] dispersed(Matrix x, int hvg) {
    var moments = x.colMoments(0);
    double[] dispersion = new double[x.nCols()];
    for (int j = 0; j < dispersion.length; j++) {
      double mean = moments.mean()[j];
      dispersion[j] =
          mean <= NO_EXPRESSION
              ? Double.NEGATIVE_INFINITY
              : (moments.variance()[j] + mean * mean) / mean;
    }
    int[] first = Ordering.head(Ordering.descending(dispersion), hvg);
    Arrays.sort(first);
    return first;
  }

  /** A copy in float32, to be changed. */
  static DenseMatrix own(DenseMatrix x) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT32);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static void scale(CsrMatrix.Block block) {
    float[] values = block.values();
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      double squares = 0;
      for (int p = block.start(i); p < block.end(i); p++) {
        squares += (double) values[p] * values[p];
      }
      double factor = squares == 0 ? 1 : 1 / Math.sqrt(squares);
      for (int p = block.start(i); p < block.end(i); p++) {
        values[p] = (float) (values[p] * factor);
      }
    }
  }

  /** Scales the rows of a matrix in place, and returns it. */
  static DenseMatrix unit(DenseMatrix x) {
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            double squares = 0;
            for (double v : row) {
              squares += v * v;
            }
            double factor = squares == 0 ? 1 : 1 / Math.sqrt(squares);
            for (int j = 0; j < row.length; j++) {
              row[j] *= factor;
            }
            x.setRow(i, row);
          }
        });
    return x;
  }

  /**
   * The alphabetical place of every gene used.
   *
   * @param names of all columns of the input; null for none
   */
  int[] ranks(String[] names) {
    if (names == null) {
      return null;
    }
    Integer[] order = new Integer[x.nCols()];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.comparing(j -> names[genes == null ? j : genes[j]]));
    int[] out = new int[order.length];
    for (int place = 0; place < out.length; place++) {
      out[order[place]] = place;
    }
    return out;
  }

  /** Some cells as a dense matrix that may be changed. */
  DenseMatrix dense(int[] cells) {
    return x.takeRows(cells).toDense();
  }
}
