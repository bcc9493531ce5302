package org.cellweave.integrate.combat;

import org.cellweave.design.Categories;
import org.cellweave.design.DesignMatrix;
import org.cellweave.linalg.OrthonormalBasis;

/**
 * Covariates as an orthonormal basis Q of what they add to the batches.
 *
 * <p>With C the covariates centred within batches and C = QR, a gene y has the coefficients {@code
 * beta = Q'y}. Its fitted value in cell i, without the shift of the batch, is the mean of y plus
 * {@code Q_i beta + offset_b beta}, where {@code offset_b = R^-T (mean of the covariates in batch b
 * - overall mean)}.
 */
final class CombatDesign {
  /** A column that keeps less than this share of its length is a combination of the others. */
  private static final double INDEPENDENT = 1e-8;

  private final int rank;
  private final double[] basis;
  private final double[][] offset;

  private CombatDesign(int rank, double[] basis, double[][] offset) {
    this.rank = rank;
    this.basis = basis;
    this.offset = offset;
  }

  /** Number of columns. */
  int rank() {
    return rank;
  }

  /** Q, one row of {@link #rank()} values per cell. */
  double[] basis() {
    return basis;
  }

  /** One row per batch. */
  double[][] offset() {
    return offset;
  }

  static CombatDesign of(Categories batch, DesignMatrix covariates) {
    int q = covariates.nColumns();
    int[] sizes = batch.sizes();
    double[][] columns = new double[q][];
    double[][] shift = new double[q][];
    double[] least = new double[q];
    for (int k = 0; k < q; k++) {
      double[] column = covariates.columns()[k];
      columns[k] = column.clone();
      shift[k] = centre(columns[k], batch.codes(), sizes);
      least[k] = INDEPENDENT * spread(column);
    }
    var basis = OrthonormalBasis.of(columns, least);
    for (int c = 0; c < q; c++) {
      if (c >= basis.rank() || basis.kept()[c] != c) {
        throw new IllegalArgumentException(
            covariates.names().get(c)
                + " is confounded: the batches and the other covariates determine it, so its effect"
                + " cannot be told from theirs. Leave it out");
      }
    }
    return new CombatDesign(q, basis.byRow(), offsets(shift, basis.r(), sizes.length));
  }

  /** The length of a column around its mean, or what rounding leaves of one that is constant. */
  private static double spread(double[] column) {
    double mean = 0;
    for (double x : column) {
      mean += x / column.length;
    }
    double squares = 0;
    for (double x : column) {
      squares += (x - mean) * (x - mean);
    }
    return Math.max(Math.sqrt(squares), 1e-8 * Math.abs(mean) * Math.sqrt(column.length));
  }

  /** Subtracts batch means; returns how far each lies above the overall mean. */
  private static double[] centre(double[] column, int[] codes, int[] sizes) {
    double[] mean = new double[sizes.length];
    double overall = 0;
    for (int i = 0; i < codes.length; i++) {
      mean[codes[i]] += column[i];
      overall += column[i];
    }
    overall /= codes.length;
    for (int b = 0; b < sizes.length; b++) {
      mean[b] /= sizes[b];
    }
    for (int i = 0; i < codes.length; i++) {
      column[i] -= mean[codes[i]];
    }
    for (int b = 0; b < sizes.length; b++) {
      mean[b] -= overall;
    }
    return mean;
  }

  /** Solves {@code R'w = shift_b} for every batch. */
  private static double[][] offsets(double[][] shift, double[][] r, int nBatches) {
    int q = shift.length;
    double[][] out = new double[nBatches][q];
    for (int b = 0; b < nBatches; b++) {
      for (int k = 0; k < q; k++) {
        double w = shift[k][b];
        for (int j = 0; j < k; j++) {
          w -= r[j][k] * out[b][j];
        }
        out[b][k] = w / r[k][k];
      }
    }
    return out;
  }
}
