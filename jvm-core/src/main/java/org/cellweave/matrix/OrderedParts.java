package org.cellweave.matrix;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.util.Parallel;

/**
 * Runs a kernel over ranges of rows in parallel and hands on what they give in order. Ranges are
 * begun in order, too, so that few results wait for one before them.
 */
final class OrderedParts<T> {
  /** Ranges that may be under way or waiting, for every thread. */
  private static final int AHEAD = 4;

  private static final long LOOK_AGAIN_MILLIS = 100;

  private final Rows rows;
  private final int[] bounds;
  private final RangeKernel<T> kernel;
  private final RangeKernel.Take<T> take;
  private final AtomicInteger begun = new AtomicInteger();
  private final Map<Integer, T> waiting = new HashMap<>();

  /** Ranges handed on; changed under the lock of this, as all below. */
  private int handed;

  private boolean failed;

  OrderedParts(Rows rows, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    this.rows = rows;
    this.bounds = bounds;
    this.kernel = kernel;
    this.take = take;
  }

  void run() {
    Parallel.forBlocks(bounds.length - 1, any -> next());
  }

  private void next() {
    int g = begun.getAndIncrement();
    boolean done = false;
    try {
      if (mayBegin(g)) {
        hand(g, kernel.of(rows, bounds[g], bounds[g + 1]));
      }
      done = true;
    } finally {
      if (!done) {
        fail();
      }
    }
  }

  /** Waits until few results wait for others; false when another range has failed. */
  private synchronized boolean mayBegin(int g) {
    while (!failed && g - handed > AHEAD * Parallel.threads()) {
      try {
        wait(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        throw new CancellationException("interrupted");
      }
    }
    return !failed;
  }

  private synchronized void hand(int g, T part) {
    waiting.put(g, part);
    while (waiting.containsKey(handed)) {
      take.part(bounds[handed], waiting.remove(handed));
      handed++;
    }
    notifyAll();
  }

  private synchronized void fail() {
    failed = true;
    notifyAll();
  }
}
