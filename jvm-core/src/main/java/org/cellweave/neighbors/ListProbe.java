package org.cellweave.neighbors;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;

/**
 * Some queries and the lists that each looks through: those whose mean lies nearest to it. Queries
 * of one list are gathered, so that one product gives all their distances from its rows.
 *
 * <p>What is found depends on the queries and the lists alone. Not for several threads at once.
 */
final class ListProbe implements AutoCloseable {
  private static final int ROWS = 128;
  private static final int COLUMNS = 1024;
  private static final int STRIP = 16;

  private final InvertedLists lists;
  private final int n;
  private final int d;
  private final int width;

  /** Transformed queries. */
  private final float[] queries;

  /** The place of a query in the lists, which it does not find; negative for none. */
  private final int[] itself;

  private final Candidates found;
  private final int firstList;

  /** Lists by query, the nearest first. */
  private int[] nearest;

  private int perQuery;

  private final float[] packed;
  private final FloatPointer query;
  private final FloatPointer product;
  private final IntPointer bits;
  private final int[] strip;
  private final int[] least;

  /**
   * @param rows which of the points
   * @param itself place of each in the lists; null when all may be found
   * @param found the list of query {@code q} is {@code firstList + q}, its ids are places
   */
  ListProbe(
      InvertedLists lists,
      PointSet points,
      int[] rows,
      int[] itself,
      Candidates found,
      int firstList) {
    this.lists = lists;
    this.n = rows.length;
    this.d = lists.d;
    this.width = lists.width;
    this.itself = itself;
    this.found = found;
    this.firstList = firstList;
    this.queries = new float[n * d];
    double[] row = new double[d];
    for (int q = 0; q < n; q++) {
      points.read(rows[q], row);
      for (int j = 0; j < d; j++) {
        queries[q * d + j] = (float) row[j];
      }
    }
    int columns = Math.max(COLUMNS, lists.count());
    packed = new float[ROWS * width];
    query = NativeMemory.floats((long) ROWS * width);
    product = NativeMemory.floats((long) ROWS * columns);
    bits = new IntPointer(product);
    strip = new int[STRIP * columns];
    least = new int[columns / RowMinima.SEGMENTS + 1];
  }

  /** Finds out which lists are the nearest to each query. */
  void choose(int count) {
    perQuery = count;
    nearest = new int[Math.multiplyExact(n, count)];
    var chosen = new Candidates(ROWS, count);
    int nLists = lists.count();
    for (int first = 0; first < n; first += ROWS) {
      int rows = Math.min(ROWS, n - first);
      for (int q = 0; q < rows; q++) {
        pack(first + q, null, 0, q);
      }
      query.put(packed, 0, rows * width);
      chosen.clear();
      multiply(rows, nLists, lists.packedMeans);
      for (int s = 0; s < rows; s += STRIP) {
        int height = read(s, rows, nLists);
        for (int r = 0; r < height; r++) {
          RowMinima.offer(strip, r * nLists, nLists, chosen, s + r, 0, -1, false, least);
        }
      }
      for (int q = 0; q < rows; q++) {
        chosen.sort(q);
        System.arraycopy(chosen.ids, q * count, nearest, (first + q) * count, count);
      }
    }
  }

  /**
   * Looks through the chosen lists that are not the {@code from} nearest but the {@code to}.
   *
   * @param again whether what has been found may lie in them, too
   */
  void look(int from, int to, boolean again) {
    int[] begins = new int[lists.count() + 1];
    for (int q = 0; q < n; q++) {
      for (int rank = from; rank < to; rank++) {
        begins[nearest[q * perQuery + rank] + 1]++;
      }
    }
    for (int list = 0; list < lists.count(); list++) {
      begins[list + 1] += begins[list];
    }
    int[] next = begins.clone();
    int[] who = new int[n * (to - from)];
    for (int q = 0; q < n; q++) {
      for (int rank = from; rank < to; rank++) {
        who[next[nearest[q * perQuery + rank]]++] = q;
      }
    }
    for (int list = 0; list < lists.count(); list++) {
      look(list, who, begins[list], begins[list + 1], again);
    }
  }

  /** Looks through all lists, whatever was chosen. */
  void lookThroughAll() {
    int[] all = new int[n];
    Arrays.setAll(all, q -> q);
    for (int list = 0; list < lists.count(); list++) {
      look(list, all, 0, n, false);
    }
  }

  private void look(int list, int[] who, int from, int to, boolean again) {
    for (int first = from; first < to; first += ROWS) {
      int rows = Math.min(ROWS, to - first);
      for (int q = 0; q < rows; q++) {
        pack(who[first + q], lists.means, list * d, q);
      }
      query.put(packed, 0, rows * width);
      for (int c = lists.starts[list]; c < lists.starts[list + 1]; c += COLUMNS) {
        int cols = Math.min(COLUMNS, lists.starts[list + 1] - c);
        multiply(rows, cols, lists.rows.getPointer((long) c * width));
        for (int s = 0; s < rows; s += STRIP) {
          int height = read(s, rows, cols);
          for (int r = 0; r < height; r++) {
            int q = who[first + s + r];
            int self = itself == null ? -1 : itself[q];
            RowMinima.offer(strip, r * cols, cols, found, firstList + q, c, self, again, least);
          }
        }
      }
    }
  }

  /** A query less a mean, so that its product with an other is half their squared distance. */
  private void pack(int q, float[] means, int mean, int row) {
    int from = q * d;
    int to = row * width;
    double even = 0;
    double odd = 0;
    if (means == null) {
      System.arraycopy(queries, from, packed, to, d);
    } else {
      for (int j = 0; j < d; j++) {
        packed[to + j] = queries[from + j] - means[mean + j];
      }
    }
    int j = to;
    for (; j + 1 < to + d; j += 2) {
      even += (double) packed[j] * packed[j];
      odd += (double) packed[j + 1] * packed[j + 1];
    }
    if (j < to + d) {
      even += (double) packed[j] * packed[j];
    }
    packed[to + d] = (float) ((even + odd) / 2);
    packed[to + d + 1] = 1;
  }

  private void multiply(int rows, int cols, FloatPointer others) {
    Blas.gemmNt(rows, cols, width, query, width, others, width, product);
  }

  /** Copies a strip of the product, and says how many rows it has. */
  private int read(int first, int rows, int cols) {
    int height = Math.min(STRIP, rows - first);
    bits.getPointer((long) first * cols).get(strip, 0, height * cols);
    return height;
  }

  @Override
  public void close() {
    query.close();
    product.close();
  }
}
