package org.cellweave.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that refuses to be read without end: a damaged index that points back at itself would
 * otherwise keep the HDF5 parser going around.
 *
 * <p>The parser reads each piece of metadata a few times; a file whose metadata are read many times
 * over its own size is broken.
 */
final class GuardedChannel extends FileChannel {
  private static final long SLACK_READS = 200_000;
  private static final int SMALL = 1 << 16;
  private static final long MAX_OVERHANG = 1 << 20;

  private final Path path;
  private final Object identity;
  private volatile FileChannel channel;
  private volatile boolean finished;
  private final long size;
  private final AtomicLong smallReads = new AtomicLong();

  private GuardedChannel(Path path) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    this.identity = identity(path);
    this.size = channel.size();
  }

  static GuardedChannel open(Path path) throws IOException {
    try {
      return new GuardedChannel(path);
    } catch (FileSystemException e) {
      if (e.getReason() == null || !e.getReason().contains("Too many open files")) {
        throw e;
      }
      // Files of objects that nobody holds any more are closed with them.
      System.gc();
      return new GuardedChannel(path);
    }
  }

  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(FileChannel open) throws IOException;
  }

  /**
   * Java closes a file when a thread that reads it is interrupted. That thread is told so; for all
   * later reads, of this thread or another, the file is opened again.
   */
  private <T> T use(Use<T> body) throws IOException {
    while (true) {
      FileChannel open = channel;
      try {
        return body.of(open);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        if (finished) {
          throw e;
        }
        reopen(open);
      }
    }
  }

  private synchronized void reopen(FileChannel closed) throws IOException {
    if (channel == closed) {
      if (!Objects.equals(identity(path), identity) || Files.size(path) != size) {
        throw new IOException("it was replaced while it was open");
      }
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    if (to.remaining() < SMALL && smallReads.incrementAndGet() > SLACK_READS + size / 8) {
      throw new IOException("its index refers to itself");
    }
    return use(open -> open.read(to, position));
  }

  /** The last heap block of a sound file may end behind the file: the parser then reads instead. */
  @Override
  public MappedByteBuffer map(MapMode mode, long position, long length) throws IOException {
    if (position < 0 || length < 0 || position > size - length) {
      String beyond = "bytes " + position + " to " + (position + length) + " of a file of " + size;
      if (length >= 0 && length <= MAX_OVERHANG && position >= 0 && position < size) {
        throw new IOException(beyond);
      }
      throw new IndexOutOfBoundsException(beyond);
    }
    return use(open -> open.map(mode, position, length));
  }

  @Override
  public long size() throws IOException {
    return size;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return channel.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return channel.read(to, offset, length);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    channel.position(newPosition);
    return this;
  }

  @Override
  protected void implCloseChannel() throws IOException {
    finished = true;
    channel.close();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    channel.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return channel.transferTo(position, count, target);
  }

  @Override
  public FileLock lock(long position, long length, boolean shared) throws IOException {
    return channel.lock(position, length, shared);
  }

  @Override
  public FileLock tryLock(long position, long length, boolean shared) throws IOException {
    return channel.tryLock(position, length, shared);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    throw new IOException("open for reading only");
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    throw new IOException("open for reading only");
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    throw new IOException("open for reading only");
  }

  @Override
  public FileChannel truncate(long newSize) throws IOException {
    throw new IOException("open for reading only");
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
    throw new IOException("open for reading only");
  }
}
