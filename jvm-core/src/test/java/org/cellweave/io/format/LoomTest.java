package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.H5adWriter;
import org.cellweave.io.file.Sync;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoomTest {
  @TempDir Path folder;

  /** Three genes, two cells; {@code tools/reference/loom.py} wrote it. */
  private static Path file() throws Exception {
    return file("small");
  }

  private static Path file(String name) throws Exception {
    return Path.of(LoomTest.class.getResource("/reference/loom/" + name + ".loom").toURI());
  }

  private static void isMain(org.cellweave.matrix.Matrix m) {
    assertThat(m.toDense().doubleData()).containsExactly(1, 0, 3, 0, 2, 4);
  }

  @Test
  void theNamedLayerBecomesX() throws Exception {
    AnnData a = Loom.read(file());
    assertThat(a.getX()).isInstanceOf(CsrMatrix.class);
    assertThat(a.getX().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(a.getX().toDense().doubleData()).containsExactly(0, 6, 0, 5, 0, 7);
    assertThat(a.getLayers().getKeys()).containsExactlyInAnyOrder("matrix", "spliced");
    isMain(a.getLayers().get("matrix"));
    assertThat(a.getObs().getNames()).containsExactly("c0", "c1");
    assertThat(a.getVar().getNames()).containsExactly("g0", "g1", "g2");
    assertThat(a.getVar().get("Length").texts()).containsExactly("10", "20", "30");
    assertThat(a.getObsm().getKeys()).containsExactly("pcs");
  }

  @Test
  void optionsChooseNamesLayersAndArrays() throws Exception {
    Path file = file();
    var options =
        new Loom.Options(
            false, "", "no", "Gene", Map.of("X_u", List.of("u1", "u2")), Map.of(), DType.FLOAT64);
    AnnData a = Loom.read(file, options);
    assertThat(a.getX()).isInstanceOf(DenseMatrix.class);
    assertThat(a.getX().dtype()).isEqualTo(DType.FLOAT64);
    isMain(a.getX());
    assertThat(a.getObs().getNames()).containsExactly("0", "1");
    assertThat(a.getObs().getKeys()).contains("CellID").doesNotContain("u1", "u2");
    assertThat(((DenseMatrix) a.getObsm().get("X_u")).doubleData())
        .containsExactly(0.5, 2.5, 1.5, 3.5);
    var wrong =
        new Loom.Options(
            true, "", "CellID", "Gene", Map.of("X_u", List.of("u3")), Map.of(), DType.FLOAT32);
    assertThatThrownBy(() -> Loom.read(file, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'X_u' needs the numeric attribute 'u3' of col_attrs");
  }

  @Test
  void otherFilesAreRefused() {
    Path file = folder.resolve("a.h5ad");
    H5adWriter.write(new AnnData(org.cellweave.testing.Seeds.counts(3, 2, 0.5, 1)), file);
    assertThatThrownBy(() -> Loom.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no 'matrix', so that it is not a .loom file");
  }

  private static AnnData annotated() {
    AnnData a = new AnnData(DenseMatrix.ofRows(new double[][] {{1, 0, 2}, {0, 3, 0}}));
    a.setX(a.getX().toCsr().withDType(DType.INT32));
    a.getObs().setNames(List.of("c0", "c1"));
    a.getVar().setNames(List.of("g0", "g1", "g2"));
    a.getObs()
        .set("kind", new CategoricalColumn(new int[] {1, -1}, StringColumn.of("a", "é"), false));
    a.getObs()
        .set(
            "some",
            NumericColumn.integers(DType.INT64, new long[] {7, 0}, new boolean[] {false, true}));
    a.getObs().set("yes", new BooleanColumn(new boolean[] {true, false}, null));
    a.getVar().set("length", NumericColumn.of(10L, 20L, 30L));
    a.getLayers().set("twice", DenseMatrix.ofRows(new double[][] {{2, 0, 4}, {0, 6, 0}}));
    a.getObsm().set("X_pca", DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}}));
    return a;
  }

  private static AnnData back(Path file) {
    return Loom.read(
        file,
        new Loom.Options(true, "", "obs_names", "var_names", Map.of(), Map.of(), DType.FLOAT32));
  }

  private Path written(AnnData a, boolean arrays, List<String> warnings) {
    Path file = folder.resolve("written.loom");
    LoomWriter.write(a, file, arrays, Sync.NEVER, warnings::add);
    return file;
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var warnings = new ArrayList<String>();
    Path file = written(annotated(), true, warnings);
    AnnData a = back(file);
    assertThat(warnings).isEmpty();
    assertThat(a.getX().toDense().doubleData()).containsExactly(1, 0, 2, 0, 3, 0);
    assertThat(a.getLayers().get("twice").toDense().doubleData()).containsExactly(2, 0, 4, 0, 6, 0);
    assertThat(a.getObs().getNames()).containsExactly("c0", "c1");
    assertThat(a.getVar().getNames()).containsExactly("g0", "g1", "g2");
    assertThat(a.getObs().get("kind").texts()).containsExactly("é", "nan");
    assertThat(a.getObs().get("some").toDoubles()).containsExactly(7, Double.NaN);
    assertThat(a.getObs().get("yes").toDoubles()).containsExactly(1, 0);
    assertThat(a.getVar().get("length").texts()).containsExactly("10", "20", "30");
    assertThat(((DenseMatrix) a.getObsm().get("X_pca")).doubleData()).containsExactly(1, 2, 3, 4);
    try (StoreReader source = Hdf5.open(file, "a .loom file")) {
      StoreArray matrix = source.array(source.child(source.root(), "matrix", "matrix"), "matrix");
      assertThat(matrix.dims()).containsExactly(3, 2);
      assertThat(matrix.type().dtype()).isEqualTo(DType.INT32);
      assertThat(matrix.longs()).containsExactly(1, 0, 0, 3, 2, 0);
    }
  }

  @Test
  void manyPiecesOfASparseMatrixAreWrittenInPlace() {
    CsrMatrix x = org.cellweave.testing.Seeds.counts(3000, 500, 0.1, 3);
    AnnData a = back(written(new AnnData(x), false, new ArrayList<>()));
    assertThat(a.getX().toDense().doubleData()).isEqualTo(x.toDense().doubleData());
  }

  @Test
  void arraysThatAreLeftOutAreNamed() {
    var warnings = new ArrayList<String>();
    AnnData a = back(written(annotated(), false, warnings));
    assertThat(a.getObsm().getKeys()).isEmpty();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("will lack [X_pca] of obsm and varm");
  }

  @Test
  void whatLoomCannotHoldIsRefused() {
    AnnData slash = annotated();
    slash.getVar().set("a/b", NumericColumn.of(1L, 2L, 3L));
    refused(slash, "var['a/b'] has a name that .loom cannot hold");
    AnnData twice = annotated();
    twice.getObs().set("X_pca", NumericColumn.of(1L, 2L));
    refused(twice, "obsm['X_pca'] has the name of another attribute of this axis");
    refused(new AnnData(null, annotated().getObs(), annotated().getVar()), "X is empty");
    assertThat(folder.resolve("written.loom")).doesNotExist();
  }

  private void refused(AnnData a, String message) {
    assertThatThrownBy(() -> written(a, true, new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anAttributeNamedLikeAnIndexIsRefusedByName() throws Exception {
    Path file = file("index_column");
    assertThatThrownBy(() -> Loom.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("index_column.loom: 'col_attrs/_index' has a name that tables keep");
  }
}
