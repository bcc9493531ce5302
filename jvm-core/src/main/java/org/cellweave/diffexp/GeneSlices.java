package org.cellweave.diffexp;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/**
 * The stored values of a matrix gene by gene, each with the group of its cell, some genes at a
 * time: a slice holds at most {@link #LARGEST} values, so that memory does not grow with the cells.
 */
final class GeneSlices {
  /** Values of a slice, unless one gene alone has more. */
  static final int LARGEST = 1 << 24;

  private final CsrMatrix x;
  private final int[] codes;
  private final int[] groups;

  /** Stored values of every gene in every group of blocks. */
  private final int[][] counts;

  private final int[] bounds;
  private final int[] cursors;
  private final int[] starts;
  private long[] keys;
  private int slice = -1;

  GeneSlices(CsrMatrix x, int[] codes) {
    this.x = x;
    this.codes = codes;
    this.groups = x.groupBounds();
    counts = new int[groups.length - 1][];
    Parallel.forBlocks(counts.length, g -> counts[g] = count(g));
    bounds = cut(counts, x.nCols());
    cursors = new int[x.nRows()];
    int widest = 0;
    for (int s = 0; s + 1 < bounds.length; s++) {
      widest = Math.max(widest, bounds[s + 1] - bounds[s]);
    }
    starts = new int[widest + 1];
    keys = new long[0];
  }

  private int[] count(int group) {
    int[] counts = new int[x.nCols()];
    for (int b = groups[group]; b < groups[group + 1]; b++) {
      var block = x.block(b);
      int[] genes = block.indices();
      for (int p = 0; p < block.nnz(); p++) {
        counts[genes[p]]++;
      }
    }
    return counts;
  }

  private static int[] cut(int[][] counts, int nGenes) {
    int[] cuts = new int[nGenes + 1];
    int n = 0;
    long inSlice = 0;
    for (int j = 0; j < nGenes; j++) {
      long values = 0;
      for (int[] part : counts) {
        values += part[j];
      }
      if (inSlice > 0 && inSlice + values > LARGEST) {
        cuts[++n] = j;
        inSlice = 0;
      }
      inSlice += values;
    }
    cuts[++n] = nGenes;
    return Arrays.copyOf(cuts, n + 1);
  }

  int count() {
    return bounds.length - 1;
  }

  /** First gene of a slice; of {@link #count()} the number of genes. */
  int first(int slice) {
    return bounds[slice];
  }

  /** {@link #key Keys} of the loaded slice, in no order within a gene. */
  long[] keys() {
    return keys;
  }

  /** Where the keys of a gene of the loaded slice begin; those of the next gene follow. */
  int start(int gene) {
    return starts[gene - bounds[slice]];
  }

  /** Orders by value, then group. */
  static long key(float value, int group) {
    int bits = Float.floatToRawIntBits(value);
    bits ^= (bits >> 31) & 0x7fffffff;
    return ((long) bits << 32) | group;
  }

  /** Gathers the next slice. */
  void next() {
    slice++;
    int first = bounds[slice];
    int width = bounds[slice + 1] - first;
    int[][] places = new int[counts.length][width];
    int at = 0;
    for (int j = 0; j < width; j++) {
      starts[j] = at;
      for (int g = 0; g < places.length; g++) {
        places[g][j] = at;
        at += counts[g][first + j];
      }
    }
    starts[width] = at;
    if (keys.length < at) {
      keys = new long[at];
    }
    Parallel.forBlocks(places.length, g -> gather(g, first, first + width, places[g]));
  }

  private void gather(int group, int first, int end, int[] places) {
    for (int b = groups[group]; b < groups[group + 1]; b++) {
      var block = x.block(b);
      int[] genes = block.indices();
      float[] values = block.values();
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        int rowEnd = block.end(i);
        int code = codes[i];
        int p = block.start(i) + cursors[i];
        for (; p < rowEnd && genes[p] < end; p++) {
          keys[places[genes[p] - first]++] = key(values[p], code);
        }
        cursors[i] = p - block.start(i);
      }
    }
  }
}
