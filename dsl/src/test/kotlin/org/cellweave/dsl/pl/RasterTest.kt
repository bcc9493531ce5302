package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.dsl.plot.PointRaster
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.util.Base64
import java.util.SplittableRandom
import javax.imageio.ImageIO

class RasterTest {
    @Test
    fun aDotCoversItsAreaAndKeepsItsColor() {
        val raster = PointRaster(40, 40, 12.0)
        raster.dot(20.0, 20.0, 0x123456)
        var area = 0.0
        for (y in 0 until 40) for (x in 0 until 40) area += raster.alphaAt(x, y) / 255.0
        assertThat(area).isBetween(36 * Math.PI * 0.98, 36 * Math.PI * 1.02)
        assertThat(raster.rgbAt(20, 20)).isEqualTo(0x123456)
        assertThat(raster.alphaAt(20, 13)).isZero()
        val image = ImageIO.read(ByteArrayInputStream(raster.toPng()))
        for (y in 0 until 40) {
            for (x in 0 until 40) {
                assertThat(image.getRGB(x, y) ushr 24).isEqualTo(raster.alphaAt(x, y))
            }
        }
        assertThat(image.getRGB(20, 20) and 0xffffff).isEqualTo(0x123456)
    }

    @Test
    fun laterDotsCoverEarlierOnesAndEdgesMix() {
        val raster = PointRaster(10, 10, 6.0)
        raster.dot(5.0, 5.0, 0xff0000)
        raster.dot(5.0, 5.0, 0x0000ff)
        assertThat(raster.rgbAt(5, 5)).isEqualTo(0x0000ff)
        val half = PointRaster(10, 10, 6.0)
        half.dot(5.0, 5.0, 0xff0000)
        half.dot(5.0, 5.0, 0x0000ff, alpha = 0.5)
        assertThat(half.rgbAt(5, 5)).isEqualTo(0x80007f)
        assertThat(half.alphaAt(5, 5)).isEqualTo(255)
    }

    @Test
    fun everyDotIsDrawnEvenAtTheEdges() {
        val raster = PointRaster(1000, 1000, 1.6)
        for (i in 0 until 100) for (j in 0 until 100) raster.dot(i * 10.0, j * 10.0, 0)
        var dots = 0
        for (i in 0 until 100) for (j in 0 until 100) if (raster.alphaAt(i * 10, j * 10) > 60) dots++
        assertThat(dots).isEqualTo(10_000)
        assertThat(raster.drawnPixels()).isGreaterThan(10_000)
    }

    @Test
    fun manyCellsBecomeAPictureThatShowsTheOutermostOnes() {
        val n = 30_000
        val random = SplittableRandom(1)
        val xy = DoubleArray(2 * n) { 4 + random.nextDouble() }
        val corners = doubleArrayOf(0.0, 0.0, 10.0, 0.0, 0.0, 10.0, 10.0, 10.0)
        corners.copyInto(xy)
        val plot = Specs.plots(sc.pl.umap(cells(xy, n), color = "group")).single()
        assertThat(Specs.geoms(plot)).containsExactly("point", "image")
        val image = picture(Specs.layers(plot)[1])
        val low = (0.5 / 11 * image.width).toInt()
        val high = image.width - 1 - low
        for (x in listOf(low, high)) {
            for (y in listOf(low, high)) {
                assertThat(
                    (x - 2..x + 2).any { i ->
                        (y - 2..y + 2).any { j -> image.getRGB(i, j) ushr 24 > 0 }
                    },
                ).isTrue()
            }
        }
        val keys = Specs.layers(plot)[0]
        assertThat(Specs.column(keys, "color")).containsExactly("a", "b", "c")
        val drawn = HashSet<Int>()
        for (y in 0 until image.height) {
            for (x in 0 until image.width) {
                if (image.getRGB(x, y) ushr 24 == 255) drawn += image.getRGB(x, y) and 0xffffff
            }
        }
        assertThat(drawn).contains(0x1f77b4, 0xff7f0e, 0x2ca02c)
    }

    @Test
    fun picturesHaveOutlinesToo() {
        val random = SplittableRandom(3)
        val n = 21_000
        val xy = DoubleArray(2 * n) { random.nextDouble() }
        xy[0] = 5.0
        xy[1] = 5.0
        val adata = cells(xy, n)
        val figure = sc.pl.umap(adata, color = "group", addOutline = true, size = 400, outlineColor = "lime" to "red")
        val image = picture(Specs.layers(Specs.plots(figure).single())[1])
        val drawn = HashSet<Int>()
        for (y in 0 until image.height) {
            for (x in 0 until image.width) {
                if (image.getRGB(x, y) ushr 24 == 255) drawn += image.getRGB(x, y) and 0xffffff
            }
        }
        assertThat(drawn).contains(0x00ff00, 0xff0000)
    }

    @Test
    fun aMillionCellsAreASmallFile() {
        val n = 1_000_000
        val random = SplittableRandom(2)
        val xy = DoubleArray(2 * n) { random.nextDouble() + random.nextDouble() + 3 * (it / 2 % 3) * (it % 2) }
        val adata = cells(xy, n)
        val svg = sc.pl.umap(adata, color = "group").toSvg()
        assertThat(svg.length).isLessThan(2_000_000)
        val again = sc.pl.umap(adata, color = "group").toSvg()
        assertThat(again).isEqualTo(svg)
    }

    private fun cells(xy: DoubleArray, n: Int): AnnData {
        val adata = AnnData(null, DataFrame.ofNames(*Array(n) { "" }), DataFrame.ofNames())
        adata.obs.set("group", CategoricalColumn(IntArray(n) { it % 3 }, StringColumn.of("a", "b", "c"), false))
        adata.obsm.set("X_umap", DenseMatrix.wrap(xy, n, 2))
        return adata
    }

    private fun picture(layer: Map<String, Any>) =
        ImageIO.read(ByteArrayInputStream(Base64.getDecoder().decode((layer["href"] as String).substringAfter(','))))
}
