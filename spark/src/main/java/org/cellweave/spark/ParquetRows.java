package org.cellweave.spark;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.RowStack;
import org.cellweave.matrix.RowStore;
import org.cellweave.matrix.Rows;
import org.cellweave.util.FormatException;

/** Rows in a folder of Parquet files, each of a few blocks. */
final class ParquetRows implements RowStore {
  private static final long serialVersionUID = 1;
  private static final Map<Path, SoftReference<ParquetRows>> OPEN = new HashMap<>();

  private final transient Path folder;
  private final transient RowsIndex index;

  /** First rows of the blocks, which the lengths of the rows say, and the number of rows. */
  private final transient int[] blocks;

  private ParquetRows(Path folder, RowsIndex index) {
    this.folder = folder;
    this.index = index;
    CsrMatrix layout = CsrMatrix.of((RowStore) this);
    this.blocks = new int[layout.blockCount() + 1];
    Arrays.setAll(blocks, layout::blockStart);
  }

  /**
   * @throws FormatException when the folder holds no rows
   */
  static ParquetRows open(Path folder) {
    Path place = folder.toAbsolutePath().normalize();
    synchronized (OPEN) {
      SoftReference<ParquetRows> known = OPEN.get(place);
      ParquetRows rows = known == null ? null : known.get();
      if (rows == null) {
        rows = new ParquetRows(place, RowsIndex.read(place));
        OPEN.put(place, new SoftReference<>(rows));
      }
      return rows;
    }
  }

  /**
   * Writes a matrix; rows that executors work on are written by them.
   *
   * @param folder that is not there yet
   */
  static ParquetRows write(Matrix x, Path folder) {
    CsrMatrix csr = x.toCsr();
    int[] bounds = Arrays.stream(csr.groupBounds()).map(csr::blockStart).toArray();
    Path place = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(place);
    } catch (IOException e) {
      throw new UncheckedIOException("making " + place + " failed: " + e.getMessage(), e);
    }
    Rows.of(csr).inOrder(bounds, writing(place.toString()), (from, written) -> {});
    var index = RowsIndex.of(csr, bounds);
    index.write(place);
    synchronized (OPEN) {
      OPEN.remove(place);
    }
    return open(place);
  }

  private static RangeKernel<Boolean> writing(String folder) {
    return (rows, from, to) -> {
      BlockFile.write(Path.of(folder, BlockFile.name(from)), rows.part(from, to), from);
      return true;
    };
  }

  @Override
  public int nRows() {
    return index.nRows();
  }

  @Override
  public int nCols() {
    return index.nCols();
  }

  @Override
  public DType dtype() {
    return index.dtype();
  }

  @Override
  public boolean isFloat32Stored() {
    return index.float32();
  }

  @Override
  public long[] rowPtr() {
    return index.rowPtr();
  }

  @Override
  public String place() {
    return folder.toString();
  }

  /** Every block that holds some of the rows is read once. */
  @Override
  public CsrMatrix read(int[] rows) {
    Map<Integer, List<Integer>> wanted = new TreeMap<>();
    for (int r = 0; r < rows.length; r++) {
      wanted.computeIfAbsent(blockOf(rows[r]), b -> new ArrayList<>()).add(r);
    }
    List<CsrMatrix> parts = new ArrayList<>();
    int[] order = new int[rows.length];
    boolean sorted = true;
    int read = 0;
    for (Map.Entry<Integer, List<Integer>> one : wanted.entrySet()) {
      int first = blocks[one.getKey()];
      int[] within = one.getValue().stream().mapToInt(r -> rows[r] - first).toArray();
      CsrMatrix block = block(one.getKey());
      boolean whole = within.length == block.nRows();
      for (int k = 0; k < within.length; k++) {
        whole &= within[k] == k;
        sorted &= one.getValue().get(k) == read;
        order[one.getValue().get(k)] = read++;
      }
      parts.add(whole ? block : block.takeRows(within));
    }
    if (parts.size() == 1 && sorted) {
      return parts.get(0);
    }
    List<int[]> all = new ArrayList<>(Collections.nCopies(parts.size(), null));
    CsrMatrix stacked = RowStack.vstack(parts, all, nCols(), dtype(), 0);
    return sorted ? stacked : stacked.takeRows(order);
  }

  private int blockOf(int row) {
    int at = Arrays.binarySearch(blocks, row);
    return at >= 0 ? at : -at - 2;
  }

  private CsrMatrix block(int b) {
    int first = blocks[b];
    int at = Arrays.binarySearch(index.bounds(), first);
    int file = index.bounds()[at >= 0 ? at : -at - 2];
    long[] ptr = Arrays.copyOfRange(index.rowPtr(), first, blocks[b + 1] + 1);
    long before = ptr[0];
    for (int i = 0; i < ptr.length; i++) {
      ptr[i] -= before;
    }
    int inFile = b - Arrays.binarySearch(blocks, file);
    return BlockFile.read(
        folder.resolve(BlockFile.name(file)),
        inFile,
        first,
        ptr,
        nCols(),
        dtype(),
        isFloat32Stored());
  }

  private Object writeReplace() {
    return new Ticket(folder.toString());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("rows of a folder travel as a ticket");
  }

  /** What another process needs to read the rows. */
  private record Ticket(String folder) implements Serializable {
    private Object readResolve() {
      return open(Path.of(folder));
    }
  }
}
