package org.cellweave.integrate.mosaic;

import java.util.Map;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.matrix.DenseMatrix;

/**
 * A linear map from standardised features to some dimensions.
 *
 * @param features keys of what it reads
 * @param w features by dimensions, row-major
 * @param intercept one for every dimension
 */
record FeatureMap(String[] features, double[] w, double[] intercept) {

  int dimensions() {
    return intercept.length;
  }

  /** The cells of a part that has all the features. */
  DenseMatrix apply(MosaicPart part, StandardisedFeatures values) {
    Map<String, Integer> columns = part.columns();
    int[] at = new int[features.length];
    for (int f = 0; f < at.length; f++) {
      at[f] = columns.get(features[f]);
    }
    return values.times(at, w, intercept);
  }

  /**
   * This map after another one, whose dimensions are the features that this one reads, in their
   * order.
   */
  FeatureMap after(FeatureMap first) {
    int k = dimensions();
    double[] composed = new double[first.features.length * k];
    for (int f = 0; f < first.features.length; f++) {
      addTimes(first.w, f * features.length, composed, f * k);
    }
    double[] shift = intercept.clone();
    addTimes(first.intercept, 0, shift, 0);
    return new FeatureMap(first.features, composed, shift);
  }

  /** Adds a row over this map's features, times this map. */
  private void addTimes(double[] row, int from, double[] sum, int to) {
    int k = dimensions();
    for (int g = 0; g < features.length; g++) {
      double v = row[from + g];
      for (int r = 0; v != 0 && r < k; r++) {
        sum[to + r] += v * w[g * k + r];
      }
    }
  }
}
