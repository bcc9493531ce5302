package org.cellweave.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStack;

/** Aligned arrays and columns with their entries in new places; -1 stands for a new entry. */
public final class Reindexed {
  private Reindexed() {}

  /**
   * Rows in new places. New ones are missing: NaN, zeros of a sparse matrix, missing values of a
   * table.
   *
   * @throws IllegalArgumentException for an array that cannot have missing rows
   */
  public static AxisArray rows(AxisArray from, int[] at) {
    if (Arrays.stream(at).noneMatch(i -> i < 0) || from instanceof DataFrame) {
      return from.takeRows(at);
    }
    if (!(from instanceof Matrix m)) {
      throw new IllegalArgumentException(
          "a " + from.described() + " cannot be filled with missing rows; remove it first");
    }
    return spread(m.transpose(), at).transpose();
  }

  /** Rows and columns in new places. */
  public static Matrix both(Matrix from, int[] at) {
    return spread(spread(from, at).transpose(), at).transpose();
  }

  /** Columns {@code at}; -1 gives zeros when sparse, NaN when dense. */
  private static Matrix spread(Matrix from, int[] at) {
    if (!from.isSparse()) {
      return dense(from.toDense(), at);
    }
    int[] map = new int[from.nCols()];
    Arrays.fill(map, -1);
    for (int i = 0; i < at.length; i++) {
      if (at[i] >= 0) {
        map[at[i]] = i;
      }
    }
    List<int[]> maps = Collections.singletonList(map);
    return RowStack.vstack(List.of(from.toCsr()), maps, at.length, from.dtype(), 0);
  }

  private static DenseMatrix dense(DenseMatrix from, int[] at) {
    boolean holes = Arrays.stream(at).anyMatch(j -> j < 0);
    DType type = holes && !from.dtype().isFloating() ? DType.FLOAT64 : from.dtype();
    var out = DenseMatrix.zeros(from.nRows(), at.length, type);
    double[] row = new double[from.nCols()];
    double[] moved = new double[at.length];
    for (int i = 0; i < from.nRows(); i++) {
      from.readRow(i, row);
      Arrays.setAll(moved, j -> at[j] < 0 ? Double.NaN : row[at[j]]);
      out.setRow(i, moved);
    }
    return out;
  }

  /** Rows of a column; where one is missing, whole numbers stay whole and become nullable. */
  static Column column(Column from, int[] at) {
    boolean holes = Arrays.stream(at).anyMatch(i -> i < 0);
    if (holes && from instanceof NumericColumn n && n.isInteger() && !n.isNullable()) {
      return NumericColumn.integers(n.dtype(), n.longs(), new boolean[n.size()]).take(at);
    }
    return from.take(at);
  }
}
