package org.cellweave.preprocess;

import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowChange;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Brings every gene to unit variance, and to mean zero unless asked not to, as scanpy's {@code
 * scale}.
 *
 * <p>With {@code zeroCenter} the result is dense: a dense floating matrix is changed in place, any
 * other input becomes a new one (float32 stays float32, integers become float64). Without it a
 * sparse matrix stays sparse and is changed in place. A row mask limits both the moments and the
 * change to its rows.
 *
 * <p>Cost: two passes over the values. Genes without variance are only centred (divided by 1).
 * Numbers matched: scanpy 1.11.5.
 */
public final class Scale {
  private static final int ROWS_PER_BLOCK = 256;

  private Scale() {}

  /**
   * @param zeroCenter subtract the mean; makes the result dense
   * @param maxValue clip to this afterwards (below too when centred); null for no clipping
   */
  public record Params(boolean zeroCenter, Double maxValue) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (maxValue != null) {
        Check.positive(maxValue, "maxValue");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean zeroCenter = true;
      private Double maxValue = null;

      public Builder zeroCenter(boolean value) {
        this.zeroCenter = value;
        return this;
      }

      public Builder maxValue(Double value) {
        this.maxValue = value;
        return this;
      }

      public Params build() {
        return new Params(zeroCenter, maxValue);
      }
    }
  }

  /**
   * @param x the scaled matrix; the input itself where it was changed in place
   * @param mean of every gene over the rows used
   * @param std standard deviation ({@code n - 1}) of every gene, 1 where there is none
   */
  public record Result(Matrix x, double[] mean, double[] std) {}

  /**
   * @param rowMask rows to use and to change; null for all
   */
  public static Result run(Matrix x, boolean[] rowMask, Params params) {
    if (rowMask != null) {
      Check.sameLength(rowMask.length, x.nRows(), "rowMask", "number of cells");
    }
    double[] mean = new double[x.nCols()];
    double[] std = new double[x.nCols()];
    moments(x, rowMask, mean, std);
    if (params.zeroCenter() || !x.isSparse()) {
      DenseMatrix target = floatingDense(x);
      scaleDense(target, rowMask, params.zeroCenter() ? mean : null, std, params);
      return new Result(target, mean, std);
    }
    Matrix target = x.dtype().isFloating() ? x : x.withDType(DType.FLOAT64).own();
    if (target instanceof CsrMatrix csr) {
      target = csr.changed(scaling(rowMask, std, params.maxValue()));
    } else {
      ((CscMatrix) target)
          .columns()
          .forBlocks(block -> scaleColumns(block, rowMask, std, params.maxValue()));
    }
    return new Result(target, mean, std);
  }

  private static void moments(Matrix x, boolean[] rowMask, double[] mean, double[] std) {
    int[] codes = new int[x.nRows()];
    int n = 0;
    for (int i = 0; i < codes.length; i++) {
      codes[i] = rowMask == null || rowMask[i] ? 0 : -1;
      n += codes[i] == 0 ? 1 : 0;
    }
    if (n < 2) {
      throw new IllegalArgumentException(
          "scale needs at least 2 cells for a variance, got "
              + n
              + (rowMask == null ? "" : ". Check the row mask"));
    }
    var sums = GroupSums.byGroup(Rows.of(x), codes, 1).collect(GroupSums.PLAIN)[0];
    if (!sums.isFinite()) {
      throw Finite.sumsRefused(x, "X", "scale");
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] = sums.mean(j, n);
      double deviation = Math.sqrt(sums.variance(j, n));
      std[j] = deviation == 0 ? 1 : deviation;
    }
  }

  /** The matrix itself when it is dense and floating; otherwise a dense copy. */
  static DenseMatrix floatingDense(Matrix x) {
    DType type = x.dtype().isFloating() ? x.dtype() : DType.FLOAT64;
    if (x instanceof DenseMatrix d) {
      return d.dtype().isFloating() ? d : d.copy().withDType(type);
    }
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), type);
    var rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        ROWS_PER_BLOCK,
        (from, to) -> {
          var reader = rows.reader();
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            reader.read(i, row);
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static void scaleDense(
      DenseMatrix x, boolean[] rowMask, double[] mean, double[] std, Params params) {
    boolean narrow = x.isFloat32Stored();
    double high = params.maxValue() == null ? Double.POSITIVE_INFINITY : params.maxValue();
    double low = mean == null ? Double.NEGATIVE_INFINITY : -high;
    Parallel.forRange(
        x.nRows(),
        ROWS_PER_BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            if (rowMask != null && !rowMask[i]) {
              continue;
            }
            x.readRow(i, row);
            for (int j = 0; j < row.length; j++) {
              double centred = mean == null ? row[j] : row[j] - mean[j];
              // scanpy subtracts in place, so a float32 difference is rounded before the division
              double scaled = (narrow ? (float) centred : centred) / std[j];
              row[j] = Math.max(low, Math.min(high, scaled));
            }
            x.setRow(i, row);
          }
        });
  }

  private static RowChange scaling(boolean[] rowMask, double[] std, Double maxValue) {
    return () ->
        (row, block, from, to) -> {
          for (int p = from; p < to && (rowMask == null || rowMask[row]); p++) {
            set(block, p, block.value(p) / std[block.indices()[p]], maxValue);
          }
        };
  }

  private static void scaleColumns(
      CsrMatrix.Block block, boolean[] rowMask, double[] std, Double maxValue) {
    for (int j = block.firstRow(); j < block.endRow(); j++) {
      int end = block.end(j);
      for (int p = block.start(j); p < end; p++) {
        if (rowMask == null || rowMask[block.indices()[p]]) {
          set(block, p, block.value(p) / std[j], maxValue);
        }
      }
    }
  }

  private static void set(CsrMatrix.Block block, int p, double v, Double maxValue) {
    double clipped = maxValue == null ? v : Math.min(maxValue, v);
    if (block.values() != null) {
      block.values()[p] = (float) clipped;
    } else {
      block.wideValues()[p] = clipped;
    }
  }
}
