package org.cellweave.neural.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * Counts that are read chunk by chunk, the ones used last held in memory. In the order of a {@link
 * ChunkedShuffle} of the same size every chunk is read once an epoch; in any other the same counts
 * are given, with more reading.
 */
public final class ChunkedRows implements CountRows {
  /** Chunks that a walk over all cells reads at once. */
  private static final int WALK = 16;

  private final StoredCounts source;
  private final int rowsPerChunk;
  private final Chunks chunks;

  /** Readers of what this thread used last. */
  private RowReader reader;

  private int readerOf = -1;

  /**
   * @param size of the chunks and how many of them are held
   */
  public ChunkedRows(StoredCounts source, ChunkedShuffle size) {
    this(source, size.rowsPerChunk(), new Chunks(size.chunksInFlight()));
  }

  private ChunkedRows(StoredCounts source, int rowsPerChunk, Chunks chunks) {
    this.source = source;
    this.rowsPerChunk = rowsPerChunk;
    this.chunks = chunks;
  }

  /** The chunks in memory, the one used longest ago first to go. */
  private static final class Chunks extends LinkedHashMap<Integer, Rows> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Chunks(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Rows> eldest) {
      return size() > most;
    }
  }

  @Override
  public int nCells() {
    return source.nCells();
  }

  @Override
  public int nGenes() {
    return source.nGenes();
  }

  @Override
  public String[] genes() {
    return source.genes();
  }

  @Override
  public ChunkedRows forThread() {
    return new ChunkedRows(source, rowsPerChunk, chunks);
  }

  @Override
  public void append(int[] cells, int from, int to, Counts out) {
    for (int k = from; k < to; k++) {
      int chunk = cells[k] / rowsPerChunk;
      if (chunk != readerOf) {
        reader = chunk(chunk).reader();
        readerOf = chunk;
      }
      int n = reader.load(cells[k] - chunk * rowsPerChunk);
      out.append(reader.columns(), reader.start(), reader.values(), n);
    }
  }

  private Rows chunk(int chunk) {
    synchronized (chunks) {
      Rows held = chunks.get(chunk);
      if (held == null) {
        int first = chunk * rowsPerChunk;
        held = Rows.of(source.read(first, Math.min(nCells(), first + rowsPerChunk)));
        chunks.put(chunk, held);
      }
      return held;
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    int step = WALK * rowsPerChunk;
    for (int first = 0; first < nCells(); first += step) {
      Parallel.checkInterrupted();
      int from = first;
      CsrMatrix part;
      synchronized (chunks) {
        part = source.read(from, (int) Math.min(nCells(), (long) from + step));
      }
      Rows.of(part)
          .visit(
              0,
              part.nRows(),
              (i, at, start, values, n) -> visitor.cell(from + i, at, start, values, n));
    }
  }
}
