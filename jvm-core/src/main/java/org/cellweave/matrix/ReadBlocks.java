package org.cellweave.matrix;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.cellweave.util.MemoryBudget;
import org.cellweave.util.Parallel;

/**
 * Blocks of rows that lie elsewhere. The first ones read stay in memory while the {@link
 * MemoryBudget} lasts, since passes go over all blocks again and again; of the others the last few
 * stay, so that readers of single rows and neighbours of a boundary find them.
 */
final class ReadBlocks implements CsrBlocks {
  private final RowStore store;
  private final long[] rowPtr;
  private final int[] bounds;
  private final boolean float32;
  private final SoftBlocks<CsrMatrix.Block> kept;
  private final Map<Integer, CsrMatrix.Block> recent = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Integer, FutureTask<CsrMatrix.Block>> reading = new HashMap<>();

  ReadBlocks(RowStore store) {
    this.store = store;
    this.rowPtr = store.rowPtr();
    this.bounds = CsrBlocks.bounds(rowPtr);
    this.float32 = store.isFloat32Stored();
    this.kept = new SoftBlocks<>(bounds.length - 1, this);
  }

  RowStore store() {
    return store;
  }

  @Override
  public int count() {
    return bounds.length - 1;
  }

  @Override
  public int firstRow(int b) {
    return bounds[b];
  }

  @Override
  public boolean isFloat32() {
    return float32;
  }

  @Override
  public CsrMatrix.Block get(int b) {
    Parallel.checkInterrupted();
    CsrMatrix.Block held = kept.get(b);
    if (held != null) {
      return held;
    }
    FutureTask<CsrMatrix.Block> task;
    boolean mine = false;
    synchronized (recent) {
      held = recent.get(b);
      if (held != null) {
        return held;
      }
      task = reading.get(b);
      if (task == null) {
        task = new FutureTask<>(() -> read(b));
        reading.put(b, task);
        mine = true;
      }
    }
    return mine ? readNow(b, task) : await(task);
  }

  private CsrMatrix.Block readNow(int b, FutureTask<CsrMatrix.Block> task) {
    try {
      task.run();
      CsrMatrix.Block block = await(task);
      keep(b, block);
      return block;
    } finally {
      synchronized (recent) {
        reading.remove(b);
      }
    }
  }

  private static CsrMatrix.Block await(FutureTask<CsrMatrix.Block> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void keep(int b, CsrMatrix.Block block) {
    if (mayStay() && kept.put(b, block, block.nnz() * bytes())) {
      return;
    }
    synchronized (recent) {
      recent.put(b, block);
      var oldest = recent.keySet().iterator();
      while (recent.size() > mostRecent() && oldest.hasNext()) {
        oldest.next();
        oldest.remove();
      }
    }
  }

  /** Where packed rows stay, arrays do only when there is room for all of them. */
  boolean mayStay() {
    return !store.isHeld() || rowPtr[rowPtr.length - 1] * bytes() <= MemoryBudget.limit() / 2;
  }

  private long bytes() {
    return float32 ? 8 : 12;
  }

  private static int mostRecent() {
    return 2 * Parallel.threads() + 8;
  }

  private CsrMatrix.Block read(int b) {
    int first = bounds[b];
    int end = bounds[b + 1];
    CsrMatrix part = store.read(RowStore.range(first, end));
    long expected = rowPtr[end] - rowPtr[first];
    if (part.nnz() != expected || part.isFloat32Stored() != float32 || part.blockCount() != 1) {
      throw changed(first, end, store);
    }
    CsrMatrix.Block from = part.block(0);
    return new CsrMatrix.Block(
        rowPtr, first, end, from.indices(), from.values(), from.wideValues());
  }

  static IllegalStateException changed(int from, int to, RowStore store) {
    return new IllegalStateException(
        "rows " + from + " to " + to + " of " + store.place() + " changed while they were read");
  }

  /** Reads blocks {@code from <= b < to} in parallel; more than stay in memory are not read. */
  void prepare(int from, int to) {
    int most = Math.min(to - from, mostRecent() - 2);
    if (most > 1) {
      Parallel.forBlocks(most, k -> get(from + k));
    }
  }

  /** Lets go of what is in memory: somebody has taken what they wanted of these rows. */
  void forget() {
    kept.clear();
    synchronized (recent) {
      recent.clear();
    }
  }
}
