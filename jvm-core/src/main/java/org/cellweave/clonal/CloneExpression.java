package org.cellweave.clonal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * Expression of clones: the sum or the mean over their cells, of the values as they are.
 *
 * <p>A sparse matrix gives a sparse one, and no row is densified on the way. A clone without cells
 * has a row of zeros in either, and {@code cells} says so; no clone is dropped.
 *
 * <p>Cost: one pass over the values; memory for a row of float64 in each thread. A clone's cells
 * are added up in order, so that threads do not matter.
 */
public final class CloneExpression {
  private static final int BLOCK = 16;
  private static final String STEP = "the expression of clones";

  private CloneExpression() {}

  /** What is made of the cells of a clone. */
  public enum Strategy {
    AVERAGE,
    SUM
  }

  /**
   * @param strategy sum or mean
   */
  public record Params(Strategy strategy) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Strategy strategy = Strategy.AVERAGE;

      private Builder() {}

      public Builder strategy(Strategy value) {
        strategy = value;
        return this;
      }

      public Params build() {
        return new Params(strategy);
      }
    }
  }

  /**
   * @param values clones by genes, sparse where the cells are: float32 or float64 as these, of
   *     other types int64 sums and float64 means
   * @param cells of every clone that were put together
   */
  public record Result(Matrix values, int[] cells) {
    /** Whether each clone has a cell. */
    public boolean[] present() {
      boolean[] out = new boolean[cells.length];
      for (int c = 0; c < out.length; c++) {
        out[c] = cells[c] > 0;
      }
      return out;
    }
  }

  /**
   * @param x cells by genes
   * @param clones of the cells; those without one are left out
   * @throws org.cellweave.util.NonFiniteException when a value of a cell with a clone is not finite
   */
  public static Result run(Matrix x, Categories clones, Params params) {
    clones.forCells(x.nRows());
    return of(Rows.of(x), x, clones, params);
  }

  /**
   * As {@link #run}, apart for the cells of each level.
   *
   * @param levels of the cells; those without one are left out
   * @return one for every level, in order
   */
  public static List<Result> byLevel(
      Matrix x, Categories clones, Categories levels, Params params) {
    clones.forCells(x.nRows());
    levels.forCells(x.nRows());
    var rows = Rows.of(x);
    List<Result> out = new ArrayList<>();
    for (int level = 0; level < levels.nLevels(); level++) {
      int[] codes = new int[x.nRows()];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = levels.code(i) == level ? clones.code(i) : Categories.MISSING;
      }
      out.add(of(rows, x, new Categories(clones.name(), codes, clones.levels()), params));
    }
    return out;
  }

  private static Result of(Rows rows, Matrix x, Categories clones, Params params) {
    int[][] members = clones.members();
    boolean mean = params.strategy() == Strategy.AVERAGE;
    DType type = type(x.dtype(), mean);
    DenseMatrix dense = x.isSparse() ? null : DenseMatrix.zeros(members.length, x.nCols(), type);
    int[][] columns = new int[members.length][];
    double[][] values = new double[members.length][];
    Parallel.forRange(
        members.length,
        BLOCK,
        (from, to) -> {
          var sums = new Sums(rows);
          for (int c = from; c < to; c++) {
            sums.add(members[c], mean ? Math.max(1, members[c].length) : 1);
            if (dense != null) {
              dense.setRow(c, sums.total);
            } else {
              columns[c] = sums.columns();
              values[c] = sums.at(columns[c]);
            }
            sums.clear();
          }
        });
    Matrix out = dense != null ? dense : sparse(columns, values, x.nCols(), type);
    if (Finite.first(out) != null) {
      refuse(rows, clones);
      Finite.made(out, STEP, "the values are too large to be added up; rescale them first");
    }
    return new Result(out, clones.sizes());
  }

  private static DType type(DType given, boolean mean) {
    if (given.isFloating()) {
      return given == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
    return mean ? DType.FLOAT64 : DType.INT64;
  }

  private static Matrix sparse(int[][] columns, double[][] values, int nCols, DType type) {
    var out = new CsrBuilder(nCols, type);
    for (int c = 0; c < columns.length; c++) {
      out.addRow(columns[c], values[c], columns[c].length);
    }
    return out.build();
  }

  /**
   * Names the first value that is not finite, in the order of the cells; none when it is their sums
   * that are not.
   */
  private static void refuse(Rows rows, Categories clones) {
    var reader = rows.reader();
    for (int i = 0; i < rows.nRows(); i++) {
      int n = clones.code(i) < 0 ? 0 : reader.load(i);
      for (int p = 0; p < n; p++) {
        double v = reader.values()[p];
        if (!Double.isFinite(v)) {
          throw Finite.refusal("x", i, reader.columns()[reader.start() + p], v, STEP);
        }
      }
    }
  }

  /** Sums of the columns over some rows, and which columns have any. */
  private static final class Sums {
    final double[] total;
    private final RowReader reader;
    private final boolean[] met;
    private int[] touched = new int[256];
    private int n;

    Sums(Rows rows) {
      reader = rows.reader();
      total = new double[rows.nCols()];
      met = new boolean[rows.nCols()];
    }

    void add(int[] cells, int divisor) {
      for (int i : cells) {
        int entries = reader.load(i);
        int[] at = reader.columns();
        int first = reader.start();
        double[] v = reader.values();
        for (int p = 0; p < entries; p++) {
          int j = at[first + p];
          touch(j);
          total[j] += v[p];
        }
      }
      for (int p = 0; p < n; p++) {
        total[touched[p]] /= divisor;
      }
    }

    private void touch(int j) {
      if (met[j]) {
        return;
      }
      met[j] = true;
      if (n == touched.length) {
        touched = Arrays.copyOf(touched, 2 * n);
      }
      touched[n++] = j;
    }

    int[] columns() {
      int[] out = Arrays.copyOf(touched, n);
      Arrays.sort(out);
      return out;
    }

    double[] at(int[] columns) {
      double[] out = new double[columns.length];
      Arrays.setAll(out, p -> total[columns[p]]);
      return out;
    }

    void clear() {
      for (int p = 0; p < n; p++) {
        total[touched[p]] = 0;
        met[touched[p]] = false;
      }
      n = 0;
    }
  }
}
