package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Soft assignment of cells to clusters.
 *
 * <p>A cell's share of cluster k is {@code rows[k] * factors[k] * weight}: closeness, penalty, and
 * what makes the shares sum to one.
 */
interface Assignment extends AutoCloseable {
  /** Closeness to new centroids; penalties and weights stay until the next round. */
  void measure(FloatPointer cos, double[] centroids);

  /** Shares by closeness alone. */
  void reset();

  /** Reassigns every block once. */
  void round();

  Counts counts();

  /** The sum of distance and entropy of the current state, not scaled. */
  double fit();

  /** Stored rows from a position on. */
  FloatPointer rows(int position);

  /** Factors of the cells of a segment. */
  void factors(int segment, float[] out);

  /** Weights of cells {@code from <= position < to}. */
  void weights(int from, int to, float[] out);

  /** Cells that no cluster takes, because every share of theirs is below the range of float32. */
  int lost();

  @Override
  void close();
}
