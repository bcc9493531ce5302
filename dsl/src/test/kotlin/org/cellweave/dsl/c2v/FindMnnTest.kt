package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.WellClones.Companion.numbers
import org.cellweave.dsl.WellClones.Companion.texts
import org.cellweave.dsl.WellClones.Companion.told
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class FindMnnTest {
    private val wells = WellClones(listOf("b", "a", "c"))

    @Test
    fun `writes a symmetric graph, how it was made, and the order in arrays`() {
        val clones = wells.adata()
        assertThat(c2v.tl.findMnn(clones, "well", k = 4, kTrim = 2)).isSameAs(clones)
        val graph = clones.obsp["mnn"] as CsrMatrix
        assertThat(graph.dtype()).isEqualTo(DType.FLOAT32)
        assertThat(graph.transposeToCsr().toDense().floatData()).isEqualTo(graph.toDense().floatData())
        // clones of one place are each other's nearest
        assertThat(graph.get(0, 60)).isEqualTo(1.0)
        assertThat(graph.get(0, 110)).isEqualTo(1.0)
        val told = told(clones)
        assertThat(told.keys)
            .containsExactly("batch_key", "use_rep", "k", "k_trim", "metric", "graph_key", "merge_order")
        assertThat(told).containsEntry("k", 4L).containsEntry("k_trim", 2L).containsEntry("metric", "euclidean")
        assertThat(told).containsEntry("batch_key", "well").containsEntry("graph_key", "mnn")
        val order = told["merge_order"] as Map<*, *>
        assertThat(texts(order["batches"])).`as`("by name").containsExactly("a", "b", "c")
        assertThat((order["steps"] as NdArray).shape()).containsExactly(2, 2)
        assertThat(numbers(order["steps"])).`as`("b and a share 50 places").containsExactly(0.0, 1.0, 2.0, 3.0)
    }

    @Test
    fun `leaves obs and, for a copy, everything as it was`() {
        val clones = wells.adata()
        c2v.tl.findMnn(clones, "well", graphKey = "anchors", unsKey = "cosine", metric = "cosine")
        assertThat(clones.obs["well"]).isInstanceOf(StringColumn::class.java)
        assertThat(clones.obsp.keys).containsExactly("anchors")
        assertThat(told(clones, "cosine")).containsEntry("graph_key", "anchors").containsEntry("metric", "cosine")
        val copied = c2v.tl.findMnn(clones, "well", copy = true)
        assertThat(copied.obsp.keys).contains("mnn")
        assertThat(clones.obsp.keys).doesNotContain("mnn")
        assertThat(clones.uns.keys).doesNotContain("simple_mnn")
    }

    @Test
    fun `numbers and categories without clones are batches, too`() {
        val clones = wells.adata()
        val names = clones.obs["well"].texts()
        val unused = CategoricalColumn(
            IntArray(names.size) { "ybza".indexOf(names[it].first()).coerceAtLeast(0) },
            StringColumn.of("c", "b", "never", "a"),
            false,
        )
        clones.obs.set("named", unused)
        clones.obs.set("number", NumericColumn.of(*IntArray(names.size) { "abc".indexOf(names[it]) }))
        c2v.tl.findMnn(clones, "well")
        for (key in listOf("named", "number")) {
            c2v.tl.findMnn(clones, key, graphKey = key, unsKey = key)
            assertThat((clones.obsp[key] as CsrMatrix).toDense().floatData())
                .isEqualTo((clones.obsp["mnn"] as CsrMatrix).toDense().floatData())
        }
        assertThat(clones.obs["named"]).isSameAs(unused)
    }

    @Test
    fun `the order and weights of zero come back from a file`(
        @TempDir folder: Path,
    ) {
        val clones = WellClones(listOf("x+(y)", "a] + [b", "; = ", "c")).adata()
        c2v.tl.findMnn(clones, "well", k = 8, kTrim = 8)
        val path = folder.resolve("clones.h5ad").toString()
        clones.writeH5ad(path)
        val back = sc.readH5ad(path)
        val (graph, read) = listOf(clones, back).map { it.obsp["mnn"] as CsrMatrix }
        assertThat(read.nnz()).isEqualTo(graph.nnz())
        assertThat(read.dtype()).isEqualTo(DType.FLOAT32)
        val zeros = (0 until graph.blockCount()).sumOf { b -> graph.block(b).values().count { it == 0f } }
        assertThat(zeros).isPositive
        c2v.tl.align(clones)
        c2v.tl.align(back)
        val (ours, theirs) = listOf(clones, back).map { it.obsm["clone2vec_pa"] as DenseMatrix }
        assertThat(theirs.doubleData()).isEqualTo(ours.doubleData())
    }

    @Test
    fun `says what is wrong in one line`() {
        val clones = wells.adata()
        assertThatThrownBy { c2v.tl.findMnn(clones, "wel") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("well")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", useRep = "X_umap") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("obsm['X_umap']")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", k = 41) }
            .hasMessage(
                "k must be at most the clones of every batch, got k = 41, but 'c' of obs['well'] has 40. " +
                    "Use a smaller k, or leave that batch out",
            )
        assertThatThrownBy { c2v.tl.findMnn(clones, "wel", useRep = "X_none") }
            .`as`("the column before the embedding")
            .hasMessageContaining("Did you mean 'well'?")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", metric = "euclidaen") }
            .hasMessageContaining("Did you mean 'euclidean'?")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", metric = "precomputed") }
            .hasMessageContaining("metric precomputed does not go with the search for anchors")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", kTrim = 0) }.hasMessage("kTrim must be positive, got 0")
        assertThatThrownBy { c2v.tl.findMnn(clones, "well", k = 1, minAnchors = 500) }
            .hasMessage(
                "'a' and 'b' of obs['well'] have 50 mutual nearest neighbours with k = 1, but minAnchors = 500 are " +
                    "needed; use a larger k",
            )
        clones.obs.set("one", StringColumn.of(*Array(clones.nObs) { "a" }))
        assertThatThrownBy { c2v.tl.findMnn(clones, "one") }
            .hasMessage("obs['one'] must have at least two levels, got 1: anchors join clones of different batches")
        clones.obs.set("gap", StringColumn(Array(clones.nObs) { i -> "a".takeIf { i != 3 } }, true))
        assertThatThrownBy { c2v.tl.findMnn(clones, "gap") }
            .hasMessage(
                "obs['gap'] has 1 missing label, for clone 'clone 3'. Give every clone a label, or subset to the " +
                    "clones that have one",
            )
        clones.obs["age"] = DoubleArray(clones.nObs) { it / 7.0 }
        assertThatThrownBy { c2v.tl.findMnn(clones, "age") }
            .hasMessageContaining("obs['age'] has ${clones.nObs} levels for ${clones.nObs} clones; a search for")
            .hasMessageEndingWith("labels that many clones share. A measured quantity must be cut into classes first")
        (clones.obsm["X_pca"] as DenseMatrix).set(7, 2, Double.NaN)
        assertThatThrownBy { c2v.tl.findMnn(clones, "well") }
            .hasMessageContaining("'clone 7' (row 7), column 2 of obsm['X_pca'] is NaN")
        assertThat(clones.obsp.keys).isEmpty()
        assertThat(clones.uns.keys).isEmpty()
    }
}
