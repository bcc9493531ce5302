package org.cellweave.neural.nn;

/**
 * The operations that modules are written in. An engine implements them: one computes at once and
 * remembers the way back, another builds a graph that is fed later. Modules therefore never look at
 * values, and every engine trains the same network.
 */
public interface Graph extends Layers {
  // inputs --------------------------------------------------------------------------------------

  /** Numbers that are fed per cell: {@code library}, {@code continuous}; no gradient. */
  Node numbers(View view, String name, int cols);

  // layers --------------------------------------------------------------------------------------

  /**
   * Counts, or their {@code log(1 + x)}, times {@code weight}.
   *
   * @param weight genes by units
   */
  Node countsTimes(View view, boolean log1p, Parameter weight);

  /** Adds to every cell the row of {@code table} that its code names. */
  Node addLevel(Node x, Parameter table, View view, String codes);

  /** Adds row k of {@code table} to the k-th block of as many rows as a minibatch has cells. */
  Node addClass(Node x, Parameter table);

  /** Mean over cells of the negative log likelihood of their counts. */
  Node reconstruction(View view, CountHeads heads);

  // labels --------------------------------------------------------------------------------------

  /** The rows of {@code x} once per class, one class after another. */
  Node repeat(Node x, int classes);

  /**
   * Per cell: the mean of {@code perClass} over the classes.
   *
   * @param probabilities cells by classes
   * @param perClass one column, one class after another as {@link #repeat} has them
   */
  Node expected(Node probabilities, Node perClass);

  /** Per cell: divergence of probabilities from the uniform ones. */
  Node klUniform(Node probabilities);

  /** Mean over cells of the cross-entropy of their codes. */
  Node crossEntropy(Node logits, View view, String codes);

  // two views of the same cells -----------------------------------------------------------------

  /**
   * Sums over {@code (1 - C_ii)^2} and over {@code C_ij^2} of the correlations C of columns.
   *
   * @return 1 x 2: invariance and redundancy
   */
  Node crossCorrelation(Node thinned, Node full);

  /** Mean over columns of how much their deviation lacks to 1. */
  Node varianceHinge(Node x);
}
