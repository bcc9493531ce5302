package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.dsl.Figure
import org.cellweave.dsl.LogNorm
import org.cellweave.dsl.Normalize
import org.cellweave.dsl.PowerNorm
import org.cellweave.dsl.TwoSlopeNorm
import org.cellweave.dsl.clustermap
import org.cellweave.dsl.correlationMatrix
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.pca
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.rankGenesGroupsHeatmap
import org.cellweave.dsl.rankGenesGroupsMatrixplot
import org.cellweave.dsl.rankGenesGroupsStackedViolin
import org.cellweave.dsl.rankGenesGroupsTracksplot
import org.cellweave.dsl.sc
import org.cellweave.dsl.stackedViolin
import org.cellweave.dsl.tracksplot
import org.junit.jupiter.api.Test

/** `figsize` and `norm` of the tables. */
class TableSizeTest {
    private val genes = listOf("Ga", "Gb", "Gc", "Gd")

    private fun cells(): AnnData = FigureSamples.cells(60).also { adata ->
        adata.uns["rank_genes_groups"] = mapOf(
            "params" to mapOf("groupby" to "group", "reference" to "rest", "method" to "t-test", "use_raw" to false),
            "names" to
                RecordArray(4).also { for (g in listOf("a", "b", "c")) it.with(g, NdArray.of(*genes.toTypedArray())) },
            "scores" to
                RecordArray(4).also { for (g in listOf("a", "b", "c")) it.with(g, NdArray.of(4.0, 3.0, 2.0, 1.0)) },
        )
    }

    private fun withTree(): AnnData = cells().also { adata ->
        sc.pp.pca(adata, nComps = 3)
        sc.tl.dendrogram(adata, groupby = "group")
    }

    private fun assertSize(figure: Figure, width: Int, height: Int) {
        assertThat(figure.width).`as`(figure.name).isEqualTo(width)
        assertThat(figure.height).`as`(figure.name).isEqualTo(height)
        assertThat(figure.toSvg()).startsWith("<svg").contains("width=\"$width\" height=\"$height\"")
    }

    @Test
    fun `figures have the size asked for`() {
        val adata = withTree()
        for (swap in listOf(false, true)) {
            for (tree in listOf(false, true)) {
                val size = 8.5 to 5
                val all = listOf(
                    sc.pl.dotplot(adata, genes, "group", figsize = size, swapAxes = swap, dendrogram = tree),
                    sc.pl.matrixplot(adata, genes, "group", figsize = size, swapAxes = swap, dendrogram = tree),
                    sc.pl.stackedViolin(adata, genes, "group", figsize = size, swapAxes = swap, dendrogram = tree),
                    sc.pl.heatmap(adata, genes, "group", figsize = size, swapAxes = swap, dendrogram = tree),
                    sc.pl.tracksplot(adata, genes, "group", figsize = size, dendrogram = tree),
                    sc.pl.rankGenesGroupsDotplot(adata, nGenes = 2, figsize = size, swapAxes = swap, dendrogram = tree),
                )
                all.forEach { assertSize(it, 680, 400) }
            }
        }
        assertSize(sc.pl.clustermap(adata, obsKeys = "group", figsize = 7 to 6.5), 560, 520)
        assertSize(sc.pl.correlationMatrix(adata, "group", figsize = 6 to 4), 480, 320)
        assertSize(sc.pl.rankGenesGroupsMatrixplot(adata, nGenes = 2, figsize = 9 to 4), 720, 320)
        assertSize(sc.pl.rankGenesGroupsHeatmap(adata, nGenes = 2, figsize = 9 to 4), 720, 320)
        assertSize(sc.pl.rankGenesGroupsStackedViolin(adata, nGenes = 2, figsize = 9 to 4), 720, 320)
        assertSize(sc.pl.rankGenesGroupsTracksplot(adata, nGenes = 2, figsize = 9 to 6), 720, 480)
    }

    private fun numbers(layer: Map<String, Any>, name: String) =
        Specs.column(layer, name).map { (it as Number).toDouble() }

    @Test
    fun `cells share what is left and dots keep their size`() {
        val adata = cells()
        val plain = Specs.layers(Specs.plots(sc.pl.dotplot(adata, genes, "group")).single()).first {
            it["geom"] ==
                "point"
        }
        val wide = Specs
            .layers(Specs.plots(sc.pl.dotplot(adata, genes, "group", figsize = 12 to 6)).single())
            .first { it["geom"] == "point" }
        assertThat(numbers(wide, "size")).isEqualTo(numbers(plain, "size"))
        val x = numbers(wide, "x").distinct().sorted()
        val steps = x.zipWithNext { a, b -> b - a }
        assertThat(steps).hasSize(3)
        steps.forEach { assertThat(it).isCloseTo(steps[0], within(1e-6)).isGreaterThan(100.0) }
    }

    @Test
    fun `too small a figure becomes as large as its legends and names need`() {
        val small = sc.pl.dotplot(cells(), genes, "group", figsize = 1 to 1)
        assertThat(small.width).isBetween(81, 300)
        assertThat(small.height).isBetween(81, 300)
        val same = sc.pl.dotplot(cells(), genes, "group", figsize = small.width / 80.0 to small.height / 80.0)
        assertThat(listOf(same.width, same.height)).isEqualTo(listOf(small.width, small.height))
        assertThatThrownBy { sc.pl.matrixplot(cells(), genes, "group", figsize = 0 to 3) }
            .hasMessageContaining("figsize must be a width and a height in inches above 0 and")
    }

    private fun fills(figure: Figure, geom: String = "rect"): List<Any?> =
        Specs.column(Specs.layers(Specs.plots(figure).single()).first { it["geom"] == geom }, "fill")

    @Test
    fun `norms give the colours of limits where they mean the same`() {
        val adata = cells()
        val straight = Normalize(0, 2)
        val bent = TwoSlopeNorm(0.5, 0, 2)
        assertThat(fills(sc.pl.matrixplot(adata, genes, "group", norm = straight)))
            .isEqualTo(fills(sc.pl.matrixplot(adata, genes, "group", vmin = 0, vmax = 2)))
        assertThat(fills(sc.pl.matrixplot(adata, genes, "group", norm = bent)).take(12))
            .isEqualTo(fills(sc.pl.matrixplot(adata, genes, "group", vmin = 0, vmax = 2, vcenter = 0.5)).take(12))
        assertThat(fills(sc.pl.dotplot(adata, genes, "group", norm = straight), "point"))
            .isEqualTo(fills(sc.pl.dotplot(adata, genes, "group", vmin = 0, vmax = 2), "point"))
        assertThat(fills(sc.pl.dotplot(adata, genes, "group", norm = PowerNorm(1.0, 0, 2)), "point"))
            .isEqualTo(fills(sc.pl.dotplot(adata, genes, "group", vmin = 0, vmax = 2), "point"))
        assertThat(sc.pl.stackedViolin(adata, genes, "group", norm = straight).toSvg())
            .isEqualTo(sc.pl.stackedViolin(adata, genes, "group", vmin = 0, vmax = 2).toSvg())
        assertThat(sc.pl.heatmap(adata, genes, "group", norm = straight).toSvg())
            .isEqualTo(sc.pl.heatmap(adata, genes, "group", vmin = 0, vmax = 2).toSvg())
        assertThat(sc.pl.clustermap(adata, norm = straight).toSvg())
            .isEqualTo(sc.pl.clustermap(adata, vmin = 0, vmax = 2).toSvg())
        assertThat(sc.pl.rankGenesGroupsHeatmap(adata, norm = straight).toSvg())
            .isEqualTo(sc.pl.rankGenesGroupsHeatmap(adata, vmin = 0, vmax = 2).toSvg())
        val tree = withTree()
        assertThat(sc.pl.correlationMatrix(tree, "group", norm = Normalize(-1, 1)).toSvg())
            .isEqualTo(sc.pl.correlationMatrix(tree, "group").toSvg())
    }

    @Test
    fun `a logarithmic scale has its colours and marks`() {
        val adata = cells()
        val values = DataFrame.ofNames("a", "b", "c")
        for ((j, gene) in genes.withIndex()) {
            val column = if (j == 0) doubleArrayOf(1.0, 1.0, 1.0) else doubleArrayOf(100.0, 10.0, 10.0)
            values.set(gene, NumericColumn.of(*column))
        }
        val figure = sc.pl.matrixplot(adata, genes, "group", valuesDf = values, norm = LogNorm(1, 100))
        val map = ColorMap.of(null, "viridis")
        assertThat(fills(figure).take(2)).containsExactly(map.hex(0.0), map.hex(1.0))
        assertThat(fills(figure)[5]).isEqualTo(map.hex(0.5))
        val texts = Specs
            .layers(Specs.plots(figure).single())
            .filter { it["geom"] == "text" }
            .first { "100" in Specs.column(it, "label") }
        assertThat(Specs.column(texts, "label")).containsExactly("1", "10", "100")
        val x = numbers(texts, "x")
        assertThat(x[1] - x[0]).isCloseTo(x[2] - x[1], within(1e-6))
        assertThatThrownBy { sc.pl.matrixplot(adata, genes, "group", norm = LogNorm(1, 9), vmax = 3) }
            .hasMessageContaining("norm excludes vmin, vmax and vcenter")
        assertThatThrownBy { sc.pl.matrixplot(adata, genes, "group", norm = "log") }
            .hasMessageContaining("norm must be a Norm such as LogNorm()")
    }
}
