package org.cellweave.clonal.alignment;

import java.util.Arrays;
import org.cellweave.integrate.anchors.MergeStep;

/**
 * Where the two ends of every anchor of a step lie.
 *
 * @param query one row for every anchor
 * @param reference the other end
 * @param weights of the anchors
 */
record AnchorPoints(double[][] query, double[][] reference, double[] weights) {

  /**
   * @param x embedding, a row for every clone
   * @throws IllegalArgumentException when there are too few anchors
   */
  static AnchorPoints of(double[][] x, MergeStep step, AnchorAlignment.Params params) {
    double[] used = step.weights().clone();
    if (!params.weighted()) {
      Arrays.fill(used, 1);
    }
    long effective = Arrays.stream(used).filter(w -> w > 0).count();
    if (effective < params.minAnchors()) {
      throw new IllegalArgumentException(
          "an alignment needs at least minAnchors = "
              + params.minAnchors()
              + " anchors of a weight above 0 between the two sides of a step, but "
              + step.anchors().called(step.queryBatches())
              + " and "
              + step.anchors().called(step.referenceBatches())
              + " have "
              + effective
              + " in "
              + step.anchors().name()
              + "; search for anchors with a larger k");
    }
    return new AnchorPoints(rows(x, step.queryEnds()), rows(x, step.referenceEnds()), used);
  }

  static double[][] rows(double[][] x, int[] at) {
    return Arrays.stream(at).mapToObj(i -> x[i]).toArray(double[][]::new);
  }

  int size() {
    return weights.length;
  }

  int nCols() {
    return query[0].length;
  }

  AnchorPoints weighted(double[] others) {
    return new AnchorPoints(query, reference, others);
  }

  /** Anchors that count. */
  int effective() {
    int count = 0;
    for (double w : weights) {
      count += w > 0 ? 1 : 0;
    }
    return count;
  }

  double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    double total = 0;
    for (double w : weights) {
      total += w;
    }
    for (int p = 0; p < rows.length; p++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += rows[p][j] * weights[p] / total;
      }
    }
    return mean;
  }

  /** Rows less their weighted mean. */
  double[][] centred(double[][] rows) {
    double[] mean = mean(rows);
    double[][] out = new double[rows.length][mean.length];
    for (int p = 0; p < rows.length; p++) {
      for (int j = 0; j < mean.length; j++) {
        out[p][j] = rows[p][j] - mean[j];
      }
    }
    return out;
  }

  /** {@code a' W b}. */
  double[][] products(double[][] a, double[][] b) {
    double[][] out = new double[a[0].length][b[0].length];
    for (int p = 0; p < a.length; p++) {
      for (int i = 0; i < out.length; i++) {
        for (int j = 0; j < out[i].length; j++) {
          out[i][j] += weights[p] * a[p][i] * b[p][j];
        }
      }
    }
    return out;
  }

  /** Length of the difference that a map leaves between the ends of every anchor. */
  double[] residuals(AffineMap map) {
    double[] out = new double[size()];
    for (int p = 0; p < out.length; p++) {
      double[] moved = map.apply(query[p]);
      for (int j = 0; j < moved.length; j++) {
        out[p] += (moved[j] - reference[p][j]) * (moved[j] - reference[p][j]);
      }
      out[p] = Math.sqrt(out[p]);
    }
    return out;
  }

  /** Share of the variance of the reference's ends that a map explains; NaN when there is none. */
  double explained(AffineMap map) {
    double[] residuals = residuals(map);
    double[][] centred = centred(reference);
    double left = 0;
    double all = 0;
    for (int p = 0; p < residuals.length; p++) {
      left += weights[p] * residuals[p] * residuals[p];
      for (double v : centred[p]) {
        all += weights[p] * v * v;
      }
    }
    return all > 0 ? 1 - left / all : Double.NaN;
  }
}
