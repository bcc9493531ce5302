package org.cellweave.clonal.alignment;

import org.cellweave.linalg.MatrixProduct;

/**
 * {@code x -> x M + t} of row vectors.
 *
 * @param matrix M, d by d
 * @param translation t
 */
public record AffineMap(double[][] matrix, double[] translation) {

  public double[] apply(double[] x) {
    double[] out = translation.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * matrix[i][j];
      }
    }
    return out;
  }

  /** The linear map that brings one point to another. */
  static AffineMap bringing(double[] from, double[] to, double[][] matrix) {
    double[] moved = new AffineMap(matrix, new double[to.length]).apply(from);
    double[] translation = new double[to.length];
    for (int j = 0; j < to.length; j++) {
      translation[j] = to[j] - moved[j];
    }
    return new AffineMap(matrix, translation);
  }

  /** This map, and then a linear one about {@code centre}. */
  AffineMap then(double[][] linear, double[] centre) {
    double[] offset = new double[centre.length];
    for (int j = 0; j < offset.length; j++) {
      offset[j] = translation[j] - centre[j];
    }
    var about = new AffineMap(linear, centre);
    return new AffineMap(MatrixProduct.of(matrix, linear), about.apply(offset));
  }
}
