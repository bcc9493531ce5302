package org.cellweave.matrix;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.cellweave.util.MemoryBudget;

/**
 * What could be read again, by the numbers of blocks: kept while the {@link MemoryBudget} lasts,
 * and dropped when the memory is needed. Any thread may put and get.
 */
final class SoftBlocks<T> {
  private final AtomicReferenceArray<Kept<T>> kept;
  private final MemoryBudget.Share share;

  /** The limit that did not suffice. */
  private volatile long fullAt = -1;

  /**
   * @param holder whose end gives the memory back
   */
  SoftBlocks(int count, Object holder) {
    this.kept = new AtomicReferenceArray<>(count);
    this.share = MemoryBudget.share(holder);
  }

  private static final class Kept<T> extends SoftReference<T> {
    private final long bytes;

    Kept(T block, long bytes) {
      super(block);
      this.bytes = bytes;
    }
  }

  /** Null when it is not kept, or no longer. */
  T get(int b) {
    Kept<T> found = kept.get(b);
    return found == null ? null : found.get();
  }

  /** False when there is no memory left for it. */
  boolean put(int b, T block, long bytes) {
    long limit = MemoryBudget.limit();
    if (!share.take(bytes)) {
      fullAt = limit;
      return false;
    }
    Kept<T> before = kept.getAndSet(b, new Kept<>(block, bytes));
    if (before != null) {
      share.giveBack(before.bytes);
    }
    return true;
  }

  /** Whether the memory did not suffice, and the limit is still the same. */
  boolean isFull() {
    return fullAt == MemoryBudget.limit();
  }

  void clear() {
    for (int b = 0; b < kept.length(); b++) {
      kept.set(b, null);
    }
    share.giveBack();
    fullAt = -1;
  }
}
