package org.cellweave.neighbors;

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

  /** Whether products of matrices find the candidates; the others look at every pair. */
  boolean isVectorised() {
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
