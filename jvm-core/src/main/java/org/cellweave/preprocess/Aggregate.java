package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Sums, means, variances, medians and numbers of non-zero values of groups of rows.
 *
 * <p>Unlike scanpy 1.11.5, a mask also counts for the sizes that means and variances are divided
 * by, and for medians. A variance that is rounding error of the mean is 0; a group without rows has
 * sums of 0 and otherwise NaN.
 *
 * <p>Cost: one pass over the values, which stay sparse; medians a transpose and a sort.
 */
public final class Aggregate {
  private static final int GENES_PER_BLOCK = 64;
  private static final double ROUNDING = 0x1p43;

  private Aggregate() {}

  /** What is computed. */
  public enum Func {
    MEAN,
    SUM,
    COUNT_NONZERO,
    VAR,
    MEDIAN
  }

  /**
   * @param funcs what is computed
   * @param dof taken off the number of rows that a variance is divided by
   */
  public record Params(Set<Func> funcs, int dof) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (funcs.isEmpty()) {
        throw new IllegalArgumentException(
            "func must not be empty; choose among " + Arrays.toString(Func.values()));
      }
      funcs = Set.copyOf(funcs);
      Check.nonNegative(dof, "dof");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Set<Func> funcs = EnumSet.of(Func.MEAN);
      private int dof = 1;

      public Builder funcs(Func... values) {
        funcs = Set.of(values);
        return this;
      }

      public Builder dof(int value) {
        dof = value;
        return this;
      }

      public Params build() {
        return new Params(funcs, dof);
      }
    }
  }

  /**
   * @param values groups by columns, float64, one for every function asked for
   * @param sizes rows that took part, by group
   */
  public record Result(Map<Func, DenseMatrix> values, int[] sizes) {}

  /**
   * @param codes group of every row in {@code [0, nGroups)}, -1 for none
   * @param mask rows that take part; null for all
   */
  public static Result run(Matrix x, int[] codes, int nGroups, boolean[] mask, Params params) {
    Check.sameLength(codes.length, x.nRows(), "codes", "the number of rows");
    if (mask != null) {
      Check.sameLength(mask.length, x.nRows(), "mask", "the number of rows");
    }
    int[] closed = codes.clone();
    for (int i = 0; i < closed.length; i++) {
      closed[i] = mask == null || mask[i] ? codes[i] : -1;
    }
    CsrMatrix csr = x.toCsr();
    var groups = GroupSums.byGroup(Rows.of(csr), closed, nGroups);
    int[] sizes = groups.sizes();
    Map<Func, DenseMatrix> out = new EnumMap<>(Func.class);
    for (Func func : Func.values()) {
      if (params.funcs().contains(func)) {
        out.put(func, DenseMatrix.zeros(nGroups, x.nCols(), DType.FLOAT64));
      }
    }
    if (params.funcs().stream().anyMatch(f -> f != Func.MEDIAN)) {
      totals(groups, params.dof(), out);
    }
    if (out.containsKey(Func.MEDIAN)) {
      medians(csr, closed, sizes, out.get(Func.MEDIAN));
    }
    for (DenseMatrix table : out.values()) {
      if (Finite.first(table) != null) {
        Finite.require(x, "X", "aggregate");
      }
    }
    return new Result(out, sizes);
  }

  private static void totals(GroupSums groups, int dof, Map<Func, DenseMatrix> out) {
    ColumnSums[] sums = groups.collect(GroupSums.COUNTING);
    Parallel.forBlocks(
        sums.length,
        g ->
            out.forEach(
                (func, m) -> {
                  if (func != Func.MEDIAN) {
                    m.setRow(g, row(func, sums[g], groups.sizes()[g], dof));
                  }
                }));
  }

  private static double[] row(Func func, ColumnSums sums, double n, int dof) {
    double[] sum = sums.sum();
    double[] out = new double[sum.length];
    for (int j = 0; j < out.length; j++) {
      out[j] =
          switch (func) {
            case SUM -> sum[j];
            case COUNT_NONZERO -> sums.counted()[j];
            case VAR ->
                variance(sum[j] / n, sums.squares()[j] / n)
                    * (n > dof ? n / (n - dof) : Double.NaN);
            default -> sum[j] / n;
          };
    }
    return out;
  }

  private static double variance(double mean, double meanSquare) {
    if (Double.isInfinite(meanSquare) && Double.isFinite(mean)) {
      return Double.POSITIVE_INFINITY;
    }
    double v = meanSquare - mean * mean;
    return ROUNDING * v < mean * mean ? 0 : v;
  }

  private static void medians(CsrMatrix x, int[] codes, int[] sizes, DenseMatrix out) {
    CsrMatrix byColumn = x.transposeToCsr();
    int nGroups = sizes.length;
    double[][] result = new double[x.nCols()][nGroups];
    Parallel.forRange(
        x.nCols(),
        GENES_PER_BLOCK,
        (from, to) -> {
          double[][] values = new double[nGroups][];
          Arrays.setAll(values, g -> new double[sizes[g]]);
          int[] n = new int[nGroups];
          for (int j = from; j < to; j++) {
            Arrays.fill(n, 0);
            var block = byColumn.blockOf(j);
            for (int p = block.start(j); p < block.end(j); p++) {
              int g = codes[block.indices()[p]];
              if (g >= 0) {
                values[g][n[g]++] = block.value(p);
              }
            }
            for (int g = 0; g < nGroups; g++) {
              result[j][g] = median(values[g], n[g]);
            }
          }
        });
    for (int g = 0; g < nGroups; g++) {
      double[] row = new double[x.nCols()];
      for (int j = 0; j < row.length; j++) {
        row[j] = result[j][g];
      }
      out.setRow(g, row);
    }
  }

  /** Median of the first {@code n} values and as many zeros as the array has room for. */
  private static double median(double[] values, int n) {
    int all = values.length;
    if (all == 0) {
      return Double.NaN;
    }
    Arrays.fill(values, n, all, 0);
    Arrays.sort(values);
    return all % 2 == 1 ? values[all / 2] : (values[all / 2 - 1] + values[all / 2]) / 2;
  }
}
