package org.cellweave.spark;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;

/**
 * Blocks of rows in a Parquet file, one to a row of Parquet and a row group of its own: first row,
 * lengths of the rows, columns and values as little-endian bytes, by Zstandard. Numbers in lists
 * would take two to three times as long to read.
 */
final class BlockFile {
  private static final String FIRST = "first_row";
  private static final String INDPTR = "indptr";
  private static final String INDICES = "indices";
  private static final String VALUES = "values";
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named(FIRST)
          .required(BINARY)
          .named(INDPTR)
          .required(BINARY)
          .named(INDICES)
          .required(BINARY)
          .named(VALUES)
          .named("rows");

  private BlockFile() {}

  /** The name of the file of a range of rows. */
  static String name(int firstRow) {
    return String.format(Locale.ROOT, "rows-%010d.parquet", firstRow);
  }

  /**
   * Writes a file that has its name when it is complete: the same range may be written twice, when
   * an executor was lost.
   *
   * @param firstRow of the part in the whole matrix
   */
  static void write(Path file, CsrMatrix part, int firstRow) {
    String who = ProcessHandle.current().pid() + "-" + Thread.currentThread().getId();
    Path unfinished = file.resolveSibling("." + file.getFileName() + "." + who);
    try {
      try (var writer =
          ExampleParquetWriter.builder(new LocalOutputFile(unfinished))
              .withConf(new PlainParquetConfiguration())
              .withType(SCHEMA)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .withDictionaryEncoding(false)
              .withStatisticsEnabled(false)
              .withRowGroupRowCountLimit(1)
              .build()) {
        for (int b = 0; b < part.blockCount(); b++) {
          writer.write(row(part.block(b), firstRow));
        }
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file + " failed: " + e.getMessage(), e);
    }
  }

  private static Group row(CsrMatrix.Block block, int firstRow) {
    int n = block.endRow() - block.firstRow();
    byte[] indptr = new byte[4 * (n + 1)];
    IntBuffer starts = littleEndian(indptr).asIntBuffer();
    for (int i = 0; i < n; i++) {
      starts.put(block.start(block.firstRow() + i));
    }
    starts.put(block.nnz());
    byte[] indices = new byte[Math.multiplyExact(4, block.nnz())];
    littleEndian(indices).asIntBuffer().put(block.indices());
    boolean narrow = block.values() != null;
    byte[] values = new byte[Math.multiplyExact(narrow ? 4 : 8, block.nnz())];
    if (narrow) {
      littleEndian(values).asFloatBuffer().put(block.values());
    } else {
      littleEndian(values).asDoubleBuffer().put(block.wideValues());
    }
    Group out = new SimpleGroup(SCHEMA);
    out.add(FIRST, (long) firstRow + block.firstRow());
    out.add(INDPTR, Binary.fromConstantByteArray(indptr));
    out.add(INDICES, Binary.fromConstantByteArray(indices));
    out.add(VALUES, Binary.fromConstantByteArray(values));
    return out;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A block.
   *
   * @param block its number in the file
   * @param firstRow of the whole matrix
   * @param rowPtr from 0 on, of the rows of the block
   */
  static CsrMatrix read(
      Path file, int block, int firstRow, long[] rowPtr, int nCols, DType dtype, boolean float32) {
    var options = ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
    try (var reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      if (block >= reader.getRowGroups().size()) {
        throw damaged(file, "holds " + reader.getRowGroups().size() + " blocks");
      }
      PageReadStore pages = reader.readRowGroup(block);
      Group row =
          new ColumnIOFactory()
              .getColumnIO(SCHEMA)
              .getRecordReader(pages, new GroupRecordConverter(SCHEMA))
              .read();
      CsrMatrix out = CsrMatrix.allocate(nCols, rowPtr, dtype, float32);
      fill(out, row, file, firstRow);
      return out;
    } catch (IOException e) {
      throw new FormatException(
          file
              + " cannot be read: "
              + e.getMessage()
              + ". Rows are read where they are worked on: every machine must see the file under"
              + " this name",
          e);
    }
  }

  private static void fill(CsrMatrix out, Group row, Path file, int firstRow) {
    if (row.getLong(FIRST, 0) != firstRow || out.blockCount() > 1) {
      throw damaged(file, "begins with row " + row.getLong(FIRST, 0));
    }
    if (out.blockCount() == 0) {
      return;
    }
    CsrMatrix.Block block = out.block(0);
    ByteBuffer indices = bytes(row, INDICES, 4L * block.nnz(), file);
    indices.asIntBuffer().get(block.indices());
    boolean narrow = block.values() != null;
    ByteBuffer values = bytes(row, VALUES, (narrow ? 4L : 8L) * block.nnz(), file);
    if (narrow) {
      values.asFloatBuffer().get(block.values());
    } else {
      values.asDoubleBuffer().get(block.wideValues());
    }
  }

  private static ByteBuffer bytes(Group row, String column, long expected, Path file) {
    ByteBuffer out = row.getBinary(column, 0).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (out.remaining() != expected) {
      throw damaged(file, "has " + out.remaining() + " bytes in " + column);
    }
    return out;
  }

  private static FormatException damaged(Path file, String problem) {
    return new FormatException(
        file + " " + problem + ", which its index does not say; write the folder again");
  }
}
