package org.cellweave.preprocess;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Residuals of every gene after least squares on numbers known of the cells, or after subtracting
 * the mean of each category, as scanpy's {@code regress_out}.
 *
 * <p>A dense floating matrix is changed in place, any other input becomes a new dense one (float32
 * stays float32, integers become float64). Keys that depend on others change nothing and are not
 * counted in {@link Result#rank()}.
 *
 * <p>Cost: O(n p (1 + keys)) in two passes over blocks of genes. With categories a constant gene
 * keeps its value, as in scanpy; with numbers it becomes zero. Numbers matched: scanpy 1.11.5.
 */
public final class RegressOut {
  private static final int GENES_PER_BLOCK = 256;

  /** A column that keeps less than this share of its length is a combination of the others. */
  private static final double INDEPENDENT = 1e-10;

  private RegressOut() {}

  /** What to regress on; one of the two kinds is null. */
  public static final class Regressors {
    private final double[][] columns;
    private final int[] codes;
    private final int nCategories;

    private Regressors(double[][] columns, int[] codes, int nCategories) {
      this.columns = columns;
      this.codes = codes;
      this.nCategories = nCategories;
    }

    /**
     * @param names of the keys, for messages
     * @param columns one value per cell for each key; an intercept is added
     */
    public static Regressors numeric(String[] names, double[][] columns) {
      Check.sameLength(columns.length, names.length, "columns", "number of names");
      if (columns.length == 0) {
        throw new IllegalArgumentException("regressOut needs at least one key, got none");
      }
      for (int k = 0; k < columns.length; k++) {
        var place = Finite.first(columns[k]);
        if (place != null) {
          throw place.refusal(
              "regressOut needs finite numbers, but '"
                  + names[k]
                  + "' is "
                  + place.value()
                  + " for cell "
                  + place.row()
                  + ". Fill it or subset first",
              names[k]);
        }
      }
      return new Regressors(columns, null, 0);
    }

    /**
     * @param groups a category for every cell
     */
    public static Regressors categories(Categories groups) {
      return new Regressors(null, groups.complete().codes(), groups.nLevels());
    }

    private int size() {
      return codes != null ? codes.length : columns[0].length;
    }
  }

  /**
   * @param x residuals; the input itself where it was changed in place
   * @param rank number of independent columns, intercept included; number of categories in use
   */
  public record Result(DenseMatrix x, int rank) {}

  public static Result run(Matrix x, Regressors regressors) {
    return run(x, regressors, Progress.NONE);
  }

  public static Result run(Matrix x, Regressors regressors, Progress progress) {
    Check.sameLength(regressors.size(), x.nRows(), "regressors", "number of cells");
    DenseMatrix target = Scale.floatingDense(x);
    Design design =
        regressors.codes != null
            ? Design.ofCategories(regressors.codes, regressors.nCategories)
            : Design.ofColumns(regressors.columns);
    double[][] coefficients = new double[Parallel.nBlocks(x.nCols(), GENES_PER_BLOCK)][];
    Parallel.forRange(
        x.nCols(),
        GENES_PER_BLOCK,
        (from, to) -> coefficients[from / GENES_PER_BLOCK] = design.fit(target, from, to - from));
    for (double[] block : coefficients) {
      if (Finite.first(block) != null) {
        throw Finite.sumsRefused(x, "X", "regressOut");
      }
    }
    progress.step("regressOut", 1, 2, Double.NaN);
    Parallel.checkInterrupted();
    Parallel.forRange(
        x.nCols(),
        GENES_PER_BLOCK,
        (from, to) ->
            design.subtract(target, from, to - from, coefficients[from / GENES_PER_BLOCK]));
    progress.step("regressOut", 2, 2, Double.NaN);
    return new Result(target, design.rank());
  }

  /**
   * Group means, and an orthonormal basis of centred columns on top of them; numbers have a single
   * group, categories no basis.
   */
  private static final class Design {
    private final int[] codes;
    private final int[] sizes;
    private final boolean keepConstant;
    private final double[] basis;
    private final int q;

    private Design(int[] codes, int[] sizes, boolean keepConstant, double[] basis, int q) {
      this.codes = codes;
      this.sizes = sizes;
      this.keepConstant = keepConstant;
      this.basis = basis;
      this.q = q;
    }

    static Design ofCategories(int[] codes, int nCategories) {
      int[] sizes = new int[nCategories];
      for (int code : codes) {
        sizes[code]++;
      }
      return new Design(codes, sizes, true, new double[0], 0);
    }

    static Design ofColumns(double[][] columns) {
      int n = columns[0].length;
      double[][] centred = new double[columns.length][];
      double[] least = new double[columns.length];
      for (int k = 0; k < columns.length; k++) {
        Check.sameLength(columns[k].length, n, "a key", "number of cells");
        least[k] = INDEPENDENT * OrthonormalBasis.length(columns[k]);
        centred[k] = centred(centred(columns[k]));
      }
      var basis = OrthonormalBasis.of(centred, least);
      int q = basis.rank();
      // as in scanpy, dependent columns leave constant genes as they are
      return new Design(new int[n], new int[] {n}, q < columns.length, basis.byRow(), q);
    }

    private static double[] centred(double[] column) {
      double mean = Arrays.stream(column).sum() / column.length;
      return Arrays.stream(column).map(v -> v - mean).toArray();
    }

    int rank() {
      int used = q;
      for (int size : sizes) {
        used += size > 0 ? 1 : 0;
      }
      return used;
    }

    /** Means of the groups, then products with the basis, {@code g} genes each. */
    double[] fit(DenseMatrix x, int from, int g) {
      double[] row = new double[g];
      double[] first = new double[g];
      boolean[] varies = new boolean[g];
      double[] sums = new double[(sizes.length + q) * g];
      for (int i = 0; i < codes.length; i++) {
        x.readRow(i, from, g, row);
        if (i == 0) {
          System.arraycopy(row, 0, first, 0, g);
        }
        int at = codes[i] * g;
        for (int j = 0; j < g; j++) {
          sums[at + j] += row[j];
        }
        if (keepConstant) {
          for (int j = 0; j < g; j++) {
            varies[j] |= row[j] != first[j];
          }
        }
        for (int k = 0; k < q; k++) {
          double weight = basis[i * q + k];
          int to = (sizes.length + k) * g;
          for (int j = 0; j < g; j++) {
            sums[to + j] += weight * row[j];
          }
        }
      }
      for (int b = 0; b < sizes.length; b++) {
        for (int j = 0; j < g; j++) {
          boolean kept = sizes[b] == 0 || (keepConstant && !varies[j]);
          sums[b * g + j] = kept ? 0 : sums[b * g + j] / sizes[b];
        }
      }
      return sums;
    }

    void subtract(DenseMatrix x, int from, int g, double[] coefficients) {
      double[] row = new double[g];
      for (int i = 0; i < codes.length; i++) {
        x.readRow(i, from, g, row);
        int at = codes[i] * g;
        for (int j = 0; j < g; j++) {
          row[j] -= coefficients[at + j];
        }
        for (int k = 0; k < q; k++) {
          double weight = basis[i * q + k];
          int start = (sizes.length + k) * g;
          for (int j = 0; j < g; j++) {
            row[j] -= weight * coefficients[start + j];
          }
        }
        x.setRow(i, from, g, row);
      }
    }
  }
}
