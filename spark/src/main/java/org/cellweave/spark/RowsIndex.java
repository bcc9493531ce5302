package org.cellweave.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;

/**
 * What a folder of blocks holds: the file {@code index} in it, written last.
 *
 * @param bounds first rows of the files, and the number of rows
 */
record RowsIndex(int nCols, DType dtype, boolean float32, int[] bounds, long[] rowPtr) {
  static final String NAME = "index";
  private static final String MAGIC = "cellweave rows 1";

  static RowsIndex of(CsrMatrix x, int[] bounds) {
    return new RowsIndex(x.nCols(), x.dtype(), x.isFloat32Stored(), bounds, x.rowPtr());
  }

  int nRows() {
    return rowPtr.length - 1;
  }

  void write(Path folder) {
    Path file = folder.resolve(NAME);
    try (var out =
        new DataOutputStream(
            new BufferedOutputStream(new DeflaterOutputStream(Files.newOutputStream(file))))) {
      out.writeUTF(MAGIC);
      out.writeInt(nCols);
      out.writeUTF(dtype.name());
      out.writeBoolean(float32);
      out.writeInt(bounds.length);
      for (int bound : bounds) {
        out.writeInt(bound);
      }
      for (int i = 0; i < nRows(); i++) {
        out.writeInt((int) (rowPtr[i + 1] - rowPtr[i]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * @throws FormatException when the folder holds no rows
   */
  static RowsIndex read(Path folder) {
    Path file = folder.resolve(NAME);
    try (var in =
        new DataInputStream(
            new BufferedInputStream(new InflaterInputStream(Files.newInputStream(file))))) {
      if (!in.readUTF().equals(MAGIC)) {
        throw new IOException("it was written by something else");
      }
      int nCols = in.readInt();
      DType dtype = DType.valueOf(in.readUTF());
      boolean float32 = in.readBoolean();
      int[] bounds = new int[in.readInt()];
      for (int b = 0; b < bounds.length; b++) {
        bounds[b] = in.readInt();
      }
      long[] ptr = new long[(bounds.length == 0 ? 0 : bounds[bounds.length - 1]) + 1];
      for (int i = 1; i < ptr.length; i++) {
        ptr[i] = ptr[i - 1] + in.readInt();
      }
      return new RowsIndex(nCols, dtype, float32, bounds, ptr);
    } catch (IOException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new FormatException(
          folder
              + " holds no rows that sc.spark.writeParquet wrote, or not all of them ("
              + e.getMessage()
              + ")",
          e);
    }
  }
}
