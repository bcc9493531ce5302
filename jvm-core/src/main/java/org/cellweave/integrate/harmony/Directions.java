package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Parallel;

/** Points at unit length. */
final class Directions {
  private static final int BLOCK = 1024;

  /** Sums of squares of a million values this large stay below float32's limit. */
  private static final double LARGEST = 1e15;

  /** Below this squared length a point has no direction that float32 can express. */
  private static final double NO_LENGTH = 1e-60;

  private Directions() {}

  /** Writes {@code row} at length one, or zeros where it has no length. */
  static void normalise(float[] row, float[] out, int at) {
    double squares = 0;
    for (float v : row) {
      squares += (double) v * v;
    }
    float inverse = squares > NO_LENGTH ? (float) (1 / Math.sqrt(squares)) : 0;
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
    double squares = 0;
    for (float v : row) {
      squares += (double) v * v;
    }
    return squares > NO_LENGTH;
  }

  /** Refuses the first value that is not finite, or whose sums of squares float32 cannot hold. */
  static void checkFinite(DenseMatrix points, String name) {
    Finite.requireBelow(points, LARGEST, name, "Harmony");
  }
}
