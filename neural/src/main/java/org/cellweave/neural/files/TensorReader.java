package org.cellweave.neural.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.InputFile;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/** Reads a {@link TensorFile}; sizes are checked before memory is taken for them. */
final class TensorReader {
  private static final long LONGEST_HEADER = 100_000_000;
  private static final String EXPECTED = "a safetensors file";

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private TensorReader(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  /** What is read of an open file. */
  @FunctionalInterface
  private interface Part<T> {
    T of(TensorReader reader) throws IOException;
  }

  static TensorFile read(Path path) {
    return read(path, TensorReader::read);
  }

  static Map<String, String> readTexts(Path path) {
    return read(
        path,
        reader -> {
          Map<String, String> out = new LinkedHashMap<>();
          texts(reader.header(reader.lengthOfHeader()).get(TensorFile.METADATA), out);
          return out;
        });
  }

  private static <T> T read(Path path, Part<T> part) {
    InputFile.require(path, EXPECTED);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return part.of(new TensorReader(path, channel));
    } catch (IOException e) {
      throw new FormatException(
          FileMessages.shown(path) + " cannot be read: " + FileMessages.reason(e), e);
    }
  }

  private FormatException bad(String problem) {
    return new FormatException(FileMessages.shown(path) + " " + problem);
  }

  private int lengthOfHeader() throws IOException {
    long length = size < Long.BYTES ? -1 : bytes(0, Long.BYTES).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > size - Long.BYTES) {
      throw bad("is not " + EXPECTED + ", or cut off within its header");
    }
    return (int) length;
  }

  private TensorFile read() throws IOException {
    int length = lengthOfHeader();
    Map<?, ?> header = header(length);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    String expected = texts(header.get(TensorFile.METADATA), metadata);
    CRC32C sum = TensorFile.begun(Json.write(header));
    long begin = (long) Long.BYTES + length;
    long at = begin;
    for (var entry : header.entrySet()) {
      String name = (String) entry.getKey();
      if (!name.equals(TensorFile.METADATA)) {
        Place place = place(name, entry.getValue(), at - begin, size - at);
        ByteBuffer bytes = bytes(at, Math.toIntExact(place.bytes()));
        sum.update(bytes.duplicate());
        tensors.put(name, tensor(place, bytes));
        at += place.bytes();
      }
    }
    if (at != size) {
      throw bad("has " + (size - at) + " bytes too many; it is damaged");
    }
    if (expected != null && !expected.equals(Long.toHexString(sum.getValue()))) {
      throw bad("holds something else than was written (checksum); it is damaged");
    }
    return new TensorFile(metadata, tensors);
  }

  private Map<?, ?> header(int length) throws IOException {
    ByteBuffer bytes = bytes(Long.BYTES, length);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (Json.read(text) instanceof Map<?, ?> header) {
        return header;
      }
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw bad("is not " + EXPECTED + ": its header is not JSON");
    }
    throw bad("is not " + EXPECTED + ": its header is no JSON object");
  }

  /** Takes the texts; the checksum is taken out of the header and given back, null without. */
  private static String texts(Object of, Map<String, String> into) {
    if (!(of instanceof Map<?, ?> map)) {
      return null;
    }
    map.forEach((key, value) -> into.put((String) key, String.valueOf(value)));
    map.remove(TensorFile.CHECKSUM);
    return into.remove(TensorFile.CHECKSUM);
  }

  /** Where a tensor lies. */
  private record Place(Tensor.Type type, int[] shape, long bytes) {}

  /**
   * @param at where it must begin, after the header
   * @param left bytes of the file from there on
   */
  private Place place(String name, Object of, long at, long left) {
    if (of instanceof Map<?, ?> about
        && about.get("shape") instanceof List<?> shape
        && about.get("data_offsets") instanceof List<?> offsets
        && offsets.size() == 2
        && shape.size() <= 8) {
      Tensor.Type type = type(name, about.get("dtype"));
      int[] sizes = new int[shape.size()];
      double count = 1;
      for (int k = 0; k < sizes.length; k++) {
        long n = shape.get(k) instanceof Long l ? l : -1;
        if (n < 0 || n > Integer.MAX_VALUE) {
          throw bad("has no shape for " + Quoted.of(name) + "; it is damaged");
        }
        sizes[k] = (int) n;
        count *= n;
      }
      double bytes = count * type.bytes;
      boolean here = offsets.equals(List.of(at, at + (long) bytes));
      if (here && bytes <= left && bytes <= Integer.MAX_VALUE - 16) {
        return new Place(type, sizes, (long) bytes);
      }
    }
    throw bad("has no room for " + Quoted.of(name) + "; it is cut off or damaged");
  }

  private Tensor.Type type(String name, Object dtype) {
    for (Tensor.Type type : Tensor.Type.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw bad(
        "holds "
            + Quoted.of(name)
            + " as "
            + Quoted.of(dtype)
            + "; only F32, F64 and I32 can be read");
  }

  private ByteBuffer bytes(long at, int n) throws IOException {
    ByteBuffer out = TensorFile.little(new byte[n]);
    while (out.hasRemaining()) {
      if (channel.read(out, at + out.position()) < 0) {
        throw bad("ends after " + (at + out.position()) + " bytes; it is cut off");
      }
    }
    return out.flip();
  }

  private static Tensor tensor(Place place, ByteBuffer bytes) {
    int n = bytes.remaining() / place.type().bytes;
    return switch (place.type()) {
      case F32 -> {
        float[] values = new float[n];
        bytes.asFloatBuffer().get(values);
        yield new Tensor(values, place.shape());
      }
      case F64 -> {
        double[] values = new double[n];
        bytes.asDoubleBuffer().get(values);
        yield new Tensor(values, place.shape());
      }
      case I32 -> {
        int[] values = new int[n];
        bytes.asIntBuffer().get(values);
        yield new Tensor(values, place.shape());
      }
    };
  }
}
