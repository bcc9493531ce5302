package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.RecordArray
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.slots.unsMap
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class PresetTest {
    @TempDir
    lateinit var folder: Path

    private val progress = Settings.progress

    @BeforeEach
    fun quiet() {
        Settings.progress = false
        Settings.verbosity = 0
    }

    @AfterEach
    fun restore() {
        Settings.preset = "ScanpyV1"
        Settings.progress = progress
        Settings.verbosity = 1
    }

    private fun logs(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 120, nGenes = 90, seed = 3)
        sc.pp.normalizeTotal(adata, targetSum = 1e4)
        sc.pp.log1p(adata)
        return adata
    }

    @Test
    fun `a preset is spelled as in scanpy`() {
        assertThat(sc.settings.preset).isEqualTo("ScanpyV1")
        sc.settings.preset = "scanpy-v2-preview"
        assertThat(sc.settings.preset).isEqualTo("ScanpyV2Preview")
        assertThatThrownBy { sc.settings.preset = "ScanpyV2Previw" }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("[ScanpyV1, ScanpyV2Preview], got 'ScanpyV2Previw'. Did you mean 'ScanpyV2Preview'?")
        assertThat(sc.settings.preset).isEqualTo("ScanpyV2Preview")
    }

    @Test
    fun `the preview changes where embeddings go, and readers follow`() {
        sc.settings.preset = "ScanpyV2Preview"
        val adata = logs()
        sc.pp.pca(adata, nComps = 8)
        sc.pp.neighbors(adata, nNeighbors = 8)
        sc.tl.umap(adata, maxiter = 5)
        sc.tl.tsne(adata, maxIter = 260)
        sc.tl.diffmap(adata, nComps = 6)
        sc.tl.drawGraph(adata, maxiter = 3)
        assertThat(adata.obsm.keys).containsExactlyInAnyOrder("pca", "umap", "tsne", "diffmap", "graph_fa")
        assertThat(adata.varm.keys).containsExactly("pca")
        assertThat(adata.uns.keys).contains("pca", "umap", "tsne", "diffmap_evals")
        adata.uns["iroot"] = 0L
        sc.tl.dpt(adata, nDcs = 5)
        sc.tl.embeddingDensity(adata, basis = "umap")
        sc.pp.harmonyIntegrate(adata, key = "batch")
        assertThat(adata.obsm.keys).contains("X_pca_harmony").doesNotContain("X_diffmap", "X_pca")
        assertThat(sc.pl.umap(adata, color = "cell_type").size).isEqualTo(1)
        assertThat(sc.pl.drawGraph(adata).size).isEqualTo(1)
        assertThat(sc.pl.pcaLoadings(adata).size).isEqualTo(3)
        assertThat(
            sc.tl
                .ingest(adata.copy(), adata, obs = listOf("cell_type"), inplace = false)
                .obsm.keys,
        ).contains("X_umap")
        sc.tl.umap(adata, maxiter = 5, keyAdded = null)
        assertThat(adata.obsm.keys).contains("X_umap")
    }

    @Test
    fun `the preview changes tests, flavors, controls and scale`() {
        val adata = logs()
        sc.tl.rankGenesGroups(adata, groupby = "cell_type")
        val classic = adata.copy()
        sc.tl.scoreGenes(classic, adata.varNames.take(30), ctrlSize = 1)
        sc.settings.preset = "ScanpyV2Preview"
        sc.tl.rankGenesGroups(adata, groupby = "cell_type")

        fun method(a: AnnData) = (a.unsMap("rank_genes_groups")["params"] as Map<*, *>)["method"]
        assertThat(listOf(method(classic), method(adata))).containsExactly("t-test", "wilcoxon")
        sc.tl.rankGenesGroups(classic, groupby = "cell_type", meanInLogSpace = true)

        fun changes(a: AnnData) =
            (a.unsMap("rank_genes_groups")["logfoldchanges"] as RecordArray).get("type_0").toDoubles()
        assertThat(changes(adata)).isNotEqualTo(changes(classic))
        assertThatThrownBy { sc.pp.scale(adata) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("zeroCenter must be given to sc.pp.scale")
            .hasMessageContaining("ScanpyV2Preview")
        sc.pp.scale(adata, zeroCenter = false)
        val counts = sc.datasets.simulatedBatches(nCells = 100, nGenes = 80, seed = 1)
        sc.pp.highlyVariableGenes(counts, nTopGenes = 10)
        assertThat(counts.unsMap("hvg")["flavor"]).isEqualTo("seurat_v3_paper")
        assertThat(sc.pp.recipeZheng17(sc.datasets.simulatedBatches(nCells = 80, nGenes = 60), nTopGenes = 9).nVars)
            .isEqualTo(9)
        val preview = classic.copy()
        sc.tl.scoreGenes(preview, adata.varNames.take(30), ctrlSize = 1)
        assertThat(preview.obs["score"].toDoubles()).isNotEqualTo(classic.obs["score"].toDoubles())
    }

    @Test
    fun `fold changes of the preview are those of means of expression`() {
        sc.settings.preset = "ScanpyV2Preview"
        val adata = logs()
        sc.tl.rankGenesGroups(adata, groupby = "cell_type")
        val table = adata.unsMap("rank_genes_groups")
        val gene = (table["names"] as RecordArray).get("type_0").texts()[0]
        val given = (table["logfoldchanges"] as RecordArray).get("type_0").number(0)
        val at = adata.varNames.indexOf(gene)
        val types = adata.obs["cell_type"].texts()
        val (inside, outside) = types.indices.partition { types[it] == "type_0" }

        fun mean(cells: List<Int>) = cells.map { Math.expm1(adata.X.get(it, at)) }.average()
        val expected = Math.log((mean(inside) + 1e-9) / (mean(outside) + 1e-9)) / Math.log(2.0)
        assertThat(given).isCloseTo(expected, within(1e-5))
    }
}
