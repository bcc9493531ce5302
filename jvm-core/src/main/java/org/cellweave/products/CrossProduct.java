package org.cellweave.products;

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
 * lie elsewhere. Sparse rows are multiplied entry by entry, which is faster than BLAS up to a
 * density of about a quarter; denser rows go through BLAS in blocks.
 */
public final class CrossProduct {
  private static final double DENSE_ABOVE = 0.25;
  private static final int DENSE_ROWS = 1024;
  private static final int STRIP = 256;
  private static final int BAND = 32;
  private static final int SPARSE_ROWS = 2048;
  private static final int FILL_ROWS = 128;
  private static final int LEAST_GROUP_ROWS = 8192;
  private static final int MOST_GROUPS = 256;

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
      return elsewhere(
          new double[0],
          (some, from, to) -> {
            var part = new CrossProduct(some, factors, places, p);
            return part.upper(part.denseGroup(from, to, shifted(shift)), new double[0]);
          });
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

  /**
   * The sum of the upper triangles that the groups give, row after row.
   *
   * @param sums filled with the sums of what stands behind the triangles
   */
  private DoublePointer elsewhere(double[] sums, RangeKernel<double[]> group) {
    double[] sum = new double[size * (size + 1) / 2 + sums.length];
    rows.inOrder(groupBounds(), group, (from, part) -> addTo(sum, part));
    System.arraycopy(sum, sum.length - sums.length, sums, 0, sums.length);
    var out = zeros();
    double[] row = new double[size];
    int at = 0;
    for (int i = 0; i < size; i++) {
      System.arraycopy(sum, at, row, i, size - i);
      at += size - i;
      out.position((long) i * size).put(row);
    }
    out.position(0);
    return out;
  }

  /** The upper triangle row after row, and {@code behind} behind it; closes {@code product}. */
  private double[] upper(DoublePointer product, double[] behind) {
    double[] out = new double[size * (size + 1) / 2 + behind.length];
    System.arraycopy(behind, 0, out, out.length - behind.length, behind.length);
    int at = 0;
    try (product) {
      for (int i = 0; i < size; i++) {
        product.position((long) i * size + i).get(out, at, size - i);
        at += size - i;
      }
      product.position(0);
    }
    return out;
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

  /**
   * @param sums filled with the column sums
   * @return off-heap, the caller closes it
   */
  public DoublePointer sparse(double[] sums) {
    if (!rows.runElsewhere()) {
      return here(
          (from, to) -> {
            double[] part = new double[size];
            DoublePointer product = sparseGroup(from, to, part);
            addTo(sums, part);
            return product;
          });
    }
    double[] factors = scale;
    int[] places = position;
    int p = size;
    return elsewhere(
        sums,
        (some, from, to) -> {
          var part = new CrossProduct(some, factors, places, p);
          double[] columns = new double[p];
          return part.upper(part.sparseGroup(from, to, columns), columns);
        });
  }

  private static void addTo(double[] sums, double[] part) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += part[j];
    }
  }

  private DoublePointer sparseGroup(int start, int end, double[] sums) {
    int bands = Parallel.nBlocks(size, BAND);
    double[][] upper = new double[size][];
    Parallel.forRange(
        size,
        BAND,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            upper[i] = new double[size];
          }
        });
    var entries = new Entry[SPARSE_ROWS];
    for (int first = start; first < end; first += SPARSE_ROWS) {
      int from = first;
      int count = Math.min(SPARSE_ROWS, end - from);
      Parallel.checkInterrupted();
      rows.prepare(from, from + count);
      Parallel.forRange(count, FILL_ROWS, (a, b) -> gather(entries, from, a, b, bands));
      Parallel.forBlocks(
          bands,
          band -> {
            for (int r = 0; r < count; r++) {
              entries[r].addTo(upper, sums, band);
            }
          });
    }
    return packed(upper);
  }

  private DoublePointer packed(double[][] upper) {
    var out = NativeMemory.doubles((long) size * size);
    for (int i = 0; i < size; i++) {
      out.position((long) i * size).put(upper[i]);
      upper[i] = null;
    }
    out.position(0);
    return out;
  }

  private void gather(Entry[] entries, int first, int from, int to, int bands) {
    rows.visit(
        first + from,
        first + to,
        (i, at, start, v, n) -> {
          var entry = new Entry(n, bands);
          double factor = scale(i);
          int kept = 0;
          for (int k = 0; k < n; k++) {
            int place = position[at[start + k]];
            if (place >= 0) {
              entry.at[kept] = place;
              entry.values[kept++] = factor * v[k];
            }
          }
          entry.trim(kept);
          entries[i - first] = entry;
        });
  }

  /** One row: its kept entries and where each band of columns starts among them. */
  private static final class Entry {
    private int[] at;
    private double[] values;
    private final int[] bandStart;

    Entry(int n, int bands) {
      at = new int[n];
      values = new double[n];
      bandStart = new int[bands + 1];
    }

    void trim(int kept) {
      at = Arrays.copyOf(at, kept);
      values = Arrays.copyOf(values, kept);
      int p = 0;
      for (int band = 0; band < bandStart.length; band++) {
        while (p < kept && at[p] < band * BAND) {
          p++;
        }
        bandStart[band] = p;
      }
      bandStart[bandStart.length - 1] = kept;
    }

    void addTo(double[][] upper, double[] sums, int band) {
      int end = bandStart[band + 1];
      for (int p = bandStart[band]; p < end; p++) {
        double v = values[p];
        sums[at[p]] += v;
        axpy(v, at, values, p, upper[at[p]]);
      }
    }

    private static void axpy(double v, int[] at, double[] values, int from, double[] out) {
      for (int q = from; q < at.length; q++) {
        out[at[q]] += v * values[q];
      }
    }
  }
}
