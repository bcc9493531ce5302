package org.cellweave.io;

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
import org.cellweave.io.ElementWriter.Target;

/** Writes record arrays as compound datasets. */
final class RecordWriter {
  private static final int POINTER = 8;

  private final H5Sink sink;

  RecordWriter(H5Sink sink) {
    this.sink = sink;
  }

  void write(Target t, RecordArray records) {
    if (records.fields().isEmpty()) {
      throw new IllegalArgumentException("'" + t.key() + "' is a record array without fields");
    }
    int width = 0;
    for (NdArray field : records.fields().values()) {
      width += width(field);
    }
    long type = sink.check(H5Tcreate(H5T_COMPOUND, width), "writing '" + t.key() + "'");
    List<H5Sink.TextBlock> texts = new ArrayList<>();
    try {
      int offset = 0;
      for (Map.Entry<String, NdArray> e : records.fields().entrySet()) {
        long fieldType = e.getValue().isText() ? sink.textType() : sink.type(e.getValue().dtype());
        try (BytePointer name = H5Sink.utf8(e.getKey())) {
          sink.check(H5Tinsert(type, name, offset, fieldType), "writing '" + t.key() + "'");
        }
        offset += width(e.getValue());
      }
      put(t, records, type, width, texts);
    } finally {
      texts.forEach(H5Sink.TextBlock::close);
      H5Tclose(type);
    }
  }

  private static int width(NdArray field) {
    return field.isText() ? POINTER : field.dtype().bytes();
  }

  private void put(
      Target t, RecordArray records, long type, int width, List<H5Sink.TextBlock> texts) {
    int n = records.length();
    long dataset = sink.dataset(t.parent(), t.name(), type, new long[] {n}, null, null, 0, false);
    if (n > 0) {
      try (BytePointer buffer = new BytePointer((long) n * width)) {
        ByteBuffer out = H5Sink.view(buffer).order(ByteOrder.nativeOrder());
        int offset = 0;
        for (NdArray field : records.fields().values()) {
          fill(t, field, out, offset, width, texts);
          offset += width(field);
        }
        sink.write(dataset, type, buffer, t.key());
      }
    }
    sink.attribute(dataset, "encoding-type", "rec-array");
    sink.attribute(dataset, "encoding-version", "0.2.0");
    sink.closeDataset(dataset);
  }

  private static void fill(
      Target t,
      NdArray field,
      ByteBuffer out,
      int offset,
      int width,
      List<H5Sink.TextBlock> texts) {
    int n = field.size();
    if (field.isText()) {
      var block = new H5Sink.TextBlock(field.texts(), t.key());
      texts.add(block);
      for (int i = 0; i < n; i++) {
        out.putLong(i * width + offset, block.pointers().get(i));
      }
      return;
    }
    var filler = Fillers.primitives(field.dtype(), field.data(), t.key());
    for (int i = 0; i < n; i++) {
      ByteBuffer one = out.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      one.position(i * width + offset);
      filler.fill(i, 1, one);
    }
  }
}
