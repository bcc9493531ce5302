package org.cellweave.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * A file with an address, kept in a folder after the first download.
 *
 * <p>The file is checked against its SHA-256 whenever it is used. Where the publisher gives none,
 * the digest seen at the first download is kept beside the file ({@code name.sha256}) and later
 * uses are checked against it, so that a damaged file is noticed all the same.
 *
 * @param address where it can be downloaded
 * @param sha256 hexadecimal digest, or null when the publisher gives none
 */
public record RemoteFile(URI address, String sha256) {
  private static final int BUFFER = 1 << 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

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
    Path temporary = null;
    try {
      Path folder = place.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      temporary = Files.createTempFile(folder, place.getFileName().toString(), ".part");
      transfer(temporary, progress);
      String digest = digest(temporary);
      if (sha256 != null && !sha256.equalsIgnoreCase(digest)) {
        throw new FormatException(
            address
                + " has SHA-256 "
                + digest
                + ", expected "
                + sha256
                + "; the published file changed or the download was damaged. Nothing was kept.");
      }
      Files.writeString(note(place), digest + "\n", StandardCharsets.US_ASCII);
      Files.move(
          temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot download "
              + address
              + " ("
              + e.getClass().getSimpleName()
              + (e.getMessage() == null ? "" : ": " + e.getMessage())
              + "). Without a network, fetch it elsewhere and put it at "
              + place.toAbsolutePath()
              + ".",
          e);
    } finally {
      discard(temporary);
    }
  }

  private void transfer(Path to, Progress progress) throws IOException {
    if ("file".equals(address.getScheme())) {
      Files.copy(Path.of(address), to, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(10)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      long total = response.headers().firstValueAsLong("content-length").orElse(0);
      copy(response.body(), to, total, progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Parallel.checkInterrupted();
    }
  }

  private static void copy(InputStream from, Path to, long total, Progress progress)
      throws IOException {
    try (from;
        var out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[BUFFER];
      long done = 0;
      int n = from.read(buffer);
      while (n >= 0) {
        Parallel.checkInterrupted();
        out.write(buffer, 0, n);
        done += n;
        progress.step("download", (int) (done >> 10), (int) (total >> 10), Double.NaN);
        n = from.read(buffer);
      }
      if (total > 0 && done != total) {
        throw new IOException("connection ended after " + done + " of " + total + " bytes");
      }
    }
  }

  private void verify(Path place) {
    try {
      String expected = sha256;
      if (expected == null && Files.exists(note(place))) {
        expected = Files.readString(note(place), StandardCharsets.US_ASCII).strip();
      }
      String digest = digest(place);
      if (expected == null) {
        Files.writeString(note(place), digest + "\n", StandardCharsets.US_ASCII);
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

  private static void discard(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        temporary.toFile().deleteOnExit();
      }
    }
  }

  private static String digest(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      int n = in.read(buffer);
      while (n >= 0) {
        sha.update(buffer, 0, n);
        n = in.read(buffer);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
