package org.cellweave.io.zarr;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A store in a zip archive. Of entries of one name the last counts, since zarr-python appends the
 * new version of a file instead of replacing it. Entries that are not compressed, as zarr-python
 * writes them, are read in parts.
 */
final class ZipFiles implements ZarrFiles {
  private static final int MOST = Integer.MAX_VALUE - 64;

  private final Path path;
  private final RandomAccessFile file;
  private final long length;
  private final NavigableMap<String, Entry> entries;

  private record Entry(long offset, long stored, long size, long crc, boolean deflated) {}

  private ZipFiles(
      Path path, RandomAccessFile file, long length, NavigableMap<String, Entry> entries) {
    this.path = path;
    this.file = file;
    this.length = length;
    this.entries = entries;
  }

  static ZipFiles open(Path path) throws IOException {
    NavigableMap<String, Entry> found = entries(path);
    var file = new RandomAccessFile(path.toFile(), "r");
    try {
      return new ZipFiles(path, file, file.length(), inside(found));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static NavigableMap<String, Entry> entries(Path path) throws IOException {
    NavigableMap<String, Entry> out = new TreeMap<>();
    try (ZipFile zip = ZipFile.builder().setPath(path).get()) {
      for (Enumeration<ZipArchiveEntry> all = zip.getEntriesInPhysicalOrder();
          all.hasMoreElements(); ) {
        ZipArchiveEntry e = all.nextElement();
        boolean known = e.getMethod() == ZipEntry.DEFLATED || e.getMethod() == ZipEntry.STORED;
        if (e.isDirectory() || e.getName().startsWith("__MACOSX/")) {
          continue;
        }
        if (!known || e.getGeneralPurposeBit().usesEncryption()) {
          throw new IOException("its entry " + e.getName() + " is encrypted or of another method");
        }
        out.put(
            e.getName(),
            new Entry(
                e.getDataOffset(),
                e.getCompressedSize(),
                e.getSize(),
                e.getCrc(),
                e.getMethod() == ZipEntry.DEFLATED));
      }
    }
    return out;
  }

  /** Archives of a folder have its name before all others. */
  private static NavigableMap<String, Entry> inside(NavigableMap<String, Entry> all) {
    if (all.isEmpty() || ZarrTree.ROOTS.stream().anyMatch(all::containsKey)) {
      return all;
    }
    String first = all.firstKey();
    String top = first.substring(0, first.indexOf('/') + 1);
    if (top.isEmpty() || !all.lastKey().startsWith(top)) {
      return all;
    }
    NavigableMap<String, Entry> out = new TreeMap<>();
    all.forEach((name, entry) -> out.put(name.substring(top.length()), entry));
    return out;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public byte[] read(String key) {
    Entry e = entries.get(key);
    if (e == null) {
      return null;
    }
    byte[] out = e.deflated() ? inflated(e) : raw(e.offset(), e.stored());
    var crc = new CRC32();
    crc.update(out);
    if (out.length != e.size() || crc.getValue() != e.crc()) {
      throw new IllegalStateException("its entry of the archive is damaged (checksum or length)");
    }
    return out;
  }

  @Override
  public long size(String key) {
    Entry e = entries.get(key);
    return e == null ? -1 : e.size();
  }

  @Override
  public ByteBuffer read(String key, long from, int count) {
    Entry e = entries.get(key);
    if (e == null || from < 0 || count < 0 || from + count > e.size()) {
      throw new IllegalStateException("bytes " + from + " to " + (from + count) + " are missing");
    }
    return e.deflated()
        ? ByteBuffer.wrap(read(key), (int) from, count).slice()
        : ByteBuffer.wrap(raw(e.offset() + from, count));
  }

  private byte[] raw(long at, long count) {
    if (at < 0 || count < 0 || count > MOST || at + count > length) {
      throw new IllegalStateException("its entry of the archive lies outside of the file");
    }
    byte[] out = new byte[(int) count];
    try {
      synchronized (file) {
        file.seek(at);
        file.readFully(out);
      }
    } catch (EOFException e) {
      throw new IllegalStateException("the archive ends early", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  private byte[] inflated(Entry e) {
    if (e.size() < 0 || e.size() > MOST || e.size() > e.stored() * Codecs.MOST_GZIP + (1 << 16)) {
      throw new IllegalStateException("its entry of the archive claims " + e.size() + " bytes");
    }
    byte[] packed = raw(e.offset(), e.stored());
    byte[] out = new byte[(int) e.size()];
    var inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int n = 0;
      while (n < out.length && !inflater.finished()) {
        int some = inflater.inflate(out, n, out.length - n);
        if (some == 0) {
          break;
        }
        n += some;
      }
      if (n < out.length) {
        throw new IllegalStateException("its entry of the archive ends early");
      }
      return out;
    } catch (DataFormatException ex) {
      throw new IllegalStateException("its entry of the archive is damaged", ex);
    } finally {
      inflater.end();
    }
  }

  private Map<String, Entry> under(String key) {
    return key.isEmpty() ? entries : entries.subMap(key + "/", key + "0");
  }

  private static int start(String key) {
    return key.isEmpty() ? 0 : key.length() + 1;
  }

  @Override
  public Set<String> names(String key) {
    Set<String> out = new TreeSet<>();
    for (String name : under(key).keySet()) {
      int end = name.indexOf('/', start(key));
      out.add(name.substring(start(key), end < 0 ? name.length() : end));
    }
    return out;
  }

  @Override
  public Set<String> below(String key) {
    Set<String> out = new TreeSet<>();
    under(key).keySet().forEach(name -> out.add(name.substring(start(key))));
    return out;
  }

  @Override
  public long stored(String key) {
    return under(key).values().stream().mapToLong(Entry::stored).sum();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // nothing was written to it
    }
  }
}
