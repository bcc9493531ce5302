package org.cellweave.io;

import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.Reference;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteOrder;
import org.cellweave.matrix.DType;

/**
 * What one element of an HDF5 dataset is.
 *
 * @param dtype for numbers and booleans, else null
 * @param size bytes of one element
 */
record ElementType(Kind kind, DType dtype, ByteOrder order, int size, DataType hdf) {
  enum Kind {
    NUMBER,
    BOOLEAN,
    TEXT,
    FIXED_TEXT,
    COMPOUND,
    REFERENCE,
    OTHER
  }

  static ElementType of(DataType type) {
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    int size = type.getSize();
    if (type instanceof FixedPoint p) {
      DType dtype = integer(size, p.isSigned());
      return new ElementType(
          dtype == null ? Kind.OTHER : Kind.NUMBER, dtype, p.getByteOrder(), size, type);
    }
    if (type instanceof FloatingPoint p) {
      DType dtype =
          size == 2 ? DType.FLOAT16 : size == 4 ? DType.FLOAT32 : size == 8 ? DType.FLOAT64 : null;
      return new ElementType(
          dtype == null ? Kind.OTHER : Kind.NUMBER, dtype, p.getByteOrder(), size, type);
    }
    if (type instanceof EnumDataType e) {
      if (size == 1
          && "FALSE".equals(e.getEnumMapping().get(0))
          && "TRUE".equals(e.getEnumMapping().get(1))) {
        return new ElementType(Kind.BOOLEAN, DType.BOOL, little, 1, type);
      }
      ElementType base = of(e.getBaseType());
      return new ElementType(base.kind, base.dtype, base.order, size, type);
    }
    if (type instanceof StringData) {
      return new ElementType(Kind.FIXED_TEXT, null, little, size, type);
    }
    if (type instanceof VariableLength v) {
      return new ElementType(
          v.isVariableLengthString() ? Kind.TEXT : Kind.OTHER, null, little, size, type);
    }
    if (type instanceof CompoundDataType) {
      return new ElementType(Kind.COMPOUND, null, little, size, type);
    }
    return new ElementType(
        type instanceof Reference ? Kind.REFERENCE : Kind.OTHER, null, little, size, type);
  }

  private static DType integer(int size, boolean signed) {
    return switch (size) {
      case 1 -> signed ? DType.INT8 : DType.UINT8;
      case 2 -> signed ? DType.INT16 : DType.UINT16;
      case 4 -> signed ? DType.INT32 : DType.UINT32;
      case 8 -> signed ? DType.INT64 : DType.UINT64;
      default -> null;
    };
  }

  boolean isNumeric() {
    return kind == Kind.NUMBER || kind == Kind.BOOLEAN;
  }

  boolean isText() {
    return kind == Kind.TEXT || kind == Kind.FIXED_TEXT;
  }

  /** For messages. */
  String describe() {
    return isNumeric()
        ? dtype.numpyName()
        : kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
