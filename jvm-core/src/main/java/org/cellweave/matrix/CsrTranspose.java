package org.cellweave.matrix;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/** Turns rows into columns: counts, then writes every value to its place in one pass. */
final class CsrTranspose {
  private static final int TILE_COLUMNS = 512;

  private CsrTranspose() {}

  /** The transpose in row-compressed form. */
  static CsrMatrix of(CsrMatrix x) {
    int nCols = x.nCols();
    int[] bounds = x.groupBounds();
    int groups = bounds.length - 1;
    int[][] offsets = new int[groups][];
    Parallel.forBlocks(
        groups,
        g -> {
          int[] counts = new int[nCols];
          for (int b = bounds[g]; b < bounds[g + 1]; b++) {
            for (int j : x.block(b).indices()) {
              counts[j]++;
            }
          }
          offsets[g] = counts;
        });
    long[] ptr = new long[nCols + 1];
    for (int j = 0; j < nCols; j++) {
      int before = 0;
      for (int g = 0; g < groups; g++) {
        int count = offsets[g][j];
        offsets[g][j] = before;
        before += count;
      }
      ptr[j + 1] = ptr[j] + before;
    }
    var out = CsrMatrix.allocate(x.nRows(), ptr, x.dtype(), x.isFloat32Stored());
    int[] start = new int[nCols];
    CsrMatrix.Block[] target = new CsrMatrix.Block[nCols];
    for (int b = 0; b < out.blockCount(); b++) {
      CsrMatrix.Block to = out.block(b);
      Arrays.fill(target, to.firstRow(), to.endRow(), to);
      for (int j = to.firstRow(); j < to.endRow(); j++) {
        start[j] = to.start(j);
      }
    }
    Parallel.forBlocks(
        groups,
        g -> {
          int[] next = offsets[g];
          for (int j = 0; j < nCols; j++) {
            next[j] += start[j];
          }
          for (int b = bounds[g]; b < bounds[g + 1]; b++) {
            scatter(x.block(b), nCols, target, next);
          }
        });
    return out;
  }

  /**
   * Writes a block into the columns' arrays, one tile of columns after another: writing to all
   * columns at once would touch more memory pages than the processor keeps track of.
   */
  private static void scatter(
      CsrMatrix.Block from, int nCols, CsrMatrix.Block[] target, int[] next) {
    int nRowsHere = from.endRow() - from.firstRow();
    int[] cursor = new int[nRowsHere];
    for (int i = 0; i < nRowsHere; i++) {
      cursor[i] = from.start(from.firstRow() + i);
    }
    for (int tile = 0; tile < nCols; tile += TILE_COLUMNS) {
      int tileEnd = Math.min(nCols, tile + TILE_COLUMNS);
      for (int i = 0; i < nRowsHere; i++) {
        cursor[i] = scatterRow(from, from.firstRow() + i, cursor[i], tileEnd, target, next);
      }
    }
  }

  /** Writes the values from position {@code p} on that lie before {@code tileEnd}. */
  private static int scatterRow(
      CsrMatrix.Block from, int row, int p, int tileEnd, CsrMatrix.Block[] target, int[] next) {
    int[] indices = from.indices();
    float[] narrow = from.values();
    double[] wide = from.wideValues();
    int end = from.end(row);
    for (; p < end; p++) {
      int j = indices[p];
      if (j >= tileEnd) {
        break;
      }
      CsrMatrix.Block to = target[j];
      int at = next[j]++;
      to.indices()[at] = row;
      if (narrow != null) {
        to.values()[at] = narrow[p];
      } else {
        to.wideValues()[at] = wide[p];
      }
    }
    return p;
  }
}
