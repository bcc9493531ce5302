package org.cellweave.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

/** Which room may use which, in all modules, and what an algorithm class looks like. */
class ArchitectureTest {
  private static final String CORE = "jvm-core";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellweave");

  private static final Pattern LOADS_NATIVES =
      Pattern.compile(
          "\\bSystem\\s*\\.\\s*load|\\bgetRuntime\\(\\)\\s*\\.\\s*load|\\bexternal\\s+fun\\b");

  private static final Project PROJECT = Project.here();
  private static final Uses USES = Uses.of(PROJECT, CLASSES, CORE);

  @Test
  void roomsUseWhatLiesBelowThem() {
    var page = ArchitecturePage.read();
    assertThat(new Layering(page, PROJECT.rooms().keySet(), USES.rooms).faults()).isEmpty();
  }

  @Test
  void roomsOfTheCoreFormNoCycle() {
    slices()
        .matching("org.cellweave.(**)")
        .should()
        .beFreeOfCycles()
        .because("one of the rooms can be handed what it needs, or what they share lies below both")
        .check(CLASSES);
  }

  @Test
  void roomsOfAllModulesFormNoCycle() {
    assertThat(Cycles.in(USES.rooms)).isEmpty();
    Map<String, Map<String, String>> round =
        Map.of("a", Map.of("b", "A"), "b", Map.of("c", "B", "d", "B"), "c", Map.of("a", "C.kt"));
    assertThat(Cycles.in(round))
        .contains("(by A)", "(by B)", "(by C.kt)")
        .contains("move what they share to a room below");
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
                USES.rooms
                    .getOrDefault(room, Map.of())
                    .forEach(
                        (used, by) ->
                            addIf(
                                isInside(used, "data") || isInside(used, "io"),
                                room + " uses " + used + " (" + by + "): take matrices and codes",
                                users)));
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
        String module = PROJECT.rooms().get(source.room());
        addIf(
            !source.module().equals(module),
            source.path() + " lies in a room of " + module + ": give it a package of its own",
            split);
      }
    }
    assertThat(split).isEmpty();
  }

  @Test
  void everyFileDeclaresThePackageOfItsFolder() {
    Map<String, String> folders = ArchitecturePage.read().folders;
    List<String> faults = new ArrayList<>();
    Set<String> needless = new TreeSet<>(folders.keySet());
    for (Project.Source source : PROJECT.sources) {
      String folder = source.folder();
      String wanted = folders.getOrDefault(folder, folder);
      boolean fits =
          source.room().equals(wanted) || (source.test() && source.room().equals(folder));
      addIf(
          !fits,
          source.path() + " declares " + source.room() + ": declare " + wanted + ", or move it",
          faults);
      needless.remove(folder);
    }
    assertThat(faults).isEmpty();
    assertThat(needless).as("folders of docs/architecture.md that are gone").isEmpty();
  }

  @Test
  void aFolderIsReadFromThePath() {
    assertThat(source("dsl/src/main/kotlin/org/cellweave/dsl/pp/A.kt", "dsl", "").folder())
        .isEqualTo("dsl.pp");
    assertThat(source("jvm-core/src/test/java/org/cellweave/io/A.java", "io", "").folder())
        .isEqualTo("io");
  }

  @Test
  void everyRoomHasAPage() throws IOException {
    Set<String> without = new TreeSet<>();
    Map<String, String> folders = ArchitecturePage.read().folders;
    for (Project.Source source : PROJECT.sources) {
      if (!source.test() && !folders.containsKey(source.folder())) {
        Path page =
            source.path().resolveSibling(source.isKotlin() ? "package.md" : "package-info.java");
        String title =
            source.isKotlin() ? "# Package org.cellweave." + source.room() + "\n" : "/**";
        boolean told = Files.exists(page) && Files.readString(page).contains(title);
        addIf(!told, source.room() + ": write " + page, without);
      }
    }
    assertThat(without).as("rooms that no page tells of").isEmpty();
  }

  /** Whoever hands a method on as a value promises what the contract says. */
  @Test
  void everyIntegrationKeepsToTheContract() {
    List<String> faults = new ArrayList<>();
    int methods = 0;
    for (JavaClass type : CLASSES) {
      for (JavaMethod method : type.getMethods()) {
        boolean handsOn =
            method.getModifiers().contains(JavaModifier.STATIC)
                && method.getRawReturnType().isEquivalentTo(BatchIntegration.class);
        if (handsOn) {
          methods++;
          String call = type.getSimpleName() + "." + method.getName() + "(";
          addIf(!isHeld(call, PROJECT.sources), remedy(type, call), faults);
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(methods).isGreaterThan(2);
  }

  private static String remedy(JavaClass type, String call) {
    return type.getName()
        + " keeps to no contract: write "
        + type.getSimpleName()
        + "ContractTest, which extends BatchIntegrationContract and gives it "
        + call
        + "...)";
  }

  private static boolean isHeld(String call, List<Project.Source> sources) {
    return sources.stream()
        .filter(Project.Source::test)
        .map(source -> BareCode.of(source.text(), source.isKotlin()))
        .anyMatch(code -> code.contains("extends BatchIntegrationContract") && code.contains(call));
  }

  @Test
  void anIntegrationWithoutATestIsNoticed() {
    String path = "jvm-core/src/test/java/org/cellweave/integrate/mnn/MnnContractTest.java";
    String text = "class MnnContractTest extends BatchIntegrationContract { Mnn.with(p); }";
    assertThat(isHeld("Mnn.with(", List.of(source(path, "integrate.mnn", text)))).isTrue();
    assertThat(isHeld("Mnn.with(", List.of(source(path, "integrate.mnn", "/* " + text + "*/"))))
        .isFalse();
    assertThat(isHeld("Other.with(", List.of(source(path, "integrate.mnn", text)))).isFalse();
  }

  @Test
  void librariesAreSeenByTheirRoomsAlone() {
    assertThat(Libraries.faults(ArchitecturePage.read().libraries, USES.libraries)).isEmpty();
  }

  @Test
  void aLibraryInAnotherRoomIsNoticed() {
    Map<String, List<String>> table = Map.of("io.jhdf", List.of("io"), "org.z", List.of("a"));
    assertThat(
            Libraries.faults(
                table,
                Map.of(
                    "io.hdf5", Map.of("io.jhdf.HdfFile", "H"),
                    "dsl", Map.of("io.jhdf", "D.kt", "java.util.List", "D.kt"),
                    "cluster", Map.of("org.bytedeco.mkl.global.Mkl", "C"))))
        .satisfiesExactly(
            f -> assertThat(f).startsWith("cluster uses org.bytedeco.mkl.global.Mkl (C), which"),
            f -> assertThat(f).startsWith("dsl uses io.jhdf (D.kt), which is only for [io]: call"),
            f -> assertThat(f).startsWith("a uses org.z no more: take the room out"));
  }

  /** OpenBLAS and HDF5 come by JavaCPP, whose use the table above holds to its rooms. */
  @Test
  void nobodyLoadsNatives() {
    String remedy = ": take a library that JavaCPP loads, in a room of its own";
    List<String> faults = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        String owner = call.getTargetOwner().getName();
        boolean loads =
            (owner.equals("java.lang.System") || owner.equals("java.lang.Runtime"))
                && call.getName().startsWith("load");
        addIf(loads, type.getName() + " calls " + call.getName() + remedy, faults);
      }
      for (JavaMethod method : type.getMethods()) {
        boolean declares = method.getModifiers().contains(JavaModifier.NATIVE);
        addIf(declares, type.getName() + " has a native method" + remedy, faults);
      }
    }
    for (Project.Source source : PROJECT.sources) {
      addIf(!source.test() && loadsNatives(source), source.path() + remedy, faults);
    }
    assertThat(faults).isEmpty();
    assertThat(loadsNatives(source("A.kt", "a", "val x = System.loadLibrary(\"x\")"))).isTrue();
    assertThat(loadsNatives(source("A.kt", "a", "Runtime.getRuntime().load(x)"))).isTrue();
    assertThat(loadsNatives(source("A.kt", "a", "private external fun f(): Int"))).isTrue();
    assertThat(loadsNatives(source("A.kt", "a", "val x = \"System.load(y)\""))).isFalse();
  }

  private static boolean loadsNatives(Project.Source source) {
    String code = BareCode.of(source.text(), source.isKotlin());
    return LOADS_NATIVES.matcher(code).find();
  }

  /** TensorFlow brings 500 MB of natives: it stays in a module that the others do without. */
  @Test
  void onlyANeuralModuleSeesTensorFlow() {
    assertThat(Libraries.seeTensorFlow(USES.libraries, PROJECT.rooms())).isEmpty();
    Map<String, Map<String, String>> graphs =
        Map.of(
            "neural.vae", Map.of("org.tensorflow.Graph", "Vae"),
            "cluster", Map.of("org.tensorflow.Op", "Leiden"));
    assertThat(Libraries.seeTensorFlow(graphs, Map.of("neural.vae", "neural", "cluster", CORE)))
        .singleElement()
        .asString()
        .startsWith("cluster uses org.tensorflow (Leiden): move what needs it");
    assertThat(Libraries.seeTensorFlow(graphs, Map.of("neural.vae", CORE, "cluster", "neural")))
        .hasSize(2);
    var kotlindl = Map.of("neural.vae", "neural-kotlindl", "cluster", "neural-kotlindl");
    assertThat(Libraries.seeTensorFlow(graphs, kotlindl)).hasSize(1);
  }

  private static final List<String> ROOMS = List.of("dsl", "dsl.plot", "util", "cluster");

  /** What a file of {@code dsl.plot} with that text uses. */
  private static Set<String> used(String text) {
    var source = source("F.kt", "dsl.plot", "package org.cellweave.dsl.plot\n" + text);
    return Uses.ofSources(ROOMS, List.of(source)).rooms.getOrDefault("dsl.plot", Map.of()).keySet();
  }

  @Test
  void noUseIsHiddenInTheTextOfKotlin() {
    assertThat(used("import org.cellweave.dsl.umap")).containsExactly("dsl");
    assertThat(used("import org.cellweave.dsl.*")).containsExactly("dsl");
    assertThat(used("import org.cellweave.`dsl`.umap")).containsExactly("dsl");
    assertThat(used("val a = \"${org.cellweave.dsl.sc.settings}\"")).containsExactly("dsl");
    assertThat(used("val a = listOf('\"', org.cellweave.dsl.sc, '\"')")).containsExactly("dsl");
    assertThat(used("val a = org.cellweave\n    .dsl\n    .sc")).containsExactly("dsl");
    assertThat(used("/** [org.cellweave.dsl.umap] */ val a = \"org.cellweave.dsl.sc\"")).isEmpty();
    assertThat(used("import org.cellweave.dsl.plot.Figure")).isEmpty();
    String text = "import io.jhdf.*\nval a = \"${io.jhdf.HdfFile(p)}${adata.obs.keys}\"";
    var source = source("F.kt", "dsl.plot", text);
    assertThat(Uses.ofSources(ROOMS, List.of(source)).libraries)
        .containsOnly(entry("dsl.plot", Map.of("io.jhdf", "F.kt", "io.jhdf.HdfFile", "F.kt")));
  }

  @Test
  void nothingOutsideOfTheCoreUsesItsInnerLoops() {
    Set<String> users = new TreeSet<>();
    USES.rooms.forEach(
        (room, uses) ->
            uses.forEach(
                (used, by) ->
                    addIf(
                        isInside(used, "internal") && !PROJECT.rooms().get(room).equals(CORE),
                        room + " uses " + used + " (" + by + "): call a method of the core",
                        users)));
    assertThat(users).isEmpty();
  }

  private static final List<String> SMALL =
      List.of(
          "| layer | rooms | may use | what |",
          "|---|---|---|---|",
          "| 1 | `low` `aside` | | |",
          "| 2 | `high` | 1 | |");

  private static final List<String> WITH_AN_INNER_ROW =
      List.of(
          "| layer | rooms | may use | what |",
          "|---|---|---|---|",
          "| 1 | `low` `high.plot` | | |",
          "| 2 | `high` | 1 | |");

  private static List<String> faultsOf(Map<String, Map<String, String>> uses, String... more) {
    Set<String> rooms = new TreeSet<>(List.of("low", "aside", "high"));
    rooms.addAll(List.of(more));
    return new Layering(ArchitecturePage.parse(SMALL), rooms, uses).faults();
  }

  @Test
  void aBreachOfTheLayersIsNoticed() {
    Map<String, String> low = Map.of("low", "H");
    assertThat(faultsOf(Map.of("high", low))).isEmpty();
    assertThat(faultsOf(Map.of("low", Map.of("high", "B"), "high", low)))
        .containsExactly("low uses high (B), which lies not below it" + Layering.REMEDY);
    assertThat(faultsOf(Map.of("high", low, "aside", Map.of("low", "C"))))
        .containsExactly("aside uses low (C), which lies not below it" + Layering.REMEDY);
    assertThat(faultsOf(Map.of()))
        .containsExactly("no room of layer 2 uses layer 1 any more: take it out of the row");
    assertThat(faultsOf(Map.of("high", low), "new"))
        .containsExactly("room new stands in no layer of docs/architecture.md" + Layering.HOME);
    assertThat(new Layering(ArchitecturePage.parse(SMALL), Set.of("low"), Map.of()).faults())
        .contains("docs/architecture.md has a room that is not there, take it out: high");
  }

  @Test
  void aRoomInsideAnotherStandsAboveIt() {
    Map<String, String> low = Map.of("low", "H");
    assertThat(faultsOf(Map.of("high", low, "high.one", low), "high.one")).isEmpty();
    assertThat(faultsOf(Map.of("high.one", Map.of("high", "O", "low", "O")), "high.one")).isEmpty();
    assertThat(faultsOf(Map.of("high", Map.of("low", "H", "high.one", "H")), "high.one"))
        .containsExactly("high uses high.one (H), which lies not below it" + Layering.REMEDY);
  }

  @Test
  void noRoomTakesOverTheRightsOfOneWhoseOthersHaveARow() {
    var page = ArchitecturePage.parse(WITH_AN_INNER_ROW);
    Map<String, Map<String, String>> uses = Map.of("high", Map.of("low", "H"));
    var rooms = new TreeSet<>(List.of("low", "high.plot", "high", "high.new", "low.one"));
    assertThat(new Layering(page, rooms, uses).faults())
        .containsExactly(
            "room high.new stands in no layer of docs/architecture.md" + Layering.HOME);
  }

  private static Project.Source source(String path, String room, String text) {
    boolean test = path.contains("/src/test/");
    return new Project.Source("m", test, room, SharedData.projectRoot().resolve(path), text);
  }

  @Test
  void namesSayWhatAClassIs() {
    List<String> faults = new ArrayList<>();
    for (Project.Source source : PROJECT.sources) {
      boolean vague =
          source.name().matches("(\\w*(Utils?|Helpers?|Manager|Impl)|Base[A-Z]\\w*)\\.\\w+");
      addIf(vague, source.path() + ": name it by what it does", faults);
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
      faults.add(type.getName() + " is not final: a class with Params is an algorithm");
    }
    if (type.getConstructors().stream()
        .anyMatch(c -> !c.getModifiers().contains(JavaModifier.PRIVATE))) {
      faults.add(type.getName() + " has a constructor that is not private: call run");
    }
    if (type.getMethods().stream()
        .noneMatch(
            m -> m.getName().equals("run") && m.getModifiers().contains(JavaModifier.STATIC))) {
      faults.add(type.getName() + " has no static run(matrix, params)");
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
