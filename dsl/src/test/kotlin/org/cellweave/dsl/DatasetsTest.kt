package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.session.Settings
import org.cellweave.testing.SharedData
import org.cellweave.util.FormatException
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.UncheckedIOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import kotlin.io.path.name

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
        val file = folder.resolve("pbmc68k_reduced.h5ad")
        val real = "data/anndata/v0.5.0_pbmc68k_reduced.h5ad"
        if (SharedData.has(real)) {
            Files.copy(SharedData.require(real), file)
            val adata = sc.datasets.pbmc68kReduced()
            assertThat(listOf(adata.nObs, adata.nVars)).containsExactly(700, 765)
            assertThat(adata.obs["bulk_labels"]).isInstanceOf(CategoricalColumn::class.java)
            Files.delete(file)
        }
        sc.datasets.simulatedBatches(nCells = 30, nGenes = 20).writeH5ad(file.toString())
        val digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))
        val sha256 = digest.joinToString("") { "%02x".format(it) }
        assertThat(remote(file.name, "https://example.invalid/${file.name}", sha256)).isEqualTo(file)
    }

    @Test
    fun `without a network the first line says where the file goes and what to use meanwhile`() {
        Settings.datasetdir = folder
        assertThatThrownBy { remote("pbmc68k_reduced.h5ad", "https://localhost:1/pbmc68k.h5ad", null) }
            .isInstanceOf(UncheckedIOException::class.java)
            .hasMessageStartingWith("cannot download https://localhost:1/pbmc68k.h5ad (")
            .hasMessageContaining("put it at ${folder.resolve("pbmc68k_reduced.h5ad")}.")
            .hasMessageEndingWith(
                "Meanwhile sc.datasets.simulatedBatches() and sc.datasets.blobs() make cells without one.",
            ).message()
            .doesNotContain("\n")
        assertThat(folder).isEmptyDirectory
    }

    @Test
    fun `blobs have scanpy's shape and names`() {
        val adata = sc.datasets.blobs()
        assertThat(listOf(adata.nObs, adata.nVars)).containsExactly(640, 11)
        assertThat(adata.obs["blobs"].valueCounts()["count"].toDoubles()).containsOnly(128.0)
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
        val file = folder.resolve("paul15.h5")
        Peer.run(
            folder,
            """
            import h5py, numpy as np, sys
            with h5py.File(sys.argv[1], "w") as f:
                f["data.debatched"] = np.arange(12.0).reshape(4, 3)
                f["data.debatched_rownames"] = np.array([b"Gata2;x", b"Abc", b"Elf1", b"Zzz"])
                f["data.debatched_colnames"] = np.array([b"c0", b"c1", b"c2"])
                f["cluster.id"] = np.array([[1.0], [7.0], [19.0]])
                f["info.genes_strings"] = np.array([b"Zzz", b"Gata2", b"gone"])
            """,
            file.toString(),
        )
        val adata = paul15(file)
        assertThat(adata.varNames).containsExactly("Gata2", "Zzz")
        assertThat(adata.obsNames).containsExactly("c0", "c1", "c2")
        assertThat(adata.obs["paul15_clusters"].texts()).containsExactly("1Ery", "7MEP", "19Lymph")
        assertThat(adata.X.get(2, 1)).isEqualTo(11.0)
        assertThat(adata.uns["iroot"]).isEqualTo(840L)
    }

    private fun zipped(file: Path, vararg entries: Pair<String, String>): Path {
        java.util.zip.ZipOutputStream(Files.newOutputStream(file)).use { zip ->
            entries.forEach { (name, text) ->
                zip.putNextEntry(java.util.zip.ZipEntry(name))
                zip.write(text.toByteArray())
            }
        }
        return file
    }

    @Test
    fun `a SOFT data set has samples in rows and their subsets`() {
        val text =
            "^DATASET = GDS1\n!subset_description = normal\n!subset_sample_id = GSM1,GSM3\n" +
                "!subset_description = ill\n!subset_sample_id = GSM2\n!dataset_table_begin\n" +
                "ID_REF\tIDENTIFIER\tGSM1\tGSM2\tGSM3\tGene title\n" +
                "p1\tMIR4640\t1.5\t2\t3\tx\np2\tRFC2\t4\t5\t6\ty\n!dataset_table_end\n"
        val file = folder.resolve("a.soft.gz")
        java.util.zip
            .GZIPOutputStream(Files.newOutputStream(file))
            .use { it.write(text.toByteArray()) }
        val adata = softTable(file)
        assertThat(adata.obsNames).containsExactly("GSM1", "GSM2", "GSM3")
        assertThat(adata.varNames).containsExactly("MIR4640", "RFC2")
        assertThat(adata.X.get(0, 0)).isEqualTo(1.5)
        assertThat(adata.X.get(2, 1)).isEqualTo(6.0)
        assertThat(adata.obs["groups"].texts()).containsExactly("normal", "ill", "normal")
        java.util.zip.GZIPOutputStream(Files.newOutputStream(file)).use {
            it.write(text.replace("2\t3\tx", "?\t3\tx").toByteArray())
        }
        assertThatThrownBy { softTable(file) }.hasMessageContaining("row 1, column GSM2 is not a number, got '?'")
    }

    @Test
    fun `an experiment of the expression atlas has its design in obs`() {
        val archive =
            zipped(
                folder.resolve("e.zip"),
                "E.mtx" to "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 1 4\n2 1 5\n2 3 7\n",
                "E.mtx_rows" to "ENSG1\tENSG1\nENSG2\tENSG2\n",
                "E.mtx_cols" to "c1\nc2\nc3\n",
            )
        val design = folder.resolve("design.tsv")
        Files.writeString(design, "Assay\tsex\tage\nc3\tmale\t7\nc1\tfemale\t9\n")
        val adata = atlasExperiment(archive, design)
        assertThat(adata.X.get(0, 1)).isEqualTo(5.0)
        assertThat(adata.X.get(2, 1)).isEqualTo(7.0)
        assertThat(adata.varNames).containsExactly("ENSG1", "ENSG2")
        assertThat(adata.obs["sex"].text(0)).isEqualTo("female")
        assertThat(adata.obs["sex"].isMissing(1)).isTrue
        assertThat(adata.obs["sex"].text(2)).isEqualTo("male")
        assertThat(adata.obs["age"].toDoubles()).containsExactly(9.0, Double.NaN, 7.0)
        assertThatThrownBy { atlasExperiment(zipped(folder.resolve("n.zip"), "a.txt" to ""), design) }
            .hasMessageContaining("has no .mtx_rows file")
        assertThatThrownBy { sc.datasets.ebiExpressionAtlas("MTAB-1") }
            .hasMessageContaining("accession must look like E-MTAB-4888, got 'MTAB-1'")
    }
}
