package org.cellweave.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

/**
 * No file longer than a reader can hold, and nothing written twice. Files that break a rule today
 * stand in a list beside it; the lists only shrink.
 */
class SourceShapeTest {
  private static final int LONGEST = 450;
  private static final int REPEATED = 10;

  private static final Path LISTS =
      SharedData.projectRoot().resolve("jvm-core/src/test/resources/architecture");
  private static final Pattern NO_STATEMENT =
      Pattern.compile("(?:import |package |//|/?\\*).*|[\\[\\]{}();, ]*");

  private record Place(Project.Source source, int index, int line) {}

  private static Set<String> list(String name) throws IOException {
    Set<String> entries = new TreeSet<>();
    for (String line : Files.readAllLines(LISTS.resolve(name))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        entries.add(line.strip());
      }
    }
    return entries;
  }

  @Test
  void noFileIsTooLong() throws IOException {
    Set<String> tooLong = new TreeSet<>();
    for (Project.Source source : Project.here().sources) {
      if (source.text().lines().count() > LONGEST) {
        tooLong.add(source.name());
      }
    }
    assertThat(tooLong)
        .as("files of more than %d lines", LONGEST)
        .isEqualTo(list("long-files.txt"));
  }

  @Test
  void nothingIsWrittenTwice() throws IOException {
    Map<String, String> twice = repeated(Project.here().sources);
    Set<String> allowed = list("repeated-lines.txt");
    Set<String> gone = new TreeSet<>(allowed);
    gone.removeAll(twice.keySet());
    twice.keySet().removeAll(allowed);
    assertThat(twice.values()).as("places with the same %d lines", REPEATED).isEmpty();
    assertThat(gone).as("entries of repeated-lines.txt that are not needed any more").isEmpty();
  }

  /** Pairs of files with {@link #REPEATED} equal statements in a row, and where the first are. */
  private static Map<String, String> repeated(List<Project.Source> sources) {
    Map<List<String>, Place> seen = new HashMap<>();
    Map<String, String> found = new TreeMap<>();
    for (Project.Source source : sources) {
      List<String> statements = new ArrayList<>();
      List<Integer> lines = new ArrayList<>();
      int number = 0;
      for (String line : source.text().lines().toList()) {
        number++;
        String statement = line.strip().replaceAll("\\s+", " ");
        if (!NO_STATEMENT.matcher(statement).matches()) {
          statements.add(statement);
          lines.add(number);
        }
      }
      for (int i = 0; i + REPEATED <= statements.size(); i++) {
        Place here = new Place(source, i, lines.get(i));
        Place first = seen.putIfAbsent(statements.subList(i, i + REPEATED), here);
        if (first != null
            && (!first.source().path().equals(source.path()) || i - first.index() >= REPEATED)) {
          found.putIfAbsent(pair(first.source(), source), at(first) + " and " + at(here));
        }
      }
    }
    return found;
  }

  private static String pair(Project.Source a, Project.Source b) {
    String first = a.name();
    String second = b.name();
    return first.compareTo(second) <= 0 ? first + " " + second : second + " " + first;
  }

  private static String at(Place place) {
    Path root = SharedData.projectRoot();
    return root.relativize(place.source().path()) + ":" + place.line();
  }

  @Test
  void aRepetitionIsNoticedWhateverItsLayout() {
    StringBuilder one = new StringBuilder("package a;\n");
    StringBuilder two = new StringBuilder("package b;\n\n// other\n");
    for (int i = 0; i < REPEATED; i++) {
      one.append("  call(").append(i).append(");\n");
      two.append("call(").append(i).append(");\n  }\n");
    }
    List<Project.Source> both = List.of(source("A.java", one), source("B.java", two));
    assertThat(repeated(both)).containsEntry("A.java B.java", "A.java:2 and B.java:4");
    assertThat(repeated(List.of(source("A.java", one)))).isEmpty();
  }

  private static Project.Source source(String name, CharSequence text) {
    return new Project.Source(
        "m", false, "r", SharedData.projectRoot().resolve(name), text.toString());
  }
}
