package org.cellweave.io.text;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.cellweave.io.file.InputFile;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * The bytes of a text in UTF-8, whatever it lies in: plain, gzip, bzip2 or a zip archive of one
 * file, told by the content and not by the name. A byte order mark of UTF-8 is left out; text in
 * UTF-16 or UTF-32, and other compressions, are refused by name.
 *
 * <p>A text that expands to more than {@value #MOST_EXPANSION} times its size and 2 GiB is refused:
 * no table does, and one that was made to would keep a computer busy for hours. Reading stops when
 * the thread is interrupted.
 */
public final class TextSource extends FilterInputStream {
  static final int BUFFER = 1 << 16;
  private static final int MOST_EXPANSION = 500;
  private static final long FREE_BYTES = 2L << 30;
  private static final int HEAD = 8;

  private final String name;
  private final long most;
  private long read;

  private TextSource(String name, InputStream in, long most) {
    super(in);
    this.name = name;
    this.most = most;
  }

  /**
   * @param expected what the file should be, for messages
   */
  public static TextSource open(Path path, String expected) {
    InputFile.require(path, expected);
    String name = path.toString();
    InputStream raw = null;
    try {
      raw = new BufferedInputStream(Files.newInputStream(path), BUFFER);
      InputStream plain = decompressed(name, raw);
      boolean same = plain == raw;
      long most = same ? Long.MAX_VALUE : mostBytes(InputFile.size(path));
      return new TextSource(name, withoutMark(name, plain), most);
    } catch (IOException e) {
      close(raw);
      throw failure(name, e);
    } catch (RuntimeException e) {
      close(raw);
      throw e;
    }
  }

  /** Text that is open already, such as the entry of an archive. */
  public static TextSource of(String name, InputStream in) {
    try {
      return new TextSource(
          name, withoutMark(name, new BufferedInputStream(in, BUFFER)), Long.MAX_VALUE);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  private static long mostBytes(long compressed) {
    return Math.max(FREE_BYTES, compressed * MOST_EXPANSION);
  }

  private static void close(InputStream in) {
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException ignored) {
      // the error under way says more
    }
  }

  private static int[] head(InputStream in) throws IOException {
    in.mark(HEAD);
    byte[] bytes = in.readNBytes(HEAD);
    in.reset();
    int[] head = new int[HEAD];
    java.util.Arrays.fill(head, -1);
    for (int i = 0; i < bytes.length; i++) {
      head[i] = bytes[i] & 0xff;
    }
    return head;
  }

  private static boolean starts(int[] head, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (head[i] != with[i]) {
        return false;
      }
    }
    return true;
  }

  private static InputStream decompressed(String name, InputStream raw) throws IOException {
    int[] head = head(raw);
    if (starts(head, 0x1f, 0x8b)) {
      return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
    }
    if (starts(head, 'B', 'Z', 'h') && head[3] >= '1' && head[3] <= '9') {
      return new BufferedInputStream(new BZip2CompressorInputStream(raw, true), BUFFER);
    }
    if (starts(head, 'P', 'K', 3, 4) || starts(head, 'P', 'K', 5, 6)) {
      return new BufferedInputStream(onlyEntry(name, raw), BUFFER);
    }
    if (starts(head, 0xfd, '7', 'z', 'X', 'Z') || starts(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      String kind = head[0] == 0xfd ? "xz" : "zstd";
      throw new FormatException(
          name + " is compressed with " + kind + "; decompress it first (" + kind + " -d)");
    }
    return raw;
  }

  private static InputStream onlyEntry(String name, InputStream raw) throws IOException {
    var zip = new ZipInputStream(raw);
    ZipEntry entry = zip.getNextEntry();
    while (entry != null && (entry.isDirectory() || entry.getName().startsWith("__MACOSX"))) {
      entry = zip.getNextEntry();
    }
    if (entry == null) {
      throw new FormatException(name + " is a zip archive without a file");
    }
    return new OnlyEntry(name, zip, entry.getName());
  }

  /** Notices further entries when the first is read. */
  private static final class OnlyEntry extends FilterInputStream {
    private final String name;
    private final ZipInputStream zip;
    private final String first;

    OnlyEntry(String name, ZipInputStream zip, String first) {
      super(zip);
      this.name = name;
      this.zip = zip;
      this.first = first;
    }

    @Override
    public int read() throws IOException {
      int b = zip.read();
      return b < 0 ? end() : b;
    }

    @Override
    public int read(byte[] to, int from, int n) throws IOException {
      int count = zip.read(to, from, n);
      return count < 0 ? end() : count;
    }

    private int end() throws IOException {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (!e.isDirectory() && !e.getName().startsWith("__MACOSX")) {
          throw new FormatException(
              name
                  + " is a zip archive of several files, "
                  + Quoted.of(first)
                  + " and "
                  + Quoted.of(e.getName())
                  + "; unzip it and read the one that is wanted");
        }
      }
      return -1;
    }
  }

  private static InputStream withoutMark(String name, InputStream in) throws IOException {
    int[] head = head(in);
    if (starts(head, 0xef, 0xbb, 0xbf)) {
      in.skipNBytes(3);
      return in;
    }
    String encoding = null;
    if (starts(head, 0xff, 0xfe, 0, 0) || starts(head, 0, 0, 0xfe, 0xff)) {
      encoding = "UTF-32";
    } else if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) {
      encoding = "UTF-16";
    } else if ((head[0] == 0 && head[1] > 0 && head[2] == 0 && head[3] > 0)
        || (head[0] > 0 && head[1] == 0 && head[2] > 0 && head[3] == 0)) {
      encoding = "UTF-16";
    }
    if (encoding != null) {
      throw new FormatException(
          name
              + " is "
              + encoding
              + " text, expected UTF-8; save it as UTF-8, for example with iconv -f "
              + encoding
              + " -t UTF-8");
    }
    return in;
  }

  /** Where the bytes come from, for messages. */
  public String name() {
    return name;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Unlike that of other streams, what this throws needs no further words. */
  @Override
  public int read(byte[] to, int from, int n) {
    Parallel.checkInterrupted();
    try {
      int count = in.read(to, from, n);
      read += Math.max(0, count);
      if (read > most) {
        throw new FormatException(
            name
                + " expands to more than "
                + (most >> 20)
                + " MiB, "
                + MOST_EXPANSION
                + " times its size; that is no table. Decompress it first if it is");
      }
      return count;
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /** What a failure to read means. */
  public static RuntimeException failure(String name, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      Thread.interrupted();
      return new CancellationException("interrupted while reading " + Quoted.line(name));
    }
    if (e instanceof EOFException) {
      return new FormatException(name + " ends in the middle; it is truncated, copy it again", e);
    }
    if (e instanceof ZipException) {
      return new FormatException(
          name + " holds damaged compressed data (" + e.getMessage() + "); copy it again", e);
    }
    return new FormatException(name + " cannot be read: " + e.getMessage(), e);
  }
}
