package org.cellweave.io.zarr;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.scalableminds.bloscjava.Blosc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** The codecs that turn bytes into bytes. */
final class Codecs {
  /** Deflate shortens to no less than this part. */
  static final long MOST_GZIP = 1100;

  private static final long MOST_RATIO = 100_000;
  private static final int MOST = Integer.MAX_VALUE - 64;

  private Codecs() {}

  /** Where a result of {@code n} bytes goes. */
  private static byte[] place(long n, ByteBuffer in, int expected, byte[] scratch) {
    if (expected >= 0 && n != expected) {
      throw new IllegalStateException("it holds " + n + " bytes, expected " + expected);
    }
    if (n < 0 || n > MOST || n > in.remaining() * MOST_RATIO + (1 << 16)) {
      throw new IllegalStateException(
          "it claims " + n + " bytes out of " + in.remaining() + ", more than can be");
    }
    return scratch != null && scratch.length >= n ? scratch : new byte[(int) n];
  }

  /** Everything that a stream gives, as long as that is no more than expected. */
  private static ByteBuffer drained(InputStream stream, ByteBuffer in, int expected)
      throws IOException {
    long most = expected >= 0 ? expected : Math.min(MOST, in.remaining() * MOST_RATIO + (1L << 16));
    var out = new ByteArrayOutputStream();
    byte[] part = new byte[(int) Math.min(1 << 16, most + 1)];
    for (int n = stream.read(part); n >= 0; n = stream.read(part)) {
      out.write(part, 0, n);
      if (out.size() > most) {
        throw new IllegalStateException("it holds more than " + most + " bytes");
      }
    }
    if (expected >= 0 && out.size() != expected) {
      throw new IllegalStateException("it holds " + out.size() + " bytes, expected " + expected);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static InputStream stream(ByteBuffer in) {
    return new ByteArrayInputStream(in.array(), in.arrayOffset() + in.position(), in.remaining());
  }

  /**
   * @param level of Zstandard; 0 is its own default
   */
  record Zstandard(String name, int level, boolean checksum) implements ByteCodec {
    @Override
    public ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch) {
      int from = in.arrayOffset() + in.position();
      long n = Zstd.getFrameContentSize(in.array(), from, in.remaining());
      if (n < 0) {
        return unsized(in, expected);
      }
      byte[] out = place(n, in, expected, scratch);
      long done = Zstd.decompressByteArray(out, 0, (int) n, in.array(), from, in.remaining());
      if (Zstd.isError(done)) {
        throw new IllegalStateException(Zstd.getErrorName(done));
      }
      if (done != n) {
        throw new IllegalStateException("it holds " + done + " bytes, though it claims " + n);
      }
      return ByteBuffer.wrap(out, 0, (int) n);
    }

    private static ByteBuffer unsized(ByteBuffer in, int expected) {
      try (InputStream stream = new ZstdInputStream(stream(in))) {
        return drained(stream, in, expected);
      } catch (IOException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }

    @Override
    public byte[] encode(byte[] in) {
      byte[] out = new byte[Math.toIntExact(Zstd.compressBound(in.length))];
      long n =
          Zstd.compressByteArray(
              out, 0, out.length, in, 0, in.length, level == 0 ? 3 : level, checksum);
      if (Zstd.isError(n)) {
        throw new IllegalStateException(Zstd.getErrorName(n));
      }
      return Arrays.copyOf(out, (int) n);
    }
  }

  /**
   * Deflate in its wrapping of gzip or of zlib.
   *
   * @param level 0 to 9, or -1 for its own default
   */
  record Deflate(String name, int level, boolean gzip) implements ByteCodec {
    @Override
    public ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch) {
      try (InputStream stream =
          gzip ? new GZIPInputStream(stream(in)) : new InflaterInputStream(stream(in))) {
        return drained(stream, in, expected);
      } catch (IOException e) {
        throw new IllegalStateException(
            e.getMessage() == null ? "it ends early" : e.getMessage(), e);
      }
    }

    @Override
    public byte[] encode(byte[] in) {
      var out = new ByteArrayOutputStream();
      var deflater = new Deflater(level);
      try (DeflaterOutputStream to =
          gzip ? new Gzip(out, level) : new DeflaterOutputStream(out, deflater, 1 << 16)) {
        to.write(in);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } finally {
        deflater.end();
      }
      return out.toByteArray();
    }

    private static final class Gzip extends GZIPOutputStream {
      Gzip(ByteArrayOutputStream out, int level) throws IOException {
        super(out, 1 << 16);
        def.setLevel(level);
      }
    }
  }

  /**
   * @param compressor of its blocks, such as {@code lz4}
   * @param shuffle 0 none, 1 by bytes, 2 by bits
   */
  record BloscCodec(String name, String compressor, int level, int shuffle, int typeSize)
      implements ByteCodec {
    private static final int HEADER = 16;

    @Override
    public ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch) {
      if (in.remaining() < HEADER) {
        throw new IllegalStateException("it ends within its header");
      }
      ByteBuffer head = in.slice().order(ByteOrder.LITTLE_ENDIAN);
      int n = head.getInt(4);
      int block = head.getInt(8);
      int stored = head.getInt(12);
      if (stored != in.remaining()) {
        throw new IllegalStateException(
            "it claims " + stored + " bytes, but " + in.remaining() + " are there");
      }
      place(n, in, expected, new byte[0]);
      if (n > 0 && (block <= 0 || block > n)) {
        throw new IllegalStateException("it has blocks of " + block + " bytes");
      }
      if (n == 0) {
        return ByteBuffer.allocate(0);
      }
      byte[] packed = new byte[in.remaining()];
      in.duplicate().get(packed);
      byte[] out = onNative(() -> Blosc.decompress(packed));
      if (out == null || out.length != n) {
        throw new IllegalStateException("its blocks are damaged");
      }
      return ByteBuffer.wrap(out);
    }

    @Override
    public byte[] encode(byte[] in) {
      byte[] out =
          onNative(
              () ->
                  Blosc.compress(
                      in,
                      typeSize,
                      Blosc.Compressor.fromString(compressor),
                      level,
                      Blosc.Shuffle.fromInt(shuffle)));
      if (out == null) {
        throw new IllegalStateException("it refuses " + in.length + " bytes");
      }
      return out;
    }

    private interface Native {
      byte[] run();
    }

    private static byte[] onNative(Native body) {
      try {
        return body.run();
      } catch (LinkageError e) {
        throw new IllegalStateException("its library does not run on this machine", e);
      }
    }
  }

  /** A checksum behind the bytes. */
  record Crc32c(String name) implements ByteCodec {
    @Override
    public ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch) {
      int n = in.remaining() - 4;
      if (n < 0 || (expected >= 0 && n != expected)) {
        throw new IllegalStateException("it holds " + n + " bytes, expected " + expected);
      }
      int stored = in.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(n);
      if (sum(in.array(), in.arrayOffset() + in.position(), n) != stored) {
        throw new IllegalStateException("the checksum does not fit the bytes");
      }
      return in.slice(in.position(), n);
    }

    private static int sum(byte[] bytes, int from, int n) {
      var crc = new CRC32C();
      crc.update(bytes, from, n);
      return (int) crc.getValue();
    }

    @Override
    public byte[] encode(byte[] in) {
      byte[] out = Arrays.copyOf(in, in.length + 4);
      ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(in.length, sum(in, 0, in.length));
      return out;
    }
  }

  /** Bytes sorted by significance. */
  record Shuffled(String name, int elementSize) implements ByteCodec {
    @Override
    public ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch) {
      byte[] out = new byte[in.remaining()];
      int n = out.length / elementSize;
      for (int b = 0; b < elementSize; b++) {
        for (int i = 0; i < n; i++) {
          out[i * elementSize + b] = in.get(in.position() + b * n + i);
        }
      }
      for (int i = n * elementSize; i < out.length; i++) {
        out[i] = in.get(in.position() + i);
      }
      return ByteBuffer.wrap(out);
    }

    @Override
    public byte[] encode(byte[] in) {
      throw new IllegalStateException("it is only read");
    }
  }
}
