package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Check;
import org.cellweave.util.MemoryBudget;
import org.cellweave.util.Parallel;

/**
 * Rows of another store, of which those that were read stay {@linkplain PackedRows packed} in
 * memory while the {@link MemoryBudget} lasts: whatever steps follow, and however often, a file is
 * read and inflated once. The first ones read stay, since passes go over all rows again and again.
 *
 * <p>Rows that travel leave what is held behind.
 */
public final class HeldRows implements RowStep {
  private static final long serialVersionUID = 1;

  /** So many values are a pass that reads block by block, at the most. */
  private static final long FEW = 16L * CsrMatrix.BLOCK_NNZ;

  private final RowStore of;
  private transient Held held;

  public HeldRows(RowStore of) {
    this.of = of;
  }

  @Override
  public RowStore of() {
    return of;
  }

  @Override
  public boolean isHeld() {
    return true;
  }

  /** Lets go of the rows in memory. */
  public synchronized void forget() {
    if (held != null) {
      held.blocks.clear();
      held = null;
    }
  }

  private synchronized Held held() {
    if (held == null) {
      held = new Held(this, of);
    }
    return held;
  }

  @Override
  public CsrMatrix read(int[] rows) {
    return held().read(rows);
  }

  @Override
  public CsrMatrix read(int[] rows, boolean[] columns) {
    Parallel.checkInterrupted();
    return held().read(rows, columns);
  }

  /**
   * Rows that are asked for one after the other and lie in one block of the store.
   *
   * @param from the first one's place in what is asked for
   * @param to one past the last one's
   * @param packed the block in memory, or null
   * @param read the block when it was read a moment ago, or null
   * @param firstRow of the block
   * @param endRow of the block
   */
  private record Run(
      int from, int to, PackedRows packed, CsrMatrix read, int firstRow, int endRow) {}

  /** What is held. */
  private static final class Held {
    private final RowStore of;
    private final long[] rowPtr;
    private final int[] bounds;
    private final SoftBlocks<PackedRows> blocks;
    private final Object[] reading;

    Held(HeldRows holder, RowStore of) {
      this.of = of;
      this.rowPtr = of.rowPtr();
      this.bounds = CsrBlocks.bounds(rowPtr);
      this.blocks = new SoftBlocks<>(bounds.length - 1, holder);
      this.reading = new Object[bounds.length - 1];
      Arrays.setAll(reading, b -> new Object());
    }

    CsrMatrix read(int[] rows) {
      long[] ptr = new long[rows.length + 1];
      for (int r = 0; r < rows.length; r++) {
        Check.index(rows[r], rowPtr.length - 1, "row");
        ptr[r + 1] = ptr[r] + rowPtr[rows[r] + 1] - rowPtr[rows[r]];
      }
      boolean mayHold = ptr[rows.length] <= FEW;
      List<Run> runs = runs(rows, mayHold);
      if (runs.size() == 1 && runs.get(0).read() != null && isAll(rows, runs.get(0))) {
        return runs.get(0).read();
      }
      long here = runs.stream().filter(run -> run.packed() != null || run.read() != null).count();
      boolean isHere = mayHold ? here > 0 : here == runs.size();
      return isHere ? together(rows, ptr, runs) : of.read(rows);
    }

    /** With wanted entries alone where all of the rows are in memory. */
    CsrMatrix read(int[] rows, boolean[] columns) {
      for (int r : rows) {
        if (blocks.get(blockOf(r)) == null) {
          return read(rows);
        }
      }
      var some = new SomeEntries(columns, of.isFloat32Stored(), rows.length);
      for (Run run : runs(rows, false)) {
        if (run.packed() == null) {
          // It gave way to something else in this very moment.
          return read(rows);
        }
        for (int r = run.from(); r < run.to(); r++) {
          run.packed().unpack(rows[r], some);
        }
      }
      return some.matrix(of.dtype());
    }

    /**
     * @param mayHold whether blocks may be read and held; of many it is cheaper to read them at
     *     once
     */
    private List<Run> runs(int[] rows, boolean mayHold) {
      List<Run> out = new ArrayList<>();
      int r = 0;
      while (r < rows.length) {
        int b = blockOf(rows[r]);
        int end = r + 1;
        while (end < rows.length && rows[end] >= bounds[b] && rows[end] < bounds[b + 1]) {
          end++;
        }
        // Most of a block is read as fast as all of it; fewer rows do not pay for the others.
        boolean isMost = end - r > (bounds[b + 1] - bounds[b]) / 2;
        PackedRows packed = blocks.get(b);
        CsrMatrix read = null;
        if (packed == null && mayHold && isMost && !blocks.isFull()) {
          read = hold(b);
          packed = read == null ? blocks.get(b) : null;
        }
        out.add(new Run(r, end, packed, read, bounds[b], bounds[b + 1]));
        r = end;
      }
      return out;
    }

    private int blockOf(int row) {
      int at = Arrays.binarySearch(bounds, row);
      return at >= 0 ? at : -at - 2;
    }

    private static boolean isAll(int[] rows, Run run) {
      if (rows.length != run.endRow() - run.firstRow()) {
        return false;
      }
      for (int r = 0; r < rows.length; r++) {
        if (rows[r] != run.firstRow() + r) {
          return false;
        }
      }
      return true;
    }

    /** Reads block {@code b} and packs it; null when another thread has done so meanwhile. */
    private CsrMatrix hold(int b) {
      synchronized (reading[b]) {
        if (blocks.get(b) != null) {
          return null;
        }
        CsrMatrix read = of.read(RowStore.range(bounds[b], bounds[b + 1]));
        if (read.nnz() != rowPtr[bounds[b + 1]] - rowPtr[bounds[b]]) {
          throw ReadBlocks.changed(bounds[b], bounds[b + 1], of);
        }
        PackedRows packed = PackedRows.of(read.block(0), rowPtr, bounds[b]);
        blocks.put(b, packed, packed.bytes());
        return read;
      }
    }

    private CsrMatrix together(int[] rows, long[] ptr, List<Run> runs) {
      CsrMatrix out = CsrMatrix.allocate(of.nCols(), ptr, of.dtype(), of.isFloat32Stored());
      Parallel.forBlocks(
          runs.size(),
          k -> {
            Run run = runs.get(k);
            if (run.packed() == null) {
              copy(rows, run, out);
              return;
            }
            for (int r = run.from(); r < run.to(); r++) {
              CsrMatrix.Block to = out.blockOf(r);
              run.packed().unpack(rows[r], to, to.start(r));
            }
          });
      return out;
    }

    private void copy(int[] rows, Run run, CsrMatrix out) {
      CsrMatrix read = run.read();
      CsrMatrix from =
          read != null ? read : of.read(Arrays.copyOfRange(rows, run.from(), run.to()));
      for (int r = run.from(); r < run.to(); r++) {
        int i = read != null ? rows[r] - run.firstRow() : r - run.from();
        RowStack.copyRow(from.blockOf(i), i, out.blockOf(r), r);
      }
    }
  }
}
