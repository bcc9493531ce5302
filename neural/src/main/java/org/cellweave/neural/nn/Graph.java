package org.cellweave.neural.nn;

/**
 * The operations that modules are written in. An engine implements them: one computes at once and
 * remembers the way back, another builds a graph that is fed later. Modules therefore never look at
 * values, and every engine trains the same network.
 *
 * <p>Rows are cells unless said otherwise. Means over cells are nodes of 1 x 1.
 */
public interface Graph {
  /** Whether dropout and the statistics of minibatches are on. */
  boolean isTraining();

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

  /**
   * {@code x weight^T}.
   *
   * @param weight units by inputs
   */
  Node times(Node x, Parameter weight);

  Node add(Node a, Node b);

  /** Adds the one row of {@code bias} to every row. */
  Node addRow(Node x, Parameter bias);

  /** Adds to every cell the row of {@code table} that its code names. */
  Node addLevel(Node x, Parameter table, View view, String codes);

  /** Adds row k of {@code table} to the k-th block of as many rows as a minibatch has cells. */
  Node addClass(Node x, Parameter table);

  Node batchNorm(Node x, BatchNorm norm);

  /** Every row to mean 0 and variance 1, without weights; epsilon 1e-5. */
  Node layerNorm(Node x);

  Node relu(Node x);

  /** Zeroes a share of the values and scales the others up; in training alone. */
  Node dropout(Node x, double rate);

  // distributions of latent places --------------------------------------------------------------

  /** {@code exp(x) + epsilon}. */
  Node variance(Node x, double epsilon);

  /** One draw from normal distributions, by {@code mean + sqrt(variance) noise}. */
  Node sample(Node mean, Node variance);

  Node softmax(Node x);

  /** Per row: divergence of normal distributions from the standard one, summed over columns. */
  Node klStandard(Node mean, Node variance);

  /** Per row: divergence of normal distributions from given ones, summed over columns. */
  Node klNormal(Node mean, Node variance, Node priorMean, Node priorVariance);

  /** Per row: log density of {@code x} under normal distributions, summed over columns. */
  Node logNormal(Node x, Node mean, Node variance);

  // means over cells ----------------------------------------------------------------------------

  /** Mean over cells of one column. */
  Node mean(Node rows);

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

  /** One column of {@code x} as a node of its own. */
  Node column(Node x, int column);
}
