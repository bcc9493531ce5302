package org.cellweave.util;

import java.lang.ref.Cleaner;

/**
 * Memory for matrices that stay in their files. All of it may hold blocks that were read: they
 * could be read again and give way ({@link java.lang.ref.SoftReference}) when anything else needs
 * the memory. A quarter may hold what is selected from such a matrix, a quarter the work of
 * selecting. Results never depend on it.
 */
public final class MemoryBudget {
  private static final Cleaner CLEANER = Cleaner.create();
  private static long limit = Runtime.getRuntime().maxMemory() / 2;
  private static long taken;

  private MemoryBudget() {}

  /** Most bytes; at first half of the heap. */
  public static synchronized long limit() {
    return limit;
  }

  /** Sets the most bytes; what is held beyond stays until its holders let go of it. */
  public static synchronized void limit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("maxMemory must not be negative, got " + bytes);
    }
    limit = bytes;
  }

  /** Most bytes of the values that are selected at once from a matrix in a file. */
  public static long forSelection() {
    return limit() / 4;
  }

  /** A share for {@code holder}, given back when it becomes unreachable. */
  public static Share share(Object holder) {
    var share = new Share();
    CLEANER.register(holder, share.bytes::giveBack);
    return share;
  }

  /** What one holder has taken. */
  public static final class Share {
    private final Bytes bytes = new Bytes();

    private Share() {}

    /** False when there is not so much left; nothing is taken then. */
    public boolean take(long more) {
      return bytes.take(more);
    }

    public void giveBack() {
      bytes.giveBack();
    }

    /** Gives back part of what was taken. */
    public void giveBack(long some) {
      bytes.giveBack(some);
    }
  }

  /** Apart from the share, because the cleaner must not hold what its holder refers to. */
  private static final class Bytes {
    private long held;

    synchronized boolean take(long more) {
      if (!reserve(more)) {
        return false;
      }
      held += more;
      return true;
    }

    synchronized void giveBack() {
      giveBack(held);
    }

    synchronized void giveBack(long some) {
      release(some);
      held -= some;
    }
  }

  private static synchronized boolean reserve(long bytes) {
    if (taken + bytes > limit) {
      return false;
    }
    taken += bytes;
    return true;
  }

  private static synchronized void release(long bytes) {
    taken -= bytes;
  }
}
