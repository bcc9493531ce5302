package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.hdf5.global.hdf5.*;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.BackedMatrix;
import org.cellweave.io.H5adReader;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sparse matrices whose chunks are written here, since no writer makes them. */
class ChunkedMatrixTest {
  private static final int ZSTD = 32015;
  @TempDir Path folder;

  private interface Parts {
    void write(long x);
  }

  private Path file(H5Sink sink, long nRows, long nCols, long[] pointers, Parts parts) {
    long x = sink.group(sink.file(), "X", false);
    new RawElements(sink).encoding(x, "csr_matrix", "0.1.0");
    sink.attribute(x, "shape", new long[] {nRows, nCols});
    new H5Writer(sink, RawElements.PLAIN)
        .group(x)
        .numbers(
            "indptr",
            DType.INT64,
            new long[] {nRows + 1},
            false,
            (from, count, to) -> {
              for (int i = 0; i < count; i++) {
                to.putLong(
                    pointers == null ? (from + i) * nCols : pointers[Math.toIntExact(from + i)]);
              }
            })
        .close();
    parts.write(x);
    sink.closeGroup(x);
    sink.close();
    return folder.resolve("x.h5ad");
  }

  private static void chunk(H5Sink sink, long dataset, long at, byte[] encoded) {
    try (var bytes = new BytePointer(encoded)) {
      sink.writeChunk(dataset, new long[] {at}, encoded.length, bytes, "chunk");
    }
  }

  private static byte[] deflated(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var to = new DeflaterOutputStream(out)) {
      to.write(bytes);
    }
    return out.toByteArray();
  }

  /** Every row has a value in all of 256 columns; a chunk's values differ from 2^31 on. */
  @Test
  void rowsBehindTwoToThe31stValueAreRead() throws IOException {
    int width = 1 << 24;
    int chunks = 130;
    byte[] columns = new byte[width];
    byte[] low = new byte[width];
    byte[] high = new byte[width];
    for (int i = 0; i < width; i++) {
      columns[i] = (byte) i;
      low[i] = (byte) (i >>> 17);
      high[i] = (byte) (i >>> 17 | 128);
    }
    long nRows = (long) chunks * width / 256;
    H5Sink sink = H5Sink.create(folder.resolve("x.h5ad"));
    byte[] codedColumns = deflated(columns);
    byte[] codedLow = deflated(low);
    byte[] codedHigh = deflated(high);
    Path path =
        file(
            sink,
            nRows,
            256,
            null,
            x -> {
              for (String name : new String[] {"data", "indices"}) {
                long[] shape = {(long) chunks * width};
                long[] each = {width};
                long d = sink.dataset(x, name, H5T_STD_U8LE_g(), shape, null, each, 6, false);
                for (int c = 0; c < chunks; c++) {
                  byte[] values = c < 128 ? codedLow : codedHigh;
                  chunk(sink, d, (long) c * width, name.equals("data") ? values : codedColumns);
                }
                sink.closeDataset(d);
              }
            });
    try (BackedMatrix matrix = H5adReader.backedX(path)) {
      int border = 1 << 23;
      assertThat(matrix.storedValues()).isGreaterThan(1L << 31);
      int[] rows = {0, 511, 512, border - 1, border, border + 512, (int) nRows - 1};
      CsrMatrix some = matrix.read(rows, null).toCsr();
      double[] expected = {0, 0, 1, 127, 128, 129, 255};
      for (int r = 0; r < rows.length; r++) {
        assertThat(some.get(r, 0)).as("row %d", rows[r]).isEqualTo(expected[r]);
        assertThat(some.get(r, 255)).as("row %d", rows[r]).isEqualTo(expected[r]);
      }
      CsrMatrix back = matrix.read(new int[] {border, border - 1}, new int[] {200, 7}).toCsr();
      assertThat(back.get(0, 1)).isEqualTo(128);
      assertThat(back.get(1, 0)).isEqualTo(127);
    }
  }

  private Path zstd(byte[] data) {
    H5Sink sink = H5Sink.create(folder.resolve("x.h5ad"));
    return file(
        sink,
        2,
        3,
        new long[] {0, 1, 3},
        x -> {
          long plist = H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g());
          H5Pset_chunk(plist, 1, new long[] {4});
          H5Pset_filter(plist, ZSTD, H5Z_FLAG_OPTIONAL, 1, new int[] {3});
          long space = H5Screate_simple(1, new long[] {3}, new long[] {-1});
          try (BytePointer name = H5Sink.utf8("data")) {
            long d = H5Dcreate2(x, name, H5T_STD_U8LE_g(), space, 0, plist, 0);
            chunk(sink, d, 0, data);
            sink.closeDataset(d);
          }
          H5Sclose(space);
          H5Pclose(plist);
          MadeFile.dataset(sink, x, "indices", H5T_STD_U8LE_g(), 3, new byte[] {2, 0, 1});
        });
  }

  @Test
  void zstdIsRead() {
    try (BackedMatrix matrix = H5adReader.backedX(zstd(Zstd.compress(new byte[] {7, 8, 9, 0})))) {
      CsrMatrix x = matrix.read(null, null).toCsr();
      assertThat(x.get(0, 2)).isEqualTo(7);
      assertThat(x.get(1, 0)).isEqualTo(8);
      assertThat(x.get(1, 1)).isEqualTo(9);
    }
  }

  @Test
  void damagedZstdNamesTheDataset() {
    byte[] damaged = Zstd.compress(new byte[] {7, 8, 9, 0});
    damaged[0] ^= 1;
    try (BackedMatrix matrix = H5adReader.backedX(zstd(damaged))) {
      assertThatThrownBy(() -> matrix.read(null, null))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("x.h5ad: 'X/data' holds damaged zstd data");
    }
    try (BackedMatrix matrix = H5adReader.backedX(zstd(Zstd.compress(new byte[40])))) {
      assertThatThrownBy(() -> matrix.read(null, null))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("'X/data' holds damaged zstd data");
    }
  }
}
