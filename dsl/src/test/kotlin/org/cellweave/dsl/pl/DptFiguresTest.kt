package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.dptGroupsPseudotime
import org.cellweave.dsl.dptTimeseries
import org.cellweave.dsl.sc
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test

class DptFiguresTest {
    /** Six cells whose order is backwards; the last one is out of reach. */
    private fun cells(): AnnData {
        val adata = FigureSamples.cells(6)
        adata.obs.set("dpt_pseudotime", NumericColumn.of(1.0, 0.8, 0.6, 0.4, 0.2, Double.POSITIVE_INFINITY))
        val codes = intArrayOf(1, 1, 1, 0, 0, 2)
        adata.obs.set("dpt_groups", CategoricalColumn(codes, StringColumn.of("x", "y", "z"), false))
        adata.uns["dpt_changepoints"] = NdArray.of(2, 5)
        return adata
    }

    private fun points(plot: Map<String, Any>) = Specs.layers(plot).first { it["geom"] == "point" }

    @Test
    fun `cells are in the order of pseudotime and the unreachable last`() {
        val figure = sc.pl.dptTimeseries(cells(), asHeatmap = false)
        val plot = Specs.plots(figure).single()
        val dots = points(plot)
        assertThat(Specs.column(dots, "x").take(6)).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
        val gene = cells().x
        val expected = listOf(4, 3, 2, 1, 0, 5).map { gene.get(it, 0) }
        for ((i, y) in Specs.column(dots, "y").take(6).withIndex()) {
            assertThat((y as Double) - expected[i]).isBetween(-1e-4, 1e-4)
        }
        assertThat(Specs.column(Specs.layers(plot).first { it["geom"] == "segment" }, "x")).containsExactly(2.0, 5.0)
    }

    @Test
    fun `a stored order wins`() {
        val adata = cells()
        adata.obs.set("dpt_order_indices", NumericColumn.of(5.0, 4.0, 3.0, 2.0, 1.0, 0.0))
        val dots = points(Specs.plots(sc.pl.dptTimeseries(adata, asHeatmap = false)).single())
        assertThat(Specs.column(dots, "y")[0] as Double - adata.x.get(5, 0)).isBetween(-1e-4, 1e-4)
    }

    @Test
    fun `the heat map has a row per gene and marks that show on every colour`() {
        val plot = Specs.plots(sc.pl.dptTimeseries(cells())).single()
        assertThat(Specs.geoms(plot)).containsExactly("point", "image", "segment", "segment")
        assertThat(Specs.layers(plot).drop(2).map { it["color"] }).containsExactly("#ffffff", "#000000")
        assertThat(Specs.scale(plot, "y")["labels"]).isEqualTo(listOf("Ga", "Gb", "Gc", "Gd"))
    }

    @Test
    fun `groups are above the pseudotime of the same cells`() {
        val adata = cells()
        val figure = sc.pl.dptGroupsPseudotime(adata)
        val (groups, time) = Specs.plots(figure)
        assertThat(Specs.scale(groups, "y")["labels"]).isEqualTo(listOf("x", "y", "z"))
        assertThat(Specs.column(points(groups), "y")).contains(0.0, 1.0, 2.0)
        assertThat(Specs.column(points(time), "y")).`as`("the unreachable cell has no place").hasSize(5)
        assertThat((adata.uns["dpt_groups_colors"] as NdArray).texts()).hasSize(3)
        assertThat(sc.pl.dptGroupsPseudotime(cells()).toSvg()).isEqualTo(figure.toSvg())
    }

    @Test
    fun messages() {
        val plain = FigureSamples.cells(6)
        assertThatThrownBy { sc.pl.dptTimeseries(plain) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.dpt() first")
        assertThatThrownBy { sc.pl.dptGroupsPseudotime(plain) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Only a run with branchings makes groups")
        val numbers = cells().also { it.obs.set("dpt_groups", it.obs.get("dpt_pseudotime")) }
        assertThatThrownBy { sc.pl.dptGroupsPseudotime(numbers) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("must be categorical")
        val words = cells().also { it.uns["dpt_changepoints"] = "two" }
        assertThatThrownBy { sc.pl.dptTimeseries(words) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("uns['dpt_changepoints'] must hold numbers, got two")
    }
}
