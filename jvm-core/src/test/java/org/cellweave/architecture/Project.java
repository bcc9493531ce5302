package org.cellweave.architecture;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cellweave.testing.SharedData;

/** The project as its folders have it: modules, source files, and the packages they declare. */
final class Project {
  static final String ROOT = "org.cellweave.";

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern FOLDER =
      Pattern.compile(".*\\.src\\.(?:main|test)\\.(?:java|kotlin)\\.org\\.cellweave\\.(.*)\\.");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)");

  /**
   * One file of Java or Kotlin.
   *
   * @param module folder of its Maven module, as the root's POM spells it
   * @param test whether it lies in {@code src/test}
   * @param room its package, without {@link #ROOT}; empty where it lies elsewhere
   */
  record Source(String module, boolean test, String room, Path path, String text) {
    String name() {
      return path.getFileName().toString();
    }

    /** The room that its folder is; empty where it lies elsewhere. */
    String folder() {
      String dotted = path.getParent().toString().replace(File.separatorChar, '.');
      Matcher matcher = FOLDER.matcher(dotted + ".");
      return matcher.matches() ? matcher.group(1) : "";
    }

    boolean isKotlin() {
      return name().endsWith(".kt");
    }
  }

  private static final Project HERE = read(SharedData.projectRoot());

  final List<Source> sources;

  private Project(List<Source> sources) {
    this.sources = sources;
  }

  /** This project, read once. */
  static Project here() {
    return HERE;
  }

  /** The rooms of all modules, and the module that each one lies in; main sources only. */
  Map<String, String> rooms() {
    Map<String, String> rooms = new TreeMap<>();
    for (Source source : sources) {
      if (!source.test() && !source.room().isEmpty()) {
        rooms.putIfAbsent(source.room(), source.module());
      }
    }
    return rooms;
  }

  private static Project read(Path root) {
    try {
      List<Source> found = new ArrayList<>();
      Matcher modules = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
      while (modules.find()) {
        for (String kind : List.of("main", "test")) {
          Path folder = root.resolve(modules.group(1)).resolve("src").resolve(kind);
          if (Files.isDirectory(folder)) {
            found.addAll(read(modules.group(1), kind.equals("test"), folder));
          }
        }
      }
      return new Project(List.copyOf(found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Source> read(String module, boolean test, Path folder) throws IOException {
    List<Source> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted().toList()) {
        String name = path.toString();
        if (name.endsWith(".java") || name.endsWith(".kt")) {
          String text = Files.readString(path);
          found.add(new Source(module, test, roomOf(text, name.endsWith(".kt")), path, text));
        }
      }
    }
    return found;
  }

  private static String roomOf(String text, boolean kotlin) {
    Matcher matcher = PACKAGE.matcher(BareCode.of(text, kotlin));
    String name = matcher.find() ? matcher.group(1) : "";
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
  }
}
