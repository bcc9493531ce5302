package org.cellweave.io.zarr;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Where the files of a new store go. One is written at a time. */
interface ZarrOutput extends Closeable {
  OutputStream open(String key) throws IOException;

  default void put(String key, byte[] bytes) throws IOException {
    try (OutputStream out = open(key)) {
      out.write(bytes);
    }
  }

  /**
   * A folder.
   *
   * @param sync wait until the disk has each file
   */
  record OfFolder(Path root, boolean sync) implements ZarrOutput {
    @Override
    public OutputStream open(String key) throws IOException {
      Path file = root.resolve(key);
      Files.createDirectories(file.getParent());
      OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
      return sync ? new Synced(out, file) : out;
    }

    @Override
    public void close() {
      // files are closed one by one
    }
  }

  /** A file that the disk has once it is closed. */
  final class Synced extends FilterOutputStream {
    private final Path file;

    Synced(OutputStream out, Path file) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int from, int n) throws IOException {
      out.write(bytes, from, n);
    }

    @Override
    public void close() throws IOException {
      super.close();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  /** A zip archive, its entries stored as they are, so that they can be read in parts. */
  final class OfZip implements ZarrOutput {
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final ZipArchiveOutputStream zip;

    OfZip(Path file) throws IOException {
      SeekableByteChannel channel =
          Files.newByteChannel(
              file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      zip = new ZipArchiveOutputStream(channel);
      zip.setUseZip64(Zip64Mode.AsNeeded);
    }

    @Override
    public OutputStream open(String key) throws IOException {
      var entry = new ZipArchiveEntry(key);
      entry.setMethod(ZipEntry.STORED);
      // of no zone, so that the bytes are the same everywhere
      entry.setTimeLocal(TIME);
      zip.putArchiveEntry(entry);
      return new Entry(zip);
    }

    private static final class Entry extends OutputStream {
      private final ZipArchiveOutputStream zip;

      Entry(ZipArchiveOutputStream zip) {
        this.zip = zip;
      }

      @Override
      public void write(int b) throws IOException {
        zip.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int n) throws IOException {
        zip.write(bytes, from, n);
      }

      @Override
      public void close() throws IOException {
        zip.closeArchiveEntry();
      }
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }
}
