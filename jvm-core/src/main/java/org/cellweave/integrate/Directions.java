package org.cellweave.integrate;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** Points at unit length. */
final class Directions {
  private static final int BLOCK = 1024;

  private Directions() {}

  /** Writes {@code row} at length one, or zeros where it has no length. */
  static void normalise(float[] row, float[] out, int at) {
    double squares = 0;
    for (float v : row) {
      squares += (double) v * v;
    }
    float inverse = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    for (int c = 0; c < row.length; c++) {
      out[at + c] = row[c] * inverse;
    }
  }

  /** Same for every row of a table of rows of {@code dims} values. */
  static void normalise(double[] rows, int dims) {
    for (int at = 0; at < rows.length; at += dims) {
      normaliseRow(rows, at, dims);
    }
  }

  static void normaliseRow(double[] rows, int at, int dims) {
    double squares = 0;
    for (int c = 0; c < dims; c++) {
      squares += rows[at + c] * rows[at + c];
    }
    double inverse = squares > 0 ? 1 / Math.sqrt(squares) : 1;
    for (int c = 0; c < dims; c++) {
      rows[at + c] *= inverse;
    }
  }

  /**
   * Directions of all points in the order of the layout; NaN and infinite values are refused.
   *
   * @return number of points without length
   */
  static int fill(DenseMatrix points, Layout layout, FloatPointer out) {
    int dims = points.nCols();
    int[] without = new int[Parallel.nBlocks(layout.nCells, BLOCK)];
    Parallel.forRange(
        layout.nCells,
        BLOCK,
        (from, to) -> {
          float[] row = new float[dims];
          float[] tile = new float[(to - from) * dims];
          for (int p = from; p < to; p++) {
            points.readRow(layout.cell(p), row);
            normalise(row, tile, (p - from) * dims);
            without[from / BLOCK] += hasLength(row) ? 0 : 1;
          }
          out.getPointer((long) from * dims).put(tile, 0, tile.length);
        });
    int sum = 0;
    for (int w : without) {
      sum += w;
    }
    return sum;
  }

  private static boolean hasLength(float[] row) {
    for (float v : row) {
      if (v != 0) {
        return true;
      }
    }
    return false;
  }

  /** Refuses the first value that is not a finite float32. */
  static void checkFinite(DenseMatrix points, String name) {
    int nBlocks = Parallel.nBlocks(points.nRows(), BLOCK);
    int[] bad = new int[nBlocks];
    Parallel.forRange(
        points.nRows(),
        BLOCK,
        (from, to) -> {
          float[] row = new float[points.nCols()];
          bad[from / BLOCK] = -1;
          for (int i = from; i < to && bad[from / BLOCK] < 0; i++) {
            points.readRow(i, row);
            float sum = 0;
            for (float v : row) {
              sum += v * 0;
            }
            bad[from / BLOCK] = sum == 0 ? -1 : i;
          }
        });
    for (int i : bad) {
      for (int c = 0; i >= 0 && c < points.nCols(); c++) {
        double v = points.get(i, c);
        if (!Float.isFinite((float) v)) {
          throw new IllegalArgumentException(
              name
                  + "["
                  + i
                  + ", "
                  + c
                  + "] is "
                  + v
                  + "; Harmony needs finite values. Remove that cell or run pp.pca() again");
        }
      }
    }
  }
}
