package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.util.List;
import org.cellweave.data.NdArray;
import org.cellweave.io.binary.Numbers;
import org.cellweave.io.store.StoreRecords;

/** The fields of an array of records. */
final class ZarrRecords implements StoreRecords {
  private final ZarrArray array;
  private final List<ZarrType.Field> layouts;
  private ByteBuffer bytes;

  ZarrRecords(ZarrArray array) {
    this.array = array;
    this.layouts = array.type().fields();
  }

  @Override
  public List<Field> fields() {
    return layouts.stream().map(f -> new Field(f.name(), f.type(), f.isArray())).toList();
  }

  @Override
  public int length() {
    return array.flatSize();
  }

  @Override
  public NdArray values(int at) {
    ZarrType.Field field = layouts.get(at);
    ZarrType type = field.type();
    if (!type.isText() && !type.isNumeric()) {
      throw array
          .source()
          .bad(
              array.key() + "/" + field.name(),
              "holds " + type.describe() + ", expected numbers or text");
    }
    int n = length();
    if (bytes == null) {
      bytes = array.all();
    }
    int width = field.width();
    int total = Math.multiplyExact(n, width);
    int[] shape = field.isArray() ? new int[] {n, width} : new int[] {n};
    Object out = type.isText() ? new String[total] : Numbers.allocate(type.dtype(), total);
    for (int i = 0; i < n; i++) {
      int from = bytes.position() + i * array.type().size() + field.offset();
      if (type.isText()) {
        for (int w = 0; w < width; w++) {
          ((String[]) out)[i * width + w] = FixedText.one(bytes, from + w * type.size(), type);
        }
      } else {
        ByteBuffer one = bytes.duplicate().order(type.order());
        one.position(from);
        Numbers.copy(type.dtype(), one, width, out, i * width);
      }
    }
    return new NdArray(type.isText() ? null : type.dtype(), shape, out);
  }
}
