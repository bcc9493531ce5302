package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Expression that corrected coordinates stand for: their product with the loadings, of which only
 * what is asked for is ever computed. Values are around the common centre of the batches, of
 * cosine-normalised cells where those were normalised: for figures of single genes, not for tests.
 *
 * @param corrected cells by dimensions
 * @param loadings genes by dimensions
 */
public record LowRankExpression(DenseMatrix corrected, DenseMatrix loadings) {
  private static final int BLOCK = 256;

  public LowRankExpression {
    Check.sameLength(
        loadings.nCols(), corrected.nCols(), "a row of loadings", "the number of dimensions");
  }

  public int nCells() {
    return corrected.nRows();
  }

  public int nGenes() {
    return loadings.nRows();
  }

  /** All genes of one cell. */
  public double[] cell(int cell) {
    Check.index(cell, nCells(), "cell");
    return products(corrected, cell, loadings);
  }

  /** One gene in all cells. */
  public double[] gene(int gene) {
    Check.index(gene, nGenes(), "gene");
    return products(loadings, gene, corrected);
  }

  private static double[] products(DenseMatrix one, int row, DenseMatrix others) {
    double[] own = new double[one.nCols()];
    one.readRow(row, own);
    double[] out = new double[others.nRows()];
    Parallel.forRange(
        out.length,
        BLOCK,
        (from, to) -> {
          double[] other = new double[own.length];
          for (int i = from; i < to; i++) {
            others.readRow(i, other);
            out[i] = dot(own, other);
          }
        });
    return out;
  }

  /**
   * Some genes of some cells.
   *
   * @param cells null for all
   * @param genes null for all
   * @return cells by genes, float64
   */
  public DenseMatrix block(int[] cells, int[] genes) {
    int[] rows = cells == null ? all(nCells()) : cells;
    int[] columns = genes == null ? all(nGenes()) : genes;
    double[][] load = new double[columns.length][loadings.nCols()];
    for (int g = 0; g < columns.length; g++) {
      loadings.readRow(Check.index(columns[g], nGenes(), "gene"), load[g]);
    }
    var out = DenseMatrix.zeros(rows.length, columns.length, DType.FLOAT64);
    Parallel.forRange(
        rows.length,
        BLOCK,
        (from, to) -> {
          double[] cell = new double[loadings.nCols()];
          double[] row = new double[columns.length];
          for (int i = from; i < to; i++) {
            corrected.readRow(Check.index(rows[i], nCells(), "cell"), cell);
            for (int g = 0; g < row.length; g++) {
              row[g] = dot(cell, load[g]);
            }
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static int[] all(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }
}
