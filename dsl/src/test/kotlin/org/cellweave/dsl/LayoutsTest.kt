package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.groups
import org.cellweave.matrix.DType
import org.junit.jupiter.api.Test
import kotlin.math.hypot

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
        val first = adata.obsm.matrix("X_draw_graph_fa", "").toDense()
        sc.tl.drawGraph(adata, initPos = true, maxiter = 1)
        assertThat(
            adata.obsm
                .matrix("X_draw_graph_fa", "")
                .toDense()
                .floatData(),
        ).isEqualTo(first.floatData())
        assertThat(adata.obsm.keys).contains("X_draw_graph_fa")
    }

    @Test
    fun `drawGraph has the layouts of igraph that are worth it`() {
        val adata = cells()
        for (layout in listOf("fr", "kk")) {
            sc.tl.drawGraph(adata, layout = layout, maxiter = 20)
            assertThat(params(adata, "draw_graph")).containsEntry("layout", layout)
            val first = adata.obsm.matrix("X_draw_graph_$layout", "").toDense()
            sc.tl.drawGraph(adata, layout = layout, maxiter = 1, initPos = "X_draw_graph_$layout", keyAddedExt = "next")
            val next = adata.obsm.matrix("X_draw_graph_next", "").toDense()
            val span = first.column(0).let { it.max() - it.min() }
            for (i in 0 until 150) {
                assertThat(next.get(i, 0)).isCloseTo(first.get(i, 0), within(0.25 * span))
            }
        }
        sc.tl.drawGraph(adata, layout = "rt", root = 7)
        val tree = adata.obsm.matrix("X_draw_graph_rt", "").toDense()
        assertThat((0 until 150).filter { tree.get(it, 1) == 0.0 }).containsExactly(7)
        sc.tl.drawGraph(adata, layout = "rt_circular", root = 7)
        val circle = adata.obsm.matrix("X_draw_graph_rt_circular", "").toDense()
        for (i in 0 until 150) {
            assertThat(hypot(circle.get(i, 0), circle.get(i, 1))).isCloseTo(tree.get(i, 1), within(1e-9))
        }
        assertThat(sc.pl.drawGraph(adata, color = "cell_type").toSvg()).contains("RT_CIRCULAR1")
    }

    @Test
    fun `drawGraph says what it cannot do`() {
        val adata = cells()
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "drl") }
            .hasMessageContaining("layout must be one of [fa, fr, kk, rt, rt_circular], got 'drl'")
            .hasMessageContaining("igraph's alone; 'fr' and 'fa' take large graphs")
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "rt_circle") }
            .hasMessageContaining("Did you mean 'rt_circular'?")
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "rt", initPos = true) }
            .hasMessageContaining("initPos is not used by tree layouts")
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "rt", maxiter = 4) }
            .hasMessageContaining("maxiter is not used by tree layouts, got 4")
        assertThatThrownBy { sc.tl.drawGraph(adata, layout = "rt", root = 150) }.hasMessageContaining("root")
        assertThatThrownBy { sc.tl.drawGraph(adata, adjacency = adata.X) }.hasMessageContaining("square")
        assertThatThrownBy { sc.tl.drawGraph(adata, root = 3) }
            .hasMessageContaining("root is only used by tree layouts")
        assertThatThrownBy { sc.tl.drawGraph(adata, initPos = "paga") }.hasMessageContaining("Run sc.tl.paga() first.")
        assertThatThrownBy { sc.tl.drawGraph(adata, obsp = "connectivities", neighborsKey = "neighbors") }
            .hasMessageContaining("exclude each other")
    }
}
