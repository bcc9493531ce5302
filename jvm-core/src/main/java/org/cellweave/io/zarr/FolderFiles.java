package org.cellweave.io.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store in a folder: a file for each key. */
final class FolderFiles implements ZarrFiles {
  private final Path root;
  private final Object identity;

  FolderFiles(Path root) throws IOException {
    this.root = root;
    this.identity = identity(root);
  }

  private static Object identity(Path root) throws IOException {
    return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
  }

  @Override
  public Path path() {
    return root;
  }

  /** A store that was replaced has files of the same names with other values. */
  private void requireSame() throws IOException {
    if (!Objects.equals(identity, identity(root))) {
      throw new IOException("it was replaced while it was open; read it again");
    }
  }

  @Override
  public byte[] read(String key) {
    try {
      requireSame();
      return Files.readAllBytes(root.resolve(key));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long size(String key) {
    try {
      var attributes = Files.readAttributes(root.resolve(key), BasicFileAttributes.class);
      return attributes.isRegularFile() ? attributes.size() : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public ByteBuffer read(String key, long from, int count) {
    try (FileChannel channel = FileChannel.open(root.resolve(key), StandardOpenOption.READ)) {
      requireSame();
      if (from < 0 || count < 0 || from + count > channel.size()) {
        throw new IllegalStateException(
            "bytes " + from + " to " + (from + count) + " of a file of " + channel.size());
      }
      ByteBuffer out = ByteBuffer.allocate(count);
      while (out.hasRemaining() && channel.read(out, from + out.position()) > 0) {
        // read until the range is complete or the file ends
      }
      if (out.hasRemaining()) {
        throw new IllegalStateException("the file ends early");
      }
      return out.flip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<String> names(String key) {
    try (Stream<Path> entries = Files.list(root.resolve(key))) {
      return entries
          .map(p -> String.valueOf(p.getFileName()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<String> below(String key) {
    Set<String> out = new TreeSet<>();
    Path top = root.resolve(key);
    visit(top, (file, size) -> out.add(top.relativize(file).toString().replace('\\', '/')));
    return out;
  }

  @Override
  public long stored(String key) {
    long[] total = new long[1];
    visit(root.resolve(key), (file, size) -> total[0] += size);
    return total[0];
  }

  private interface Found {
    void file(Path file, long size);
  }

  private static void visit(Path top, Found found) {
    if (!Files.isDirectory(top)) {
      return;
    }
    try {
      Files.walkFileTree(
          top,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              found.file(file, attributes.size());
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // files are opened when they are read
  }
}
