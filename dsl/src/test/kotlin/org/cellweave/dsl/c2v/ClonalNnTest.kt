package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ClonalNnTest {
    private fun values(x: Any?) = (x as Matrix).toDense().toFloat64().doubleData()

    private fun few() = fewCells().let { it to c2v.pp.clonesAdata(it, minSize = 2) }

    @Suppress("UNCHECKED_CAST")
    private fun told(clones: AnnData) = clones.uns["clonal_nn"] as Map<String, Any?>

    @Test
    fun `nearly all neighbours are those that clone2vec found`() {
        val cells = Larry.cells()
        val all = c2v.pp.clonesAdata(cells, minSize = 2, fillObs = "state_info")
        val days = cells.obs["time_info"].texts()
        for (day in listOf("4", "6")) {
            val theirs = Larry.ofDay(day)
            val clones = all[theirs.obsNames].copy()
            val made = c2v.tl.clonalNn(cells[BooleanArray(cells.nObs) { days[it] == day }], clones)
            assertThat(made).isSameAs(clones)
            val adjacency = clones.obsp["gex_adjacency"] as CsrMatrix
            assertThat(adjacency.dtype()).isEqualTo(DType.INT32)
            val sizes = clones.obs["n_cells"].toDoubles()
            assertThat(adjacency.rowSums()).isEqualTo(DoubleArray(sizes.size) { 15 * sizes[it] })
            val (a, b) = listOf(values(adjacency), values(theirs.obsp["gex_adjacency"]))
            assertThat(a.indices.sumOf { minOf(a[it], b[it]) } / b.sum()).isGreaterThan(0.998)
            assertThat(told(clones)).containsAllEntriesOf(told(theirs).filterValues { it != null })
        }
    }

    @Test
    fun `both days together are the days apart when split`() {
        val cells = Larry.cells()
        val clones = c2v.pp.clonesAdata(cells, minSize = 2)
        c2v.tl.clonalNn(cells, clones, splitBy = "time_info")
        assertThat(told(clones)).containsEntry("split_by", "time_info").containsEntry("search", "exact")
        val days = cells.obs["time_info"].texts()
        for (day in listOf("4", "6")) {
            val rows = clones.obsNames.filter { it.startsWith("$day:") }
            val part = clones[rows].copy()
            val together = values(part.obsp["gex_adjacency"])
            c2v.tl.clonalNn(cells[BooleanArray(cells.nObs) { days[it] == day }], part)
            assertThat(values(part.obsp["gex_adjacency"])).isEqualTo(together)
        }
    }

    @Test
    fun `slots and parameters, and a file that keeps them`(
        @TempDir folder: Path,
    ) {
        val (adata, clones) = few()
        val flagged = BooleanArray(6) { it == 0 || it == 3 || it == 4 }
        adata.obs["odd"] = BooleanArray(6) { it % 2 == 1 }
        c2v.tl.clonalNn(adata, clones, k = 2, maskObs = listOf(flagged, "odd"), obspName = "near", metric = "manhattan")
        // c0: c0 c1; c1: c1 c0; c2: c2 c4; c4: c4 c2; c5: c5 and c0 or c1
        assertThat(values(clones.obsp["near"])).containsExactly(0.0, 0.0, 0.0, 2.0)
        assertThat(values(clones.obsm["masked_nn"])).containsExactly(2.0, 4.0, 2.0, 0.0)
        assertThat(told(clones))
            .containsEntry("k", 2L)
            .containsEntry("obsp_name", "near")
            .containsEntry("use_rep", "X_pca")
        assertThat(told(clones)).containsEntry("metric", "manhattan").containsEntry("random_state", 4L)
        assertThat(told(clones).values).doesNotContainNull()
        val masks = told(clones)["mask"] as Map<*, *>
        assertThat(masks.keys).isEqualTo(setOf("mask_1", "odd"))
        assertThat((masks["mask_1"] as NdArray).data()).isEqualTo(flagged)
        val path = folder.resolve("clones.h5ad").toString()
        clones.writeH5ad(path)
        val back = sc.readH5ad(path)
        assertThat(back.differenceTo(clones)).isNull()
        assertThat(back.obsp["near"].dtype()).isEqualTo(DType.INT32)
    }

    @Test
    fun `neighbours in a reference`() {
        val (adata, clones) = few()
        val reference = fewCells()
        val there = c2v.pp.clonesAdata(reference, minSize = 3)
        c2v.tl.clonalNn(adata, clones, k = 2, adataRef = reference, clonesRef = there)
        // c0: c0 c1; c1: c1 c0; c5: c5 and c0; none of b's is there
        assertThat(values(clones.obsm["ref_gex_adjacency"])).containsExactly(6.0, 0.0)
        assertThat((clones.obsm["ref_gex_adjacency"] as Matrix).dtype()).isEqualTo(DType.INT32)
        assertThat(told(clones)).containsEntry("obsm_name", "ref_gex_adjacency").doesNotContainKey("obsp_name")
        assertThat(clones.obsp.keys).isEmpty()
    }

    @Test
    fun `what is wrong is named`() {
        val (adata, clones) = few()
        val nn = c2v.tl
        assertThatThrownBy { nn.clonalNn(adata, clones) }
            .hasMessageContaining("got k = 15 for 5 cells with a clone. Lower k.")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, useRep = "X_umap") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("obsm['X_umap']")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, adataRef = adata) }
            .hasMessage("adataRef and clonesRef go together, got one of them")
        assertThatThrownBy {
            nn.clonalNn(adata, clones, k = 2, adataRef = adata, clonesRef = clones, splitBy = "well")
        }.hasMessage("a search in a reference cannot be split by obs['well']")
        val wider = adata.copy().also { it.obsm["X_pca"] = DenseMatrix.zeros(6, 7, DType.FLOAT32) }
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, adataRef = wider, clonesRef = clones) }
            .hasMessageContaining("X_pca'] must have the columns of the reference's, got 2 in adata and 7 in adataRef")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, search = "fast") }
            .hasMessageContaining("search must be one of")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, maskObs = BooleanArray(3)) }
            .hasMessageContaining("maskObs has length 3, but the number of cells is 6")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, maskObs = listOf(BooleanArray(6), null)) }
            .hasMessage("maskObs must hold masks, got null")
        adata.obs["flag"] = BooleanArray(6)
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, maskObs = listOf("flag", "flag")) }
            .hasMessage("maskObs names 'flag' twice")
        adata.obs["well"] = listOf("w1", null, "w2", null, "w2", "w1")
        assertThatThrownBy { nn.clonalNn(adata, clones, k = 2, splitBy = "well") }
            .hasMessageContaining("obs['well'] has 1 missing label, for cell 1 of clone 'a'")
        val twice = clones.copy().also { it.obsNames = listOf("a", "a") }
        assertThatThrownBy { nn.clonalNn(adata, twice, k = 2) }.hasMessageContaining("names of clones must be distinct")
    }

    @Test
    fun `cells with a clone must have finite coordinates, others need not`() {
        val (adata, clones) = few()
        val x = (adata.obsm["X_pca"] as DenseMatrix)
        x.set(3, 0, Double.NaN)
        c2v.tl.clonalNn(adata, clones, k = 2)
        x.set(4, 1, Double.NEGATIVE_INFINITY)
        assertThatThrownBy { c2v.tl.clonalNn(adata, clones, k = 2) }
            .hasMessageContaining("clonalNn needs finite values, but cell 'c4' (row 4)")
            .hasMessageContaining("of obsm['X_pca'] is -Infinity")
    }
}
