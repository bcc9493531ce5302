package org.cellweave.products;

import java.io.Serializable;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * The upper triangle of {@code A^T A} in float64 for a matrix A read by rows, off-heap and
 * row-major.
 *
 * <p>Rows are cut into groups by their number alone, and the products of the groups added up in
 * order. Within a group every task owns a band of the result and adds rows in order, so that
 * threads do not change a bit; nor does it matter where the groups are multiplied, when the rows
 * lie elsewhere. Entries of sparse rows are multiplied one by one, but for those of columns that
 * have so many that BLAS is faster; dense rows go through BLAS as a whole.
 */
public final class CrossProduct {
  private static final double DENSE_ABOVE = 0.25;
  private static final int DENSE_ROWS = 1024;
  private static final int STRIP = 256;
  private static final int BAND = 32;
  private static final int FILL_ROWS = 128;
  private static final int LEAST_GROUP_ROWS = 8192;
  private static final int MOST_GROUPS = 256;
  private static final int JUDGED_ROWS = 4096;

  private final Rows rows;
  private final double[] scale;
  private final int[] position;
  private final int size;

  /**
   * @param position new place of every column, -1 to leave it out; places increase
   * @param size number of columns kept
   */
  public CrossProduct(Rows rows, int[] position, int size) {
    this(rows, null, position, size);
  }

  /**
   * As {@link #CrossProduct(Rows, int[], int)}, of rows that are multiplied first.
   *
   * @param scale a factor for every row; null for one
   */
  public CrossProduct(Rows rows, double[] scale, int[] position, int size) {
    this.rows = rows;
    this.scale = scale;
    this.position = position;
    this.size = size;
  }

  private double scale(int row) {
    return scale == null ? 1 : scale[row];
  }

  /** Whether {@link #dense} is the faster way for a matrix of so many stored values. */
  public static boolean prefersDense(long nnz, int nRows, int nCols) {
    return nnz > DENSE_ABOVE * nRows * nCols;
  }

  // -------------------------------------------------------------------------------- dense

  /** Changes row {@code i}, in the new places of its columns, before it is multiplied. */
  @FunctionalInterface
  public interface RowTransform {
    void apply(int i, double[] row);
  }

  /**
   * @param shift subtracted from every row after it is multiplied; null for zero
   * @return off-heap, the caller closes it
   */
  public DoublePointer dense(double[] shift) {
    if (rows.runElsewhere()) {
      double[] factors = scale;
      int[] places = position;
      int p = size;
      double[] packed =
          elsewhere(
              (some, from, to) -> {
                var part = new CrossProduct(some, factors, places, p);
                double[] upper = new double[p * (p + 1) / 2];
                try (var product = part.denseGroup(from, to, shifted(shift))) {
                  // views, which have no memory of their own
                  forTriangle(
                      p, (i, at, n) -> product.getPointer((long) i * p + i).get(upper, at, n));
                }
                return upper;
              },
              0);
      var out = zeros();
      forTriangle(p, (i, at, n) -> out.getPointer((long) i * p + i).put(packed, at, n));
      return out;
    }
    return transformed(shifted(shift));
  }

  private static RowTransform shifted(double[] shift) {
    return (i, row) -> {
      for (int j = 0; shift != null && j < row.length; j++) {
        row[j] -= shift[j];
      }
    };
  }

  /**
   * @param transform of every row after it is multiplied
   * @return to be closed by the caller; only the upper triangle is filled
   */
  public DoublePointer transformed(RowTransform transform) {
    return here((from, to) -> denseGroup(from, to, transform));
  }

  /** The product of a group of rows. */
  @FunctionalInterface
  private interface Group {
    DoublePointer of(int from, int to);
  }

  /** First rows of the groups, and the number of rows. */
  private int[] groupBounds() {
    int n = rows.nRows();
    int group = Math.max(LEAST_GROUP_ROWS, Parallel.nBlocks(n, MOST_GROUPS));
    int[] bounds = new int[Math.max(1, Parallel.nBlocks(n, group)) + 1];
    for (int g = 1; g < bounds.length; g++) {
      bounds[g] = (int) Math.min(n, (long) g * group);
    }
    return bounds;
  }

  private DoublePointer here(Group group) {
    int[] bounds = groupBounds();
    DoublePointer out = group.of(0, bounds[1]);
    for (int g = 1; g + 1 < bounds.length; g++) {
      try (DoublePointer part = group.of(bounds[g], bounds[g + 1])) {
        Parallel.forRange(
            size,
            BAND,
            (a, b) -> {
              double[] sum = new double[size];
              double[] more = new double[size];
              for (int i = a; i < b; i++) {
                out.getPointer((long) i * size).get(sum);
                part.getPointer((long) i * size).get(more);
                for (int j = i; j < size; j++) {
                  sum[j] += more[j];
                }
                out.getPointer((long) i * size).put(sum);
              }
            });
      }
    }
    return out;
  }

  /** Row {@code i} from the diagonal on, and where it lies in a triangle row after row. */
  @FunctionalInterface
  private interface TriangleRow {
    void at(int i, int at, int n);
  }

  private static void forTriangle(int size, TriangleRow body) {
    int at = 0;
    for (int i = 0; i < size; i++) {
      body.at(i, at, size - i);
      at += size - i;
    }
  }

  /**
   * The sum of the upper triangles that the groups give, row after row, and of what stands behind.
   */
  private double[] elsewhere(RangeKernel<double[]> group, int behind) {
    double[] sum = new double[size * (size + 1) / 2 + behind];
    rows.inOrder(groupBounds(), group, (from, part) -> addTo(sum, part));
    return sum;
  }

  private DoublePointer denseGroup(int start, int end, RowTransform transform) {
    int strips = Parallel.nBlocks(size, STRIP);
    var out = zeros();
    try (var buffer = NativeMemory.doubles((long) DENSE_ROWS * size)) {
      DoubleBuffer view = buffer.asBuffer();
      for (int first = start; first < end; first += DENSE_ROWS) {
        int from = first;
        int count = Math.min(DENSE_ROWS, end - from);
        Parallel.checkInterrupted();
        rows.prepare(from, from + count);
        Parallel.forRange(count, FILL_ROWS, (a, b) -> fill(view, from, a, b, transform));
        Parallel.forBlocks(
            strips,
            s ->
                Blas.gramStrip(
                    count, size, s * STRIP, Math.min(STRIP, size - s * STRIP), buffer, out));
      }
    }
    return out;
  }

  private void fill(DoubleBuffer view, int first, int from, int to, RowTransform transform) {
    double[] row = new double[size];
    rows.visit(
        first + from,
        first + to,
        (i, at, start, v, n) -> {
          Arrays.fill(row, 0);
          double factor = scale(i);
          for (int k = 0; k < n; k++) {
            int place = position[at[start + k]];
            if (place >= 0) {
              row[place] += factor * v[k];
            }
          }
          transform.apply(i, row);
          view.put((i - first) * size, row);
        });
  }

  private DoublePointer zeros() {
    var out = NativeMemory.doubles((long) size * size);
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      out.position((long) i * size).put(row);
    }
    out.position(0);
    return out;
  }

  // ------------------------------------------------------------------------------- sparse

  /** Changes the kept entries of row {@code i}, in the new places of their columns. */
  @FunctionalInterface
  public interface Entries extends Serializable {
    void apply(int i, int[] places, double[] values, int n);
  }

  /**
   * @param sums filled with the column sums
   * @return off-heap, the caller closes it
   */
  public DoublePointer sparse(double[] sums) {
    double[] factors = scale;
    return sparse(
        sums,
        (i, places, values, n) -> {
          double factor = factors == null ? 1 : factors[i];
          for (int k = 0; k < n; k++) {
            values[k] *= factor;
          }
        });
  }

  /**
   * As {@link #sparse(double[])}, of rows whose entries are changed in another way than by a
   * factor.
   */
  public DoublePointer sparse(double[] sums, Entries transform) {
    var split = split();
    double[] own = new double[size];
    var upper =
        rows.runElsewhere() ? elsewhere(split, own, transform) : here(split, own, transform);
    split.restore(own, sums);
    return split.restored(upper);
  }

  /** How columns are best split, told by the first rows: another pass would take longer. */
  private ColumnSplit split() {
    int n = Math.min(rows.nRows(), JUDGED_ROWS);
    int[] places = position;
    int p = size;
    double[] counts = new double[size];
    rows.<double[]>inOrder(
        new int[] {0, n},
        (some, from, to) -> {
          double[] count = new double[p];
          some.visit(
              from,
              to,
              (i, at, start, v, stored) -> {
                for (int k = 0; k < stored; k++) {
                  int place = places[at[start + k]];
                  if (place >= 0) {
                    count[place]++;
                  }
                }
              });
          return count;
        },
        (from, count) -> addTo(counts, count));
    return ColumnSplit.of(counts, Math.max(1, n));
  }

  private double[][] here(ColumnSplit split, double[] sums, Entries transform) {
    var product = new SparseProduct(rows, transform, position, split);
    int[] bounds = groupBounds();
    double[][] out = product.group(0, bounds[1], sums);
    for (int g = 1; g + 1 < bounds.length; g++) {
      double[] columns = new double[size];
      double[][] part = product.group(bounds[g], bounds[g + 1], columns);
      addTo(sums, columns);
      Parallel.forRange(
          size,
          BAND,
          (a, b) -> {
            for (int i = a; i < b; i++) {
              addTo(out[i], part[i]);
            }
          });
    }
    return out;
  }

  private double[][] elsewhere(ColumnSplit split, double[] sums, Entries transform) {
    int[] places = position;
    int p = size;
    double[] packed =
        elsewhere(
            (some, from, to) -> {
              double[] columns = new double[p];
              double[][] upper =
                  new SparseProduct(some, transform, places, split).group(from, to, columns);
              double[] part = new double[p * (p + 1) / 2 + p];
              System.arraycopy(columns, 0, part, part.length - p, p);
              forTriangle(p, (i, at, n) -> System.arraycopy(upper[i], i, part, at, n));
              return part;
            },
            p);
    System.arraycopy(packed, packed.length - p, sums, 0, p);
    double[][] out = new double[p][p];
    forTriangle(p, (i, at, n) -> System.arraycopy(packed, at, out[i], i, n));
    return out;
  }

  private static void addTo(double[] sums, double[] part) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += part[j];
    }
  }
}
