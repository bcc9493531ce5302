package org.cellweave.data.concat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.StackedColumns;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStack;

/** Matrices and other aligned arrays, one below the other, columns moved to joined places. */
final class JoinedArrays {
  private JoinedArrays() {}

  /**
   * @param all one per part, null where it is missing
   * @param maps new column of every old one, -1 to drop it; a null entry means unchanged
   * @param fill null for 0 when any part is sparse, otherwise NaN
   */
  static Matrix stack(List<Matrix> all, int[] rows, List<int[]> maps, int nCols, Double fill) {
    List<Matrix> present = all.stream().filter(Objects::nonNull).toList();
    boolean sparse = present.stream().anyMatch(Matrix::isSparse);
    List<DType> types = present.stream().map(Matrix::dtype).toList();
    boolean holes = present.size() < all.size() || holes(maps, nCols);
    return planned(all, rows, maps, nCols, plan(types, sparse, holes, fill));
  }

  /**
   * What a stack is like, whichever of its rows are made.
   *
   * @param fill of places that a part lacks
   */
  record Plan(DType type, boolean sparse, double fill) {}

  /**
   * @param holes whether some part lacks a column of the stack
   * @param fill null for 0 when any part is sparse, otherwise NaN
   */
  static Plan plan(List<DType> types, boolean sparse, boolean holes, Double fill) {
    DType type = types.stream().reduce(DType::promote).orElseThrow();
    double value = fill != null ? fill : sparse ? 0 : Double.NaN;
    if (holes && !type.isFloating() && (value != Math.rint(value) || type == DType.BOOL)) {
      type = DType.FLOAT64;
    }
    return new Plan(type, sparse, holes ? value : 0);
  }

  static Matrix planned(List<Matrix> all, int[] rows, List<int[]> maps, int nCols, Plan plan) {
    DType type = plan.type();
    if (!plan.sparse()) {
      return dense(all, rows, maps, nCols, plan.fill(), type);
    }
    if (plan.fill() != 0) {
      return dense(all, rows, maps, nCols, plan.fill(), type).toCsr();
    }
    List<CsrMatrix> parts = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (int p = 0; p < rows.length; p++) {
      Matrix m = all.get(p);
      parts.add(m == null ? CsrMatrix.empty(rows[p], nCols, type) : m.toCsr());
      places.add(m == null ? null : maps.get(p));
    }
    return RowStack.vstack(parts, places, nCols, type, 0);
  }

  /** Whether some map leaves a column of the result empty. */
  static boolean holes(List<int[]> maps, int nCols) {
    return maps.stream()
        .anyMatch(m -> m != null && Arrays.stream(m).filter(j -> j >= 0).count() < nCols);
  }

  private static DenseMatrix dense(
      List<Matrix> all, int[] rows, List<int[]> maps, int nCols, double fill, DType type) {
    var out = DenseMatrix.zeros(Arrays.stream(rows).sum(), nCols, type);
    double[] joined = new double[nCols];
    int at = 0;
    for (int p = 0; p < rows.length; p++) {
      DenseMatrix from = all.get(p) == null ? null : all.get(p).toDense();
      int[] map = maps.get(p);
      double[] row = new double[from == null ? 0 : from.nCols()];
      for (int i = 0; i < rows[p]; i++, at++) {
        Arrays.fill(joined, fill);
        if (from != null) {
          from.readRow(i, row);
        }
        for (int j = 0; j < row.length; j++) {
          int to = map == null ? j : map[j];
          if (to >= 0) {
            joined[to] = row[j];
          }
        }
        out.setRow(at, joined);
      }
    }
    return out;
  }

  /** Tables by their columns, matrices by the narrowest (inner) or widest (outer) of them. */
  static AxisArray obsm(String key, List<AxisArray> all, int[] rows, boolean outer, Double fill) {
    List<AxisArray> present = all.stream().filter(Objects::nonNull).toList();
    if (present.stream().allMatch(DataFrame.class::isInstance)) {
      return tables(all, rows, outer);
    }
    if (!present.stream().allMatch(Matrix.class::isInstance)) {
      throw new IllegalArgumentException(
          "obsm['"
              + key
              + "'] cannot be joined: it holds "
              + present.stream().map(AxisArray::described).toList()
              + ". Convert them to matrices or to tables, or remove them first");
    }
    var widths = present.stream().mapToInt(m -> ((Matrix) m).nCols());
    int width = outer ? widths.max().orElse(0) : widths.min().orElse(0);
    List<Matrix> matrices = new ArrayList<>();
    List<int[]> maps = new ArrayList<>();
    for (AxisArray a : all) {
      Matrix m = (Matrix) a;
      matrices.add(m);
      int[] map = new int[m == null ? 0 : m.nCols()];
      Arrays.setAll(map, j -> j < width ? j : -1);
      maps.add(map.length == width ? null : map);
    }
    return stack(matrices, rows, maps, width, fill);
  }

  private static DataFrame tables(List<AxisArray> all, int[] rows, boolean outer) {
    List<DataFrame> tables = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int p = 0; p < rows.length; p++) {
      String[] blank = new String[rows[p]];
      Arrays.fill(blank, "");
      tables.add(all.get(p) == null ? DataFrame.ofNames(blank) : (DataFrame) all.get(p));
      names.addAll(tables.get(p).getNames());
    }
    var out = DataFrame.ofNames(names.toArray(new String[0]));
    columns(out, tables, outer);
    return out;
  }

  /** Fills {@code out} with the tables' columns. */
  static void columns(DataFrame out, List<DataFrame> tables, boolean outer) {
    int[] lengths = tables.stream().mapToInt(DataFrame::nRows).toArray();
    List<Set<String>> keys = tables.stream().map(DataFrame::getKeys).toList();
    for (String key : MergeRules.keys(keys, outer)) {
      List<Column> columns = new ArrayList<>();
      tables.forEach(t -> columns.add(t.find(key)));
      out.set(key, StackedColumns.of(columns, lengths));
    }
  }
}
