package org.cellweave.matrix;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.cellweave.util.MemoryBudget;

/**
 * What could be read again, by the numbers of blocks: kept while the {@link MemoryBudget} lasts,
 * and dropped when the memory is needed. Any thread may put and get.
 */
final class SoftBlocks<T> {
  private final AtomicReferenceArray<Kept<T>> kept;
  private final ReferenceQueue<T> dropped = new ReferenceQueue<>();
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
    private final int number;
    private final long bytes;

    Kept(T block, int number, long bytes, ReferenceQueue<T> dropped) {
      super(block, dropped);
      this.number = number;
      this.bytes = bytes;
    }
  }

  /** Null when it is not kept, or no longer. */
  T get(int b) {
    Kept<T> found = kept.get(b);
    return found == null ? null : found.get();
  }

  /** False when there is no memory left for it, or another thread was faster. */
  boolean put(int b, T block, long bytes) {
    countDropped();
    long limit = MemoryBudget.limit();
    if (!share.take(bytes)) {
      fullAt = limit;
      return false;
    }
    if (!kept.compareAndSet(b, null, new Kept<>(block, b, bytes, dropped))) {
      share.giveBack(bytes);
      return false;
    }
    return true;
  }

  /** Whether the memory did not suffice, and neither the limit nor what is kept has changed. */
  boolean isFull() {
    countDropped();
    return fullAt == MemoryBudget.limit();
  }

  /**
   * Gives back half of what was dropped: where memory is short time and again, less is kept from
   * time to time, and what is kept is not dropped and read in turn for ever.
   */
  private void countDropped() {
    for (Reference<?> r = dropped.poll(); r != null; r = dropped.poll()) {
      Kept<T> gone = r instanceof Kept<?> of ? kept.get(of.number) : null;
      if (gone == r && kept.compareAndSet(gone.number, gone, null)) {
        share.giveBack(gone.bytes / 2);
        fullAt = -1;
      }
    }
  }

  void clear() {
    for (int b = 0; b < kept.length(); b++) {
      kept.set(b, null);
    }
    share.giveBack();
    fullAt = -1;
  }
}
