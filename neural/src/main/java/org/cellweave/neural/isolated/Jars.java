package org.cellweave.neural.isolated;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the jars of KotlinDL are: a folder that is named, or that of the checkout. */
final class Jars {
  /** A folder with the jars, or a class path of jars and folders. */
  static final String PROPERTY = "cellweave.kotlindl";

  /** As {@link #PROPERTY}, which goes before it. */
  static final String VARIABLE = "CELLWEAVE_KOTLINDL";

  private static final String MODULE = "neural-kotlindl";
  private static final String ENGINE = "cellweave-neural-kotlindl";

  private Jars() {}

  /**
   * The jars, in the order of their names within a folder.
   *
   * @param named what {@link #PROPERTY} or {@link #VARIABLE} says; null or blank for the checkout
   * @param own where this code was loaded from; null when that is not known
   * @throws UnsupportedOperationException when they are not there; says how to get them
   */
  static List<Path> find(String named, Path own) {
    Path checkout = checkout(own);
    if (named != null && !named.isBlank()) {
      List<Path> found = new ArrayList<>();
      for (String part : named.split(Pattern.quote(File.pathSeparator), 0)) {
        Path path = Path.of(part);
        found.addAll(Files.isDirectory(path) ? inFolder(path) : List.of(path));
      }
      return checked(found, "'" + named + "'", checkout);
    }
    if (checkout == null) {
      throw new UnsupportedOperationException("KotlinDL is not installed. " + remedy(null));
    }
    Path folder = checkout.resolve(MODULE).resolve("target/lib");
    return checked(inFolder(folder), folder.toString(), checkout);
  }

  private static List<Path> checked(List<Path> jars, String place, Path checkout) {
    if (jars.stream().noneMatch(Jars::isEngine)) {
      throw new UnsupportedOperationException(
          "KotlinDL is not installed: no jar " + ENGINE + " in " + place + ". " + remedy(checkout));
    }
    return jars.stream().map(Path::toAbsolutePath).toList();
  }

  private static boolean isEngine(Path jar) {
    return jar.getFileName().toString().startsWith(ENGINE) && Files.exists(jar);
  }

  /**
   * How to get the jars.
   *
   * @param checkout null where there is none
   */
  static String remedy(Path checkout) {
    return "Run 'mvn -B -ntp -q -Pquick -Dmaven.test.skip=true -pl "
        + MODULE
        + " -am package' in "
        + (checkout == null ? "a checkout of Cellweave" : checkout)
        + ", which fetches 150 MB, and let "
        + VARIABLE
        + " name its folder "
        + MODULE
        + "/target/lib where the program runs elsewhere";
  }

  private static List<Path> inFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /** The checkout that this code was built in; null when it was not. */
  private static Path checkout(Path own) {
    Path folder = own;
    while (folder != null && !Files.exists(folder.resolve(MODULE).resolve("pom.xml"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
