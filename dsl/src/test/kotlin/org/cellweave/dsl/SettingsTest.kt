package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.session.Settings
import org.cellweave.matrix.DType
import org.cellweave.testing.Captured
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO

class SettingsTest {
    @TempDir
    lateinit var folder: Path

    private lateinit var adata: AnnData

    @BeforeEach
    fun make() {
        adata = sc.datasets.blobs(nObservations = 60)
        val xy = FloatArray(120) { (it * 37 % 100).toFloat() }
        adata.obsm["X_umap"] = NdArray(DType.FLOAT32, intArrayOf(60, 2), xy)
    }

    @AfterEach
    fun restore() {
        Settings.setFigureParams(scanpy = false)
    }

    private fun figure() = sc.pl.umap(adata, color = adata.varNames[0])

    @Test
    fun `without a call and after one without scanpy's style figures are the same`() {
        val before = figure().toSvg()
        sc.setFigureParams(dpi = 160, fontsize = 20, facecolor = "black", frameon = false)
        assertThat(figure().toSvg()).isNotEqualTo(before)
        sc.settings.setFigureParams(scanpy = false)
        assertThat(figure().toSvg()).isEqualTo(before)
    }

    @Test
    fun `dpi sizes what is shown and dpiSave what is saved`() {
        val plain = figure()
        val width = plain.width
        sc.settings.setFigureParams(dpi = 160, dpiSave = 75)
        assertThat(plain.toSvg())
            .contains("width=\"${2 * width}\" height=\"${2 * plain.height}\" viewBox=\"0 0 $width ")
        val svg = Files.readString(plain.save(folder.resolve("a.svg")))
        assertThat(svg).contains(" width=\"$width\" height=\"${plain.height}\" viewBox=\"0 0 $width ")
        assertThat(ImageIO.read(plain.save(folder.resolve("a.png")).toFile()).width).isEqualTo(width)
    }

    @Test
    fun `the ground has its colour or is left out`() {
        fun corner(figure: Figure) = ImageIO.read(figure.save(folder.resolve("c.png")).toFile()).getRGB(1, 1)
        assertThat(corner(figure())).isEqualTo(0xffffffff.toInt())
        sc.settings.setFigureParams(facecolor = "white")
        assertThat(corner(figure())).isEqualTo(0xffffffff.toInt())
        sc.settings.setFigureParams(facecolor = "#102030")
        assertThat(corner(figure())).isEqualTo(0xff102030.toInt())
        val colored = ImageIO.read(
            sc.pl
                .umap(adata, color = "blobs")
                .save(folder.resolve("c.png"))
                .toFile(),
        )
        val white = (0 until colored.width * colored.height).count {
            colored.getRGB(it % colored.width, it / colored.width) == 0xffffffff.toInt()
        }
        assertThat(white).isZero
        sc.settings.setFigureParams(transparent = true)
        assertThat(corner(figure()) ushr 24).isZero
        val middle = ImageIO.read(figure().save(folder.resolve("c.png")).toFile())
        val clear = (0 until middle.width).count { middle.getRGB(it, middle.height / 2) ushr 24 == 0 }
        assertThat(clear).isGreaterThan(middle.width / 3)
    }

    @Test
    fun `size, frame, texts, colours and ending are taken over`() {
        val plain = figure()
        sc.settings.setFigureParams(scanpy = false, figsize = 6 to 4)
        assertThat(figure().width - plain.width).isEqualTo(150)
        assertThat(figure().height).isEqualTo(plain.height)
        sc.settings.setFigureParams(frameon = false)
        assertThat(figure().toSvg()).isEqualTo(sc.pl.umap(adata, color = adata.varNames[0], frameon = false).toSvg())
        sc.settings.setFigureParams(colorMap = "magma")
        assertThat(figure().toSvg()).isEqualTo(sc.pl.umap(adata, color = adata.varNames[0], cmap = "magma").toSvg())
        sc.settings.setFigureParams(scanpy = false, fontsize = 28)
        assertThat(figure().toSvg()).contains("font-size: 28.0px")
        sc.settings.setFigureParams(format = "svg")
        assertThat(sc.settings.fileFormatFigs).isEqualTo("svg")
        sc.settings.setFigureParams()
        assertThat(sc.settings.fileFormatFigs).isEqualTo("pdf")
    }

    @Test
    fun `scanpy's style has its palettes, sizes and grids`() {
        val plain = sc.pl.umap(adata, color = "blobs")
        assertThat(colors()).isEqualTo(Palettes.named("tab10").take(colors().size))
        adata.uns.remove("blobs_colors")
        sc.settings.setFigureParams(dpi = 80, facecolor = "white")
        val styled = sc.pl.umap(adata, color = "blobs")
        assertThat(colors()).isEqualTo(Palettes.named("default_20").take(colors().size)).contains("#279e68")
        // 14 points at 80 dots per inch, and a panel of 0.78 of 4 inches.
        assertThat(styled.toSvg()).contains("font-size: 15.5555").doesNotContain("font-size: 14.0px")
        val (from, to) = listOf(plain, styled).map(::panelWidth)
        assertThat(from).isCloseTo(300.0, within(2.0))
        assertThat(to).isCloseTo(250.0, within(2.0))
        val lined = sc.pl.violin(adata, adata.varNames[0], groupby = "blobs").toSvg()
        assertThat(lined).contains("rgb(204,204,204)")
        sc.settings.setFigureParams(scanpy = false)
        assertThat(sc.pl.violin(adata, adata.varNames[0], groupby = "blobs").toSvg())
            .doesNotContain("rgb(204,204,204)")
    }

    private fun panelWidth(figure: Figure) =
        Regex("""clip-bounds-jfx="\[rect \(0.0, 0.0\), \(([\d.]+)""").find(figure.toSvg())!!.groupValues[1].toDouble()

    private fun colors() = (adata.uns["blobs_colors"] as NdArray).texts().toList()

    @Test
    fun `what has no effect is refused with the reason`() {
        listOf<Pair<String, () -> Unit>>(
            "always a picture" to { sc.settings.setFigureParams(vectorFriendly = false) },
            "notebooks show figures as SVG" to { sc.settings.setFigureParams(ipythonFormat = "retina") },
            "figsize must lie in" to { sc.settings.setFigureParams(figsize = 0 to 4) },
            "dpi must lie in" to { sc.settings.setFigureParams(dpi = 0) },
            "fontsize must lie in" to { sc.settings.setFigureParams(fontsize = 200) },
            "viridis" to { sc.settings.setFigureParams(colorMap = "virids") },
            "facecolor" to { sc.settings.setFigureParams(facecolor = "whiteish") },
            "Did you mean 'png'" to { sc.settings.setFigureParams(format = "pngg") },
        ).forEach { (expected, call) ->
            assertThatThrownBy { call() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining(expected)
        }
        assertThat(sc.settings.fileFormatFigs).isEqualTo("pdf")
    }

    @Test
    fun `versions name the libraries numbers depend on`() {
        val header = StringBuilder().also { sc.logging.printHeader(it) }.toString()
        assertThat(header).startsWith("cellweave==").contains("jvm==", "openblas==0.", "jhdf==0.").endsWith("\n")
        val all = StringBuilder().also { sc.logging.printVersions(it) }.toString()
        assertThat(all.lines().map { it.substringBefore(' ') })
            .contains("cellweave", "kotlin", "openblas", "hdf5", "jhdf")
            .contains("jdk", "os", "threads", "heap", "preset", "date")
        assertThat(StringBuilder().also { sc.logging.printMemoryUsage("now", it) }.toString())
            .matches("now Memory usage: current [0-9.]+ GB\n")
    }

    @Test
    fun `messages obey the verbosity`() {
        val before = Settings.verbosity
        try {
            Settings.verbosity = 2
            val text =
                Captured.standardError {
                    sc.logging.error("e")
                    sc.logging.warning("w")
                    sc.logging.info("i", deep = "d")
                    sc.logging.hint("h")
                    sc.logging.debug("x")
                }
            assertThat(text.trim().lines()).containsExactly("ERROR: e", "WARNING: w", "i")
        } finally {
            Settings.verbosity = before
        }
    }
}
