package org.cellweave.integrate.scanorama;

import org.cellweave.design.Categories;

/**
 * Cells batch after batch.
 *
 * @param cells of every place
 * @param starts first place of each batch, and the number of cells
 */
record Layout(int[] cells, int[] starts) {
  /**
   * @param levels in the order that batches are to have
   */
  Layout(Categories batch, int[] levels) {
    this(new int[batch.nCells()], new int[levels.length + 1]);
    int[][] members = batch.members();
    for (int b = 0; b < levels.length; b++) {
      int[] own = members[levels[b]];
      System.arraycopy(own, 0, cells, starts[b], own.length);
      starts[b + 1] = starts[b] + own.length;
    }
  }

  /** The place of every cell. */
  int[] back() {
    int[] out = new int[cells.length];
    for (int p = 0; p < cells.length; p++) {
      out[cells[p]] = p;
    }
    return out;
  }
}
