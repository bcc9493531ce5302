package org.cellweave.io.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.util.Parallel;

/**
 * Some elements of an array: runs of them in the order of the array, each with the place that it
 * takes among those wanted. Positions are 64-bit.
 */
public final class Runs {
  private final long[] from;
  private final long[] to;
  private final long[] at;

  private Runs(long[] from, long[] to, long[] at) {
    this.from = from;
    this.to = to;
    this.at = at;
  }

  /** All elements. */
  public static Runs all(long size) {
    return size == 0
        ? new Runs(new long[0], new long[0], new long[0])
        : new Runs(new long[] {0}, new long[] {size}, new long[] {0});
  }

  /**
   * The elements of some rows, one row after another.
   *
   * @param starts first element of every row, and the end of the last
   * @param rows in any order, also several times
   */
  public static Runs ofRows(long[] starts, int[] rows) {
    return ofRows(r -> starts[r], rows);
  }

  /** As {@link #ofRows(long[], int[])}, of rows of one length. */
  public static Runs ofRows(int rowSize, int[] rows) {
    return ofRows(r -> (long) r * rowSize, rows);
  }

  /** The first element of a row. */
  private interface Starts {
    long of(int row);
  }

  private static Runs ofRows(Starts starts, int[] rows) {
    long[] from = new long[rows.length];
    long[] to = new long[rows.length];
    long[] at = new long[rows.length];
    int n = 0;
    long wanted = 0;
    boolean sorted = true;
    for (int row : rows) {
      long start = starts.of(row);
      long end = starts.of(row + 1);
      if (start < end && n > 0 && to[n - 1] == start) {
        to[n - 1] = end;
      } else if (start < end) {
        sorted &= n == 0 || from[n - 1] <= start;
        from[n] = start;
        to[n] = end;
        at[n++] = wanted;
      }
      wanted += end - start;
    }
    if (sorted) {
      return new Runs(Arrays.copyOf(from, n), Arrays.copyOf(to, n), Arrays.copyOf(at, n));
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted((a, b) -> Long.compare(from[a], from[b]))
            .mapToInt(i -> i)
            .toArray();
    return new Runs(taken(from, order), taken(to, order), taken(at, order));
  }

  private static long[] taken(long[] values, int[] order) {
    return Arrays.stream(order).mapToLong(i -> values[i]).toArray();
  }

  /** The first element wanted; 0 when there is none. */
  public long first() {
    return from.length == 0 ? 0 : from[0];
  }

  /** How many elements follow each other from {@link #first} on. */
  public long firstLength() {
    return from.length == 0 ? 0 : to[0] - from[0];
  }

  /** Reads elements {@code from <= i < from + count}; good until the next call of its thread. */
  @FunctionalInterface
  public interface Reading {
    ByteBuffer bytes(long from, int count);
  }

  /**
   * Reads the runs side by side and hands them on with their places; a failure names the array's
   * key.
   *
   * @param unit elements that are read by one thread: runs are cut at its multiples
   * @param gap elements between two runs of a unit that are read rather than skipped
   */
  public void forEach(
      StoreArray array, long unit, long gap, Reading reading, StoreArray.PieceBody body) {
    Units units = new Units(unit);
    array
        .source()
        .guard(
            array.key(),
            () -> {
              Parallel.forBlocks(units.count, u -> units.read(u, gap, reading, body));
              return null;
            });
  }

  /** The runs by the units that they lie in. */
  private final class Units {
    private final long size;
    private int count;
    private long[] number = new long[16];

    /** First run of every unit. */
    private int[] first = new int[16];

    Units(long size) {
      this.size = size;
      long last = -1;
      for (int r = 0; r < from.length; r++) {
        long end = (to[r] - 1) / size;
        for (long u = from[r] / size; u <= end; u++) {
          if (u != last) {
            add(u, r);
            last = u;
          }
        }
      }
    }

    private void add(long unit, int run) {
      if (count == number.length) {
        number = Arrays.copyOf(number, 2 * count);
        first = Arrays.copyOf(first, 2 * count);
      }
      number[count] = unit;
      first[count++] = run;
    }

    private long start(int u, int run) {
      return Math.max(from[run], number[u] * size);
    }

    private long end(int u, int run) {
      return Math.min(to[run], (number[u] + 1) * size);
    }

    /** The run behind those that this unit hands on. */
    private int endRun(int u) {
      int run = first[u] + 1;
      // a run that begins in an earlier unit, or anew in this one after a later one, is not ours
      while (run < from.length && from[run] / size == number[u] && isSame(u, run)) {
        run++;
      }
      return run;
    }

    private boolean isSame(int u, int run) {
      return (to[run - 1] - 1) / size == number[u];
    }

    /** Hands on what lies in a unit; runs that lie close to each other are read as one. */
    void read(int u, long gap, Reading reading, StoreArray.PieceBody body) {
      int end = endRun(u);
      int run = first[u];
      while (run < end) {
        long start = start(u, run);
        long stop = end(u, run);
        int next = run + 1;
        while (next < end && start(u, next) - stop <= gap) {
          stop = Math.max(stop, end(u, next++));
        }
        int n = (int) (stop - start);
        ByteBuffer bytes = reading.bytes(start, n);
        int width = bytes.remaining() / n;
        for (; run < next; run++) {
          long low = start(u, run);
          int some = (int) (end(u, run) - low);
          ByteBuffer part =
              bytes.slice(bytes.position() + (int) (low - start) * width, some * width);
          body.accept(at[run] + low - from[run], some, part.order(bytes.order()));
        }
      }
    }
  }
}
