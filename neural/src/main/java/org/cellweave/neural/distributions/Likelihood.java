package org.cellweave.neural.distributions;

/** How counts scatter around their expectation. */
public enum Likelihood {
  /** Negative binomial. */
  NB,
  /** Negative binomial with additional zeros. */
  ZINB,
  POISSON
}
