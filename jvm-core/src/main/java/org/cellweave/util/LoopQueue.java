package org.cellweave.util;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Where helpers that have ended a loop look for the next one for a moment before they sleep. Waking
 * a thread takes the system longer than a small loop lasts, and iterative methods start such loops
 * one right after the other.
 */
final class LoopQueue {
  /** Looks that make a moment: some 50 microseconds, as a processor pauses between them. */
  private static final int MOMENT = 2000;

  /** As {@link #MOMENT}: about a second. */
  private static final int LOST = 50_000_000;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final ConcurrentLinkedQueue<Seeker> LOOKING = new ConcurrentLinkedQueue<>();

  private LoopQueue() {}

  /** A thread that looks for a loop. */
  static final class Seeker {
    private volatile Parallel.Loop given;

    /** The next loop; null when none came for a moment. */
    Parallel.Loop next() {
      if (LOOKING.size() >= PROCESSORS - 1) {
        // as many look as can run beside the caller: another one would only take their time
        return null;
      }
      given = null;
      LOOKING.add(this);
      for (int looks = 0; given == null; looks++) {
        // a caller that took this helper gives at once, unless it was stopped in between
        if ((looks == MOMENT && LOOKING.remove(this)) || looks == LOST) {
          return null;
        }
        Thread.onSpinWait();
      }
      return given;
    }
  }

  /** Hands a loop to one that looks; false when there is none. */
  static boolean offer(Parallel.Loop loop) {
    Seeker seeker = LOOKING.poll();
    if (seeker == null) {
      return false;
    }
    seeker.given = loop;
    return true;
  }

  /** Waits a moment at most, without sleeping. */
  static void lookFor(BooleanSupplier done) {
    if (Parallel.threads() > PROCESSORS) {
      return;
    }
    for (int looks = 0; looks < MOMENT && !done.getAsBoolean(); looks++) {
      Thread.onSpinWait();
    }
  }
}
