package org.cellweave.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

/** No file longer than a reader can hold, and nothing written twice. */
class SourceShapeTest {
  private static final int LONGEST = 450;
  private static final int REPEATED = 10;

  /** Lines that say nothing a reader could put in one place instead. */
  private static final Pattern NO_STATEMENT =
      Pattern.compile(
          String.join(
              "|",
              "(?:import |package |//|/?\\*).*",
              "[\\[\\]{}();, ]*",
              // an annotation
              "@\\w+",
              // a parameter of Kotlin, its default with it
              "(?:(?:public|private|internal|override|va[lr]|vararg) )*\\w+: .*,",
              // a parameter of Java
              "(?!(?:case|return|new|throw) )[\\w.]+(?:<[^()=]*>)?(?:\\[\\])* [a-z]\\w*,",
              // an argument under the name of the parameter, or a value handed on as it is
              "(\\w+) = \\1,?",
              "[A-Za-z_]\\w*,",
              // a builder's setter
              "public Builder \\w+\\([^(),]+ value\\) \\{",
              "(?:this\\.)?\\w+ = value;",
              "return this;"));

  private record Place(Project.Source source, int index, int line) {}

  @Test
  void noFileIsTooLong() {
    Set<String> tooLong = new TreeSet<>();
    for (Project.Source source : Project.here().sources) {
      long lines = source.text().lines().count();
      if (lines > LONGEST) {
        tooLong.add(
            source.path() + " has " + lines + ": move what can stand alone to its own file");
      }
    }
    assertThat(tooLong).as("files of more than %d lines", LONGEST).isEmpty();
  }

  @Test
  void nothingIsWrittenTwice() {
    assertThat(repeated(Project.here().sources))
        .as("places with the same %d statements: give them one home", REPEATED)
        .isEmpty();
  }

  /**
   * Where {@link #REPEATED} statements in a row stand that stood elsewhere; once a pair of files.
   */
  private static List<String> repeated(List<Project.Source> sources) {
    Map<List<String>, Place> seen = new HashMap<>();
    Map<Set<Path>, String> found = new LinkedHashMap<>();
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
          found.putIfAbsent(
              Set.copyOf(List.of(first.source().path(), source.path())),
              at(first) + " and " + at(here));
        }
      }
    }
    return List.copyOf(found.values());
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
    assertThat(repeated(both)).containsExactly("A.java:2 and B.java:4");
    assertThat(repeated(List.of(source("A.java", one)))).isEmpty();
  }

  @Test
  void parametersMayBeRepeatedAndWorkMayNot() {
    List<String> parameters =
        List.of(
            "    adata: AnnData,",
            "    private val nPcs: Int? = PCA.nComps(),",
            "  Map<String, int[]> members,",
            "      tol = tol,",
            "      nComps,",
            "  public Builder tol(double value) {",
            "    tol = value;",
            "    return this;",
            "  @Override");
    List<String> work =
        List.of(
            "    a = b,",
            "    val n: Int = nComps()",
            "    12,",
            "    \"x\" to y,",
            "  return members,",
            "    f(x),",
            "    x.n(),",
            "  tol = values;",
            "  double tol = 1e-4;",
            "  @Test(timeout = 3)",
            "  is A -> a,");
    assertThat(twice(parameters)).isEmpty();
    for (String line : work) {
      assertThat(twice(List.of(line))).as(line).isNotEmpty();
    }
  }

  /** What two files say twice that hold these lines time and again. */
  private static List<String> twice(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < REPEATED; i++) {
      lines.forEach(line -> text.append(line).append('\n'));
    }
    return repeated(List.of(source("A.kt", text), source("B.kt", text)));
  }

  private static Project.Source source(String name, CharSequence text) {
    return new Project.Source(
        "m", false, "r", SharedData.projectRoot().resolve(name), text.toString());
  }
}
