package org.cellweave.io.hdf5;

import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.BitField;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OpaqueDataType;
import io.jhdf.object.datatype.Reference;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.TimeDataType;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.cellweave.io.store.ElementType;
import org.cellweave.matrix.DType;

/**
 * What one element of an HDF5 dataset is.
 *
 * @param dtype for numbers and booleans, else null
 * @param order of the bytes handed out
 * @param size bytes of one element as it is handed out; in the file it has {@link #storedSize}
 * @param bits how to rearrange numbers that no processor stores this way, else null
 */
record H5Type(Kind kind, DType dtype, ByteOrder order, int size, DataType hdf, BitLayout bits)
    implements ElementType {
  static H5Type of(DataType type) {
    int size = type.getSize();
    if (type instanceof FixedPoint p) {
      return integer(
          type, p.getByteOrder(), p.isSigned(), p.getBitOffset(), p.getBitPrecision() & 0xffff);
    }
    if (type instanceof BitField b) {
      return integer(type, b.getByteOrder(), false, b.getBitOffset(), b.getBitPrecision() & 0xffff);
    }
    if (type instanceof FloatingPoint p) {
      DType plain = BitLayout.ieee(p);
      if (plain != null) {
        return new H5Type(Kind.NUMBER, plain, p.getByteOrder(), size, type, null);
      }
      return rearranged(type, BitLayout.ofReal(p));
    }
    if (type instanceof EnumDataType e) {
      var names = e.getEnumMapping();
      boolean bool = names.size() == 2 && "FALSE".equals(names.get(0));
      if (size == 1 && bool && "TRUE".equals(names.get(1))) {
        return plain(Kind.BOOLEAN, DType.BOOL, type);
      }
      H5Type base = of(e.getBaseType());
      return new H5Type(base.kind, base.dtype, base.order, base.size, type, base.bits);
    }
    if (type instanceof StringData) {
      return plain(Kind.FIXED_TEXT, null, type);
    }
    if (type instanceof VariableLength v) {
      return plain(v.isVariableLengthString() ? Kind.TEXT : Kind.OTHER, null, type);
    }
    Kind kind =
        type instanceof CompoundDataType
            ? Kind.COMPOUND
            : type instanceof Reference ? Kind.REFERENCE : Kind.OTHER;
    return plain(kind, null, type);
  }

  private static H5Type plain(Kind kind, DType dtype, DataType type) {
    return new H5Type(kind, dtype, ByteOrder.LITTLE_ENDIAN, type.getSize(), type, null);
  }

  private static H5Type integer(
      DataType type, ByteOrder order, boolean signed, int offset, int precision) {
    int size = type.getSize();
    if (offset == 0 && precision == 8L * size && BitLayout.integer(size, signed) != null) {
      return new H5Type(Kind.NUMBER, BitLayout.integer(size, signed), order, size, type, null);
    }
    return rearranged(type, BitLayout.ofInteger(size, order, signed, offset, precision));
  }

  private static H5Type rearranged(DataType type, BitLayout bits) {
    if (bits == null) {
      return plain(Kind.OTHER, null, type);
    }
    DType dtype = bits.dtype();
    return new H5Type(Kind.NUMBER, dtype, ByteOrder.LITTLE_ENDIAN, dtype.bytes(), type, bits);
  }

  @Override
  public int storedSize() {
    return hdf.getSize();
  }

  @Override
  public boolean isFixedAscii() {
    return hdf instanceof StringData s && s.getCharset().equals(StandardCharsets.US_ASCII);
  }

  @Override
  public String describe() {
    if (isNumeric()) {
      return dtype.numpyName();
    }
    if (kind == Kind.COMPOUND) {
      return isComplex() ? "complex numbers" : "compound records";
    }
    return kind == Kind.OTHER ? other() : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private String other() {
    if (hdf instanceof FloatingPoint) {
      return "floating-point numbers of " + 8L * storedSize() + " bits in an unusual layout";
    }
    if (hdf instanceof FixedPoint || hdf instanceof BitField) {
      return "integers of " + 8L * storedSize() + " bits in an unusual layout";
    }
    return hdf instanceof TimeDataType
        ? "times"
        : hdf instanceof VariableLength
            ? "sequences of varying length"
            : hdf instanceof ArrayDataType
                ? "arrays"
                : hdf instanceof OpaqueDataType ? "opaque bytes" : "values of an unknown type";
  }

  /** Complex numbers are records of two floating-point fields, r and i. */
  @Override
  public boolean isComplex() {
    var members = ((CompoundDataType) hdf).getMembers();
    return members.size() == 2
        && members.get(0).getName().equals("r")
        && members.get(1).getName().equals("i")
        && members.stream().allMatch(m -> m.getDataType() instanceof FloatingPoint);
  }
}
