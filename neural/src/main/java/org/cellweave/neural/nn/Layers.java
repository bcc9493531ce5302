package org.cellweave.neural.nn;

/**
 * Layers, distributions and means that know nothing of minibatches: what all networks are written
 * in.
 *
 * <p>Rows are cells unless said otherwise. Means over cells are nodes of 1 x 1.
 */
public interface Layers {
  /** Whether dropout and the statistics of minibatches are on. */
  boolean isTraining();

  /**
   * {@code x weight^T}.
   *
   * @param weight units by inputs
   */
  Node times(Node x, Parameter weight);

  /** As {@link #times(Node, Parameter)}, and the bias added to every row. */
  default Node times(Node x, Parameter weight, Parameter bias) {
    return addRow(times(x, weight), bias);
  }

  Node add(Node a, Node b);

  /** Adds the one row of {@code bias} to every row. */
  Node addRow(Node x, Parameter bias);

  Node batchNorm(Node x, BatchNorm norm);

  /** Every row to mean 0 and variance 1, without weights; epsilon 1e-5. */
  Node layerNorm(Node x);

  Node relu(Node x);

  /** Zeroes a share of the values and scales the others up; in training alone. */
  Node dropout(Node x, double rate);

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

  /** Mean over cells of one column. */
  Node mean(Node rows);

  /** One column of {@code x} as a node of its own. */
  Node column(Node x, int column);
}
