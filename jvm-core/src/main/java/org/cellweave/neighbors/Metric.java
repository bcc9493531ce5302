package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cellweave.util.Check;

/** How far apart two cells are, with scipy's names and definitions. */
public enum Metric {
  EUCLIDEAN,
  /** One minus the cosine of the angle. */
  COSINE,
  /** One minus Pearson's correlation. */
  CORRELATION,
  /** Sum of absolute differences. */
  MANHATTAN,
  /** Sum of absolute differences over the sum of all absolute values, as scikit-learn has it. */
  BRAYCURTIS,
  /** Sum of absolute differences, each over the sum of its absolute values. */
  CANBERRA,
  /** Largest absolute difference. */
  CHEBYSHEV,
  /** Share of the columns that differ. */
  HAMMING,
  /** The p-th root of the weighted sum of p-th powers of differences. */
  MINKOWSKI,
  /** Euclidean distance, each squared difference over a variance. */
  SEUCLIDEAN,
  /** Square of the Euclidean distance. */
  SQEUCLIDEAN,
  /** Euclidean distance under an inverse covariance. */
  MAHALANOBIS,
  /** Angle between two points of a sphere, given by latitude and longitude in radians. */
  HAVERSINE,
  /** Of columns that are not zero in one of both, the share that is zero in the other. */
  JACCARD,
  /** As {@code JACCARD}, columns that are not zero in both counted twice. */
  DICE,
  /** Differing columns, counted twice, over these and the equal ones. */
  ROGERSTANIMOTO,
  /** Share of the columns that are not both different from zero. */
  RUSSELLRAO,
  /** As {@code ROGERSTANIMOTO}. */
  SOKALMICHENER,
  /** As {@code JACCARD}, differing columns counted twice. */
  SOKALSNEATH,
  /** Yule's dissimilarity of what is zero and what is not. */
  YULE,
  /** The matrix holds the distances themselves, cells by cells. */
  PRECOMPUTED;

  /** What scikit-learn also calls some of them, in the order in which messages list them. */
  private static final Map<String, Metric> OTHER_NAMES = new LinkedHashMap<>();

  static {
    OTHER_NAMES.put("l2", EUCLIDEAN);
    OTHER_NAMES.put("l1", MANHATTAN);
    OTHER_NAMES.put("cityblock", MANHATTAN);
  }

  /** The metric of a name of scipy's or scikit-learn's. */
  public static Metric named(String name) {
    for (Metric metric : values()) {
      if (metric.spelled().equals(name)) {
        return metric;
      }
    }
    Metric other = OTHER_NAMES.get(name);
    if (other == null) {
      List<String> known = new ArrayList<>();
      for (Metric metric : values()) {
        known.add(metric.spelled());
      }
      known.addAll(OTHER_NAMES.keySet());
      throw new IllegalArgumentException(
          "metric must be one of "
              + known
              + ", got '"
              + name
              + "'."
              + Check.suggestion(name, known));
    }
    return other;
  }

  /** The name that {@link #named} takes. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * This metric, for a step that measures cells itself.
   *
   * @param step as in "bbknn"
   * @throws IllegalArgumentException when it is {@code PRECOMPUTED}
   */
  public Metric computed(String step) {
    if (this == PRECOMPUTED) {
      throw new IllegalArgumentException(
          "metric precomputed does not go with "
              + step
              + ", which measures the distances itself; use metric euclidean or another of those"
              + " that are computed");
    }
    return this;
  }

  /** Whether products of matrices find the candidates; the others look at every pair. */
  public boolean isVectorised() {
    return this == EUCLIDEAN || this == COSINE || this == CORRELATION;
  }

  /** Whether only what is zero and what is not matters. */
  boolean isOfPresence() {
    return switch (this) {
      case JACCARD, DICE, ROGERSTANIMOTO, RUSSELLRAO, SOKALMICHENER, SOKALSNEATH, YULE -> true;
      default -> false;
    };
  }
}
