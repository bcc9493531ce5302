package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.PlotScript
import org.cellweave.dsl.plot.ShownText
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO
import javax.xml.parsers.DocumentBuilderFactory

/** Names that are script, markup or no XML at all. */
class HostileNamesTest {
    @TempDir
    lateinit var folder: Path

    private val names = listOf(
        "</script><script>alert(1)</script>", "<!--<script>", "]]>&amp;<b>\"'", "\u2028\u2029", "x\u0007\u0000y",
        "\ud800",
        "<a href=\"javascript:alert(2)\">link</a>", "\\(\\frac{1}{2}\\)", "bell\u0007",
    )

    private fun figure(): Figure {
        val adata = FigureSamples.cells(54)
        adata.obs.set("<i>key", CategoricalColumn.ofTexts(*Array(54) { names[it % names.size] }))
        return sc.pl.umap(adata, color = "<i>key", title = names[0])
    }

    @Test
    fun controlCharactersAndHalvesOfLettersAreWrittenOut() {
        assertThat(ShownText.of("x\u0007\u0000y\u0085")).isEqualTo("x\\u0007\\u0000y\\u0085")
        assertThat(ShownText.of("\ud800")).isEqualTo("\\ud800")
        assertThat(ShownText.of("a\uffff")).isEqualTo("a\\uffff")
        val fine = "t\tn\nUmlaut ä, 中文, \ud83e\uddec"
        assertThat(ShownText.of(fine)).isSameAs(fine)
    }

    @Test
    fun pagesHaveNoElementOfAName() {
        val page = figure().toHtml()
        assertThat(page).doesNotContain("<script>alert", "<!--", "<b>", "<i>key", "<a ", "http://cdn", "https://")
        assertThat(page).contains("Content-Security-Policy", "default-src 'none'", "<svg ")
        assertThat(page).contains("&lt;/script&gt;&lt;script&gt;alert(1)")
    }

    @Test
    fun theCarriedSpecificationCannotEndItsScript() {
        val spec = figure().toSpec()
        val json = PlotPage.json(spec)
        assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029", "\u0007")
        // What the plot script would take for a link or a formula is parted by a word joiner.
        assertThat(json).contains("\\u003c\u2060a href", "\\\\\u2060(")
        val page = PlotPage.of("a<b", "<svg/>", spec, PlotScript.packed("window.x = 1".toByteArray()))
        assertThat(page).contains("<title>a&lt;b</title>", "script-src 'sha256-")
        assertThat(Regex("<script").findAll(page).count()).isEqualTo(3)
        assertThat(Regex("<[^>]*(src|href)=").findAll(page).count()).isZero()
    }

    @Test
    fun scriptTextIsJsonWithTheSameValues() {
        val json = PlotPage.json(mapOf("kind" to "plot", "n" to listOf(1.0, 2.5), "t" to "a\"b\\c<"))
        assertThat(json.filterNot { it.isWhitespace() })
            .isEqualTo("{\"kind\":\"plot\",\"n\":[1.0,2.5],\"t\":\"a\\\"b\\\\c\\u003c\"}")
    }

    @Test
    fun everyKindOfFileIsWritten() {
        val adata = FigureSamples.cells(30)
        adata.`var`.names = listOf("x\u0007y", "\ud800", "<b>", "Gd")
        val dots = sc.pl.dotplot(adata, adata.`var`.names, "group")
        for ((i, figure) in listOf(figure(), dots).withIndex()) {
            val made = listOf("svg", "png", "html", "pdf").associateWith { figure.save(folder.resolve("f$i.$it")) }
            val svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(made.getValue("svg").toFile())
            assertThat(svg.documentElement.textContent).contains("x\\u0007", "\\ud800")
            assertThat(ImageIO.read(made.getValue("png").toFile()).width).isEqualTo(2 * figure.width)
            assertThat(Files.size(made.getValue("pdf"))).isGreaterThan(1000)
        }
    }
}
