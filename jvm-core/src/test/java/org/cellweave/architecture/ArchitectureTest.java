package org.cellweave.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which room may use which, in all modules, and what an algorithm class looks like. */
class ArchitectureTest {
  private static final String CORE = "jvm-core";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellweave");

  private static final Project PROJECT = Project.here();
  private static final Uses USES = Uses.of(PROJECT, CLASSES, CORE);

  @Test
  void roomsUseWhatLiesBelowThem() {
    var page = ArchitecturePage.read();
    assertThat(new Layering(page, PROJECT.rooms().keySet(), USES.rooms).faults()).isEmpty();
  }

  @Test
  void roomsOfTheCoreFormNoCycle() {
    slices().matching("org.cellweave.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Numbers come from matrices and codes: whoever computes need not know the annotated object. */
  @Test
  void onlyFilesKnowTheAnnotatedObject() {
    Set<String> users = new TreeSet<>();
    PROJECT.rooms().keySet().stream()
        .filter(room -> PROJECT.rooms().get(room).equals(CORE))
        .filter(room -> !isInside(room, "data") && !isInside(room, "io"))
        .forEach(
            room ->
                USES.rooms.getOrDefault(room, Map.of()).keySet().stream()
                    .filter(used -> isInside(used, "data") || isInside(used, "io"))
                    .forEach(used -> users.add(room + " uses " + used)));
    assertThat(users).isEmpty();
  }

  /** A rule about a room that holds nothing would hold whatever happens. */
  @Test
  void everyFolderOfTheCoreIsSeen() {
    Set<String> folders = new TreeSet<>();
    PROJECT.rooms().forEach((room, module) -> addIf(module.equals(CORE), room, folders));
    Set<String> seen = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean counts = !type.getSimpleName().equals("package-info");
      addIf(counts, type.getPackageName().substring(Project.ROOT.length()), seen);
    }
    assertThat(seen).isEqualTo(folders).hasSizeGreaterThan(10);
  }

  @Test
  void noRoomLiesInTwoModules() {
    Set<String> split = new TreeSet<>();
    for (Project.Source source : PROJECT.sources) {
      if (!source.test()) {
        assertThat(source.room()).as("package of %s", source.path()).isNotEmpty();
        boolean elsewhere = !source.module().equals(PROJECT.rooms().get(source.room()));
        addIf(elsewhere, source.room(), split);
      }
    }
    assertThat(split).isEmpty();
  }

  @Test
  void librariesAreSeenByTheirRoomsAlone() {
    List<String> faults = new ArrayList<>();
    ArchitecturePage.read()
        .libraries
        .forEach(
            (prefix, allowed) -> {
              Set<String> needless = new HashSet<>(allowed);
              USES.libraries.forEach(
                  (room, names) -> {
                    if (names.stream().anyMatch(name -> name.startsWith(prefix + "."))) {
                      boolean any = allowed.stream().anyMatch(owner -> isInside(room, owner));
                      addIf(!any, room + " uses " + prefix, faults);
                      needless.removeIf(owner -> isInside(room, owner));
                    }
                  });
              needless.forEach(owner -> faults.add(owner + " uses " + prefix + " no more"));
            });
    assertThat(faults).isEmpty();
  }

  /** TensorFlow brings 500 MB of natives: it stays in a module that the others do without. */
  @Test
  void onlyANeuralModuleSeesTensorFlow() {
    assertThat(seeTensorFlow(USES.libraries, PROJECT.rooms())).isEmpty();
    Map<String, Set<String>> graphs =
        Map.of(
            "neural.vae", Set.of("org.tensorflow.Graph"), "cluster", Set.of("org.tensorflow.Op"));
    assertThat(seeTensorFlow(graphs, Map.of("neural.vae", "neural", "cluster", CORE)))
        .containsExactly("cluster");
    assertThat(seeTensorFlow(graphs, Map.of("neural.vae", CORE, "cluster", "neural")))
        .containsExactly("cluster", "neural.vae");
  }

  private static Set<String> seeTensorFlow(
      Map<String, Set<String>> libraries, Map<String, String> modules) {
    Set<String> faults = new TreeSet<>();
    libraries.forEach(
        (room, names) -> {
          boolean sees = names.stream().anyMatch(name -> name.startsWith("org.tensorflow"));
          boolean may = isInside(room, "neural") && "neural".equals(modules.get(room));
          addIf(sees && !may, room, faults);
        });
    return faults;
  }

  @Test
  void nothingOutsideOfTheCoreUsesItsInnerLoops() {
    Set<String> users = new TreeSet<>();
    USES.rooms.forEach(
        (room, used) ->
            addIf(
                !PROJECT.rooms().get(room).equals(CORE)
                    && used.keySet().stream().anyMatch(r -> isInside(r, "internal")),
                room,
                users));
    assertThat(users).isEmpty();
  }

  private static final List<String> SMALL =
      List.of(
          "| layer | rooms | may use | what |",
          "|---|---|---|---|",
          "| 1 | `low` `aside` | | |",
          "| 2 | `high` | 1 | |",
          "",
          "| room | also uses | why |",
          "|---|---|---|",
          "| `low` | `aside` | |");

  private static List<String> faultsOf(Map<String, Map<String, String>> uses, String... more) {
    Set<String> rooms = new TreeSet<>(List.of("low", "aside", "high"));
    rooms.addAll(List.of(more));
    return new Layering(ArchitecturePage.parse(SMALL), rooms, uses).faults();
  }

  @Test
  void aBreachOfTheLayersIsNoticed() {
    Map<String, String> aside = Map.of("aside", "A");
    Map<String, String> low = Map.of("low", "H");
    assertThat(faultsOf(Map.of("low", aside, "high", low))).isEmpty();
    assertThat(faultsOf(Map.of("low", Map.of("aside", "A", "high", "B"), "high", low)))
        .containsExactly("low uses high (B), which lies not below it");
    assertThat(faultsOf(Map.of("low", aside, "high", low, "aside", Map.of("low", "C"))))
        .containsExactly("aside uses low (C), which lies not below it");
    assertThat(faultsOf(Map.of("low", aside)))
        .containsExactly("no room of layer 2 uses layer 1 any more");
    assertThat(faultsOf(Map.of("high", low)))
        .containsExactly("exception not needed any more: low uses aside");
    assertThat(faultsOf(Map.of("low", aside, "high", low), "new"))
        .containsExactly("room new stands in no layer of docs/architecture.md");
    assertThat(new Layering(ArchitecturePage.parse(SMALL), Set.of("low"), Map.of()).faults())
        .contains("docs/architecture.md has a room that is not there: high");
  }

  @Test
  void aRoomInsideAnotherStandsAboveIt() {
    Map<String, String> aside = Map.of("aside", "A");
    Map<String, String> low = Map.of("low", "H");
    Map<String, Map<String, String>> fine = Map.of("low", aside, "high", low, "high.one", low);
    assertThat(faultsOf(fine, "high.one")).isEmpty();
    assertThat(
            faultsOf(Map.of("low", aside, "high.one", Map.of("high", "O", "low", "O")), "high.one"))
        .isEmpty();
    assertThat(
            faultsOf(Map.of("low", aside, "high", Map.of("low", "H", "high.one", "H")), "high.one"))
        .containsExactly("high uses high.one (H), which lies not below it");
  }

  @Test
  void namesSayWhatAClassIs() {
    List<String> faults = new ArrayList<>();
    for (Project.Source source : PROJECT.sources) {
      boolean vague =
          source.name().matches("(\\w*(Utils?|Helpers?|Manager|Impl)|Base[A-Z]\\w*)\\.\\w+");
      addIf(vague, source.path().toString(), faults);
    }
    assertThat(faults).isEmpty();
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

  private static boolean isInside(String room, String outer) {
    return room.equals(outer) || room.startsWith(outer + ".");
  }

  private static <T> void addIf(boolean condition, T value, java.util.Collection<T> to) {
    if (condition) {
      to.add(value);
    }
  }
}
