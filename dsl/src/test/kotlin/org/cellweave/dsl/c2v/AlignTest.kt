package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.WellClones.Companion.apart
import org.cellweave.dsl.WellClones.Companion.numbers
import org.cellweave.dsl.WellClones.Companion.texts
import org.cellweave.dsl.WellClones.Companion.told
import org.cellweave.dsl.pl.HeardMessages
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.SharedData
import org.cellweave.testing.Tolerance
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

class AlignTest {
    @RegisterExtension
    private val heard = HeardMessages()

    private fun dense(clones: AnnData, key: String) = clones.obsm[key] as DenseMatrix

    @Suppress("UNCHECKED_CAST")
    private fun report(
        clones: AnnData,
        key: String = "simple_mnn",
    ) = told(clones, key)["alignment"] as Map<String, Any?>

    /** Names that the Python package cannot tell from its own brackets, and more batches than it can follow. */
    private val odd = listOf("x+(y)", "a] + [b", "; = ", "((c+d)", "plain")

    @Test
    fun `five batches with odd names come to lie over each other`() {
        val wells = WellClones(odd)
        val clones = wells.adata()
        // only clones of one place are anchors
        c2v.tl.findMnn(clones, "well", k = 1)
        assertThat(c2v.tl.align(clones)).isSameAs(clones)
        assertThat(apart(dense(clones, "clone2vec_pa"), wells.expected)).isLessThan(Tolerance.F64)
        val report = report(clones)
        assertThat(texts(report["batches"])).containsExactlyElementsOf(odd.sorted())
        assertThat((report["reference_query"] as NdArray).shape()).containsExactly(4, 2)
        assertThat(numbers(report["anchors"]).sum()).isEqualTo(50 + 80 + 90 + 80.0)
        assertThat(numbers(report["r2"])).allMatch { Math.abs(it - 1) < Tolerance.F64 }
        assertThat(numbers(report["rank"])).containsOnly(4.0)
        assertThat(report)
            .containsEntry("scale", "none")
            .containsEntry("weighted", true)
            .containsEntry("use_rep", "clone2vec")
    }

    @Test
    fun `equals clone2vec on the anchors of clone2vec, whose order is text`() {
        val clones = sc.readH5ad(SharedData.require("reference/larry_clones.h5ad").toString())
        assertThat(told(clones)["order"]).isEqualTo("[4] + [6] = [(4+6)];")
        heard.listen()
        val before = sc.settings.verbosity
        try {
            sc.settings.verbosity = 3
            c2v.tl.align(clones, adjRep = "ours")
        } finally {
            sc.settings.verbosity = before
        }
        assertThat(heard)
            .contains(
                "    '4' onto '6': 235 anchors, with 88 % and 77 % of the clones; " +
                    "R2 0.53, variance 0.44 of the reference's",
            )
        assertThat(apart(dense(clones, "ours"), dense(clones, "clone2vec_pa"))).isLessThan(1e-6)
        assertThat(dense(clones, "ours").dtype()).isEqualTo(DType.FLOAT32)
        assertThat(numbers(report(clones)["variance_ratio"])[0]).isCloseTo(0.437, within(0.001))
        c2v.tl.align(clones, adjRep = "restored", scale = "restore")
        assertThat(numbers(report(clones)["variance_ratio"])[0]).isCloseTo(1.0, within(1e-6))
        assertThat(told(clones)["order"]).`as`("left as it was").isEqualTo("[4] + [6] = [(4+6)];")
        val exact = c2v.tl.align(c2v.tl.findMnn(clones, "day", copy = true), adjRep = "exact")
        assertThat(apart(dense(exact, "exact"), dense(exact, "ours"))).isLessThan(0.1)
    }

    @Test
    fun `anchors of any program do, without an order`() {
        val wells = WellClones(listOf("a", "b", "c", "d"))
        val clones = wells.adata()
        c2v.tl.findMnn(clones, "well", k = 1)
        val scores = (clones.obsp["mnn"] as CsrMatrix).toDense().toFloat64()
        for (i in 0 until scores.nRows()) {
            for (j in 0 until scores.nCols()) scores.set(i, j, 0.3 * scores.get(i, j))
        }
        clones.obsp.set("seurat_mnn", scores.toCsr())
        clones.uns["seurat_integration"] = mapOf("method" to "cca", "batch_key" to "well", "graph_key" to "seurat_mnn")
        c2v.tl.align(clones, unsKey = "seurat_integration", adjRep = "seurat")
        assertThat(apart(dense(clones, "seurat"), wells.expected)).isLessThan(Tolerance.F64)
        assertThat(told(clones, "seurat_integration").keys)
            .containsExactly("method", "batch_key", "graph_key", "alignment")
        c2v.tl.align(clones)
        assertThat(report(clones)["anchors"].toString())
            .isEqualTo(report(clones, "seurat_integration")["anchors"].toString())
    }

    @Test
    fun `a stored order is followed, whatever the names of its batches are sorted by`() {
        val wells = WellClones(listOf("a", "b", "c"))
        val clones = wells.adata()
        c2v.tl.findMnn(clones, "well", k = 1)
        val steps = NdArray(DType.INT64, intArrayOf(2, 2), longArrayOf(0, 1, 2, 3))
        clones.uns["simple_mnn"] =
            told(clones) + mapOf("merge_order" to mapOf("batches" to NdArray.of("c", "a", "b"), "steps" to steps))
        c2v.tl.align(clones)
        // c (40) onto a (60), then b (50) onto both
        assertThat(numbers(report(clones)["reference_query"])).containsExactly(0.0, 2.0, 3.0, 1.0)
        assertThat(apart(dense(clones, "clone2vec_pa"), wells.expected)).isLessThan(Tolerance.F64)
    }

    @Test
    fun `few anchors are told, and draw the map towards a rotation`() {
        heard.listen()
        val clones = WellClones(listOf("a", "b")).adata()
        val few = DenseMatrix.zeros(clones.nObs, clones.nObs, DType.FLOAT32)
        for (i in 0 until 3) {
            few.set(i, 60 + i, 1.0)
            few.set(60 + i, i, 1.0)
        }
        clones.obsp.set("mnn", few.toCsr())
        clones.uns["simple_mnn"] = mapOf("batch_key" to "well", "graph_key" to "mnn")
        c2v.tl.align(clones)
        assertThat(heard).anyMatch { "3 anchors are few for a map of 3 columns of 'b' onto 'a'" in it }
        assertThat((report(clones)["drawn"] as NdArray).number(0)).isEqualTo(1.0)
        c2v.tl.align(clones, ridge = 0.0)
        assertThat(heard).anyMatch { "the anchors of 'b' and 'a' leave directions that collapse" in it }
    }

    @Test
    fun `says what is wrong in one line`() {
        val clones = WellClones(listOf("a", "b", "c")).adata()
        assertThatThrownBy { c2v.tl.align(clones) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("uns['simple_mnn'] is missing")
            .hasMessageContaining("c2v.tl.findMnn()")
        c2v.tl.findMnn(clones, "well", k = 1)
        assertThatThrownBy { c2v.tl.align(clones, useRep = "clone2vce") }.hasMessageContaining("obsm['clone2vce']")
        assertThatThrownBy { c2v.tl.align(clones, scale = "restored") }
            .hasMessage("scale must be one of [none, restore], got 'restored'. Did you mean 'restore'?")
        assertThatThrownBy { c2v.tl.align(clones, minAnchors = 60) }
            .hasMessageContaining("'b' and 'a' have 50 in obsp['mnn']; search for anchors with a larger k")
        val two = clones[0 until 110].copy()
        assertThatThrownBy { c2v.tl.align(two) }
            .hasMessage(
                "uns['simple_mnn']['merge_order'] is of 3 batches [a, b, c], but obs['well'] has [a, b]; run " +
                    "c2v.tl.findMnn() again, or remove it to let the anchors decide",
            )
        val full = told(clones)
        clones.uns["simple_mnn"] = full + mapOf("merge_order" to mapOf("steps" to NdArray.of(0L, 1L)))
        assertThatThrownBy { c2v.tl.align(clones) }
            .hasMessageContaining("['merge_order'] must hold 'batches', text, and 'steps'")
        clones.uns["simple_mnn"] = full - "graph_key"
        assertThatThrownBy { c2v.tl.align(clones) }
            .hasMessageContaining("uns['simple_mnn']['graph_key'] is missing")
            .hasMessageContaining("Run c2v.tl.findMnn() first.")
        clones.uns["simple_mnn"] = full + mapOf("graph_key" to "gone")
        assertThatThrownBy { c2v.tl.align(clones) }.hasMessageContaining("obsp['gone']")
        clones.uns["simple_mnn"] = full
        dense(clones, "clone2vec").set(61, 1, Double.NaN)
        assertThatThrownBy { c2v.tl.align(clones) }
            .hasMessageContaining("'clone 61' (row 61), column 1 of obsm['clone2vec'] is NaN")
        assertThat(clones.obsm.keys).doesNotContain("clone2vec_pa")
    }
}
