package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.Figure
import org.cellweave.dsl.Peer
import org.cellweave.dsl.sc
import org.cellweave.dsl.spatial
import org.cellweave.dsl.writeH5ad
import org.cellweave.matrix.DType
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.awt.image.BufferedImage
import java.io.ByteArrayInputStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64
import javax.imageio.ImageIO

class SpatialTest {
    @TempDir
    lateinit var folder: Path

    /** Twelve spots on a picture of 40 x 60 pixels, red above and blue below, a quarter of the coordinates. */
    private fun slide(): AnnData {
        val adata = FigureSamples.cells(12)
        val xy = DoubleArray(24) { if (it % 2 == 0) 40.0 + it / 2 % 4 * 50 else 30.0 + it / 2 / 4 * 45 }
        adata.obsm["spatial"] = NdArray(DType.FLOAT64, intArrayOf(12, 2), xy)
        adata.obs.set("half", CategoricalColumn.ofTexts(*Array(12) { if (it < 5) "first" else "second" }))
        val image = FloatArray(40 * 60 * 3) { at ->
            val channel = if (at / 3 / 60 < 20) 0 else 2
            if (at % 3 == channel) 0.8f else 0.1f
        }
        val low = FloatArray(10 * 15 * 3) { 0.5f }
        adata.uns["spatial"] = mapOf(
            "lib" to mapOf(
                "images" to mapOf(
                    "hires" to NdArray(DType.FLOAT32, intArrayOf(40, 60, 3), image),
                    "lowres" to NdArray(DType.FLOAT32, intArrayOf(10, 15, 3), low),
                ),
                "scalefactors" to mapOf(
                    "spot_diameter_fullres" to 30.0, "tissue_hires_scalef" to 0.25, "tissue_lowres_scalef" to 0.0625,
                ),
            ),
        )
        return adata
    }

    private fun plot(figure: Figure) = Specs.plots(figure).single()

    private fun ends(figure: Figure): List<Double> =
        listOf("x", "y").flatMap { side -> (Specs.scale(plot(figure), side)["limits"] as List<*>).map { it as Double } }

    /** Diameter of the spots in units of the axis across. */
    private fun diameter(figure: Figure, panelWidth: Double = 300.0): Double {
        val layer = Specs.layers(plot(figure)).last { it["geom"] == "point" }
        val (low, high) = ends(figure)
        return layer["size"] as Double * 2.2 * (high - low) / panelWidth
    }

    private fun picture(figure: Figure): BufferedImage {
        val href = Specs.layers(plot(figure)).first()["href"] as String
        return ImageIO.read(ByteArrayInputStream(Base64.getDecoder().decode(href.substringAfter("base64,"))))
    }

    @Test
    fun `spots and what is shown are scanpy's`() {
        val cases = linkedMapOf(
            "plain" to sc.pl.spatial(slide(), color = "half"),
            "low" to sc.pl.spatial(slide(), color = "half", imgKey = "lowres", size = 1.5),
            "none" to sc.pl.spatial(slide(), color = "half", imgKey = "none", spotSize = 20),
            "crop" to sc.pl.spatial(slide(), color = "half", cropCoord = listOf(50, 150, 20, 90)),
            "scaled" to sc.pl.spatial(slide(), color = "half", scaleFactor = 0.5),
        )
        val adata = slide()
        adata.writeH5ad(folder.resolve("a.h5ad").toString())
        Peer.run(
            folder,
            """
            import matplotlib
            matplotlib.use('Agg')
            import matplotlib.pyplot as plt
            a = ad.read_h5ad('a.h5ad')
            calls = dict(plain={}, low=dict(img_key='lowres', size=1.5), none=dict(img_key=None, spot_size=20),
                         crop=dict(crop_coord=(50, 150, 20, 90)), scaled=dict(scale_factor=0.5))
            for name, call in calls.items():
                plt.close('all')
                ax = sc.pl.spatial(a, color='half', show=False, **call)[0]
                e = ax.collections[0].get_paths()[0].get_extents()
                np.savetxt(name + '.txt', [*ax.get_xlim(), *ax.get_ylim(), e.x1 - e.x0])
            """,
        )
        for ((name, figure) in cases) {
            val (left, right, bottom, top, across) =
                Files.readAllLines(folder.resolve("$name.txt")).map { it.toDouble() }
            val ours = ends(figure)
            val expected = listOf(left, right, -bottom, -top)
            for (k in 0 until 4) assertThat(ours[k]).`as`("$name $ours").isCloseTo(expected[k], within(1e-6))
            val width = if (right - left >= bottom - top) 300.0 else Math.rint(300 * (right - left) / (bottom - top))
            assertThat(diameter(figure, width)).`as`(name).isCloseTo(across, within(1e-3 * across))
        }
    }

    @Test
    fun `the first row is on top, and grey and pale where wished`() {
        val figure = sc.pl.spatial(slide(), color = "half", cropCoord = listOf(0, 240, 0, 160))
        val image = picture(figure)
        assertThat(image.width).isEqualTo(600)
        assertThat(image.height).isEqualTo(400)

        fun rgb(image: BufferedImage, x: Int, y: Int) = List(3) { image.getRGB(x, y) shr (16 - 8 * it) and 255 }

        fun near(actual: List<Int>, vararg expected: Int) {
            for (k in 0 until 3) assertThat(actual[k]).`as`("$actual").isCloseTo(expected[k], within(8))
        }
        near(rgb(image, 300, 80), 204, 26, 26)
        near(rgb(image, 300, 320), 26, 26, 204)
        val pale = picture(sc.pl.spatial(slide(), cropCoord = listOf(0, 240, 0, 160), alphaImg = 0.5))
        near(rgb(pale, 300, 80), 230, 140, 140)
        val grey = picture(sc.pl.spatial(slide(), cropCoord = listOf(0, 240, 0, 160), bw = true))
        near(rgb(grey, 300, 80), 255, 255, 255)
        near(rgb(grey, 300, 320), 0, 0, 0)
        val beyond = picture(sc.pl.spatial(slide(), cropCoord = listOf(0, 480, 0, 160)))
        near(rgb(beyond, 580, 80), 255, 255, 255)
    }

    @Test
    fun `spots without a colour are hidden over a picture alone`() {
        fun spots(figure: Figure) = Specs.column(Specs.layers(plot(figure)).last(), "x").size
        assertThat(Specs.geoms(plot(sc.pl.spatial(slide(), color = "half")))).startsWith("image")
        assertThat(spots(sc.pl.spatial(slide(), color = "half", groups = "first"))).isEqualTo(5)
        assertThat(spots(sc.pl.spatial(slide(), color = "half", groups = "first", naColor = "grey"))).isEqualTo(12)
        assertThat(spots(sc.pl.spatial(slide(), color = "half", groups = "first", imgKey = "none"))).isEqualTo(12)
        assertThat(spots(sc.pl.spatial(slide()))).isEqualTo(0)
        assertThat(spots(sc.pl.spatial(slide(), color = "score"))).isEqualTo(11)
    }

    @Test
    fun `what is missing is named`() {
        fun refuses(vararg parts: String, body: () -> Any) =
            assertThatThrownBy { body() }.satisfies({ e -> assertThat(e.message).contains(*parts) })
        val adata = slide()
        refuses("images", "hirez", "hires", "lowres") { sc.pl.spatial(adata, imgKey = "hirez") }
        refuses("libx", "lib") { sc.pl.spatial(adata, libraryId = "libx") }
        refuses("cropCoord must be the left, right, upper and lower end") {
            sc.pl.spatial(adata, cropCoord = listOf(10, 5, 0, 1))
        }
        refuses("alphaImg") { sc.pl.spatial(adata, alphaImg = 2) }
        refuses("spotSize must be positive") { sc.pl.spatial(adata, spotSize = 0) }
        refuses("size must be positive") { sc.pl.spatial(adata, size = -1) }
        adata.uns["spatial"] = mapOf("a" to mapOf<String, Any>(), "b" to mapOf<String, Any>())
        refuses("libraryId must be one of [a, b]") { sc.pl.spatial(adata) }
        adata.uns["spatial"] = mapOf("a" to mapOf("images" to mapOf<String, Any>()))
        refuses("hires") { sc.pl.spatial(adata) }
        adata.uns["spatial"] = mapOf("a" to mapOf("scalefactors" to mapOf("other" to 1.0)))
        assertThatThrownBy { sc.pl.spatial(adata, imgKey = "none") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("spot_diameter_fullres")
        adata.uns.remove("spatial")
        refuses("spotSize must be given") { sc.pl.spatial(adata) }
        refuses("imgKey = \"hires\" names a picture") { sc.pl.spatial(adata, imgKey = "hires") }
    }
}
