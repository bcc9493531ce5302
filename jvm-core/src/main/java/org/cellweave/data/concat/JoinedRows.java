package org.cellweave.data.concat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.data.BackedMatrix;
import org.cellweave.data.RowSource;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;

/** Backed matrices one below the other, columns moved to joined places, read as rows are needed. */
final class JoinedRows implements RowSource {
  private final List<BackedMatrix> parts;
  private final List<int[]> maps;
  private final int nCols;
  private final JoinedArrays.Plan plan;
  private final int[] firstRow;

  /** A part that is stored by column is read as a whole, once. */
  private Matrix whole;

  private int wholePart = -1;

  JoinedRows(List<BackedMatrix> parts, JoinedIndex names, Double fill) {
    this.parts = parts;
    this.maps = names.maps();
    this.nCols = names.size();
    List<DType> types = parts.stream().map(BackedMatrix::dtype).toList();
    boolean sparse = parts.stream().anyMatch(BackedMatrix::isSparse);
    this.plan = JoinedArrays.plan(types, sparse, JoinedArrays.holes(maps, nCols), fill);
    firstRow = new int[parts.size() + 1];
    for (int p = 0; p < parts.size(); p++) {
      firstRow[p + 1] = Math.addExact(firstRow[p], parts.get(p).nRows());
    }
  }

  @Override
  public int nRows() {
    return firstRow[parts.size()];
  }

  @Override
  public int nCols() {
    return nCols;
  }

  @Override
  public DType dtype() {
    return plan.type();
  }

  @Override
  public boolean isSparse() {
    return plan.sparse();
  }

  @Override
  public long mostValues() {
    long all = (long) nRows() * nCols;
    if (!plan.sparse() || plan.fill() != 0) {
      return all;
    }
    long stored = 0;
    for (BackedMatrix part : parts) {
      stored += part.isSparse() ? part.storedValues() : (long) part.nRows() * part.nCols();
    }
    return Math.min(all, stored);
  }

  @Override
  public Matrix rows(int from, int to) {
    List<Matrix> pieces = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      int start = Math.max(from, firstRow[p]);
      int end = Math.min(to, firstRow[p + 1]);
      if (start < end) {
        pieces.add(read(p, start - firstRow[p], end - firstRow[p]));
        places.add(maps.get(p));
        counts.add(end - start);
      }
    }
    int[] rows = counts.stream().mapToInt(n -> n).toArray();
    return JoinedArrays.planned(pieces, rows, places, nCols, plan);
  }

  private Matrix read(int part, int from, int to) {
    int[] rows = IntStream.range(from, to).toArray();
    BackedMatrix matrix = parts.get(part);
    if (!matrix.isByColumn()) {
      return matrix.read(rows, null);
    }
    if (wholePart != part) {
      whole = matrix.read(null, null).toCsr();
      wholePart = part;
    }
    return whole.take(rows, null);
  }
}
