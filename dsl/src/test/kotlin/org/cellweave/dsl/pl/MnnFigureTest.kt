package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.Figure
import org.cellweave.dsl.X
import org.cellweave.dsl.fastMnn
import org.cellweave.dsl.get
import org.cellweave.dsl.log1p
import org.cellweave.dsl.mnn
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

class MnnFigureTest {
    /** Cells 0 and 1 stay, 2 and 3 move; 2 is paired with both, and 3 with 1 in a second merge. */
    private fun cells(): AnnData {
        val adata = AnnData(DenseMatrix.zeros(4, 1, DType.FLOAT32))
        adata.obs["batch"] = CategoricalColumn.ofTexts("a", "a", "b", "b")
        adata.obsm["X_pca"] = DenseMatrix.wrap(doubleArrayOf(0.0, 0.0, 2.0, 0.0, 6.0, 1.0, 9.0, 9.0), 4, 2)
        adata.obsm["X_pca_mnn"] = DenseMatrix.wrap(doubleArrayOf(1e-6, 0.0, 2.0, 0.0, 1.0, 0.5, 9.0, -1.0), 4, 2)
        adata.uns["mnn"] =
            mapOf(
                "params" to mapOf("batch_key" to "batch"),
                "n_pairs" to NdArray.of(2, 1),
                "pairs_left" to NdArray.of(0, 1, 1),
                "pairs_right" to NdArray.of(2, 2, 3),
            )
        return adata
    }

    private fun segments(
        figure: Figure,
        panel: Int,
    ) = Specs.layers(Specs.plots(figure)[panel]).single { it["geom"] == "segment" }

    private fun numbers(
        layer: Map<String, Any>,
        column: String,
    ) = Specs.column(layer, column).map { it as Double }

    @Test
    fun `pairs are lines, shifts end among the partners, and smoothed shifts where cells lie`() {
        val figure = sc.pl.mnn(cells(), basis = "pca", adjustedBasis = "X_pca_mnn")
        assertThat(Specs.plots(figure).map(Specs::title))
            .containsExactly("2 mutual pairs", "shifts of paired cells", "shifts of all cells", "corrected")
        val pairs = segments(figure, 0)
        assertThat(numbers(pairs, "x")).containsExactly(0.0, 2.0)
        assertThat(numbers(pairs, "xend")).containsExactly(6.0, 6.0)
        val shifts = segments(figure, 1)
        // a shaft and two sides of a head, from (6, 1) to the middle of (0, 0) and (2, 0)
        assertThat(numbers(shifts, "x")).hasSize(3)
        assertThat(numbers(shifts, "x")[0]).isEqualTo(6.0)
        assertThat(numbers(shifts, "xend")[0]).isCloseTo(1.0, within(1e-4))
        assertThat(numbers(shifts, "yend")[0]).isCloseTo(0.0, within(1e-4))
        val smoothed = segments(figure, 2)
        assertThat(numbers(smoothed, "x")).`as`("the first cell moved by less than shows").hasSize(6)
        assertThat(numbers(smoothed, "yend")[3]).isCloseTo(-1.0, within(1e-4))
    }

    @Test
    fun `panels have the same axes, called by the embedding before`() {
        val figure = sc.pl.mnn(cells(), basis = "pca", adjustedBasis = "pca_mnn")
        val plots = Specs.plots(figure)
        for (axis in listOf("x", "y")) {
            assertThat(plots.map { Specs.scale(it, axis)["limits"] }.distinct()).hasSize(1)
        }
        assertThat(plots.map { Specs.scale(it, "x")["name"] }.distinct()).containsExactly("PC1")
        assertThat(Specs.scale(plots[0], "y")["limits"] as List<*>).first().matches { (it as Double) < -1.0 }
    }

    @Test
    fun `without the coordinates after it there are two panels, of any merge`() {
        val figure = sc.pl.mnn(cells(), basis = "pca", merge = 1)
        assertThat(Specs.plots(figure).map(Specs::title)).containsExactly("1 mutual pairs", "shifts of paired cells")
        assertThat(numbers(segments(figure, 1), "x")[0]).isEqualTo(9.0)
    }

    @Test
    fun `what fastMnn wrote is drawn`() {
        val adata = sc.datasets.simulatedBatches(nCells = 200, nGenes = 100, nBatches = 2, nTypes = 2)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.fastMnn(adata, d = 10)
        sc.pp.pca(adata, nComps = 2)
        assertThat(sc.pl.mnn(adata, "pca", "mnn").toSvg()).contains("mutual pairs", "batch_1")
    }

    @Test
    fun `mistakes are explained`() {
        val adata = cells()
        assertThatThrownBy { sc.pl.mnn(adata, "pca", unsKey = "fastmnn") }
            .hasMessageContaining("uns['fastmnn'] is missing")
            .hasMessageEndingWith("Run sc.pp.fastMnn() first.")
        assertThatThrownBy { sc.pl.mnn(adata, "pca", merge = 2) }
            .hasMessage("merge must lie in 0..1, the merges of uns['mnn'], got 2")
        assertThatThrownBy { sc.pl.mnn(adata, "pca", "pca_nn") }.hasMessageContaining("obsm['X_pca_nn'] is missing")
        adata.uns["other"] = mapOf("params" to mapOf("batch_key" to "batch"))
        assertThatThrownBy { sc.pl.mnn(adata, "pca", unsKey = "other") }
            .hasMessageContaining("uns['other']['n_pairs'] is missing")
        val part = adata[0 until 3].copy()
        assertThatThrownBy { sc.pl.mnn(part, "pca", merge = 1) }
            .hasMessage("uns['mnn'] pairs the cell in row 3, but there are 3 cells; draw the object that was merged")
    }
}
