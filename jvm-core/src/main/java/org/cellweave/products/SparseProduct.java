package org.cellweave.products;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * Products of the columns of some sparse rows, in the order of a {@link ColumnSplit}: every thread
 * owns a band of the result and adds rows in order. Those of two columns of many entries go through
 * BLAS in blocks of rows.
 */
final class SparseProduct {
  private static final int BAND = 64;
  private static final int ROWS = 2048;
  private static final int FILL_ROWS = 128;
  private static final int STRIP = 128;

  private final Rows rows;
  private final CrossProduct.Entries transform;
  private final int[] position;
  private final ColumnSplit split;
  private final int size;
  private final int bands;
  private final int strips;

  /**
   * @param position new place of every column before the split, -1 to leave it out; places increase
   */
  SparseProduct(Rows rows, CrossProduct.Entries transform, int[] position, ColumnSplit split) {
    this.rows = rows;
    this.transform = transform;
    this.position = position;
    this.split = split;
    this.size = split.size();
    this.bands = Parallel.nBlocks(split.nSparse(), BAND);
    this.strips = Parallel.nBlocks(split.nDense(), STRIP);
  }

  /**
   * The upper triangle of a group of rows, row by row.
   *
   * @param sums of the columns, added to what it holds
   */
  double[][] group(int start, int end, double[] sums) {
    double[][] upper = new double[size][];
    Parallel.forRange(
        size,
        BAND,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            upper[i] = new double[size];
          }
        });
    int dense = split.nDense();
    try (var buffer = NativeMemory.doubles(Math.max(1, (long) ROWS * dense));
        var product = NativeMemory.doubles(Math.max(1, (long) dense * dense))) {
      put(product, new double[dense], dense);
      var entries = new Entry[ROWS];
      for (int first = start; first < end; first += ROWS) {
        int count = Math.min(ROWS, end - first);
        gather(entries, first, count, buffer);
        add(entries, count, upper, sums, buffer, product);
      }
      for (int i = 0; i < dense; i++) {
        // a view, which has no memory of its own
        product
            .getPointer((long) i * dense + i)
            .get(upper[split.nSparse() + i], split.nSparse() + i, dense - i);
      }
    }
    return upper;
  }

  private static void put(DoublePointer to, double[] row, int times) {
    for (int i = 0; i < times; i++) {
      to.position((long) i * row.length).put(row);
    }
    to.position(0);
  }

  private void gather(Entry[] entries, int first, int count, DoublePointer buffer) {
    DoubleBuffer view = buffer.asBuffer();
    Parallel.checkInterrupted();
    rows.prepare(first, first + count);
    Parallel.forRange(
        count,
        FILL_ROWS,
        (a, b) -> {
          int[] places = new int[size];
          double[] row = new double[split.nDense()];
          rows.visit(
              first + a,
              first + b,
              (i, at, start, v, n) -> {
                int kept = 0;
                for (int k = 0; k < n; k++) {
                  int place = position[at[start + k]];
                  if (place >= 0) {
                    places[kept] = place;
                    v[kept++] = v[k];
                  }
                }
                transform.apply(i, places, v, kept);
                var entry = Entry.of(places, v, kept, split, bands);
                entry.fill(row, split.nSparse());
                view.put((i - first) * row.length, row);
                entries[i - first] = entry;
              });
        });
  }

  private void add(
      Entry[] entries,
      int count,
      double[][] upper,
      double[] sums,
      DoublePointer buffer,
      DoublePointer product) {
    int dense = split.nDense();
    Parallel.forBlocks(
        1 + strips + bands,
        task -> {
          int strip = task - 1;
          int band = strip - strips;
          if (task == 0) {
            for (int r = 0; r < count; r++) {
              entries[r].addDense(sums);
            }
          } else if (band < 0) {
            int from = strip * STRIP;
            Blas.gramStrip(count, dense, from, Math.min(STRIP, dense - from), buffer, product);
          } else {
            for (int r = 0; r < count; r++) {
              entries[r].addBand(upper, sums, band);
            }
          }
        });
  }

  /**
   * One row: its kept entries, and where each band of columns starts among them.
   *
   * @param bandStart one for each, and the first entry of a column of many
   */
  private record Entry(int[] at, double[] values, int[] bandStart) {
    static Entry of(int[] places, double[] values, int kept, ColumnSplit split, int bands) {
      int[] order = split.place();
      int first = split.nSparse();
      int[] at = new int[kept];
      double[] own = new double[kept];
      int[] ofMany = new int[kept];
      double[] many = new double[kept];
      int few = 0;
      for (int k = 0; k < kept; k++) {
        // both are written, for a branch would be a coin's toss
        int place = order[places[k]];
        at[few] = place;
        own[few] = values[k];
        ofMany[k - few] = place;
        many[k - few] = values[k];
        few += place < first ? 1 : 0;
      }
      System.arraycopy(ofMany, 0, at, few, kept - few);
      System.arraycopy(many, 0, own, few, kept - few);
      int[] bandStart = new int[bands + 1];
      int band = 0;
      for (int p = 0; p < few; p++) {
        while (at[p] >= (band + 1) * BAND) {
          bandStart[++band] = p;
        }
      }
      Arrays.fill(bandStart, band + 1, bands + 1, few);
      return new Entry(at, own, bandStart);
    }

    private int few() {
      return bandStart[bandStart.length - 1];
    }

    /** Writes the columns of many entries. */
    void fill(double[] row, int first) {
      Arrays.fill(row, 0);
      for (int p = few(); p < at.length; p++) {
        row[at[p] - first] = values[p];
      }
    }

    void addDense(double[] sums) {
      for (int p = few(); p < at.length; p++) {
        sums[at[p]] += values[p];
      }
    }

    void addBand(double[][] upper, double[] sums, int band) {
      int end = bandStart[band + 1];
      int p = bandStart[band];
      for (; p + 1 < end; p += 2) {
        sums[at[p]] += values[p];
        sums[at[p + 1]] += values[p + 1];
        double[] first = upper[at[p]];
        first[at[p]] += values[p] * values[p];
        addTwo(values[p], values[p + 1], at, values, p + 1, first, upper[at[p + 1]]);
      }
      if (p < end) {
        sums[at[p]] += values[p];
        addOne(values[p], at, values, p, upper[at[p]]);
      }
    }

    private static void addOne(double v, int[] at, double[] values, int from, double[] out) {
      for (int q = from; q < at.length; q++) {
        out[at[q]] += v * values[q];
      }
    }

    private static void addTwo(
        double v, double w, int[] at, double[] values, int from, double[] one, double[] two) {
      for (int q = from; q < at.length; q++) {
        int j = at[q];
        double other = values[q];
        one[j] += v * other;
        two[j] += w * other;
      }
    }
  }
}
