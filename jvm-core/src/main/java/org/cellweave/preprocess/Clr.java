package org.cellweave.preprocess;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Elementary;

/**
 * Centred log ratios of counts of surface proteins: every value against the geometric mean of its
 * feature over all cells, or of its cell over all features.
 *
 * <p>{@code SEURAT} is {@code ln(1 + x / exp(mean of ln(1 + x)))}: what Seurat computes and muon by
 * default; nothing is negative and zeros stay zeros, so that a sparse matrix stays sparse. {@code
 * STOECKIUS} is {@code ln(1 + x)} less its mean, the ratio as the paper of CITE-seq defines it:
 * with negative values, dense. Cost: three passes over the stored values and, for a moment, a copy
 * of them. Threads do not change a bit.
 *
 * @see <a href="https://doi.org/10.1038/nmeth.4380">Stoeckius et al. 2017</a>
 */
public final class Clr {
  private Clr() {}

  /** What is centred. */
  public enum Axis {
    /** Each feature over all cells: Seurat's margin 1, muon's axis 0. */
    FEATURES,
    /** Each cell over all features: Seurat's margin 2, muon's axis 1. */
    CELLS
  }

  /** Which definition. */
  public enum Flavor {
    SEURAT,
    STOECKIUS
  }

  /**
   * @param axis what is centred
   * @param flavor which definition
   */
  public record Params(Axis axis, Flavor flavor) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Axis axis = Axis.FEATURES;
      private Flavor flavor = Flavor.SEURAT;

      public Builder axis(Axis value) {
        this.axis = value;
        return this;
      }

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Params build() {
        return new Params(axis, flavor);
      }
    }
  }

  /**
   * @param x cells by features, counts; changed in place
   * @return {@code x}, or a dense matrix where the flavor makes one of a sparse {@code x}
   * @throws IllegalArgumentException for NaN, infinite or negative values, before any is changed
   */
  public static Matrix run(Matrix x, Params params) {
    ValueFacts.of(x).requireCounts("clr");
    Matrix logs = x.own();
    Log1p.run(logs, Log1p.Params.DEFAULTS);
    boolean features = params.axis() == Axis.FEATURES;
    double[] mean = features ? logs.colSums() : logs.rowSums();
    int n = features ? x.nRows() : x.nCols();
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= n;
    }
    if (params.flavor() == Flavor.STOECKIUS) {
      return centred(logs.toDense(), mean, features);
    }
    EachValue.change(x, (i, j, v) -> Elementary.log1p(v * Elementary.exp(-mean[features ? j : i])));
    return x;
  }

  private static DenseMatrix centred(DenseMatrix logs, double[] mean, boolean features) {
    double[] row = new double[logs.nCols()];
    for (int i = 0; i < logs.nRows(); i++) {
      logs.readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        row[j] -= mean[features ? j : i];
      }
      logs.setRow(i, row);
    }
    return logs;
  }
}
