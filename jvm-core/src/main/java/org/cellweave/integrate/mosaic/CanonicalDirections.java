package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import org.cellweave.linalg.SingularValues;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/**
 * Directions along which the principal components of two modalities tell the same, and how features
 * go with them: exact canonical correlation analysis of the components, which are orthogonal, so
 * that their inner products hold all that is needed.
 *
 * @param correlations of the directions, descending
 * @param ofX varying features of the first modality by directions: correlations with the variates
 * @param ofY as {@code ofX}, of the second
 */
record CanonicalDirections(double[] correlations, double[] ofX, double[] ofY) {

  static CanonicalDirections of(
      StandardisedFeatures x,
      int[] ofX,
      StandardisedFeatures y,
      int[] ofY,
      FeatureLinks.Params params) {
    DenseMatrix left = components(x, ofX, params.nCompsX());
    DenseMatrix right = components(y, ofY, params.nCompsY());
    int size = Math.max(left.nCols(), right.nCols());
    double[][] inner = new double[size][size];
    for (int i = 0; i < x.nCells(); i++) {
      for (int a = 0; a < left.nCols(); a++) {
        for (int b = 0; b < right.nCols(); b++) {
          inner[a][b] += left.get(i, a) * right.get(i, b);
        }
      }
    }
    var singular = SingularValues.of(inner);
    int k = Math.min(params.nCanonical(), Math.min(left.nCols(), right.nCols()));
    double[] correlations = Arrays.stream(singular.s()).limit(k).map(r -> Math.min(1, r)).toArray();
    return new CanonicalDirections(
        correlations,
        structure(x, ofX, rotated(left, singular.u(), k)),
        structure(y, ofY, rotated(right, singular.v(), k)));
  }

  /** Principal components of length one. */
  private static DenseMatrix components(StandardisedFeatures values, int[] columns, int wanted) {
    int k = Math.min(wanted, Math.min(columns.length, values.nCells() - 1));
    double[] loadings = values.loadings(columns, k);
    DenseMatrix out = values.times(columns, loadings, new double[k]);
    for (int c = 0; c < k; c++) {
      double[] column = out.column(c);
      double length = Math.sqrt(Arrays.stream(column).map(v -> v * v).sum());
      for (int i = 0; i < column.length; i++) {
        out.set(i, c, length > 0 ? column[i] / length : 0);
      }
    }
    return out;
  }

  private static DenseMatrix rotated(DenseMatrix unit, double[][] rotation, int k) {
    var out = DenseMatrix.zeros(unit.nRows(), k, DType.FLOAT64);
    double[] row = new double[k];
    for (int i = 0; i < unit.nRows(); i++) {
      Arrays.fill(row, 0);
      for (int a = 0; a < unit.nCols(); a++) {
        double v = unit.get(i, a);
        for (int c = 0; c < k; c++) {
          row[c] += v * rotation[a][c];
        }
      }
      out.setRow(i, row);
    }
    return out;
  }

  private static double[] structure(
      StandardisedFeatures values, int[] columns, DenseMatrix variates) {
    int k = variates.nCols();
    double[] out = values.cross(columns, variates);
    for (int f = 0; f < columns.length; f++) {
      double length = Math.sqrt(values.squares(columns[f]));
      for (int c = 0; c < k; c++) {
        out[f * k + c] /= length;
      }
    }
    return out;
  }

  void writeTo(DenseMatrix scores, int[] columnsOfX, int[] columnsOfY) {
    int k = correlations.length;
    for (int i = 0; i < columnsOfX.length; i++) {
      for (int j = 0; j < columnsOfY.length; j++) {
        double sum = 0;
        for (int c = 0; c < k; c++) {
          sum += correlations[c] * correlations[c] * ofX[i * k + c] * ofY[j * k + c];
        }
        scores.set(columnsOfX[i], columnsOfY[j], sum);
      }
    }
  }
}
