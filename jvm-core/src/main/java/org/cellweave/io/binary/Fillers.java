package org.cellweave.io.binary;

import java.nio.ByteBuffer;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** Where the bytes of written arrays come from. */
public final class Fillers {
  private Fillers() {}

  public static Filler longs(DType type, long[] values) {
    return (from, count, to) -> {
      for (int i = 0; i < count; i++) {
        putLong(type, values[(int) from + i], to);
      }
    };
  }

  public static Filler ints(DType type, int[] values) {
    return (from, count, to) -> {
      for (int i = 0; i < count; i++) {
        putLong(type, values[(int) from + i], to);
      }
    };
  }

  public static Filler booleans(boolean[] values) {
    return (from, count, to) -> {
      for (int i = 0; i < count; i++) {
        to.put((byte) (values[(int) from + i] ? 1 : 0));
      }
    };
  }

  public static Filler doubles(DType type, double[] values, String key) {
    return (from, count, to) -> putDoubles(type, values, (int) from, count, to, key);
  }

  /** An array exactly as {@link Numbers#allocate} makes it. */
  public static Filler primitives(DType type, Object values, String key) {
    return (from, count, to) -> {
      int at = (int) from;
      if (values instanceof boolean[] v) {
        booleans(v).fill(from, count, to);
      } else if (values instanceof byte[] v) {
        to.put(v, at, count);
      } else if (values instanceof short[] v) {
        to.asShortBuffer().put(v, at, count);
      } else if (values instanceof int[] v) {
        to.asIntBuffer().put(v, at, count);
      } else if (values instanceof long[] v) {
        to.asLongBuffer().put(v, at, count);
      } else if (values instanceof float[] v) {
        putFloats(type, v, at, count, to, key);
      } else {
        putDoubles(type, (double[]) values, at, count, to, key);
      }
    };
  }

  public static Filler dense(DenseMatrix m, String key) {
    long blockSize = (long) m.rowsPerBlock() * m.nCols();
    return (from, count, to) -> {
      int done = 0;
      while (done < count) {
        long at = from + done;
        int block = (int) (at / blockSize);
        int inBlock = (int) (at - block * blockSize);
        int n = (int) Math.min(count - done, blockSize - inBlock);
        ByteBuffer part = from(to, done * m.dtype().bytes());
        if (m.isFloat32Stored()) {
          putFloats(m.dtype(), m.floatBlock(block), inBlock, n, part, key);
        } else {
          putDoubles(m.dtype(), m.doubleBlock(block), inBlock, n, part, key);
        }
        done += n;
      }
    };
  }

  private static ByteBuffer from(ByteBuffer to, int offset) {
    ByteBuffer part = to.duplicate().order(to.order());
    part.position(to.position() + offset);
    return part;
  }

  private static BlockSpans spans(CsrMatrix m) {
    long[] starts = new long[m.blockCount() + 1];
    for (int b = 0; b < m.blockCount(); b++) {
      starts[b] = m.rowPtr()[m.blockStart(b)];
    }
    starts[m.blockCount()] = m.nnz();
    return new BlockSpans(starts);
  }

  public static Filler sparseValues(CsrMatrix m, String key) {
    BlockSpans spans = spans(m);
    return (from, count, to) ->
        spans.forEach(
            from,
            count,
            (b, inBlock, inRun, n) -> {
              ByteBuffer part = from(to, inRun * m.dtype().bytes());
              CsrMatrix.Block block = m.block(b);
              if (block.values() != null) {
                putFloats(m.dtype(), block.values(), inBlock, n, part, key);
              } else {
                putDoubles(m.dtype(), block.wideValues(), inBlock, n, part, key);
              }
            });
  }

  public static Filler sparseIndices(CsrMatrix m, DType type) {
    BlockSpans spans = spans(m);
    return (from, count, to) ->
        spans.forEach(
            from,
            count,
            (b, inBlock, inRun, n) -> {
              ByteBuffer part = from(to, inRun * type.bytes());
              int[] indices = m.block(b).indices();
              if (type == DType.INT32) {
                part.asIntBuffer().put(indices, inBlock, n);
              } else {
                for (int i = 0; i < n; i++) {
                  part.putLong(indices[inBlock + i]);
                }
              }
            });
  }

  private static void putFloats(
      DType type, float[] values, int at, int n, ByteBuffer to, String key) {
    if (type == DType.FLOAT32) {
      to.asFloatBuffer().put(values, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      put(type, values[at + i], to, key);
    }
  }

  private static void putDoubles(
      DType type, double[] values, int at, int n, ByteBuffer to, String key) {
    if (type == DType.FLOAT64) {
      to.asDoubleBuffer().put(values, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      put(type, values[at + i], to, key);
    }
  }

  private static void put(DType type, double v, ByteBuffer to, String key) {
    switch (type) {
      case FLOAT16 -> to.putShort(Numbers.floatToHalf((float) v));
      case FLOAT32 -> to.putFloat((float) v);
      case FLOAT64 -> to.putDouble(v);
      default -> {
        if ((long) v != v || v < type.lowest() || v > type.highest()) {
          throw new IllegalArgumentException(
              key
                  + " has type "
                  + type.numpyName()
                  + ", but holds "
                  + v
                  + "; give it a floating type first, for example withDType(FLOAT32)");
        }
        putLong(type, (long) v, to);
      }
    }
  }

  private static void putLong(DType type, long v, ByteBuffer to) {
    switch (type.bytes()) {
      case 1 -> to.put((byte) v);
      case 2 -> to.putShort((short) v);
      case 4 -> to.putInt((int) v);
      default -> to.putLong(v);
    }
  }
}
