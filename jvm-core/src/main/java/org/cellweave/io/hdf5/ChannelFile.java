package org.cellweave.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that {@link H5Driver} writes. After the first failure nothing more goes to the disk: what
 * comes then stays in memory, and is found there by those who read it back.
 */
final class ChannelFile {
  private final Path path;
  private FileChannel channel;
  private final List<Piece> unwritten = new ArrayList<>();
  private volatile IOException failure;
  private long endOfAddresses;
  private long endOfFile;

  private record Piece(long address, byte[] bytes) {}

  private ChannelFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * An empty file. One that is empty already is not cut again: ext4 takes a file that was cut for
   * the new form of an old one, and closing it waits until all has been handed to the disk.
   */
  static ChannelFile truncated(Path path) throws IOException {
    var channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    try {
      if (channel.size() > 0) {
        channel.truncate(0);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new ChannelFile(path, channel);
  }

  /** The first thing that went wrong, or null. */
  IOException failure() {
    return failure;
  }

  void fail(IOException e) {
    if (failure == null) {
      failure = e;
    }
  }

  long endOfAddresses() {
    return endOfAddresses;
  }

  void endOfAddresses(long value) {
    endOfAddresses = value;
  }

  long endOfFile() {
    return endOfFile;
  }

  void write(long address, ByteBuffer bytes) {
    endOfFile = Math.max(endOfFile, address + bytes.remaining());
    long at = address;
    if (failure == null) {
      try {
        while (bytes.hasRemaining()) {
          long place = at;
          at += uninterrupted(() -> channel.write(bytes, place));
        }
        return;
      } catch (IOException e) {
        fail(e);
      }
    }
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    unwritten.add(new Piece(at, rest));
  }

  /** What lies behind the end is zero. */
  void read(long address, ByteBuffer into) throws IOException {
    ByteBuffer whole = into.duplicate();
    long at = address;
    int n = 0;
    while (into.hasRemaining() && n >= 0) {
      long place = at;
      n = (int) uninterrupted(() -> channel.read(into, place));
      at += Math.max(0, n);
    }
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
    for (Piece piece : unwritten) {
      lay(piece, address, whole);
    }
  }

  private static void lay(Piece piece, long address, ByteBuffer into) {
    long from = Math.max(address, piece.address);
    long to = Math.min(address + into.remaining(), piece.address + piece.bytes.length);
    if (from < to) {
      into.put(
          into.position() + (int) (from - address),
          piece.bytes,
          (int) (from - piece.address),
          (int) (to - from));
    }
  }

  /** Gives the file the length that the library wants. */
  void truncate() throws IOException {
    if (failure == null && endOfAddresses < endOfFile) {
      uninterrupted(() -> channel.truncate(endOfAddresses).size());
    } else if (failure == null && endOfAddresses > uninterrupted(() -> channel.size())) {
      uninterrupted(() -> channel.write(ByteBuffer.allocate(1), endOfAddresses - 1));
    }
    endOfFile = endOfAddresses;
  }

  private interface Operation {
    long run() throws IOException;
  }

  /**
   * An interrupt closes Java's channels, which would leave the library with a file that it cannot
   * close. The interrupt is kept for those who look for it between two pieces of work.
   */
  private long uninterrupted(Operation operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return operation.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void close() throws IOException {
    unwritten.clear();
    channel.close();
  }
}
