package org.cellweave.dsl.pl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.Figure
import org.w3c.dom.Element
import org.xml.sax.InputSource
import java.io.StringReader
import javax.xml.parsers.DocumentBuilderFactory

/** What a reader of a figure's SVG sees: texts, marks and their colours. */
internal class Drawing(figure: Figure) {
    private val document = DocumentBuilderFactory
        .newInstance()
        .newDocumentBuilder()
        .parse(InputSource(StringReader(figure.toSvg())))

    /** In the order in which they are drawn. */
    val texts: List<String> = elements("text").map { it.textContent.trim() }.filter { it.isNotEmpty() }

    /** How many of a mark (`circle`, `line`, `rect`, `path`) are filled with each colour, as `#rrggbb`. */
    fun fills(mark: String): Map<String, Int> =
        elements(mark).filter { it.hasAttribute("fill") }.groupingBy { hex(it.getAttribute("fill")) }.eachCount()

    fun count(mark: String): Int = elements(mark).size

    private fun elements(name: String): List<Element> =
        document.getElementsByTagName(name).let { found -> List(found.length) { found.item(it) as Element } }

    private fun hex(color: String): String =
        RGB.matchEntire(color)?.let { m -> "#" + m.groupValues.drop(1).joinToString("") { "%02x".format(it.toInt()) } }
            ?: color

    companion object {
        private val RGB = Regex("rgb\\((\\d+),(\\d+),(\\d+)\\)")

        /** matplotlib's first ten colours. */
        val TAB10 =
            listOf(
                "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22",
                "#17becf",
            )

        /** How many cells each category of a column has. */
        fun sizes(adata: AnnData, key: String): List<Int> {
            val column = adata.obs[key] as CategoricalColumn
            val codes = column.codes()
            return column.categoryNames().indices.map { c -> codes.count { it == c } }
        }

        fun names(adata: AnnData, key: String): List<String> = (adata.obs[key] as CategoricalColumn).categoryNames()
    }
}
