package org.cellweave.io.hdf5;

import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.cellweave.data.NdArray;
import org.cellweave.io.binary.Numbers;
import org.cellweave.io.store.StoreRecords;

/** The fields of a compound dataset, each read as a column of its own. */
final class H5Records implements StoreRecords {
  private final H5Source source;
  private final H5Array array;
  private final String key;
  private final int stride;
  private final List<Layout> layouts = new ArrayList<>();
  private final List<Field> fields = new ArrayList<>();
  private ByteBuffer bytes;

  /**
   * @param width elements per record: 1, or the length of an array field
   */
  private record Layout(int offset, H5Type type, int width) {}

  H5Records(H5Source source, H5Array array) {
    this.source = source;
    this.array = array;
    this.key = array.key();
    this.stride = array.type().storedSize();
    for (var member : ((CompoundDataType) array.type().hdf()).getMembers()) {
      var type = member.getDataType();
      int width = 1;
      boolean isArray = type instanceof ArrayDataType;
      if (type instanceof ArrayDataType a) {
        for (int d : a.getArrayTypeDimensions()) {
          width = Math.multiplyExact(width, d);
        }
        type = a.getBaseType();
      }
      H5Type element = H5Type.of(type);
      if (member.getOffset() < 0
          || width < 0
          || member.getOffset() + (long) width * element.storedSize() > stride) {
        throw source.bad(
            key, "has a field '" + member.getName() + "' outside its record; the file is damaged");
      }
      layouts.add(new Layout(member.getOffset(), element, width));
      fields.add(new Field(member.getName(), element, isArray));
    }
  }

  @Override
  public List<Field> fields() {
    return fields;
  }

  @Override
  public int length() {
    return array.flatSize();
  }

  @Override
  public NdArray values(int at) {
    Field field = fields.get(at);
    Layout layout = layouts.get(at);
    int n = length();
    if (bytes == null && n > 0) {
      bytes = array.all();
    }
    int total = Math.multiplyExact(n, layout.width());
    int[] shape = field.isArray() ? new int[] {n, layout.width()} : new int[] {n};
    H5Type type = layout.type();
    if (!type.isText() && !type.isNumeric()) {
      throw source.bad(
          key + "/" + field.name(), "holds " + type.describe() + ", expected numbers or text");
    }
    return type.isText()
        ? new NdArray(null, shape, texts(layout, n, total))
        : new NdArray(type.dtype(), shape, numbers(layout, n, total));
  }

  private Object numbers(Layout layout, int n, int total) {
    H5Type type = layout.type();
    Object out = Numbers.allocate(type.dtype(), total);
    for (int i = 0; i < n; i++) {
      ByteBuffer one =
          bytes.duplicate().order(type.order() == null ? ByteOrder.LITTLE_ENDIAN : type.order());
      one.position(bytes.position() + i * stride + layout.offset());
      if (type.bits() != null) {
        one = type.bits().rearranged(one, layout.width());
      }
      Numbers.copy(type.dtype(), one, layout.width(), out, i * layout.width());
    }
    return out;
  }

  private String[] texts(Layout layout, int n, int total) {
    String[] out = new String[total];
    var hdf = layout.type().hdf();
    if (n > 0 && layout.width() == 1) {
      source.textDecoder().decode(key, hdf, bytes, layout.offset(), stride, n, out, 0);
      return out;
    }
    int size = layout.type().storedSize();
    for (int i = 0; i < n; i++) {
      int at = i * stride + layout.offset();
      source
          .textDecoder()
          .decode(key, hdf, bytes, at, size, layout.width(), out, i * layout.width());
    }
    return out;
  }
}
