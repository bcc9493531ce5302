package org.cellweave.io.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * Copies what an address holds into a file.
 *
 * <p>At most five redirects are followed, and none to another kind of address than {@code https},
 * nor from {@code https} to {@code http}. The server must answer, and go on sending, within a time.
 * What came is only taken when it is as long as the server said: a server that says nothing of the
 * length, and whose answer could therefore end too early unnoticed, is refused, and so is one that
 * sends a web page.
 */
final class Transfer {
  private static final int BUFFER = 1 << 16;
  private static final int MOST_REDIRECTS = 5;

  private final RemoteFile.Limits limits;
  private final Progress progress;

  Transfer(RemoteFile.Limits limits, Progress progress) {
    this.limits = limits;
    this.progress = progress;
  }

  /** The address without what may be a password. */
  static String shown(URI address) {
    return Quoted.line(address.toString().replaceFirst("(://)[^/@]*@", "$1"));
  }

  /**
   * @throws IllegalArgumentException for an address of a kind that is not taken
   */
  static void checkAddress(URI address, Set<String> schemes) {
    String scheme = scheme(address);
    boolean complete = scheme.equals("file") || address.getHost() != null;
    boolean local = scheme.equals("http") && isThisMachine(address);
    if (!complete || !(schemes.contains(scheme) || local)) {
      throw new IllegalArgumentException(
          "an address to download from must start with one of "
              + schemes.stream().sorted().map(s -> s + "://").toList()
              + " and name a server, got "
              + Quoted.of(shown(address))
              + "; other kinds must be allowed by sc.settings.downloadSchemes");
    }
  }

  private static String scheme(URI address) {
    return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
  }

  /** A name is not looked up: only what is written as an address of this machine counts. */
  private static boolean isThisMachine(URI address) {
    String host = address.getHost();
    if (host == null || !host.matches("localhost|127\\.[0-9.]+|\\[::1\\]")) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException e) {
      return false;
    }
  }

  void copy(URI address, Path to) throws IOException {
    try {
      if (scheme(address).equals("file")) {
        copyFile(address, to);
      } else {
        download(address, to);
      }
    } catch (InterruptedException e) {
      throw new CancellationException("interrupted while downloading " + shown(address));
    } catch (IOException e) {
      Parallel.checkInterrupted();
      throw e;
    }
  }

  private void copyFile(URI address, Path to) throws IOException {
    Path from;
    try {
      from = Path.of(address);
    } catch (IllegalArgumentException e) {
      throw new IOException("the address names no file of this machine", e);
    }
    if (!Files.isRegularFile(from)) {
      throw new IOException("there is no such file");
    }
    long size = Files.size(from);
    try (InputStream in = Files.newInputStream(from)) {
      copy(in, to, size);
    }
  }

  private void download(URI address, Path to) throws IOException, InterruptedException {
    var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.patience())
            .build();
    URI at = address;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpResponse<InputStream> response = ask(client, at);
      try (InputStream body = response.body()) {
        if (!isRedirect(response.statusCode())) {
          receive(response, body, to);
          return;
        }
        at = redirected(at, response);
      }
    }
    throw new IOException("more than " + MOST_REDIRECTS + " redirects");
  }

  private HttpResponse<InputStream> ask(HttpClient client, URI address)
      throws IOException, InterruptedException {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(address).timeout(limits.patience()).build();
    } catch (IllegalArgumentException e) {
      throw new IOException("no usable address: " + shown(address), e);
    }
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw new IOException("no answer within " + seconds(limits.patience()), e);
    }
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s; sc.settings.downloadTimeout sets another time";
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static URI redirected(URI from, HttpResponse<?> response) throws IOException {
    String location = response.headers().firstValue("location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("redirected to no usable address, " + Quoted.of(location), e);
    }
    boolean same = scheme(to).equals(scheme(from)) && !isLessThan(from, to);
    if (to.getHost() == null || !(same || scheme(to).equals("https"))) {
      throw new IOException("redirected to " + Quoted.of(shown(to)) + ", which is refused");
    }
    return to;
  }

  /** A server of this machine may not be reached by way of another. */
  private static boolean isLessThan(URI from, URI to) {
    return scheme(to).equals("http") && isThisMachine(from) != isThisMachine(to);
  }

  private void receive(HttpResponse<?> response, InputStream body, Path to) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    var headers = response.headers();
    String type = headers.firstValue("content-type").orElse("");
    if (type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw new IOException("the server sent a web page (" + Quoted.shortened(type) + ")");
    }
    long length = headers.firstValueAsLong("content-length").orElse(-1);
    boolean ends =
        length >= 0
            || headers.firstValue("transfer-encoding").isPresent()
            || response.version() == HttpClient.Version.HTTP_2
            || limits.digestKnown();
    if (!ends) {
      throw new IOException(
          "the server does not say how long the file is, so that one cut off could not be noticed");
    }
    long free = to.toAbsolutePath().getParent().toFile().getUsableSpace();
    if (length > free) {
      throw new IOException("it has " + length + " bytes, but the disk has room for " + free);
    }
    try (var watch = new Watch(body, limits.patience())) {
      copy(watch.stream(), to, length);
    }
  }

  private void copy(InputStream from, Path to, long length) throws IOException {
    try (OutputStream out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[BUFFER];
      long done = 0;
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        Parallel.checkInterrupted();
        if (done == 0 && isPage(buffer, n)) {
          throw new IOException("the server sent a web page");
        }
        out.write(buffer, 0, n);
        done += n;
        progress.step(
            "download", (int) (done >> 10), (int) (Math.max(0, length) >> 10), Double.NaN);
      }
      if (length >= 0 && done != length) {
        throw new IOException("connection ended after " + done + " of " + length + " bytes");
      }
    }
  }

  private static boolean isPage(byte[] start, int n) {
    String text =
        new String(Arrays.copyOf(start, Math.min(n, 64)), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    return text.startsWith("<!doctype html") || text.startsWith("<html");
  }

  /** Closes a stream from which nothing came for a time; Java's client waits for ever. */
  private static final class Watch implements AutoCloseable {
    private final InputStream from;
    private final Duration patience;
    private final Thread thread;
    private volatile long last = System.nanoTime();
    private volatile boolean late;

    Watch(InputStream from, Duration patience) {
      this.from = from;
      this.patience = patience;
      thread = new Thread(this::watch, "download watch");
      thread.setDaemon(true);
      thread.start();
    }

    private void watch() {
      try {
        long left = patience.toNanos();
        while (left > 0) {
          Thread.sleep(left / 1_000_000 + 1);
          left = patience.toNanos() - (System.nanoTime() - last);
        }
        late = true;
        from.close();
      } catch (InterruptedException | IOException e) {
        // the stream came to its end
      }
    }

    InputStream stream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int at, int n) throws IOException {
          int count = -1;
          try {
            count = from.read(to, at, n);
          } catch (IOException e) {
            if (!late) {
              String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
              throw new IOException("the connection ended too early: " + why, e);
            }
          }
          if (late) {
            throw new IOException("nothing came for " + seconds(patience));
          }
          last = System.nanoTime();
          return count;
        }
      };
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
