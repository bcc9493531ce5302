package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.matrix.DType
import org.junit.jupiter.api.Test

/** Layouts other than UMAP. */
class LayoutsTest {
    private fun cells(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 150, nGenes = 120)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 10)
        sc.pp.neighbors(adata)
        return adata
    }

    @Suppress("UNCHECKED_CAST")
    private fun params(adata: AnnData, key: String): Map<String, Any?> =
        (adata.uns[key] as Map<String, Any?>)["params"] as Map<String, Any?>

    @Test
    fun `tsne writes where scanpy does`() {
        val adata = cells()
        sc.tl.tsne(adata, perplexity = 10, maxIter = 30)
        assertThat(adata.obsm.matrix("X_tsne", "").nCols()).isEqualTo(2)
        assertThat(params(adata, "tsne"))
            .containsEntry("perplexity", 10.0)
            .containsEntry("learning_rate", 1000.0)
            .containsEntry("metric", "euclidean")
            .containsEntry("method", "barnes_hut")
            .doesNotContainKey("use_rep")
        val copied = sc.tl.tsne(adata, perplexity = 10, maxIter = 5, keyAdded = "mine", useRep = "X_pca", copy = true)
        assertThat(adata.obsm.keys).doesNotContain("mine")
        assertThat(copied.obsm.keys).contains("mine")
        assertThat(params(copied, "mine")).containsEntry("use_rep", "X_pca")
    }

    @Test
    fun `tsne says which methods there are`() {
        assertThatThrownBy { sc.tl.tsne(cells(), method = "barneshat") }
            .hasMessageContaining("method must be one of [barnes_hut, interpolation, auto], got 'barneshat'")
    }

    @Test
    fun `drawGraph writes where scanpy does`() {
        val adata = cells()
        sc.tl.drawGraph(adata, maxiter = 20)
        assertThat(adata.obsm.matrix("X_draw_graph_fa", "").nCols()).isEqualTo(2)
        assertThat(params(adata, "draw_graph")).isEqualTo(mapOf("layout" to "fa", "random_state" to 0L))
        sc.tl.drawGraph(adata, maxiter = 5, initPos = "X_draw_graph_fa", keyAddedExt = "again")
        assertThat(adata.obsm.keys).contains("X_draw_graph_again")
    }

    @Test
    fun `drawGraph starts from the groups of paga`() {
        val adata = cells()
        adata.uns["paga"] =
            dict(
                "groups" to "cell_type",
                "pos" to NdArray(DType.FLOAT64, intArrayOf(2, 2), doubleArrayOf(0.0, 1.0, 2.0, 3.0)),
            )
        assertThatThrownBy { sc.tl.drawGraph(adata, initPos = "paga") }
            .hasMessageContaining("uns['paga']['pos'] must hold x and y of")
        val n = adata.groups("cell_type", "").nCategories()
        val places = DoubleArray(2 * n) { it.toDouble() }
        adata.uns["paga"] = dict("groups" to "cell_type", "pos" to NdArray(DType.FLOAT64, intArrayOf(n, 2), places))
        sc.tl.drawGraph(adata, initPos = "paga", maxiter = 1)
        assertThat(adata.obsm.keys).contains("X_draw_graph_fa")
    }

    @Test
    fun `drawGraph says what it cannot do`() {
        val adata = cells()
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "kk") }.hasMessageContaining("layout must be 'fa'")
        assertThatThrownBy { sc.tl.drawGraph(adata, root = 3) }
            .hasMessageContaining("root is only used by tree layouts")
        assertThatThrownBy { sc.tl.drawGraph(adata, initPos = "paga") }.hasMessageContaining("Run sc.tl.paga() first.")
        assertThatThrownBy { sc.tl.drawGraph(adata, obsp = "connectivities", neighborsKey = "neighbors") }
            .hasMessageContaining("exclude each other")
    }
}
