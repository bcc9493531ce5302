package org.cellweave.preprocess;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;

/** The stored values of any matrix as array segments that can be read and changed in place. */
final class StoredValues {
  private static final int DENSE_SEGMENT = 1 << 18;

  private StoredValues() {}

  /** Row and column of a stored value. */
  record Position(int row, int col) {}

  @FunctionalInterface
  private interface Locator {
    Position of(int index);
  }

  @FunctionalInterface
  interface Predicate {
    boolean test(double value);
  }

  /** Values {@code from <= p < to} of one of the two arrays; the other is null. */
  static final class Segment {
    final float[] narrow;
    final double[] wide;
    final int from;
    final int to;
    private final int rowLength;
    private final Locator locator;

    Segment(float[] narrow, double[] wide, int from, int to, int rowLength, Locator locator) {
      this.narrow = narrow;
      this.wide = wide;
      this.from = from;
      this.to = to;
      this.rowLength = rowLength;
      this.locator = locator;
    }

    /** Values in a whole row of a dense matrix; 0 when sparse. */
    int rowLength() {
      return rowLength;
    }

    double value(int p) {
      return narrow != null ? narrow[p] : wide[p];
    }

    /** First position that satisfies the predicate, or -1. */
    int find(Predicate predicate) {
      for (int p = from; p < to; p++) {
        if (predicate.test(value(p))) {
          return p;
        }
      }
      return -1;
    }

    Position position(int p) {
      return locator.of(p);
    }
  }

  /** Segments in storage order, cut by size alone. */
  static List<Segment> of(Matrix x) {
    List<Segment> out = new ArrayList<>();
    if (x instanceof CsrMatrix csr) {
      addSparse(csr, false, out);
    } else if (x instanceof CscMatrix csc) {
      addSparse(csc.columns(), true, out);
    } else {
      addDense((DenseMatrix) x, out);
    }
    return out;
  }

  private static void addSparse(CsrMatrix x, boolean transposed, List<Segment> out) {
    for (int b = 0; b < x.blockCount(); b++) {
      var block = x.block(b);
      out.add(
          new Segment(
              block.values(),
              block.wideValues(),
              0,
              block.nnz(),
              0,
              p -> {
                int major = majorOf(block, p);
                int minor = block.indices()[p];
                return transposed ? new Position(minor, major) : new Position(major, minor);
              }));
    }
  }

  private static int majorOf(CsrMatrix.Block block, int p) {
    int low = block.firstRow();
    int high = block.endRow() - 1;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (block.end(mid) > p) {
        high = mid;
      } else {
        low = mid + 1;
      }
    }
    return low;
  }

  private static void addDense(DenseMatrix x, List<Segment> out) {
    for (int b = 0; b < x.blockCount(); b++) {
      float[] narrow = x.isFloat32Stored() ? x.floatBlock(b) : null;
      double[] wide = x.isFloat32Stored() ? null : x.doubleBlock(b);
      int size = narrow != null ? narrow.length : wide.length;
      int firstRow = b * x.rowsPerBlock();
      int nCols = x.nCols();
      for (int from = 0; from < size; from += DENSE_SEGMENT) {
        int to = (int) Math.min(size, (long) from + DENSE_SEGMENT);
        out.add(
            new Segment(
                narrow, wide, from, to, nCols, p -> new Position(firstRow + p / nCols, p % nCols)));
        if (to == size) {
          break;
        }
      }
    }
  }
}
