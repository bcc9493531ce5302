package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.Figure
import org.cellweave.dsl.Settings
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.InflaterInputStream
import javax.imageio.ImageIO
import javax.xml.parsers.DocumentBuilderFactory

class FigureTest {
    @TempDir
    lateinit var folder: Path

    private fun figure(n: Int = 60): Figure = sc.pl.umap(FigureSamples.cells(n), color = listOf("group", "score"))

    @Test
    fun fourKindsOfFilesOpen() {
        val figure = figure()
        val made = listOf("svg", "png", "html", "pdf").associateWith { figure.save(folder.resolve("deep/er/f.$it")) }
        assertThat(Files.list(folder.resolve("deep/er")).use { it.count() }).isEqualTo(4)
        val svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(made.getValue("svg").toFile())
        assertThat(svg.documentElement.getAttribute("width")).isEqualTo(figure.width.toString())
        assertThat(svg.getElementsByTagName("circle").length).isGreaterThanOrEqualTo(120)
        val image = ImageIO.read(made.getValue("png").toFile())
        assertThat(image.width).isEqualTo(2 * figure.width)
        assertThat(image.getRGB(1, 1)).isEqualTo(-1)
        assertThat(Files.readString(made.getValue("html"))).contains("lets-plot.min.js").contains("\"group\"")
        val pdf = Files.readAllBytes(made.getValue("pdf"))
        assertThat(String(pdf, 0, 5, Charsets.US_ASCII)).isEqualTo("%PDF-")
        assertThat(pdf.size).isGreaterThan(2_000)
    }

    @Test
    fun pdfShowsItsText() {
        val bytes = Files.readAllBytes(figure().save(folder.resolve("f.pdf")))
        val content = drawn(bytes)
        assertThat(content.replace(") 0 (", "")).contains("[(UMAP1)] TJ", "[(group)] TJ")
    }

    /** The decompressed content streams of a PDF. */
    private fun drawn(pdf: ByteArray): String {
        val raw = String(pdf, Charsets.ISO_8859_1)
        return Regex("stream\\r?\\n(.*?)endstream", RegexOption.DOT_MATCHES_ALL)
            .findAll(raw)
            .map { it.groupValues[1].toByteArray(Charsets.ISO_8859_1) }
            .joinToString("\n") { packed ->
                runCatching { InflaterInputStream(packed.inputStream()).readAllBytes() }
                    .map { String(it, Charsets.ISO_8859_1) }
                    .getOrDefault("")
            }
    }

    @Test
    fun sameInputGivesSameBytes() {
        assertThat(figure().toSvg()).isEqualTo(figure().toSvg())
        val a = Files.readAllBytes(figure().save(folder.resolve("a.png")))
        val b = Files.readAllBytes(figure().save(folder.resolve("b.png")))
        assertThat(a).isEqualTo(b)
    }

    @Test
    fun bareNamesGoToTheFigureFolder() {
        val before = Settings.figdir to Settings.fileFormatFigs
        try {
            Settings.figdir = folder.resolve("figs")
            Settings.fileFormatFigs = "svg"
            assertThat(figure().save("mine")).isEqualTo(folder.resolve("figs/mine.svg")).exists()
            assertThat(figure().save("_batch")).isEqualTo(folder.resolve("figs/umap_batch.svg")).exists()
            Settings.autosave = true
            figure()
            assertThat(folder.resolve("figs/umap.svg")).exists()
            assertThatThrownBy { Settings.fileFormatFigs = "gif" }
                .hasMessageContaining("sc.settings.fileFormatFigs must be one of [svg, png, html, pdf], got 'gif'")
            assertThat(Settings.fileFormatFigs).isEqualTo("svg")
        } finally {
            Settings.figdir = before.first
            Settings.fileFormatFigs = before.second
            Settings.autosave = false
        }
    }

    @Test
    fun wrongNamesAreRefused() {
        assertThatThrownBy { figure().save(folder.resolve("f.jpg")) }
            .hasMessageContaining("must be one of .svg, .png, .html, .pdf, got 'jpg'")
        assertThatThrownBy { figure().save(" ") }.hasMessageContaining("save must be a file name")
        assertThat(folder.resolve("f.jpg")).doesNotExist()
    }

    @Test
    fun aSinglePlotIsAPlotAndSeveralAreABunch() {
        val one = sc.pl.umap(FigureSamples.cells(9))
        assertThat(one.toSpec()["kind"]).isEqualTo("plot")
        assertThat(one.size).isEqualTo(1)
        val two = figure()
        assertThat(two.toSpec()["kind"]).isEqualTo("ggbunch")
        assertThat(two.toString()).startsWith("Figure(umap, 2 plots, ")
    }
}
