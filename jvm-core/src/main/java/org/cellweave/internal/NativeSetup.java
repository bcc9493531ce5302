package org.cellweave.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cellweave.util.OwnFolders;

/** What JavaCPP must be told before it loads its first class; settings of the user's stay. */
public final class NativeSetup {
  private static final String LOGGER = "org.bytedeco.javacpp.logger";
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final String CACHE_TOO = "org.bytedeco.javacpp.cacheDir";

  private NativeSetup() {}

  /**
   * Sends what JavaCPP has to say to SLF4J instead of the terminal, because it warns whenever two
   * native libraries were packaged by different releases of it, which here is on purpose. And has
   * it unpack and load libraries where nobody else can write: its own choice may be a folder below
   * the working one, or one of a name that anybody can take.
   */
  public static synchronized void prepare() {
    if (System.getProperty(LOGGER) == null) {
      System.setProperty(LOGGER, "slf4j");
    }
    if (System.getProperty(CACHE) == null && System.getProperty(CACHE_TOO) == null) {
      System.setProperty(
          CACHE, cache(System.getProperty("user.home", ""), System.getenv()).toString());
    }
  }

  /** JavaCPP's usual folder where it is the user's own, so that other programs share it. */
  static Path cache(String accountHome, Map<String, String> environment) {
    Path home = Path.of(accountHome);
    Path usual = home.resolve(".javacpp").resolve("cache");
    if (home.isAbsolute() && OwnFolders.made(usual)) {
      return usual;
    }
    Optional<Path> own = OwnFolders.cache("natives", environment);
    try {
      return own.isPresent() ? own.get() : Files.createTempDirectory("cellweave-natives");
    } catch (IOException e) {
      throw new IllegalStateException(
          "native libraries cannot be unpacked: no folder can be written to. Set HOME, or "
              + "-D"
              + CACHE
              + "=FOLDER",
          e);
    }
  }
}
