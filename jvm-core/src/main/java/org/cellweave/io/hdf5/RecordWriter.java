package org.cellweave.io.hdf5;

import static org.bytedeco.hdf5.global.hdf5.H5T_COMPOUND;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Tinsert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.NdArray;
import org.cellweave.data.RecordArray;
import org.cellweave.io.binary.Fillers;

/** Writes record arrays as compound datasets. */
final class RecordWriter {
  private static final int POINTER = 8;

  private final H5Sink sink;

  RecordWriter(H5Sink sink) {
    this.sink = sink;
  }

  /** Writes an array of records and returns the open dataset. */
  long write(long parent, String name, RecordArray records, String key) {
    if (records.fields().isEmpty()) {
      throw new IllegalArgumentException("'" + key + "' is a record array without fields");
    }
    int width = 0;
    for (NdArray field : records.fields().values()) {
      width += width(field);
    }
    long type = sink.check(H5Tcreate(H5T_COMPOUND, width), "writing '" + key + "'");
    List<TextBlock> texts = new ArrayList<>();
    try {
      int offset = 0;
      for (Map.Entry<String, NdArray> e : records.fields().entrySet()) {
        long fieldType = e.getValue().isText() ? sink.textType() : sink.type(e.getValue().dtype());
        try (BytePointer field = H5Sink.utf8(e.getKey())) {
          sink.check(H5Tinsert(type, field, offset, fieldType), "writing '" + key + "'");
        }
        offset += width(e.getValue());
      }
      return put(parent, name, records, type, width, texts, key);
    } finally {
      texts.forEach(TextBlock::close);
      H5Tclose(type);
    }
  }

  private static int width(NdArray field) {
    return field.isText() ? POINTER : field.dtype().bytes();
  }

  private long put(
      long parent,
      String name,
      RecordArray records,
      long type,
      int width,
      List<TextBlock> texts,
      String key) {
    int n = records.length();
    long dataset = sink.dataset(parent, name, type, new long[] {n}, null, null, 0, false);
    if (n > 0) {
      try (BytePointer buffer = new BytePointer((long) n * width)) {
        ByteBuffer out = H5Sink.view(buffer).order(ByteOrder.nativeOrder());
        int offset = 0;
        for (NdArray field : records.fields().values()) {
          fill(field, out, offset, width, texts, key);
          offset += width(field);
        }
        sink.write(dataset, type, buffer, key);
      }
    }
    return dataset;
  }

  private static void fill(
      NdArray field, ByteBuffer out, int offset, int width, List<TextBlock> texts, String key) {
    int n = field.size();
    if (field.isText()) {
      var block = new TextBlock(field.texts(), key);
      texts.add(block);
      for (int i = 0; i < n; i++) {
        out.putLong(i * width + offset, block.pointers().get(i));
      }
      return;
    }
    var filler = Fillers.primitives(field.dtype(), field.data(), key);
    for (int i = 0; i < n; i++) {
      ByteBuffer one = out.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      one.position(i * width + offset);
      filler.fill(i, 1, one);
    }
  }
}
