package org.cellweave.preprocess;

import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Aggregate.Func;
import org.cellweave.util.Check;

/**
 * Cells of a sample as one row: sums or means of their counts, without samples of too few cells or
 * counts. See {@link Aggregate} for cost.
 */
public final class Pseudobulk {
  private Pseudobulk() {}

  /** What a row holds. */
  public enum Summary {
    SUM,
    MEAN
  }

  /**
   * @param func what a row holds
   * @param minCells samples with fewer are left out
   * @param minCounts samples whose cells have less in sum are left out
   */
  public record Params(Summary func, int minCells, double minCounts) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(minCells, "minCells");
      Check.nonNegative(minCounts, "minCounts");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Summary func = Summary.SUM;
      private int minCells = 10;
      private double minCounts = 0;

      public Builder func(Summary value) {
        func = value;
        return this;
      }

      public Builder minCells(int value) {
        minCells = value;
        return this;
      }

      public Builder minCounts(double value) {
        minCounts = value;
        return this;
      }

      public Params build() {
        return new Params(func, minCells, minCounts);
      }
    }
  }

  /**
   * @param values samples kept by columns, float64
   * @param expressed share of the cells in which each value is not zero
   * @param kept which of the samples given these are, ascending
   * @param cells of each
   * @param counts of each, all columns together
   */
  public record Result(
      DenseMatrix values, DenseMatrix expressed, int[] kept, int[] cells, double[] counts) {}

  /**
   * @param codes sample of every row in {@code [0, nSamples)}, -1 for none
   */
  public static Result run(Matrix x, int[] codes, int nSamples, Params params) {
    var funcs = Aggregate.Params.builder().funcs(Func.SUM, Func.MEAN, Func.COUNT_NONZERO).build();
    var all = Aggregate.run(x, codes, nSamples, null, funcs);
    double[] totals = new double[nSamples];
    double[] row = new double[x.nCols()];
    for (int s = 0; s < nSamples; s++) {
      all.values().get(Func.SUM).readRow(s, row);
      for (double value : row) {
        totals[s] += value;
      }
    }
    int[] kept =
        IntStream.range(0, nSamples)
            .filter(s -> all.sizes()[s] >= Math.max(1, params.minCells()))
            .filter(s -> totals[s] >= params.minCounts())
            .toArray();
    var values = all.values().get(params.func() == Summary.SUM ? Func.SUM : Func.MEAN);
    var expressed = DenseMatrix.zeros(kept.length, x.nCols(), DType.FLOAT64);
    for (int k = 0; k < kept.length; k++) {
      all.values().get(Func.COUNT_NONZERO).readRow(kept[k], row);
      for (int j = 0; j < row.length; j++) {
        row[j] /= all.sizes()[kept[k]];
      }
      expressed.setRow(k, row);
    }
    return new Result(
        values.takeRows(kept),
        expressed,
        kept,
        IntStream.of(kept).map(s -> all.sizes()[s]).toArray(),
        IntStream.of(kept).mapToDouble(s -> totals[s]).toArray());
  }
}
