package org.cellweave.diffexp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/**
 * The values of some genes, gene by gene, each with the group of its cell, of a matrix whose rows
 * are read: one pass over its blocks, of which the other genes are not unpacked.
 */
final class GatheredGenes {
  private final int first;
  private final long[][] keys;

  /**
   * @param first of the genes
   * @param sizes values of each of the genes that are not zero
   */
  GatheredGenes(CsrMatrix x, int[] codes, int first, int[] sizes) {
    this.first = first;
    this.keys = new long[sizes.length][];
    Parallel.forBlocks(sizes.length, j -> keys[j] = new long[sizes[j]]);
    boolean[] wanted = new boolean[x.nCols()];
    Arrays.fill(wanted, first, first + sizes.length, true);
    var next = new AtomicIntegerArray(sizes.length);
    Parallel.forBlocks(
        x.blockCount(),
        b -> {
          Parallel.checkInterrupted();
          int from = x.blockStart(b);
          gather(x.rowsWithin(from, x.blockStart(b + 1), wanted), from, codes, next);
        });
  }

  /** {@link GeneSlices#key Keys} of a gene, in no order. */
  long[] keys(int gene) {
    return keys[gene - first];
  }

  private void gather(CsrMatrix rows, int offset, int[] codes, AtomicIntegerArray next) {
    int[] places = new int[keys.length];
    count(rows, first, places);
    for (int j = 0; j < places.length; j++) {
      places[j] = places[j] == 0 ? 0 : next.getAndAdd(j, places[j]);
    }
    fill(rows, first, codes, offset, keys, places);
  }

  /**
   * Adds the values that are not zero to the counts of their genes.
   *
   * @param first gene that is counted, the place 0 of {@code counts}
   */
  static void count(CsrMatrix rows, int first, int[] counts) {
    for (int b = 0; b < rows.blockCount(); b++) {
      int[] genes = rows.block(b).indices();
      float[] values = rows.block(b).values();
      for (int p = 0; p < genes.length; p++) {
        int j = genes[p] - first;
        if (j >= 0 && j < counts.length && values[p] != 0) {
          counts[j]++;
        }
      }
    }
  }

  /**
   * Writes the keys of what {@link #count} counts.
   *
   * @param offset of the rows among the codes
   * @param keys an array for every gene, which some may share
   * @param next place of every gene in its array; moved on
   */
  static void fill(CsrMatrix rows, int first, int[] codes, int offset, long[][] keys, int[] next) {
    for (int b = 0; b < rows.blockCount(); b++) {
      CsrMatrix.Block block = rows.block(b);
      int[] genes = block.indices();
      float[] values = block.values();
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        int code = codes[offset + i];
        for (int p = block.start(i); p < block.end(i); p++) {
          int j = genes[p] - first;
          if (j >= 0 && j < next.length && values[p] != 0) {
            keys[j][next[j]++] = GeneSlices.key(values[p], code);
          }
        }
      }
    }
  }
}
