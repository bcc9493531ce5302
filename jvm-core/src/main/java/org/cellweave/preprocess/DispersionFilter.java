package org.cellweave.preprocess;

import java.util.Arrays;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Variable genes by dispersion in bins of the mean, as the published recipes of Seurat and Cell
 * Ranger choose them: scanpy's {@code filter_genes_dispersion}.
 *
 * <p>Unlike {@link HighlyVariableGenes} it takes normalised counts as they are, and {@code
 * CELL_RANGER} takes genes of unusually small dispersion as well. Departure from scanpy: exactly
 * {@code nTopGenes} genes and those tied with the last, where scanpy may lose that one to rounding.
 *
 * <p>Cost: one pass. Numbers matched: scanpy 1.11.5.
 *
 * @see <a href="https://doi.org/10.1038/nbt.3192">Satija 2015</a>, <a
 *     href="https://doi.org/10.1038/ncomms14049">Zheng 2017</a>
 */
public final class DispersionFilter {
  private static final double NO_MEAN = 1e-12;

  private DispersionFilter() {}

  /** Whose bins to use. */
  public enum Flavor {
    SEURAT,
    CELL_RANGER
  }

  /**
   * @param flavor method
   * @param nTopGenes how many genes to select; null selects by the cutoffs
   * @param minDisp lower bound of the normalised dispersion, exclusive
   * @param minMean lower bound of the mean, exclusive
   * @param maxMean upper bound of the mean, exclusive
   * @param nBins number of bins for {@code SEURAT}
   * @param log take logarithms of means and dispersions first
   */
  public record Params(
      Flavor flavor,
      Integer nTopGenes,
      double minDisp,
      double minMean,
      double maxMean,
      int nBins,
      boolean log) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nTopGenes != null) {
        Check.positive(nTopGenes, "nTopGenes");
      }
      Check.positive(nBins, "nBins");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.SEURAT;
      private Integer nTopGenes = null;
      private double minDisp = 0.5;
      private double minMean = 0.0125;
      private double maxMean = 3;
      private int nBins = 20;
      private boolean log = true;

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Builder nTopGenes(Integer value) {
        this.nTopGenes = value;
        return this;
      }

      public Builder minDisp(double value) {
        this.minDisp = value;
        return this;
      }

      public Builder minMean(double value) {
        this.minMean = value;
        return this;
      }

      public Builder maxMean(double value) {
        this.maxMean = value;
        return this;
      }

      public Builder nBins(int value) {
        this.nBins = value;
        return this;
      }

      public Builder log(boolean value) {
        this.log = value;
        return this;
      }

      public Params build() {
        return new Params(flavor, nTopGenes, minDisp, minMean, maxMean, nBins, log);
      }
    }
  }

  /**
   * @param selected genes that pass
   * @param means after the logarithm, where it was taken
   * @param dispersions after the logarithm, where it was taken
   * @param dispersionsNorm within bins
   */
  public record Result(
      boolean[] selected, double[] means, double[] dispersions, double[] dispersionsNorm) {}

  /**
   * @param x normalised counts or logarithms, cells by genes; not changed
   */
  public static Result run(Matrix x, Params params) {
    int n = x.nRows();
    if (n < 2 || x.nCols() == 0) {
      throw new IllegalArgumentException(
          "a dispersion needs at least 2 cells and 1 gene, but X is " + x.shape());
    }
    ColumnSums sums = GroupSums.whole(Rows.of(x)).collect(GroupSums.PLAIN)[0];
    if (!sums.isFinite()) {
      throw Finite.sumsRefused(x, "X", "filterGenesDispersion");
    }
    double[] mean = new double[x.nCols()];
    double[] dispersion = new double[x.nCols()];
    for (int j = 0; j < mean.length; j++) {
      double m = sums.mean(j, n);
      m = m == 0 ? NO_MEAN : m;
      double d = sums.variance(j, n) / m;
      mean[j] = params.log() ? Elementary.log1p(m) : m;
      dispersion[j] = !params.log() ? d : d == 0 ? Double.NaN : Elementary.log(d);
    }
    double[] norm;
    if (params.flavor() == Flavor.SEURAT) {
      norm = DispersionBins.bySeurat(mean, dispersion, params.nBins());
    } else {
      norm = DispersionBins.byCellRanger(mean, dispersion);
      Arrays.setAll(norm, j -> Math.abs(norm[j]));
    }
    return new Result(select(mean, norm, params), mean, dispersion, norm);
  }

  private static boolean[] select(double[] mean, double[] norm, Params params) {
    boolean[] selected = new boolean[norm.length];
    double cut = Double.NEGATIVE_INFINITY;
    if (params.nTopGenes() != null) {
      double[] known = Arrays.stream(norm).filter(d -> !Double.isNaN(d)).sorted().toArray();
      cut =
          known.length == 0 ? 0 : known[known.length - Math.min(params.nTopGenes(), known.length)];
    }
    for (int j = 0; j < norm.length; j++) {
      if (params.nTopGenes() != null) {
        selected[j] = norm[j] >= cut;
      } else {
        double d = Double.isNaN(norm[j]) ? 0 : norm[j];
        selected[j] =
            mean[j] > params.minMean() && mean[j] < params.maxMean() && d > params.minDisp();
      }
    }
    return selected;
  }
}
