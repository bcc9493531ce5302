package org.cellweave.neural.data;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.RefusedValueException;

/** Refuses what models cannot take, by the cell and gene, before anything is trained. */
final class CovariateChecks {
  private CovariateChecks() {}

  /**
   * Sum of the counts of every cell.
   *
   * @throws RefusedValueException for a count that is negative or no whole number, and for a cell
   *     without counts
   */
  static double[] totals(CountRows rows, String name) {
    double[] totals = new double[rows.nCells()];
    rows.forEach(
        (cell, genes, start, values, n) -> {
          double sum = 0;
          for (int k = 0; k < n; k++) {
            double x = values[k];
            // as float32, which minibatches are, it must still be a number
            if (!(x >= 0 && x <= Float.MAX_VALUE) || x != Math.rint(x)) {
              throw new RefusedValueException(
                  name
                      + " must hold counts, but ["
                      + cell
                      + ", "
                      + genes[start + k]
                      + "] is "
                      + x
                      + ". Give the layer with raw counts, as it was before normalisation",
                  cell,
                  genes[start + k],
                  x);
            }
            sum += x;
          }
          if (sum == 0) {
            throw new RefusedValueException(
                "cell "
                    + cell
                    + " of "
                    + name
                    + " has no counts, so that its total has no logarithm. Leave such cells out"
                    + " first (sc.pp.filterCells(minCounts = 1)), among these genes",
                cell,
                -1,
                0);
          }
          totals[cell] = sum;
        });
    return totals;
  }

  static float[] sideBySide(List<double[]> columns, int n) {
    float[] out = new float[n * columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      double[] column = columns.get(c);
      Check.sameLength(column.length, n, "continuous covariate " + c, "number of cells");
      for (int i = 0; i < n; i++) {
        if (!Double.isFinite(column[i])) {
          throw new NonFiniteException(
              "continuous covariate "
                  + c
                  + " is "
                  + column[i]
                  + " for cell "
                  + i
                  + ". Fill it or leave the cell out",
              "continuous covariate",
              i,
              c,
              column[i]);
        }
        out[i * columns.size() + c] = (float) column[i];
      }
    }
    return out;
  }

  static double[] sizeFactors(double[] factors, int n) {
    if (factors == null) {
      return null;
    }
    Check.sameLength(factors.length, n, "size factors", "number of cells");
    positive(factors, "size factors");
    return factors.clone();
  }

  static void positive(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] > 0) || Double.isInfinite(values[i])) {
        throw new RefusedValueException(
            name + " must be positive, got " + values[i] + " for cell " + i, i, -1, values[i]);
      }
    }
  }

  /** Mean and population variance of the logarithm of totals, by batch; 0 and 1 without cells. */
  static void logTotals(double[] totals, Categories batch, double[] means, double[] variances) {
    int[] sizes = batch.sizes();
    for (int i = 0; i < totals.length; i++) {
      means[batch.code(i)] += Elementary.log(totals[i]);
    }
    for (int b = 0; b < means.length; b++) {
      means[b] = sizes[b] == 0 ? 0 : means[b] / sizes[b];
    }
    for (int i = 0; i < totals.length; i++) {
      double d = Elementary.log(totals[i]) - means[batch.code(i)];
      variances[batch.code(i)] += d * d;
    }
    for (int b = 0; b < means.length; b++) {
      // cells of one total would make a prior without width
      variances[b] = sizes[b] == 0 ? 1 : Math.max(variances[b] / sizes[b], 1e-8);
    }
  }
}
