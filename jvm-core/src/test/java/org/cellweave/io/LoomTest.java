package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cellweave.data.AnnData;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoomTest {
  @TempDir Path folder;

  /** Three genes, two cells: what loompy writes, by h5py. */
  private Path file() throws Exception {
    String python = System.getenv("CELLWEAVE_PYTHON");
    Assumptions.assumeTrue(python != null, "CELLWEAVE_PYTHON does not name a python with h5py");
    Path file = folder.resolve("a.loom");
    String script =
        """
        import h5py, numpy as np, sys
        text = h5py.string_dtype("utf-8")
        with h5py.File(sys.argv[1], "w") as f:
            f.create_dataset("matrix", data=np.array([[1, 0], [0, 2], [3, 4]], "f4"), chunks=(2, 2), compression="gzip")
            f.create_dataset("layers/spliced", data=np.array([[0, 5], [6, 0], [0, 7]], "i4"))
            f.create_dataset("row_attrs/Gene", data=["g0", "g1", "g2"], dtype=text)
            f.create_dataset("row_attrs/Length", data=np.array([10, 20, 30]))
            f.create_dataset("col_attrs/CellID", data=["c0", "c1"], dtype=text)
            f.create_dataset("col_attrs/u1", data=np.array([0.5, 1.5]))
            f.create_dataset("col_attrs/u2", data=np.array([2.5, 3.5]))
            f.create_dataset("col_attrs/pcs", data=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
            f.create_group("row_graphs"); f.create_group("col_graphs")
        """;
    Process process = new ProcessBuilder(python, "-c", script, file.toString()).inheritIO().start();
    assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return file;
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
}
