package org.cellweave.neural.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Check;

/**
 * A random order of cells that a file can follow: neighbouring rows are read together as a chunk,
 * chunks come in random order, and the cells of some hundred of them are mixed with one another.
 *
 * @param rowsPerChunk neighbouring rows that are read at once
 * @param chunksInFlight chunks whose cells are mixed, and held in memory
 */
public record ChunkedShuffle(int rowsPerChunk, int chunksInFlight) {
  public static final ChunkedShuffle DEFAULTS = new ChunkedShuffle(64, 256);

  public ChunkedShuffle {
    Check.positive(rowsPerChunk, "rowsPerChunk");
    Check.positive(chunksInFlight, "chunksInFlight");
  }

  /** These cells, each once, in an order that is drawn anew. */
  public int[] order(int[] cells, SplittableRandom random) {
    int[] sorted = ascending(cells);
    int[] starts = starts(sorted);
    int chunks = starts.length - 1;
    int[] chunkOrder = Shuffle.order(chunks, random);
    int[] out = new int[sorted.length];
    int at = 0;
    for (int first = 0; first < chunks; first += chunksInFlight) {
      int from = at;
      for (int k = first; k < Math.min(chunks, first + chunksInFlight); k++) {
        int start = starts[chunkOrder[k]];
        int n = starts[chunkOrder[k] + 1] - start;
        System.arraycopy(sorted, start, out, at, n);
        at += n;
      }
      int[] mixed = Arrays.copyOfRange(out, from, at);
      Shuffle.inPlace(mixed, random);
      System.arraycopy(mixed, 0, out, from, mixed.length);
    }
    return out;
  }

  /** Where no order is asked for, the one in which a file is read soonest. */
  public int[] ascending(int[] cells) {
    int[] sorted = cells.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Where each chunk that has a cell begins among them, and their end. */
  private int[] starts(int[] sorted) {
    int[] starts = new int[sorted.length + 1];
    int n = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] / rowsPerChunk != sorted[i - 1] / rowsPerChunk) {
        starts[n++] = i;
      }
    }
    starts[n] = sorted.length;
    return Arrays.copyOf(starts, n + 1);
  }
}
