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

  /** The sum of a number per cell, which may overflow; threads change nothing of it. */
  default long sumOfCells(Summand summand) {
    long[] sum = {0};
    forEach((cell, genes, start, values, n) -> sum[0] += summand.of(cell, genes, start, values, n));
    return sum[0];
  }

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

  /** A number for the counts of one cell, of any thread. */
  @FunctionalInterface
  interface Summand {
    /** Arguments are those of {@link Visitor#cell}. */
    long of(int cell, int[] genes, int start, double[] values, int n);
  }
}
