package org.cellweave.neighbors;

/**
 * Where some rows lie: within {@code radius} of their mean, by Manhattan distance where that is the
 * metric, else by the Euclidean one of the transformed rows.
 */
record Ball(double[] centre, double radius) {
  /**
   * @param order rows of the points, those from place {@code from} to before {@code to} being meant
   */
  static Ball around(PointSet points, int[] order, int from, int to) {
    double[] row = new double[points.d];
    double[] centre = new double[points.d];
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      for (int j = 0; j < row.length; j++) {
        centre[j] += row[j] / (to - from);
      }
    }
    double most = 0;
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      most = Math.max(most, gap(points.metric, row, centre));
    }
    // a little more than rounding
    return new Ball(centre, most * (1 + 1e-9));
  }

  /** The distance of two transformed rows. */
  static double gap(Metric metric, double[] a, double[] b) {
    double sum = 0;
    if (metric == Metric.MANHATTAN) {
      for (int j = 0; j < a.length; j++) {
        sum += Math.abs(a[j] - b[j]);
      }
      return sum;
    }
    for (int j = 0; j < a.length; j++) {
      double diff = a[j] - b[j];
      sum += diff * diff;
    }
    return Math.sqrt(sum);
  }
}
