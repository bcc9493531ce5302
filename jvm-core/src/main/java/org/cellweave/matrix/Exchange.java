package org.cellweave.matrix;

import java.io.Serializable;
import java.util.List;

/**
 * A pass over ranges of rows that give something to each of several pieces of work, such as ranges
 * of columns, which need what all rows have for them. Both sides may run in other processes: an
 * exchange must hold nothing but what can be sent there, and change nothing but what it returns.
 *
 * @param <P> what a range of rows gives to a piece
 * @param <T> what a piece gives
 */
public interface Exchange<P, T> extends Serializable {
  /** The number of pieces. */
  int pieces();

  /** What rows {@code from <= i < to} give to the pieces, one after the other. */
  List<P> give(Rows rows, int from, int to);

  /**
   * Works on a piece.
   *
   * @param parts what it was given, in the order of the ranges; free to be changed
   */
  T work(int piece, List<P> parts);
}
