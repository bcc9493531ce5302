package org.cellweave.io.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * A file with an address, kept in a folder after the first download.
 *
 * <p>The file is checked against its SHA-256 whenever it is used. Where the publisher gives none,
 * the digest seen at the first download is kept beside the file ({@code name.sha256}) and later
 * uses are checked against it, so that a damaged file is noticed all the same.
 *
 * <p>Only {@code https} addresses are taken, and {@code http} ones of this machine itself, unless
 * the caller wishes for more; see {@link Transfer} for redirects and time limits.
 *
 * @param address where it can be downloaded
 * @param sha256 hexadecimal digest, or null when the publisher gives none
 * @param schemes kinds of addresses that are taken, of {@code https}, {@code http}, {@code file}
 * @param patience how long a server may be silent
 */
public record RemoteFile(URI address, String sha256, Set<String> schemes, Duration patience) {
  /** What addresses are taken without an explicit wish. */
  public static final Set<String> SCHEMES = Set.of("https");

  /** How long a server may be silent, unless told otherwise. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int BUFFER = 1 << 16;

  /**
   * @throws IllegalArgumentException for an address of another kind
   */
  public RemoteFile {
    schemes = Set.copyOf(schemes);
    Transfer.checkAddress(address, schemes);
  }

  /** With the usual kinds of addresses and patience. */
  public RemoteFile(URI address, String sha256) {
    this(address, sha256, SCHEMES, PATIENCE);
  }

  /** What a transfer needs to know. */
  record Limits(Duration patience, boolean digestKnown) {}

  /**
   * The local copy, downloaded if it is not there yet.
   *
   * @param place where it is kept
   * @throws FormatException when the file there, or what came over the network, has another digest
   * @throws UncheckedIOException when there is no network; names the address and the place
   */
  public Path fetch(Path place, Progress progress) {
    if (!Files.exists(place)) {
      download(place, progress);
    }
    verify(place);
    return place;
  }

  private void download(Path place, Progress progress) {
    try {
      Files.createDirectories(place.toAbsolutePath().getParent());
      try (ReplacedFile file = ReplacedFile.at(place)) {
        new Transfer(new Limits(patience, sha256 != null), progress)
            .copy(address, file.temporary());
        String digest = digest(file.temporary());
        if (sha256 != null && !sha256.equalsIgnoreCase(digest)) {
          throw new FormatException(
              Transfer.shown(address)
                  + " has SHA-256 "
                  + digest
                  + ", expected "
                  + sha256
                  + "; the published file changed or the download was damaged. Nothing was kept.");
        }
        note(place, digest);
        file.commit(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot download "
              + Transfer.shown(address)
              + " ("
              + e.getClass().getSimpleName()
              + (e.getMessage() == null ? "" : ": " + Quoted.line(e.getMessage()))
              + "). Without a network, fetch it elsewhere and put it at "
              + FileMessages.shown(place.toAbsolutePath())
              + ".",
          e);
    }
  }

  private static void note(Path place, String digest) {
    byte[] text = (digest + "\n").getBytes(StandardCharsets.US_ASCII);
    ReplacedFile.write(note(place), out -> out.write(text));
  }

  private void verify(Path place) {
    try {
      String expected = sha256;
      if (expected == null && Files.exists(note(place))) {
        expected = Files.readString(note(place), StandardCharsets.US_ASCII).strip();
      }
      String digest = digest(place);
      if (expected == null) {
        note(place, digest);
      } else if (!expected.equalsIgnoreCase(digest)) {
        throw new FormatException(
            place.toAbsolutePath()
                + " has SHA-256 "
                + digest
                + ", expected "
                + expected
                + ". Delete it to download it again from "
                + address
                + ".");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place + ": " + e.getMessage(), e);
    }
  }

  private static Path note(Path place) {
    return place.resolveSibling(place.getFileName() + ".sha256");
  }

  private static String digest(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      int n = in.read(buffer);
      while (n >= 0) {
        Parallel.checkInterrupted();
        sha.update(buffer, 0, n);
        n = in.read(buffer);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
