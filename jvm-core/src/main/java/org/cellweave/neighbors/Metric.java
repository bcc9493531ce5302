package org.cellweave.neighbors;

/** How far apart two cells are. */
public enum Metric {
  EUCLIDEAN,
  /** One minus the cosine of the angle. */
  COSINE,
  /** One minus Pearson's correlation. */
  CORRELATION,
  /** Sum of absolute differences. */
  MANHATTAN
}
