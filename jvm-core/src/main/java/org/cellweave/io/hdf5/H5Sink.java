package org.cellweave.io.hdf5;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.cellweave.internal.NativeSetup;
import org.cellweave.matrix.DType;

/**
 * An HDF5 file open for writing through the HDF Group's library. The library is not safe for
 * several threads: everything happens on the calling thread, and one file is written at a time.
 */
final class H5Sink implements AutoCloseable {
  static {
    NativeSetup.prepare();
    // Every file is closed here; what an error left open must not be touched when the process ends.
    H5dont_atexit();
  }

  private static final long NONE = 0;
  private static final long VARIABLE = -1;
  private static final int ORDERED = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  private static final int LZF_REVISION = 4;
  private static final int LZF_VERSION = 0x105;

  private final Path path;
  private final long file;
  private final ChannelFile written;
  private final long linkUtf8;
  private final long attributeUtf8;
  private final long textType;
  private final long boolType;
  private final long halfType;

  private H5Sink(Path path, long file, ChannelFile written) {
    this.path = path;
    this.file = file;
    this.written = written;
    linkUtf8 = check(H5Pcreate(H5P_CLS_LINK_CREATE_ID_g()), "preparing names");
    check(H5Pset_char_encoding(linkUtf8, H5T_CSET_UTF8), "preparing names");
    check(H5Pset_create_intermediate_group(linkUtf8, 1), "preparing names");
    attributeUtf8 = check(H5Pcreate(H5P_CLS_ATTRIBUTE_CREATE_ID_g()), "preparing names");
    check(H5Pset_char_encoding(attributeUtf8, H5T_CSET_UTF8), "preparing names");
    textType = check(H5Tcopy(H5T_C_S1_g()), "preparing text");
    check(H5Tset_size(textType, VARIABLE), "preparing text");
    check(H5Tset_cset(textType, H5T_CSET_UTF8), "preparing text");
    boolType = boolType();
    halfType = check(H5Tcopy(H5T_IEEE_F32LE_g()), "preparing float16");
    check(H5Tset_fields(halfType, 15, 10, 5, 0, 10), "preparing float16");
    check(H5Tset_size(halfType, 2), "preparing float16");
    check(H5Tset_ebias(halfType, 15), "preparing float16");
  }

  static H5Sink create(Path path) {
    return create(path, path, 0);
  }

  /**
   * @param shown what messages name
   * @param userBlock bytes at the beginning of the file that HDF5 leaves to others: 0 or 512, 1024,
   *     2048, ...
   */
  static H5Sink create(Path path, Path shown, long userBlock) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT(), null, null);
    long access = H5Pcreate(H5P_CLS_FILE_ACCESS_ID_g());
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_file_locking(access, false, true);
    H5Driver.use(access);
    long creation = H5Pcreate(H5P_CLS_FILE_CREATE_ID_g());
    H5Pset_userblock(creation, userBlock);
    long file;
    try (BytePointer name = utf8(path.toString())) {
      file = H5Fcreate(name, H5F_ACC_TRUNC(), creation, access);
    } finally {
      H5Pclose(creation);
      H5Pclose(access);
    }
    ChannelFile written = H5Driver.lastOpened();
    if (file < 0 || written == null) {
      throw WriteFailure.of(shown, "creating the file", null);
    }
    return new H5Sink(shown, file, written);
  }

  private long boolType() {
    long type = check(H5Tenum_create(H5T_STD_I8LE_g()), "preparing booleans");
    try (BytePointer value = new BytePointer(1)) {
      value.put(0, (byte) 0);
      check(H5Tenum_insert(type, "FALSE", value), "preparing booleans");
      value.put(0, (byte) 1);
      check(H5Tenum_insert(type, "TRUE", value), "preparing booleans");
    }
    return type;
  }

  long file() {
    return file;
  }

  long textType() {
    return textType;
  }

  /** The file type of a number, also its type in memory. */
  long type(DType type) {
    return switch (type) {
      case BOOL -> boolType;
      case INT8 -> H5T_STD_I8LE_g();
      case INT16 -> H5T_STD_I16LE_g();
      case INT32 -> H5T_STD_I32LE_g();
      case INT64 -> H5T_STD_I64LE_g();
      case UINT8 -> H5T_STD_U8LE_g();
      case UINT16 -> H5T_STD_U16LE_g();
      case UINT32 -> H5T_STD_U32LE_g();
      case UINT64 -> H5T_STD_U64LE_g();
      case FLOAT16 -> halfType;
      case FLOAT32 -> H5T_IEEE_F32LE_g();
      case FLOAT64 -> H5T_IEEE_F64LE_g();
    };
  }

  // ------------------------------------------------------------------------------ errors

  long check(long result, String doing) {
    if (result < 0 || written.failure() != null) {
      throw WriteFailure.of(path, doing, written.failure());
    }
    return result;
  }

  // ----------------------------------------------------------------------------- objects

  /** NUL-terminated UTF-8. */
  static BytePointer utf8(String s) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    BytePointer out = new BytePointer(bytes.length + 1L);
    out.put(bytes, 0, bytes.length);
    out.put(bytes.length, (byte) 0);
    return out;
  }

  /**
   * @param manyMembers for groups whose attributes may outgrow an object header
   */
  long group(long parent, String name, boolean manyMembers) {
    long plist = NONE;
    if (manyMembers) {
      plist = check(H5Pcreate(H5P_CLS_GROUP_CREATE_ID_g()), "creating '" + name + "'");
      check(H5Pset_attr_creation_order(plist, ORDERED), "creating '" + name + "'");
    }
    try (BytePointer n = utf8(name)) {
      return check(H5Gcreate2(parent, n, linkUtf8, plist, NONE), "creating '" + name + "'");
    } finally {
      if (plist != NONE) {
        H5Pclose(plist);
      }
    }
  }

  void closeGroup(long group) {
    check(H5Gclose(group), "closing a group");
  }

  /**
   * @param shape empty for a scalar, null for a dataset without a value
   * @param maxShape null for as large as it is
   * @param chunk null for one contiguous piece
   * @param gzipLevel 0 for none
   */
  long dataset(
      long parent,
      String name,
      long type,
      long[] shape,
      long[] maxShape,
      long[] chunk,
      int gzipLevel,
      boolean shuffle) {
    return dataset(
        parent, name, type, shape, new Layout(maxShape, chunk, gzipLevel, shuffle, 0, false));
  }

  /**
   * How a dataset lies in the file.
   *
   * @param maxShape null for as large as it is
   * @param chunk null for one contiguous piece
   * @param gzipLevel 0 for none
   * @param lzfBytes bytes of a chunk, for lzf; 0 for none
   * @param largeAttributes for attributes that may outgrow an object header
   */
  record Layout(
      long[] maxShape,
      long[] chunk,
      int gzipLevel,
      boolean shuffle,
      int lzfBytes,
      boolean largeAttributes) {}

  /**
   * @param shape empty for a scalar, null for a dataset without a value
   */
  long dataset(long parent, String name, long type, long[] shape, Layout layout) {
    String doing = "creating '" + name + "'";
    long space = check(space(shape, layout.maxShape()), doing);
    long plist = check(H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g()), doing);
    try (BytePointer n = utf8(name)) {
      check(H5Pset_obj_track_times(plist, false), doing);
      if (layout.chunk() != null) {
        check(H5Pset_chunk(plist, layout.chunk().length, layout.chunk()), doing);
        check(H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER), doing);
        filters(plist, layout, doing);
      }
      if (layout.largeAttributes()) {
        check(H5Pset_attr_creation_order(plist, ORDERED), doing);
      }
      return check(H5Dcreate2(parent, n, type, space, linkUtf8, plist, NONE), doing);
    } finally {
      H5Pclose(plist);
      H5Sclose(space);
    }
  }

  private void filters(long plist, Layout layout, String doing) {
    if (layout.gzipLevel() > 0) {
      if (layout.shuffle()) {
        check(H5Pset_shuffle(plist), doing);
      }
      check(H5Pset_deflate(plist, layout.gzipLevel()), doing);
    }
    if (layout.lzfBytes() > 0) {
      // The library lacks this filter; the chunks are encoded before they are handed to it.
      int[] settings = {LZF_REVISION, LZF_VERSION, layout.lzfBytes()};
      check(H5Pset_filter(plist, Filters.LZF, H5Z_FLAG_OPTIONAL, settings.length, settings), doing);
    }
  }

  private static long space(long[] shape, long[] maxShape) {
    return shape == null
        ? H5Screate(H5S_NULL)
        : shape.length == 0
            ? H5Screate(H5S_SCALAR)
            : H5Screate_simple(shape.length, shape, maxShape);
  }

  void closeDataset(long dataset) {
    check(H5Dclose(dataset), "closing a dataset");
  }

  /** Writes everything at once. */
  void write(long dataset, long type, Pointer data, String name) {
    check(H5Dwrite(dataset, type, H5S_ALL(), H5S_ALL(), NONE, data), "writing '" + name + "'");
  }

  /** Writes whole rows of the first axis, or a run of a one-dimensional dataset. */
  void writeRows(
      long dataset, long type, long[] shape, long firstRow, long nRows, Pointer data, String name) {
    long[] start = new long[shape.length];
    long[] count = shape.clone();
    start[0] = firstRow;
    count[0] = nRows;
    String doing = "writing '" + name + "'";
    long fileSpace = check(H5Screate_simple(shape.length, shape, (long[]) null), doing);
    long memory = check(H5Screate_simple(count.length, count, (long[]) null), doing);
    try {
      check(
          H5Sselect_hyperslab(
              fileSpace, H5S_SELECT_SET, start, (long[]) null, count, (long[]) null),
          doing);
      check(H5Dwrite(dataset, type, memory, fileSpace, NONE, data), doing);
    } finally {
      H5Sclose(memory);
      H5Sclose(fileSpace);
    }
  }

  /** Makes room for more rows of a growable dataset. */
  void extend(long dataset, long[] shape, String name) {
    check(H5Dset_extent(dataset, shape), "extending '" + name + "'");
  }

  /** Writes one chunk that is already encoded. */
  void writeChunk(long dataset, long[] offset, long bytes, Pointer data, String name) {
    writeChunk(dataset, offset, 0, bytes, data, name);
  }

  /**
   * @param skipped one bit for each filter that was not applied to this chunk
   */
  void writeChunk(long dataset, long[] offset, int skipped, long bytes, Pointer data, String name) {
    check(H5Dwrite_chunk(dataset, NONE, skipped, offset, bytes, data), "writing '" + name + "'");
  }

  /** Writes text as pointers into one buffer, which lives until the library has copied it. */
  void writeTexts(long dataset, String[] values, String name) {
    try (TextBlock block = new TextBlock(values, name)) {
      write(dataset, textType, block.pointers(), name);
    }
  }

  // -------------------------------------------------------------------------- attributes

  void attribute(long object, String name, String value) {
    try (TextBlock block = new TextBlock(new String[] {value}, name)) {
      attribute(object, name, textType, H5Screate(H5S_SCALAR), block.pointers());
    }
  }

  void attribute(long object, String name, String[] values) {
    try (TextBlock block = new TextBlock(values, name)) {
      long space = H5Screate_simple(1, new long[] {values.length}, (long[]) null);
      attribute(object, name, textType, space, block.pointers());
    }
  }

  void attribute(long object, String name, long[] values) {
    try (LongPointer data = new LongPointer(values)) {
      long space = H5Screate_simple(1, new long[] {values.length}, (long[]) null);
      attribute(object, name, H5T_STD_I64LE_g(), space, data);
    }
  }

  void attribute(long object, String name, long value) {
    try (LongPointer data = new LongPointer(new long[] {value})) {
      attribute(object, name, H5T_STD_I64LE_g(), H5Screate(H5S_SCALAR), data);
    }
  }

  void attribute(long object, String name, boolean value) {
    try (BytePointer data = new BytePointer(1)) {
      data.put(0, (byte) (value ? 1 : 0));
      attribute(object, name, boolType, H5Screate(H5S_SCALAR), data);
    }
  }

  /** An empty float64 array: how h5py stores an empty list of names. */
  void emptyAttribute(long object, String name) {
    try (BytePointer data = new BytePointer(8)) {
      long space = H5Screate_simple(1, new long[] {0}, (long[]) null);
      attribute(object, name, H5T_IEEE_F64LE_g(), space, data);
    }
  }

  /**
   * @param shape as in {@link #dataset}
   * @param key the object's path, for messages
   */
  void attribute(long object, String name, long type, long[] shape, Pointer data, String key) {
    attribute(object, name, type, space(shape, null), data);
  }

  private void attribute(long object, String name, long type, long space, Pointer data) {
    String doing = "writing attribute '" + name + "'";
    check(space, doing);
    try (BytePointer n = utf8(name)) {
      long attribute = check(H5Acreate2(object, n, type, space, attributeUtf8, NONE), doing);
      try {
        check(H5Awrite(attribute, type, data), doing);
      } finally {
        H5Aclose(attribute);
      }
    } finally {
      H5Sclose(space);
    }
  }

  @Override
  public void close() {
    closeTypes();
    long result = H5Fclose(file);
    check(result, "closing the file");
  }

  /** Closes after a failure, when more failures must not hide the first. */
  void abandon() {
    closeTypes();
    H5Fclose(file);
    H5Eclear2(H5E_DEFAULT());
  }

  private void closeTypes() {
    H5Pclose(linkUtf8);
    H5Pclose(attributeUtf8);
    H5Tclose(textType);
    H5Tclose(boolType);
    H5Tclose(halfType);
  }

  /** A native buffer seen as little-endian bytes. */
  static ByteBuffer view(BytePointer buffer) {
    return buffer.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
