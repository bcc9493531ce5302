package org.cellweave.neural.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/**
 * Tensors by name, and texts by name beside them: eight bytes with the length of the header, the
 * header as a JSON object, then the bytes of all tensors, little-endian. The texts are the header's
 * {@code __metadata__}; one of them, {@code crc32c}, is the checksum of the rest of the header,
 * without spaces, and of the tensors' bytes.
 *
 * @param metadata texts by name
 * @param tensors numbers by name
 */
public record TensorFile(Map<String, String> metadata, Map<String, Tensor> tensors) {
  static final String CHECKSUM = "crc32c";
  static final String METADATA = "__metadata__";

  private static final int PIECE = 1 << 16;

  /**
   * Writes or replaces a file, as a whole or not at all.
   *
   * @throws java.io.UncheckedIOException when the disk refuses
   */
  public void write(Path path) {
    byte[] header = header();
    ReplacedFile.write(
        path,
        out -> {
          byte[] length = new byte[Long.BYTES];
          little(length).putLong(header.length);
          out.write(length);
          out.write(header);
          for (Tensor tensor : tensors.values()) {
            forPieces(tensor, out::write);
          }
        });
  }

  /** Padded by spaces, so that the numbers behind it lie at multiples of eight. */
  private byte[] header() {
    Map<String, Object> entries = new LinkedHashMap<>();
    Map<String, Object> texts = new LinkedHashMap<>(metadata);
    texts.remove(CHECKSUM);
    entries.put(METADATA, texts);
    long at = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = at + (long) tensor.size() * tensor.type().bytes;
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("dtype", tensor.type().name());
      about.put("shape", java.util.Arrays.stream(tensor.shape()).boxed().toList());
      about.put("data_offsets", List.of(at, end));
      entries.put(entry.getKey(), about);
      at = end;
    }
    texts.put(CHECKSUM, checksum(Json.write(entries)));
    byte[] json = Json.write(entries).getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(json.length + 7) / 8 * 8];
    java.util.Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json, 0, padded, 0, json.length);
    return padded;
  }

  private String checksum(String header) {
    CRC32C sum = begun(header);
    for (Tensor tensor : tensors.values()) {
      try {
        forPieces(tensor, sum::update);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return Long.toHexString(sum.getValue());
  }

  /** The checksum of a header, which has none itself, to go on with the bytes of tensors. */
  static CRC32C begun(String header) {
    CRC32C sum = new CRC32C();
    sum.update(header.getBytes(StandardCharsets.UTF_8));
    return sum;
  }

  /** Takes some bytes. */
  @FunctionalInterface
  private interface Sink {
    void take(byte[] bytes) throws IOException;
  }

  private static void forPieces(Tensor tensor, Sink sink) throws IOException {
    Tensor.Type type = tensor.type();
    int most = PIECE / type.bytes;
    for (int from = 0; from < tensor.size(); from += most) {
      int n = Math.min(most, tensor.size() - from);
      byte[] bytes = new byte[n * type.bytes];
      ByteBuffer piece = little(bytes);
      switch (type) {
        case F32 -> piece.asFloatBuffer().put((float[]) tensor.values(), from, n);
        case F64 -> piece.asDoubleBuffer().put((double[]) tensor.values(), from, n);
        case I32 -> piece.asIntBuffer().put((int[]) tensor.values(), from, n);
      }
      sink.take(bytes);
    }
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @throws FormatException when the file is missing, damaged or something else; names it
   */
  public static TensorFile read(Path path) {
    return TensorReader.read(path);
  }

  /**
   * The texts alone, without reading the numbers.
   *
   * @throws FormatException as {@link #read}
   */
  public static Map<String, String> readTexts(Path path) {
    return TensorReader.readTexts(path);
  }

  /**
   * @throws FormatException for a number that is NaN or infinite, of a tensor whose name begins
   *     with one of these; names the file and the tensor
   */
  public void requireFinite(Path path, String... beginnings) {
    tensors.forEach(
        (name, tensor) -> {
          boolean asked = java.util.Arrays.stream(beginnings).anyMatch(name::startsWith);
          if (asked && !tensor.isFinite()) {
            throw new FormatException(
                FileMessages.shown(path)
                    + " holds NaN or infinite values in "
                    + Quoted.of(name)
                    + "; it is damaged");
          }
        });
  }
}
