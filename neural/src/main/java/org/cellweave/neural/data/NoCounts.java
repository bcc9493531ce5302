package org.cellweave.neural.data;

/** Cells whose counts were dropped. */
record NoCounts(int nCells, String[] genes) implements CountRows {
  private static final int[] NO_GENES = {};
  private static final double[] NO_VALUES = {};

  @Override
  public int nGenes() {
    return genes.length;
  }

  @Override
  public void append(int[] cells, int from, int to, Counts out) {
    for (int k = from; k < to; k++) {
      out.append(NO_GENES, 0, NO_VALUES, 0);
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    throw new IllegalStateException("these cells have no counts");
  }
}
