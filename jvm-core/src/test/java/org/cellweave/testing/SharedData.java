package org.cellweave.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Development data kept beside the project in {@code ../shared}; tests skip when it is absent. */
public final class SharedData {
  private SharedData() {}

  /** The project's root folder. */
  public static Path projectRoot() {
    String root = System.getProperty("project.root");
    return Path.of(root == null || root.startsWith("$") ? ".." : root).toAbsolutePath().normalize();
  }

  /** {@code ../shared/path}; skips the calling test, with the reason, when it does not exist. */
  public static Path require(String path) {
    Assumptions.assumeTrue(has(path), () -> "development data ../shared/" + path + " is not here");
    return at(path);
  }

  /** Whether {@code ../shared/path} is here. */
  public static boolean has(String path) {
    return Files.exists(at(path));
  }

  private static Path at(String path) {
    return projectRoot().resolveSibling("shared").resolve(path);
  }
}
