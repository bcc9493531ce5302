package org.cellweave.neural.data;

/**
 * Counts of the cells of one minibatch, row-compressed; the arrays are used again for the next one
 * and may be longer than what they hold.
 */
public final class Counts {
  private int cells;
  private final int genes;
  private int[] start = new int[1];
  private int[] gene = new int[0];
  private float[] value = new float[0];

  private boolean transposed;
  private int[] geneStart;
  private int[] geneEntry;
  private int[] geneCell;

  public Counts(int genes) {
    this.genes = genes;
  }

  public int cells() {
    return cells;
  }

  public int genes() {
    return genes;
  }

  public int size() {
    return start[cells];
  }

  /** Entries of cell i are at {@code start()[i] <= p < start()[i + 1]}. */
  public int[] start() {
    return start;
  }

  /** Gene of every entry. */
  public int[] gene() {
    return gene;
  }

  /** Count of every entry. */
  public float[] value() {
    return value;
  }

  /** Begins anew for this many cells. */
  public void clear(int nCells) {
    cells = 0;
    transposed = false;
    if (start.length < nCells + 1) {
      start = new int[nCells + 1];
    }
    start[0] = 0;
  }

  /** Adds a cell; counts of zero are left out. */
  public void append(int[] genes, int from, double[] values, int n) {
    int at = start[cells];
    reserve(Math.addExact(at, n));
    for (int k = 0; k < n; k++) {
      if (values[k] != 0) {
        gene[at] = genes[from + k];
        value[at++] = (float) values[k];
      }
    }
    start[++cells] = at;
  }

  /** Adds all cells of another one. */
  public void append(Counts more) {
    int at = start[cells];
    reserve(Math.addExact(at, more.size()));
    System.arraycopy(more.gene, 0, gene, at, more.size());
    System.arraycopy(more.value, 0, value, at, more.size());
    for (int i = 1; i <= more.cells; i++) {
      start[++cells] = at + more.start[i];
    }
  }

  private void reserve(int needed) {
    if (gene.length < needed) {
      int size = Math.max(needed, 2 * gene.length);
      gene = java.util.Arrays.copyOf(gene, size);
      value = java.util.Arrays.copyOf(value, size);
    }
  }

  /** Entries by gene: of gene g those at {@code geneStart()[g] <= q < geneStart()[g + 1]}. */
  public int[] geneStart() {
    transpose();
    return geneStart;
  }

  /** The entry, in the order by cells, of every place by genes. */
  public int[] geneEntry() {
    transpose();
    return geneEntry;
  }

  /** The cell of every place by genes. */
  public int[] geneCell() {
    transpose();
    return geneCell;
  }

  private void transpose() {
    if (transposed) {
      return;
    }
    int size = size();
    if (geneStart == null) {
      geneStart = new int[genes + 1];
    } else {
      java.util.Arrays.fill(geneStart, 0);
    }
    if (geneEntry == null || geneEntry.length < size) {
      geneEntry = new int[gene.length];
      geneCell = new int[gene.length];
    }
    for (int p = 0; p < size; p++) {
      geneStart[gene[p] + 1]++;
    }
    for (int g = 0; g < genes; g++) {
      geneStart[g + 1] += geneStart[g];
    }
    for (int i = 0; i < cells; i++) {
      for (int p = start[i]; p < start[i + 1]; p++) {
        int at = geneStart[gene[p]]++;
        geneEntry[at] = p;
        geneCell[at] = i;
      }
    }
    System.arraycopy(geneStart, 0, geneStart, 1, genes);
    geneStart[0] = 0;
    transposed = true;
  }
}
