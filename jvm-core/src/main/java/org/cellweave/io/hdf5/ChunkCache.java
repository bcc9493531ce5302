package org.cellweave.io.hdf5;

import io.jhdf.dataset.chunked.Chunk;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.cellweave.util.Parallel;

/**
 * The chunks of a dataset that were decoded last, since the next rows that are asked for often
 * begin in one of them. Each is in the hands of one thread at a time; what a failure keeps from
 * being given back is lost, not shared.
 */
final class ChunkCache {
  private static final int MOST_BYTES = 1 << 26;

  private final int most;

  /** Those in nobody's hands, the oldest first. */
  private final ArrayDeque<DecodedChunk> idle = new ArrayDeque<>();

  ChunkCache(int chunkBytes) {
    int some = 2 * Parallel.threads() + 2;
    this.most = Math.max(1, Math.min(some, MOST_BYTES / Math.max(1, chunkBytes)));
  }

  /** The chunk as it was decoded before, or one to decode it into. */
  synchronized DecodedChunk take(Chunk chunk) {
    for (Iterator<DecodedChunk> at = idle.descendingIterator(); at.hasNext(); ) {
      DecodedChunk held = at.next();
      if (held.holds(chunk)) {
        at.remove();
        return held;
      }
    }
    return idle.size() < most ? new DecodedChunk() : idle.poll();
  }

  synchronized void give(DecodedChunk held) {
    if (idle.size() < most) {
      idle.add(held);
    }
  }
}
