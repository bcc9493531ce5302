package org.cellweave.io.hdf5;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.hdf5.H5FD_class_t;
import org.bytedeco.hdf5.H5FD_t;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.CLongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * What the HDF5 library writes a file through: a channel of Java's.
 *
 * <p>The library cannot close a file whose last writes fail. It keeps what it could not write,
 * tries again when the process ends, and crashes it. Here a write never fails as far as the library
 * can see; the first failure is kept for {@link H5Sink}, which asks after every call. Nothing
 * thrown may pass through native code, hence the catching of everything.
 *
 * <p>Space is laid out as by the library's own driver; the bytes of a file are the same.
 */
final class H5Driver {
  /** Of the range that the library leaves to drivers of others. */
  private static final int VALUE = 431;

  private static final long FEATURES =
      H5FD_FEAT_AGGREGATE_METADATA
          | H5FD_FEAT_ACCUMULATE_METADATA
          | H5FD_FEAT_DATA_SIEVE
          | H5FD_FEAT_AGGREGATE_SMALLDATA
          | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;

  /** By the address of the handle, which lives as long as its entry. */
  private static final Map<Long, Entry> FILES = new ConcurrentHashMap<>();

  private static final ThreadLocal<ChannelFile> LAST = new ThreadLocal<>();
  private static final BytePointer NAME = new BytePointer("cellweave", StandardCharsets.US_ASCII);

  private H5Driver() {}

  private record Entry(H5FD_t handle, ChannelFile file) {}

  /** Makes files created with this access list go through Java. */
  static int use(long accessList) {
    return H5Pset_driver(accessList, ID, null);
  }

  /** The file that this thread opened last, or null when it could not be opened. */
  static ChannelFile lastOpened() {
    ChannelFile file = LAST.get();
    LAST.remove();
    return file;
  }

  private static long register() {
    H5FD_class_t type = new H5FD_class_t();
    Pointer.memset(type, 0, type.sizeof());
    type.version(H5FD_CLASS_VERSION).value(VALUE).name(NAME);
    type.maxaddr(Long.MAX_VALUE).fc_degree(H5F_CLOSE_STRONG);
    type.open(OPEN)._close(CLOSE).query(QUERY);
    type.get_eoa(GET_EOA).set_eoa(SET_EOA).get_eof(GET_EOF);
    type.read(READ).write(WRITE).truncate(TRUNCATE);
    // Raw data and global heaps are laid out apart from everything else.
    for (int kind = 0; kind < H5FD_MEM_NTYPES; kind++) {
      boolean raw = kind == H5FD_MEM_DRAW || kind == H5FD_MEM_GHEAP;
      type.fl_map(kind, raw ? H5FD_MEM_DRAW : H5FD_MEM_SUPER);
    }
    return H5FDregister(type);
  }

  private interface Action {
    void run(ChannelFile file) throws IOException;
  }

  private static int kept(H5FD_t handle, Action action) {
    ChannelFile file = FILES.get(handle.address()).file;
    try {
      action.run(file);
    } catch (IOException e) {
      file.fail(e);
    } catch (Throwable e) {
      file.fail(new IOException(e.toString(), e));
    }
    return 0;
  }

  private static ByteBuffer bytes(Pointer buffer, long size) {
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("one piece of " + size + " bytes is too large to write");
    }
    return new BytePointer(buffer).position(0).capacity(size).asByteBuffer();
  }

  // The functions that the library calls live as long as the process.

  private static final H5FD_class_t.Open_BytePointer_int_long_long OPEN =
      new H5FD_class_t.Open_BytePointer_int_long_long() {
        @Override
        public H5FD_t call(BytePointer name, int flags, long accessList, long most) {
          LAST.remove();
          try {
            ChannelFile file =
                ChannelFile.truncated(Path.of(name.getString(StandardCharsets.UTF_8)));
            H5FD_t handle = new H5FD_t();
            Pointer.memset(handle, 0, handle.sizeof());
            FILES.put(handle.address(), new Entry(handle, file));
            LAST.set(file);
            return handle;
          } catch (Throwable e) {
            return null;
          }
        }
      };

  private static final H5FD_class_t.Close_H5FD_t CLOSE =
      new H5FD_class_t.Close_H5FD_t() {
        @Override
        public int call(H5FD_t handle) {
          kept(handle, ChannelFile::close);
          FILES.remove(handle.address());
          return 0;
        }
      };

  private static final H5FD_class_t.Query_H5FD_t_CLongPointer QUERY =
      new H5FD_class_t.Query_H5FD_t_CLongPointer() {
        @Override
        public int call(H5FD_t handle, CLongPointer flags) {
          flags.put(FEATURES);
          return 0;
        }
      };

  private static final H5FD_class_t.Get_eoa_H5FD_t_int GET_EOA =
      new H5FD_class_t.Get_eoa_H5FD_t_int() {
        @Override
        public long call(H5FD_t handle, int kind) {
          return FILES.get(handle.address()).file.endOfAddresses();
        }
      };

  private static final H5FD_class_t.Set_eoa_H5FD_t_int_long SET_EOA =
      new H5FD_class_t.Set_eoa_H5FD_t_int_long() {
        @Override
        public int call(H5FD_t handle, int kind, long address) {
          return kept(handle, file -> file.endOfAddresses(address));
        }
      };

  private static final H5FD_class_t.Get_eof_H5FD_t_int GET_EOF =
      new H5FD_class_t.Get_eof_H5FD_t_int() {
        @Override
        public long call(H5FD_t handle, int kind) {
          return FILES.get(handle.address()).file.endOfFile();
        }
      };

  private static final H5FD_class_t.Read_H5FD_t_int_long_long_long_Pointer READ =
      new H5FD_class_t.Read_H5FD_t_int_long_long_long_Pointer() {
        @Override
        public int call(
            H5FD_t handle, int kind, long transfer, long address, long size, Pointer to) {
          return kept(handle, file -> file.read(address, bytes(to, size)));
        }
      };

  private static final H5FD_class_t.Write_H5FD_t_int_long_long_long_Pointer WRITE =
      new H5FD_class_t.Write_H5FD_t_int_long_long_long_Pointer() {
        @Override
        public int call(
            H5FD_t handle, int kind, long transfer, long address, long size, Pointer from) {
          return kept(handle, file -> file.write(address, bytes(from, size)));
        }
      };

  private static final H5FD_class_t.Truncate_H5FD_t_long_boolean TRUNCATE =
      new H5FD_class_t.Truncate_H5FD_t_long_boolean() {
        @Override
        public int call(H5FD_t handle, long transfer, boolean closing) {
          return kept(handle, ChannelFile::truncate);
        }
      };

  /** Last, as it needs all of the above. */
  private static final long ID = register();
}
