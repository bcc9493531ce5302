package org.cellweave.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which room may use which, and what an algorithm class looks like. */
class ArchitectureTest {
  private static final String ROOT = "org.cellweave.";
  private static final Set<String> GROUND =
      Set.of("util", "internal", "matrix", "design", "random", "linalg", "graph");

  /** What a room may use besides itself and the ground. */
  private static final Map<String, Set<String>> EXCEPTIONS =
      Map.ofEntries(
          Map.entry("preprocess", Set.of()),
          Map.entry("neighbors", Set.of()),
          Map.entry("nbody", Set.of()),
          Map.entry("diffusion", Set.of()),
          Map.entry("embed", Set.of("neighbors", "preprocess", "diffusion", "nbody")),
          Map.entry("graphdraw", Set.of("nbody", "embed")),
          Map.entry("simulate", Set.of()),
          Map.entry("cluster", Set.of("neighbors")),
          Map.entry("diffexp", Set.of()),
          Map.entry("doublets", Set.of("neighbors", "preprocess")),
          Map.entry("trajectory", Set.of()),
          Map.entry("metrics", Set.of("neighbors", "cluster", "diffusion")),
          Map.entry("integrate", Set.of("neighbors", "preprocess")),
          Map.entry("clonal", Set.of()),
          Map.entry("neural", Set.of()));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellweave");

  private static ArchRule room(String room, Set<String> allowed) {
    List<String> forbidden = new ArrayList<>();
    for (String other :
        List.of(
            "util",
            "internal",
            "matrix",
            "design",
            "random",
            "linalg",
            "graph",
            "data",
            "io",
            "preprocess",
            "neighbors",
            "nbody",
            "diffusion",
            "embed",
            "graphdraw",
            "simulate",
            "cluster",
            "diffexp",
            "doublets",
            "trajectory",
            "metrics",
            "integrate",
            "clonal",
            "neural")) {
      if (!other.equals(room) && !allowed.contains(other)) {
        forbidden.add(ROOT + other + "..");
      }
    }
    return noClasses()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden.toArray(new String[0]))
        .allowEmptyShould(true);
  }

  @Test
  void roomsImportDownwardOnly() {
    room("util", Set.of("internal")).check(CLASSES);
    room("internal", Set.of("util")).check(CLASSES);
    room("matrix", Set.of("util", "internal")).check(CLASSES);
    room("design", Set.of("util")).check(CLASSES);
    room("random", Set.of("util", "internal")).check(CLASSES);
    room("linalg", Set.of("util", "internal", "random")).check(CLASSES);
    room("graph", Set.of("util", "internal", "matrix")).check(CLASSES);
    room("data", GROUND).check(CLASSES);
    room("io", Set.of("util", "internal", "matrix", "data")).check(CLASSES);
    EXCEPTIONS.forEach(
        (name, more) -> {
          Set<String> allowed = new java.util.HashSet<>(GROUND);
          allowed.addAll(more);
          room(name, allowed).check(CLASSES);
        });
  }

  @Test
  void theRuleFailsWhereARoomIsForbiddenWhatItUses() {
    assertThat(room("data", Set.of("util", "internal")).evaluate(CLASSES).hasViolation()).isTrue();
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$]((\\w*(Utils|Helper|Manager|Impl))|Base[A-Z]\\w*)")
        .check(CLASSES);
  }

  private static List<String> shapeFaults(JavaClass type) {
    List<String> faults = new ArrayList<>();
    if (!type.getModifiers().contains(JavaModifier.FINAL)) {
      faults.add(type.getName() + " is not final");
    }
    if (type.getConstructors().stream()
        .anyMatch(c -> !c.getModifiers().contains(JavaModifier.PRIVATE))) {
      faults.add(type.getName() + " has a constructor that is not private");
    }
    if (type.getMethods().stream()
        .noneMatch(
            m -> m.getName().equals("run") && m.getModifiers().contains(JavaModifier.STATIC))) {
      faults.add(type.getName() + " has no static run");
    }
    return faults;
  }

  @Test
  void algorithmsAreFinalWithAStaticRun() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (type.isRecord() && type.getSimpleName().equals("Params")) {
        type.getEnclosingClass().ifPresent(outer -> faults.addAll(shapeFaults(outer)));
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Breaks every rule of shape. */
  static class Wrong {}

  @Test
  void aWrongShapeIsNoticed() {
    assertThat(shapeFaults(new ClassFileImporter().importClass(Wrong.class))).hasSize(3);
  }
}
