package org.cellweave.io.binary;

import java.util.Arrays;

/**
 * Where a run of stored values, counted from the start of a sparse matrix, falls in its blocks.
 * Positions are 64-bit; offsets inside a block fit an int.
 */
public final class BlockSpans {
  private final long[] starts;

  /**
   * @param starts position of the first value of every block, then the total; not decreasing
   */
  public BlockSpans(long[] starts) {
    this.starts = starts;
  }

  /** Receives {@code n} values: {@code inBlock} in block {@code b}, {@code inRun} in the run. */
  @FunctionalInterface
  public interface SpanBody {
    void accept(int b, int inBlock, int inRun, int n);
  }

  /** Cuts the run {@code from <= i < from + count} at the block borders. */
  public void forEach(long from, int count, SpanBody body) {
    int b = find(from);
    int done = 0;
    while (done < count) {
      long at = from + done;
      int n = (int) Math.min(count - done, starts[b + 1] - at);
      if (n > 0) {
        body.accept(b, (int) (at - starts[b]), done, n);
        done += n;
      }
      b++;
    }
  }

  /** The last block that starts at or before {@code position}. */
  private int find(long position) {
    int at = Arrays.binarySearch(starts, position);
    if (at < 0) {
      return -at - 2;
    }
    while (at + 1 < starts.length && starts[at + 1] == position) {
      at++;
    }
    return at;
  }
}
