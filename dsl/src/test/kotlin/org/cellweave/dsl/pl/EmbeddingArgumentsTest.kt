package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.LogNorm
import org.cellweave.dsl.PowerNorm
import org.cellweave.dsl.TwoSlopeNorm
import org.cellweave.dsl.diffmap
import org.cellweave.dsl.drawGraph
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.PointRaster
import org.cellweave.dsl.sc
import org.cellweave.dsl.tsne
import org.cellweave.dsl.umap
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.util.Base64
import java.util.SplittableRandom
import javax.imageio.ImageIO

/** The arguments of embeddings beyond colour. */
class EmbeddingArgumentsTest {
    private fun layers(figure: org.cellweave.dsl.Figure) = Specs.layers(Specs.plots(figure).single())

    @Test
    fun everyCellHasItsOwnSize() {
        val adata = FigureSamples.cells(4)
        val sizes = doubleArrayOf(100.0, 400.0, 100.0, 1600.0)
        val dots = layers(sc.pl.umap(adata, size = sizes)).single()
        val drawn = Specs.column(dots, "size").map { it as Double }
        assertThat(drawn[1] / drawn[0]).isCloseTo(2.0, within(1e-9))
        assertThat(drawn[3] / drawn[0]).isCloseTo(4.0, within(1e-9))
        assertThat(dots["size"]).isNull()
        val listed = layers(sc.pl.umap(adata, size = listOf(100, 400, 100, 1600))).single()
        assertThat(Specs.column(listed, "size")).isEqualTo(drawn)
        assertThatThrownBy { sc.pl.umap(adata, size = doubleArrayOf(1.0)) }.hasMessageContaining("size has length 1")
        assertThatThrownBy { sc.pl.umap(adata, size = listOf(1, 1, -2, 1)) }
            .hasMessageContaining("size must not be negative and must be finite, got -2.0")
    }

    @Test
    fun largeCellsCoverMoreOfAPicture() {
        val n = 20_001
        val adata = FigureSamples.cells(n)
        val xy = DoubleArray(2 * n) {
            if (it < 2) {
                10.0
            } else if (it < 4) {
                0.0
            } else {
                5.0
            }
        }
        adata.obsm.set("X_umap", DenseMatrix.wrap(xy, n, 2))
        val sizes = DoubleArray(n) { if (it == 0) 4000.0 else 40.0 }
        val picture = layers(sc.pl.umap(adata, size = sizes)).last()
        val image = ImageIO.read(
            ByteArrayInputStream(Base64.getDecoder().decode((picture["href"] as String).substringAfter(','))),
        )

        fun area(xs: IntRange) =
            xs.sumOf { x -> (0 until image.height).count { image.getRGB(x, it) ushr 24 > 127 } }
        val small = area(0 until image.width / 3)
        val large = area(image.width * 2 / 3 until image.width)
        assertThat(large / small.toDouble()).isBetween(80.0, 120.0)
    }

    @Test
    fun normsBendTheColorScale() {
        val adata = FigureSamples.cells(4)
        adata.obs.set("v", NumericColumn.of(1.0, 10.0, 100.0, 1000.0))
        val plot = Specs.plots(sc.pl.umap(adata, color = "v", norm = LogNorm())).single()
        val drawn = Specs.column(Specs.layers(plot).single(), "color").map { it as Double }
        drawn.zip(listOf(0.0, 1 / 3.0, 2 / 3.0, 1.0)).forEach { (a, b) -> assertThat(a).isCloseTo(b, within(1e-9)) }
        val scale = Specs.scale(plot, "color")
        assertThat(Specs.barLabels(plot)).isEqualTo(listOf("1", "10", "100", "1000"))
        assertThat(scale["limits"]).isEqualTo(listOf(0.0, 1.0))
        val power = Specs.plots(sc.pl.umap(adata, color = "v", norm = PowerNorm(0.5, vmin = 0))).single()
        assertThat(Specs.column(Specs.layers(power).single(), "color")[1] as Double).isCloseTo(0.1, within(1e-9))
        val two = Specs.plots(sc.pl.umap(adata, color = "v", norm = TwoSlopeNorm(100.0))).single()
        assertThat(Specs.column(Specs.layers(two).single(), "color")[2] as Double).isCloseTo(0.5, within(1e-9))
        adata.obs.set("w", NumericColumn.of(-1.0, 10.0, 100.0, 1000.0))
        val clipped = Specs.plots(sc.pl.umap(adata, color = "w", norm = LogNorm())).single()
        assertThat(Specs.column(Specs.layers(clipped).single(), "color")[0] as Double).isZero()
        assertThatThrownBy { sc.pl.umap(adata, color = "w", norm = LogNorm(vmin = -1)) }
            .hasMessageContaining("LogNorm needs positive values")
        assertThatThrownBy { sc.pl.umap(adata, color = "v", norm = "log") }.hasMessageContaining("norm must be a Norm")
        assertThatThrownBy { sc.pl.umap(adata, color = "v", norm = LogNorm(), vmax = 3) }
            .hasMessageContaining("norm excludes vmin")
    }

    @Test
    fun limitsMayBeFunctions() {
        val adata = FigureSamples.cells(4)
        adata.obs.set("v", NumericColumn.of(1.0, 2.0, 3.0, 6.0))
        val mean = { values: DoubleArray -> values.average() }
        val plot = Specs.plots(sc.pl.umap(adata, color = "v", vmax = mean)).single()
        assertThat(Specs.scale(plot, "color")["limits"]).isEqualTo(listOf(1.0, 3.0))
    }

    @Test
    fun arrowsHaveHeadsAndTheirLengths() {
        val adata = FigureSamples.cells(3)
        adata.obsm.set("X_umap", DenseMatrix.wrap(doubleArrayOf(0.0, 0.0, 10.0, 0.0, 0.0, 10.0), 3, 2))
        adata.obsm.set("Delta_umap", DenseMatrix.wrap(doubleArrayOf(1.0, 0.0, 0.0, 0.0, 0.0, 2.0), 3, 2))
        val lines = layers(sc.pl.umap(adata, arrows = true, arrowsKwds = mapOf("scale" to 11.0, "color" to "red")))[1]
        assertThat(lines["geom"]).isEqualTo("segment")
        assertThat(lines["color"]).isEqualTo("#ff0000")
        assertThat(Specs.column(lines, "x")).hasSize(6)
        assertThat(Specs.column(lines, "xend")[0] as Double).isCloseTo(1.0, within(1e-4))
        assertThatThrownBy { sc.pl.umap(adata, arrows = true, arrowsKwds = mapOf("sclae" to 1)) }
            .hasMessageContaining("Did you mean 'scale'?")
        adata.obsm.remove("Delta_umap")
        assertThatThrownBy { sc.pl.umap(adata, arrows = true) }
            .hasMessageContaining("obsm['velocity_umap'] is missing")
    }

    @Test
    fun manyEdgesAreAPicture() {
        val n = 300
        val adata = FigureSamples.cells(n)
        adata.obsp.set("connectivities", DenseMatrix.wrap(FloatArray(n * n) { 1f }, n, n))
        val drawn = layers(sc.pl.umap(adata, edges = true))
        assertThat(drawn.map { it["geom"] }).containsExactly("image", "point")
        val small = CsrMatrix.of(n, n, IntArray(n + 1) { if (it == 0) 0 else 1 }, intArrayOf(7), floatArrayOf(1f))
        adata.obsp.set("connectivities", small)
        assertThat(Specs.column(layers(sc.pl.umap(adata, edges = true))[0], "x")).hasSize(1)
    }

    @Test
    fun everyEdgeMayHaveItsColor() {
        val adata = FigureSamples.cells(3)
        // edges 0-1, 0-2 and 1-2
        adata.obsp.set("connectivities", DenseMatrix.wrap(FloatArray(9) { if (it % 4 == 0) 0f else 1f }, 3, 3))
        val colors = listOf("red", "#00ff00", "blue")
        val figure = sc.pl.umap(adata, color = "group", edges = true, edgesColor = colors, edgesWidth = 3.0)
        val lines = layers(figure)[0]
        assertThat(lines["geom"]).isEqualTo("segment")
        assertThat(Specs.column(lines, "paint")).containsExactly("#ff0000", "#00ff00", "#0000ff")
        assertThat(figure.toSvg()).contains("rgb(255,0,0)", "rgb(0,255,0)", "rgb(0,0,255)")
        assertThat(layers(sc.pl.umap(adata, edges = true, edgesColor = listOf("red")))[0]["color"]).isEqualTo("#ff0000")
        assertThatThrownBy { sc.pl.umap(adata, edges = true, edgesColor = listOf("red", "blue")) }
            .hasMessageContaining("edgesColor must be one colour or one per edge (3,")
            .hasMessageContaining("got 2")
        assertThatThrownBy { sc.pl.umap(adata, edges = true, edgesColor = "rde") }.hasMessageContaining("edgesColor")
    }

    @Test
    fun linesCoverTheirLengthTimesTheirWidth() {
        val random = SplittableRandom(5)
        repeat(30) {
            val ends = DoubleArray(4) { 5 + 90 * random.nextDouble() }
            val raster = PointRaster(100, 100, 1.0)
            raster.line(ends[0], ends[1], ends[2], ends[3], 0, 3.0)
            var area = 0.0
            for (y in 0 until 100) for (x in 0 until 100) area += raster.alphaAt(x, y) / 255.0
            val length = Math.hypot(ends[2] - ends[0], ends[3] - ends[1])
            assertThat(area).isCloseTo(3 * length, within(0.05 * 3 * length + 2))
        }
    }

    @Test
    fun masksMayBeColumnsAndLegendsLieInside() {
        val adata = FigureSamples.cells(4)
        adata.obs.set("keep", BooleanColumn.of(true, false, true, false))
        val named = layers(sc.pl.umap(adata, color = "group", maskObs = "keep")).single()
        val flags = layers(sc.pl.umap(adata, color = "group", maskObs = booleanArrayOf(true, false, true, false)))
            .single()
        assertThat(Specs.column(named, "color")).isEqualTo(Specs.column(flags, "color")).contains("NA")
        assertThatThrownBy { sc.pl.umap(adata, color = "group", maskObs = "group") }
            .hasMessageContaining("maskObs must name a boolean column, but obs['group'] is category")
        assertThatThrownBy { sc.pl.umap(adata, color = "group", maskObs = "kep") }
            .hasMessageContaining("Did you mean 'keep'?")
        val left = sc.pl.umap(adata, color = "group", legendLoc = "upper left")
        val theme = Specs.plots(left).single()["theme"] as Map<*, *>
        assertThat(theme["legend_position"]).isEqualTo(listOf(0.0, 1.0))
        assertThat(left.width).isLessThan(sc.pl.umap(adata, color = "group").width)
        // Three cells in three corners leave the fourth.
        adata.obsm.set("X_umap", DenseMatrix.wrap(doubleArrayOf(0.0, 0.0, 9.0, 9.0, 0.0, 9.0, 0.0, 0.0), 4, 2))
        val best = Specs.plots(sc.pl.umap(adata, color = "group", legendLoc = "best")).single()["theme"] as Map<*, *>
        assertThat(best["legend_position"]).isEqualTo(listOf(1.0, 0.0))
    }

    @Test
    fun markersScalesAndGaps() {
        val adata = FigureSamples.cells(9)
        assertThat(layers(sc.pl.umap(adata, marker = "^")).single()["shape"]).isEqualTo(Marker.TRIANGLE.shape)
        assertThatThrownBy { sc.pl.umap(adata, marker = "h") }
            .hasMessageContaining("marker must be one of [., o, s, D, ^]")
        val one = Specs.column(layers(sc.pl.umap(adata)).single(), "x").map { it as Double }
        val two = Specs.column(layers(sc.pl.umap(adata, scaleFactor = 2.0)).single(), "x").map { it as Double }
        one.zip(two).forEach { (a, b) -> assertThat(b).isCloseTo(2 * a, within(1e-4)) }
        val near = sc.pl.umap(adata, color = listOf("group", "score"))
        val far = sc.pl.umap(adata, color = listOf("group", "score"), wspace = 1.0)
        assertThat(far.width).isGreaterThan(near.width + 100)
        assertThatThrownBy { sc.pl.umap(adata, hspace = -1.0) }
            .hasMessageContaining("hspace must not be negative, got -1.0")
        assertThatThrownBy { sc.pl.umap(adata, projection = "4d") }
            .hasMessageContaining("projection must be \"2d\" or \"3d\", got '4d'")
        assertThatThrownBy { sc.pl.umap(adata, legendFontsize = "tiny") }.hasMessageContaining("legendFontsize must be")
    }

    @Test
    fun otherBases() {
        val adata = FigureSamples.cells(30)
        for (key in listOf("X_tsne", "X_diffmap", "X_draw_graph_fr")) adata.obsm.set(key, adata.obsm.get("X_umap"))

        fun label(figure: org.cellweave.dsl.Figure) = Specs.scale(Specs.plots(figure).single(), "x")["name"]
        assertThat(label(sc.pl.tsne(adata))).isEqualTo("tSNE1")
        assertThat(label(sc.pl.diffmap(adata))).isEqualTo("DC1")
        assertThat(label(sc.pl.drawGraph(adata, layout = "fr"))).isEqualTo("FR1")
        adata.uns["draw_graph"] = mapOf("params" to mapOf("layout" to "fr"))
        val figure = sc.pl.drawGraph(adata, color = "group")
        assertThat(figure.name).isEqualTo("draw_graph")
        assertThat(figure.toSvg()).isEqualTo(sc.pl.drawGraph(adata, color = "group").toSvg())
        assertThatThrownBy { sc.pl.drawGraph(adata, layout = "fa") }
            .hasMessageContaining("Run sc.tl.drawGraph() first.")
        assertThatThrownBy { sc.pl.drawGraph(AnnData(DenseMatrix.wrap(FloatArray(4), 2, 2))) }
            .hasMessageContaining("uns['draw_graph'] is missing")
        adata.obsm.remove("X_diffmap")
        assertThatThrownBy { sc.pl.diffmap(adata) }.hasMessageContaining("Run sc.tl.diffmap() first.")
    }
}
