package org.cellweave.neighbors;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;

/**
 * Half the squared distances of some rows from some others, and the search for those below a
 * threshold.
 *
 * <p>They are computed in one product, for as many rows at a time as the cache holds, and looked
 * through a strip of rows at a time: subtracting thresholds and joining the signs needs no branch.
 * Only a column of a strip with a sign is looked at by itself.
 */
final class ScoreTile implements AutoCloseable {
  private static final int ROWS = 256;
  private static final int STRIP = 16;

  private final int width;
  private final FloatPointer product;
  private final IntPointer bits;
  private final int[] strip;
  private final int[] signs;
  private final int[] limits = new int[STRIP];
  private final int[] others;

  /**
   * @param width of packed rows
   * @param columns at most
   */
  ScoreTile(int width, int columns) {
    this.width = width;
    product = NativeMemory.floats((long) ROWS * columns);
    bits = new IntPointer(product);
    strip = new int[STRIP * columns];
    signs = new int[columns];
    others = new int[columns];
  }

  /**
   * Rows or columns of a tile and their lists, that of place {@code p} in the order being {@code p
   * * step + add}.
   *
   * @param found null where they look for nobody
   * @param from place of the first
   */
  record Lists(Candidates found, int[] order, int from, int count, int step, int add) {
    int list(int p) {
      return (from + p) * step + add;
    }

    int id(int p) {
      return order[from + p];
    }
  }

  /**
   * @param a packed rows as queries, {@code rows.count()} of them
   * @param b packed rows as others
   * @param both whether the columns look for rows, too
   * @param same whether both are of one set, in which nobody is its own neighbour
   */
  void search(
      FloatPointer a, FloatPointer b, Lists rows, Lists columns, boolean both, boolean same) {
    int cols = columns.count();
    for (int p = 0; p < cols; p++) {
      // nothing is below 0 but what rounding made so
      others[p] = both ? columns.found().threshold(columns.list(p)) : 0;
    }
    for (int first = 0; first < rows.count(); first += ROWS) {
      int count = Math.min(ROWS, rows.count() - first);
      Blas.gemmNt(count, cols, width, a.getPointer((long) first * width), width, b, width, product);
      for (int s = 0; s < count; s += STRIP) {
        int height = Math.min(STRIP, count - s);
        bits.position((long) s * cols).get(strip, 0, height * cols);
        scan(rows, first + s, height, columns, both, same);
      }
    }
  }

  private void scan(Lists rows, int first, int height, Lists columns, boolean both, boolean same) {
    int cols = columns.count();
    for (int r = 0; r < height; r++) {
      limits[r] = rows.found().threshold(rows.list(first + r));
    }
    Arrays.fill(signs, 0, cols, 0);
    int r = 0;
    for (; r + 4 <= height; r += 4) {
      joinFour(strip, r * cols, cols, limits, r, others, signs);
    }
    for (; r < height; r++) {
      joinOne(strip, r * cols, cols, limits[r], others, signs);
    }
    for (int j = 0; j < cols; j++) {
      if (signs[j] < 0) {
        offer(rows, first, height, columns, j, both, same);
      }
    }
  }

  private static void joinFour(
      int[] strip, int at, int cols, int[] limits, int r, int[] others, int[] signs) {
    int second = at + cols;
    int third = second + cols;
    int fourth = third + cols;
    int t0 = limits[r];
    int t1 = limits[r + 1];
    int t2 = limits[r + 2];
    int t3 = limits[r + 3];
    for (int j = 0; j < cols; j++) {
      int a = strip[at + j];
      int b = strip[second + j];
      int c = strip[third + j];
      int e = strip[fourth + j];
      int t = others[j];
      // a negative value is below whatever there is, and its difference may overflow
      signs[j] |=
          (a | (a - t0) | (a - t))
              | (b | (b - t1) | (b - t))
              | (c | (c - t2) | (c - t))
              | (e | (e - t3) | (e - t));
    }
  }

  private static void joinOne(int[] strip, int at, int cols, int limit, int[] others, int[] signs) {
    for (int j = 0; j < cols; j++) {
      int a = strip[at + j];
      signs[j] |= a | (a - limit) | (a - others[j]);
    }
  }

  private void offer(
      Lists rows, int first, int height, Lists columns, int j, boolean both, boolean same) {
    int cols = columns.count();
    for (int r = 0; r < height; r++) {
      int value = strip[r * cols + j];
      if (same && rows.id(first + r) == columns.id(j)) {
        continue;
      }
      if (value < limits[r]) {
        limits[r] = rows.found().offer(rows.list(first + r), value, columns.id(j));
      }
      if (both && value < others[j]) {
        others[j] = columns.found().offer(columns.list(j), value, rows.id(first + r));
      }
    }
  }

  @Override
  public void close() {
    product.close();
  }
}
