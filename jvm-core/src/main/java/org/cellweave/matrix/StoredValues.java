package org.cellweave.matrix;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.cellweave.util.Parallel;

/**
 * The stored values of any matrix, dense or sparse, as array segments that can be read and changed
 * in place: for steps that take every value alone.
 */
public final class StoredValues {
  private static final int DENSE_SEGMENT = 1 << 18;

  private StoredValues() {}

  /** Row and column of a stored value. */
  public record Place(int row, int col) {}

  @FunctionalInterface
  private interface Locator {
    Place of(int position);
  }

  /** Whether a value is looked for. */
  @FunctionalInterface
  public interface Predicate {
    boolean test(double value);
  }

  /** Values {@code from <= p < to} of one of the two arrays; the other is null. */
  public static final class Segment {
    private final float[] narrow;
    private final double[] wide;
    private final int from;
    private final int to;
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

    /** Not copied; null when values are float64. */
    public float[] narrow() {
      return narrow;
    }

    /** Not copied; null when values are float32. */
    public double[] wide() {
      return wide;
    }

    /** First position. */
    public int from() {
      return from;
    }

    /** One past the last position. */
    public int to() {
      return to;
    }

    /** Values in a whole row of a dense matrix; 0 when sparse. */
    public int rowLength() {
      return rowLength;
    }

    /** The value at a position, whatever the storage. */
    public double value(int p) {
      return narrow != null ? narrow[p] : wide[p];
    }

    /** First position that satisfies the predicate, or -1. */
    public int find(Predicate predicate) {
      for (int p = from; p < to; p++) {
        if (predicate.test(value(p))) {
          return p;
        }
      }
      return -1;
    }

    /** Row and column of a position; O(log rows) when sparse. */
    public Place place(int p) {
      return locator.of(p);
    }
  }

  /**
   * What every segment gives, in storage order; segments run in parallel, or where the rows are.
   * Values of rows that lie elsewhere must not be changed.
   */
  public static <T> List<T> map(Matrix x, Scan<T> scan) {
    if (!(x instanceof CsrMatrix csr)) {
      List<Segment> segments = of(x);
      return Parallel.map(segments.size(), s -> scan.of(segments.get(s)));
    }
    List<T> out = new ArrayList<>();
    Rows all = Rows.of(csr);
    all.<ArrayList<T>>inOrder(
        all.blockBounds(),
        (rows, from, to) -> {
          var part = new ArrayList<T>();
          rows.blocks(from, to, block -> part.add(scan.of(segment(block, false))));
          return part;
        },
        (from, part) -> out.addAll(part));
    return out;
  }

  /** What a segment gives; may travel to where the rows are. */
  @FunctionalInterface
  public interface Scan<T> extends Serializable {
    T of(Segment segment);
  }

  /**
   * Segments in storage order, cut by size alone.
   *
   * @throws IllegalStateException when the rows lie elsewhere
   */
  public static List<Segment> of(Matrix x) {
    List<Segment> out = new ArrayList<>();
    if (x instanceof CsrMatrix csr) {
      csr.requireInMemory("this step");
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
      out.add(segment(x.block(b), transposed));
    }
  }

  private static Segment segment(CsrMatrix.Block block, boolean transposed) {
    return new Segment(
        block.values(),
        block.wideValues(),
        0,
        block.nnz(),
        0,
        p -> {
          int major = majorOf(block, p);
          int minor = block.indices()[p];
          return transposed ? new Place(minor, major) : new Place(major, minor);
        });
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
                narrow, wide, from, to, nCols, p -> new Place(firstRow + p / nCols, p % nCols)));
        if (to == size) {
          break;
        }
      }
    }
  }
}
