package org.cellweave.io.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteFileTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;

  private URI serve(int status, String body) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(status, bytes.length);
          try (var out = exchange.getResponseBody()) {
            out.write(bytes);
          }
          server.stop(0);
        });
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x.h5ad");
  }

  @Test
  void downloadsOnceAndVerifies() throws IOException {
    var remote = new RemoteFile(serve(200, "abc"), ABC);
    Path place = folder.resolve("cache/x.h5ad");
    assertThat(Files.readString(remote.fetch(place, Progress.NONE))).isEqualTo("abc");
    assertThat(remote.fetch(place, Progress.NONE)).isEqualTo(place);
  }

  @Test
  void aWrongDigestKeepsNothing() throws IOException {
    var remote = new RemoteFile(serve(200, "abd"), ABC);
    Path place = folder.resolve("x.h5ad");
    assertThatThrownBy(() -> remote.fetch(place, Progress.NONE))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected " + ABC)
        .hasMessageEndingWith("Nothing was kept.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileDamagedLaterIsNoticedWithoutAPublishedDigest() throws IOException {
    var remote = new RemoteFile(serve(200, "abc"), null);
    Path place = folder.resolve("x.h5ad");
    remote.fetch(place, Progress.NONE);
    Files.writeString(place, "abx");
    assertThatThrownBy(() -> remote.fetch(place, Progress.NONE))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected " + ABC)
        .hasMessageContaining("Delete it to download it again");
  }

  @Test
  void offlineTheMessageSaysWhereToPutTheFile() {
    var remote = new RemoteFile(URI.create("http://127.0.0.1:9/x.h5ad"), ABC);
    Path place = folder.resolve("x.h5ad");
    assertThatThrownBy(() -> remote.fetch(place, Progress.NONE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot download http://127.0.0.1:9/x.h5ad (ConnectException")
        .hasMessageEndingWith("put it at " + place.toAbsolutePath() + ".");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aMissingPageIsReportedWithItsStatus() throws IOException {
    var remote = new RemoteFile(serve(404, "gone"), ABC);
    assertThatThrownBy(() -> remote.fetch(folder.resolve("x.h5ad"), Progress.NONE))
        .hasMessageContaining("status 404");
  }

  private URI answer(HttpHandler handler) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool(r -> daemon(r)));
    server.createContext("/", handler);
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x.mtx");
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    return thread;
  }

  private void fails(URI address, String message) {
    fails(address, message, Duration.ofMinutes(1));
  }

  private void fails(URI address, String message, Duration patience) {
    var remote = new RemoteFile(address, null, RemoteFile.SCHEMES, patience);
    assertThatThrownBy(() -> remote.fetch(folder.resolve("x.mtx"), Progress.NONE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot download " + address)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws IOException {
    var never = new CountDownLatch(1);
    fails(
        answer(
            exchange -> {
              exchange.sendResponseHeaders(200, 100);
              exchange.getResponseBody().write(new byte[10]);
              exchange.getResponseBody().flush();
              await(never);
            }),
        "nothing came for 4.0 s; sc.settings.downloadTimeout",
        Duration.ofSeconds(4));
    fails(answer(exchange -> await(never)), "no answer within 0.3 s", Duration.ofMillis(300));
    never.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPageInPlaceOfTheFileIsNamed() throws IOException {
    fails(
        answer(
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
              exchange.sendResponseHeaders(200, 6);
              exchange.getResponseBody().write(new byte[6]);
              exchange.close();
            }),
        "the server sent a web page (text/html; charset=utf-8)");
    fails(serve(200, "<!DOCTYPE html><p>"), "the server sent a web page");
  }

  private URI redirecting(String to) throws IOException {
    return answer(
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  @Test
  void redirectsAreBoundedAndLeadNowhereElse() throws IOException {
    fails(redirecting("/x.mtx"), "more than 5 redirects");
    for (String to :
        List.of("file:///etc/passwd", "jar:file:///x!/y", "http://example.invalid/x")) {
      fails(redirecting(to), "redirected to '" + to + "', which is refused");
    }
    fails(redirecting("http://[::1"), "redirected to no usable address");
    var remote = new RemoteFile(redirecting(serve(200, "abc").toString()), ABC);
    assertThat(remote.fetch(folder.resolve("y.mtx"), Progress.NONE)).hasContent("abc");
  }

  @Test
  void onlyWantedKindsOfAddressesAreTaken() throws IOException {
    for (String address :
        List.of(
            "ftp://x/y",
            "file:///etc/passwd",
            "x",
            "http://example.org/x",
            "https:///x",
            "jar:file:/x!/y")) {
      assertThatThrownBy(() -> new RemoteFile(URI.create(address), null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must start with one of [https://]")
          .hasMessageContaining("sc.settings.downloadSchemes");
    }
    Path origin = Files.writeString(folder.resolve("origin"), "abc");
    var remote = new RemoteFile(origin.toUri(), ABC, Set.of("file"), RemoteFile.PATIENCE);
    assertThat(remote.fetch(folder.resolve("copy"), Progress.NONE)).hasContent("abc");
    assertThatThrownBy(() -> new RemoteFile(URI.create("http://me:secret@example.org/x"), null))
        .message()
        .doesNotContain("secret");
  }
}
