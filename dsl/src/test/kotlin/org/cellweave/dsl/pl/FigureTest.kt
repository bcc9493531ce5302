package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.Figure
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.sc
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Executors
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
        assertThat(Files.readString(made.getValue("html"))).contains("Content-Security-Policy", "<svg ", "group")
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
            assertThat(figure().save(".png")).isEqualTo(folder.resolve("figs/umap.png")).exists()
            assertThat(figure().save("_x.png")).isEqualTo(folder.resolve("figs/umap_x.png")).exists()
            sc.pl.dotplot(FigureSamples.cells(9), "Ga", "group", save = true)
            assertThat(folder.resolve("figs/dotplot_.svg")).exists()
            sc.pl.umap(FigureSamples.cells(9), save = false)
            assertThat(folder.resolve("figs/umap.svg")).doesNotExist()
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
    fun savefigWritesWhereItIsTold() {
        val figure = figure()
        assertThat(figure.savefig(folder.resolve("a/f").toString(), dpi = 75)).isEqualTo(folder.resolve("a/f.png"))
        assertThat(ImageIO.read(folder.resolve("a/f.png").toFile()).width).isEqualTo(figure.width)
        assertThatThrownBy { figure.savefig(folder.resolve("f.gif").toString()) }.hasMessageContaining("got 'gif'")
        assertThatThrownBy { sc.pl.umap(FigureSamples.cells(9), save = 3) }
            .hasMessage("save must be a file name, true or false, got 3")
    }

    @Test
    fun figuresSavedByManyThreadsAreThoseOfOne() {
        val figures = List(3) { sc.pl.umap(FigureSamples.cells(40 + it), color = listOf("group", "score")) }
        val endings = listOf("svg", "png", "html")
        val alone = figures.map { f -> endings.map { Files.readAllBytes(f.save(folder.resolve("one.$it"))) } }
        val pool = Executors.newFixedThreadPool(6)
        try {
            val made = List(24) { k ->
                pool.submit<ByteArray> {
                    Files.readAllBytes(figures[k % 3].save(folder.resolve("t$k.${endings[k / 3 % 3]}")))
                }
            }
            made.forEachIndexed { k, bytes -> assertThat(bytes.get()).isEqualTo(alone[k % 3][k / 3 % 3]) }
            val pdfs = List(4) { k -> pool.submit<Path> { figures[k % 3].save(folder.resolve("t$k.pdf")) } }
            assertThat(pdfs.map { Files.size(it.get()) }).allMatch { it > 2_000 }
        } finally {
            pool.shutdown()
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
