package org.cellweave.metrics;

import org.cellweave.matrix.Finite;

/** What lies between cells of two sets; the squared difference of prepared rows ranks by it. */
public enum PairMetric {
  EUCLIDEAN,
  COSINE,
  CORRELATION;

  /** Makes a row ready in place. */
  void prepare(double[] row, int cell, String set) {
    double mean = 0;
    for (int j = 0; j < row.length; j++) {
      mean += Finite.require(row[j], set, cell, j);
    }
    if (this == EUCLIDEAN) {
      return;
    }
    mean = this == CORRELATION ? mean / row.length : 0;
    double length = 0;
    for (int j = 0; j < row.length; j++) {
      row[j] -= mean;
      length += row[j] * row[j];
    }
    if (length == 0) {
      throw new IllegalArgumentException(
          set + " has no direction in row " + cell + ": all its values are equal. Use euclidean.");
    }
    double scale = 1 / Math.sqrt(length);
    for (int j = 0; j < row.length; j++) {
      row[j] *= scale;
    }
  }
}
