package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
