package org.cellweave.neural.data;

import java.util.Arrays;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;

/** Where counts of cells are read from: a matrix, or a file that does not fit into memory. */
public interface CountRows {
  int nCells();

  int nGenes();

  /** Names of the genes; null where they are not known. */
  default String[] genes() {
    return null;
  }

  /** The same counts, for one more thread to append from. */
  default CountRows forThread() {
    return this;
  }

  /** Appends the counts of these cells, in this order, each once. */
  void append(int[] cells, int from, int to, Counts out);

  /** Calls the visitor for every cell once, in order; how totals are counted and inputs checked. */
  void forEach(Visitor visitor);

  /** All counts as a matrix in memory, cells by genes; float32. */
  default CsrMatrix toMatrix() {
    CsrBuilder out = new CsrBuilder(nGenes(), DType.FLOAT32);
    forEach(
        (cell, genes, start, values, n) ->
            out.addRow(Arrays.copyOfRange(genes, start, start + n), values, n));
    return out.build();
  }

  /** Receives the counts of one cell. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param genes of the counts, at {@code start <= p < start + n}
     * @param values count k is of gene {@code genes[start + k]}
     */
    void cell(int cell, int[] genes, int start, double[] values, int n);
  }
}
