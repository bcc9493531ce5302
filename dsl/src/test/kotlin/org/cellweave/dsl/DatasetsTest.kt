package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.CategoricalColumn
import org.cellweave.testing.SharedData
import org.cellweave.util.FormatException
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class DatasetsTest {
    @TempDir
    lateinit var folder: Path

    private val before = Settings.datasetdir

    @AfterEach
    fun restore() {
        Settings.datasetdir = before
    }

    @Test
    fun `a file put in place is used without a network`() {
        Settings.datasetdir = folder
        val shared = SharedData.require("data/anndata/v0.5.0_pbmc68k_reduced.h5ad")
        Files.copy(shared, folder.resolve("pbmc68k_reduced.h5ad"))
        val adata = sc.datasets.pbmc68kReduced()
        assertThat(adata.nObs).isEqualTo(700)
        assertThat(adata.nVars).isEqualTo(765)
        assertThat(adata.obs["bulk_labels"]).isInstanceOf(CategoricalColumn::class.java)
    }

    @Test
    fun `blobs have scanpy's shape and names`() {
        val adata = sc.datasets.blobs()
        assertThat(listOf(adata.nObs, adata.nVars)).containsExactly(640, 11)
        assertThat(adata.obs["blobs"].valueCounts().values).containsOnly(128)
        assertThat(adata.obsNames.first()).isEqualTo("0")
    }

    @Test
    fun `a wrong setting is refused with what is meant`() {
        assertThatThrownBy { sc.settings.syncWrites = "nevr" }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("sc.settings.syncWrites")
            .hasMessageContaining("never")
        assertThat(sc.settings.syncWrites).isEqualTo("when_replacing")
    }

    @Test
    fun `a damaged file is refused with what to do`() {
        Settings.datasetdir = folder
        Files.writeString(folder.resolve("pbmc3k_raw.h5ad"), "not the data")
        assertThatThrownBy { sc.datasets.pbmc3k() }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("Delete it to download it again from https://exampledata.scverse.org")
    }

    @Test
    fun `paul15 keeps informative genes under their first name`() {
        val python = System.getenv("CELLWEAVE_PYTHON")
        assumeTrue(python != null) { "CELLWEAVE_PYTHON does not name a python with h5py" }
        val file = folder.resolve("paul15.h5")
        val script =
            """
            import h5py, numpy as np, sys
            with h5py.File(sys.argv[1], "w") as f:
                f["data.debatched"] = np.arange(12.0).reshape(4, 3)
                f["data.debatched_rownames"] = np.array([b"Gata2;x", b"Abc", b"Elf1", b"Zzz"])
                f["data.debatched_colnames"] = np.array([b"c0", b"c1", b"c2"])
                f["cluster.id"] = np.array([[1.0], [7.0], [19.0]])
                f["info.genes_strings"] = np.array([b"Zzz", b"Gata2", b"gone"])
            """.trimIndent()
        assertThat(ProcessBuilder(python, "-c", script, file.toString()).inheritIO().start().waitFor()).isZero
        val adata = paul15(file)
        assertThat(adata.varNames).containsExactly("Gata2", "Zzz")
        assertThat(adata.obsNames).containsExactly("c0", "c1", "c2")
        assertThat(adata.obs["paul15_clusters"].texts()).containsExactly("1Ery", "7MEP", "19Lymph")
        assertThat(adata.X.get(2, 1)).isEqualTo(11.0)
        assertThat(adata.uns["iroot"]).isEqualTo(840L)
    }
}
