package org.cellweave.neural.data;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/** Counts of a matrix in memory. */
public final class MatrixRows implements CountRows {
  private static final int BLOCK = 32;

  private final Rows rows;
  private final RowReader reader;
  private final String[] genes;

  /** What blocks of cells are read into, used again by every call. */
  private final List<Part> parts = new ArrayList<>();

  private record Part(RowReader reader, Counts counts) {}

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
    int n = Parallel.nBlocks(to - from, BLOCK);
    if (n == 1) {
      fill(reader, cells, from, to, out);
      return;
    }
    while (parts.size() < n) {
      parts.add(new Part(rows.reader(), new Counts(nGenes())));
    }
    Parallel.forBlocks(
        n,
        b -> {
          int first = from + b * BLOCK;
          int last = Math.min(to, first + BLOCK);
          Part part = parts.get(b);
          part.counts.clear(last - first);
          fill(part.reader, cells, first, last, part.counts);
        });
    for (int b = 0; b < n; b++) {
      out.append(parts.get(b).counts);
    }
  }

  private static void fill(RowReader reader, int[] cells, int from, int to, Counts out) {
    for (int k = from; k < to; k++) {
      int n = reader.load(cells[k]);
      out.append(reader.columns(), reader.start(), reader.values(), n);
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    rows.visit(0, rows.nRows(), visitor::cell);
  }

  @Override
  public long sumOfCells(Summand summand) {
    var sum = new java.util.concurrent.atomic.LongAdder();
    rows.forEach(
        (cell, genes, start, values, n) -> sum.add(summand.of(cell, genes, start, values, n)));
    return sum.sum();
  }
}
