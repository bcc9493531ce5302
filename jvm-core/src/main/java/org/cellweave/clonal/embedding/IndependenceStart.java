package org.cellweave.clonal.embedding;

import org.cellweave.linalg.LeadingEigen;
import org.cellweave.util.Elementary;

/**
 * Factors to start a Poisson model from: the leading axes of the counts' relative excess over
 * independence, {@code (counts - expected) / expected}, weighted by the square roots of what is
 * expected: those of correspondence analysis, to which the model is near where counts are near
 * independence. Where they are far from it the axes are shortened until the likelihood gains.
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1861-6">Townes et al. 2019, section 2</a>
 */
final class IndependenceStart {
  private static final double LEAST = 1e-10;
  private static final int MAX_HALVINGS = 20;

  private IndependenceStart() {}

  /** Writes factors of rows and columns, rows of d. */
  static void write(
      ContextCounts data,
      PoissonFactors.Offsets offsets,
      PoissonFactors.Params params,
      double[] rows,
      double[] columns) {
    int d = params.zDim();
    double[] rootRow = halfExponentials(offsets.row());
    double[] rootColumn = halfExponentials(offsets.column());
    double[] scratch = new double[data.nRows];
    var task =
        new LeadingEigen.Task(
            data.nCols,
            d,
            LeadingEigen.Order.LARGEST,
            1e-8,
            params.seed(),
            "the start of the factors",
            "Lower zDim");
    var pairs =
        LeadingEigen.pairs(
            task,
            (x, y) -> {
              times(data, rootRow, rootColumn, x, 0, scratch);
              timesTransposed(data, rootRow, rootColumn, scratch, y);
            });
    double largest = Math.max(0, pairs.values()[0]);
    for (int c = 0; c < d; c++) {
      double square = pairs.values()[c];
      if (!(square > LEAST * largest)) {
        continue;
      }
      double quarter = Math.sqrt(Math.sqrt(square));
      times(data, rootRow, rootColumn, pairs.vectors(), c * data.nCols, scratch);
      for (int i = 0; i < data.nRows; i++) {
        rows[i * d + c] = scratch[i] / quarter / rootRow[i];
      }
      for (int j = 0; j < data.nCols; j++) {
        columns[j * d + c] = pairs.vectors()[c * data.nCols + j] * quarter / rootColumn[j];
      }
    }
    shorten(data, offsets, params, rows, columns);
  }

  /** Halves all factors until the model is no worse than independence. */
  private static void shorten(
      ContextCounts data,
      PoissonFactors.Offsets offsets,
      PoissonFactors.Params params,
      double[] rows,
      double[] columns) {
    double independent =
        PoissonTurn.likelihood(
            data, new double[rows.length], new double[columns.length], offsets, params);
    for (int k = 0; k < MAX_HALVINGS; k++) {
      if (PoissonTurn.likelihood(data, rows, columns, offsets, params) > independent) {
        return;
      }
      RowKernels.scale(rows, 0.5, rows.length);
      RowKernels.scale(columns, 0.5, columns.length);
    }
  }

  private static double[] halfExponentials(double[] logs) {
    double[] out = new double[logs.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = Elementary.exp(logs[k] / 2);
    }
    return out;
  }

  /** The standardised residuals times a vector: a sparse part and one of rank one. */
  private static void times(
      ContextCounts data, double[] rootRow, double[] rootColumn, double[] x, int from, double[] y) {
    double shift = 0;
    for (int j = 0; j < data.nCols; j++) {
      shift += rootColumn[j] * x[from + j];
    }
    for (int i = 0; i < data.nRows; i++) {
      double sum = 0;
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        sum += data.counts[p] / rootColumn[data.at[p]] * x[from + data.at[p]];
      }
      y[i] = sum / rootRow[i] - rootRow[i] * shift;
    }
  }

  private static void timesTransposed(
      ContextCounts data, double[] rootRow, double[] rootColumn, double[] x, double[] y) {
    double shift = 0;
    java.util.Arrays.fill(y, 0);
    for (int i = 0; i < data.nRows; i++) {
      shift += rootRow[i] * x[i];
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        y[data.at[p]] += data.counts[p] / rootRow[i] / rootColumn[data.at[p]] * x[i];
      }
    }
    for (int j = 0; j < data.nCols; j++) {
      y[j] -= rootColumn[j] * shift;
    }
  }
}
