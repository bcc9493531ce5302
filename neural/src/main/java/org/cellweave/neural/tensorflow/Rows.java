package org.cellweave.neural.tensorflow;

import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.View;

/**
 * How many rows a node will have, told before there is a minibatch.
 *
 * @param view whose cells; null for a single row
 * @param times how often every cell is there
 */
record Rows(View view, int times) {
  static final Rows ONE = new Rows(null, 1);

  static Rows of(View view) {
    return new Rows(view, 1);
  }

  Rows repeated(int classes) {
    return new Rows(view, times * classes);
  }

  int in(Minibatch minibatch) {
    return view == null ? times : times * minibatch.cells(view);
  }
}
