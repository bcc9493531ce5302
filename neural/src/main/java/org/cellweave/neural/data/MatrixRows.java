package org.cellweave.neural.data;

import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;

/** Counts of a matrix in memory. */
public final class MatrixRows implements CountRows {
  private final Rows rows;
  private final RowReader reader;
  private final String[] genes;

  public MatrixRows(Matrix x) {
    this(x, null);
  }

  /**
   * @param genes names of the columns; null where they are not known
   */
  public MatrixRows(Matrix x, String[] genes) {
    this(Rows.of(x), genes == null ? null : genes.clone());
    if (genes != null) {
      Check.sameLength(genes.length, x.nCols(), "gene names", "number of columns");
    }
  }

  private MatrixRows(Rows rows, String[] genes) {
    this.rows = rows;
    this.reader = rows.reader();
    this.genes = genes;
  }

  @Override
  public String[] genes() {
    return genes;
  }

  @Override
  public MatrixRows forThread() {
    return new MatrixRows(rows, genes);
  }

  @Override
  public int nCells() {
    return rows.nRows();
  }

  @Override
  public int nGenes() {
    return rows.nCols();
  }

  @Override
  public void append(int[] cells, int from, int to, Counts out) {
    for (int k = from; k < to; k++) {
      int n = reader.load(cells[k]);
      out.append(reader.columns(), reader.start(), reader.values(), n);
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    rows.visit(0, rows.nRows(), visitor::cell);
  }
}
