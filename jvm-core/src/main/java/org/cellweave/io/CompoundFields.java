package org.cellweave.io;

import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.cellweave.data.NdArray;

/** The fields of a compound dataset, each read as a column of its own. */
final class CompoundFields {
  private final H5Source source;
  private final String key;
  private final int stride;
  private final List<Field> fields = new ArrayList<>();

  /**
   * @param width elements per record: 1, or the length of an array field
   */
  record Field(String name, int offset, ElementType type, int width, boolean isArray) {}

  CompoundFields(H5Source source, H5Array array) {
    this.source = source;
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
      ElementType element = ElementType.of(type);
      if (member.getOffset() < 0
          || width < 0
          || member.getOffset() + (long) width * element.storedSize() > stride) {
        throw source.bad(
            key, "has a field '" + member.getName() + "' outside its record; the file is damaged");
      }
      fields.add(new Field(member.getName(), member.getOffset(), element, width, isArray));
    }
  }

  List<Field> list() {
    return fields;
  }

  /** True when every field is a plain number, boolean or text. */
  boolean isSimple() {
    return fields.stream()
        .allMatch(f -> !f.isArray() && (f.type().isNumeric() || f.type().isText()));
  }

  /** The values of a field in {@code n} records; two-dimensional for an array field. */
  NdArray values(Field field, ByteBuffer bytes, int n) {
    int total = Math.multiplyExact(n, field.width());
    int[] shape = field.isArray() ? new int[] {n, field.width()} : new int[] {n};
    ElementType type = field.type();
    if (!type.isText() && !type.isNumeric()) {
      throw source.bad(
          key + "/" + field.name(), "holds " + type.describe() + ", expected numbers or text");
    }
    if (type.isText()) {
      String[] out = new String[total];
      if (n > 0) {
        if (field.width() == 1) {
          source.textDecoder().decode(key, type.hdf(), bytes, field.offset(), stride, n, out, 0);
        } else {
          wideTexts(field, bytes, n, out);
        }
      }
      return new NdArray(null, shape, out);
    }
    Object out = Numbers.allocate(type.dtype(), total);
    for (int i = 0; i < n; i++) {
      ByteBuffer one =
          bytes.duplicate().order(type.order() == null ? ByteOrder.LITTLE_ENDIAN : type.order());
      one.position(bytes.position() + i * stride + field.offset());
      if (type.bits() != null) {
        one = type.bits().rearranged(one, field.width());
      }
      Numbers.copy(type.dtype(), one, field.width(), out, i * field.width());
    }
    return new NdArray(type.dtype(), shape, out);
  }

  private void wideTexts(Field field, ByteBuffer bytes, int n, String[] out) {
    int size = field.type().storedSize();
    for (int i = 0; i < n; i++) {
      int at = i * stride + field.offset();
      source
          .textDecoder()
          .decode(key, field.type().hdf(), bytes, at, size, field.width(), out, i * field.width());
    }
  }
}
