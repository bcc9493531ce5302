package org.cellweave.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.cellweave.data.AnnData;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.RecordArray;
import org.cellweave.io.H5adReader;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tutorials/java/MainLine.java} compiles without a warning and writes what its page says.
 */
class JavaTutorialTest {
  @TempDir Path folder;

  private void compile(Path source) throws Exception {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(said, null, StandardCharsets.UTF_8)) {
      String path = System.getProperty("java.class.path");
      List<String> options =
          List.of(
              "-d", folder.toString(), "-cp", path, "-Xlint:all", "-proc:none", "--release", "17");
      var units = files.getJavaFileObjects(source);
      boolean fine = compiler.getTask(null, files, said, options, null, units).call();
      var ofTheTutorial =
          said.getDiagnostics().stream().filter(d -> d.getSource() != null).map(d -> d.toString());
      assertThat(ofTheTutorial).filteredOn(text -> text.contains("MainLine.java")).isEmpty();
      assertThat(fine).isTrue();
    }
  }

  private void run(String... args) throws Exception {
    PrintStream out = System.out;
    try (var loader =
            new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        var quiet = new PrintStream(folder.resolve("out.txt").toFile(), StandardCharsets.UTF_8)) {
      System.setOut(quiet);
      loader.loadClass("MainLine").getMethod("main", String[].class).invoke(null, (Object) args);
    } finally {
      System.setOut(out);
    }
  }

  @Test
  void theMainLineRuns() throws Exception {
    compile(SharedData.projectRoot().resolve("tutorials/java/MainLine.java"));
    Path first = folder.resolve("first.h5ad");
    run(first.toString());
    AnnData a = H5adReader.read(first);
    assertThat(a.getObsm().getKeys()).containsExactlyInAnyOrder("X_pca", "X_pca_harmony", "X_umap");
    assertThat(a.getObsp().getKeys()).containsExactlyInAnyOrder("connectivities", "distances");
    assertThat(a.getUns().keySet())
        .containsExactlyInAnyOrder(
            "log1p", "hvg", "pca", "neighbors", "umap", "leiden", "rank_genes_groups");
    var clusters = (CategoricalColumn) a.getObs().get("leiden");
    assertThat(clusters.categoryNames()).hasSizeBetween(3, 6);
    var ranked = (Map<?, ?>) a.getUns().get("rank_genes_groups");
    assertThat(ranked.keySet().stream().map(Object::toString))
        .containsExactlyInAnyOrder(
            "params", "names", "scores", "pvals", "pvals_adj", "logfoldchanges");
    for (String field : List.of("names", "scores", "pvals", "pvals_adj", "logfoldchanges")) {
      var records = (RecordArray) ranked.get(field);
      assertThat(records.fields().keySet())
          .as(field)
          .containsExactlyElementsOf(clusters.categoryNames());
      if (!field.equals("names")) {
        assertThat(records.get("0").toDoubles()).as(field).doesNotContain(Double.NaN);
      }
    }
    assertThat(((Map<?, ?>) ranked.get("params")).get("groupby")).isEqualTo("leiden");

    // What it wrote, with the counts put back, is read as data of a user's own.
    a.setX(a.getLayers().get("counts"));
    Path counts = folder.resolve("counts.h5ad");
    org.cellweave.io.H5adWriter.write(a, counts);
    Path second = folder.resolve("second.h5ad");
    run(second.toString(), counts.toString(), "batch");
    assertThat(H5adReader.read(second).getObs().get("leiden").texts())
        .isEqualTo(a.getObs().get("leiden").texts());

    // Batches may be numbers, and a measured quantity is refused in words.
    int[] codes = ((CategoricalColumn) a.getObs().get("batch")).codes();
    a.getObs().set("lane", NumericColumn.of(IntStream.of(codes).asLongStream().toArray()));
    org.cellweave.io.H5adWriter.write(a, counts);
    run(second.toString(), counts.toString(), "lane");
    assertThat(H5adReader.read(second).getObs().get("leiden").texts())
        .isEqualTo(a.getObs().get("leiden").texts());
    assertThatThrownBy(() -> run(second.toString(), counts.toString(), "total_counts"))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageContaining("total_counts");
  }
}
