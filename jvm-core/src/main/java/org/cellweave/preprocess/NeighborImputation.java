package org.cellweave.preprocess;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;

/**
 * What is missing of some cells, taken from their nearest cells that have it: a mean of numbers, or
 * the share of each label.
 *
 * <p>Neighbours are exact and Euclidean; among equally near ones the first counts. Cost: {@code n m
 * d} for {@code n} cells without and {@code m} with a value.
 */
public final class NeighborImputation {
  /** Keeps the weight of a neighbour at distance 0 finite. */
  private static final double LEAST_DISTANCE = 1e-12;

  private NeighborImputation() {}

  /** How much a neighbour counts. */
  public enum Weights {
    /** All alike. */
    NONE,
    /** One over the distance. */
    LINEAR,
    /** {@code exp(-d^2 / (2 sigma^2))}. */
    GAUSSIAN
  }

  /**
   * @param k neighbours
   * @param sigma of {@link Weights#GAUSSIAN}; 0 for the median of the distances above 0
   */
  public record Params(int k, Weights weights, double sigma) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(k, "k");
      Check.nonNegative(sigma, "sigma");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = 10;
      private Weights weights = Weights.NONE;
      private double sigma = 0;

      private Builder() {}

      public Builder k(int value) {
        k = value;
        return this;
      }

      public Builder weights(Weights value) {
        weights = value;
        return this;
      }

      public Builder sigma(double value) {
        sigma = value;
        return this;
      }

      public Params build() {
        return new Params(k, weights, sigma);
      }
    }
  }

  /**
   * @param donors k per target, row-major, nearest first
   * @param weights of the same, which add up to 1 per target
   * @param distances of the same
   * @param sigma that was used; 0 where the weights have none
   */
  public record Result(
      int nTargets, int k, int[] donors, double[] weights, double[] distances, double sigma) {
    /** Means of numbers, one per target. */
    public double[] means(double[] ofDonors) {
      double[] out = new double[nTargets];
      for (int at = 0; at < donors.length; at++) {
        out[at / k] += weights[at] * ofDonors[donors[at]];
      }
      return out;
    }

    /** Targets by levels: how much of its neighbours has each label. */
    public DenseMatrix shares(Categories ofDonors) {
      var out = DenseMatrix.zeros(nTargets, ofDonors.nLevels(), DType.FLOAT64);
      for (int at = 0; at < donors.length; at++) {
        int level = ofDonors.code(donors[at]);
        out.set(at / k, level, out.get(at / k, level) + weights[at]);
      }
      return out;
    }
  }

  /**
   * @param donors cells that have a value, by dimensions
   * @param targets cells that lack it, same dimensions
   * @throws IllegalArgumentException when there are fewer donors than neighbours
   * @throws org.cellweave.util.NonFiniteException when a coordinate is NaN or infinite
   */
  public static Result run(Matrix donors, Matrix targets, Params params, Progress progress) {
    int k = params.k();
    if (k > donors.nRows()) {
      throw new IllegalArgumentException(
          "k must be at most the number of cells that have a value, "
              + donors.nRows()
              + ", got "
              + k);
    }
    var lists = CrossNeighbors.run(donors, targets, k, Metric.EUCLIDEAN, progress);
    double sigma = params.weights() == Weights.GAUSSIAN ? sigma(lists.distances(), params) : 0;
    double[] weights = new double[lists.distances().length];
    for (int first = 0; first < weights.length; first += k) {
      double total = 0;
      for (int at = first; at < first + k; at++) {
        double d = lists.distances()[at];
        // of all Gaussian weights of a cell the nearest is 1, so that none of its totals is zero
        double nearest = lists.distances()[first];
        weights[at] =
            switch (params.weights()) {
              case NONE -> 1;
              case LINEAR -> 1 / (d + LEAST_DISTANCE);
              case GAUSSIAN -> gaussian(nearest, d, sigma);
            };
        total += weights[at];
      }
      for (int at = first; at < first + k; at++) {
        weights[at] /= total;
      }
    }
    return new Result(targets.nRows(), k, lists.indices(), weights, lists.distances(), sigma);
  }

  /** Of a narrow kernel the squares of distance and width leave the range of float64. */
  private static double gaussian(double nearest, double d, double sigma) {
    return d == nearest ? 1 : Elementary.exp((nearest - d) / sigma * ((nearest + d) / sigma) / 2);
  }

  private static double sigma(double[] distances, Params params) {
    if (params.sigma() > 0) {
      return params.sigma();
    }
    double[] positive = Arrays.stream(distances).filter(d -> d > 0).sorted().toArray();
    int half = positive.length / 2;
    if (positive.length == 0) {
      return 1;
    }
    return positive.length % 2 == 1 ? positive[half] : (positive[half - 1] + positive[half]) / 2;
  }
}
