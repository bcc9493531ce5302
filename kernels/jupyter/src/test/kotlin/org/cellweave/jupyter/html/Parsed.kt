package org.cellweave.jupyter.html

import org.w3c.dom.Document
import org.w3c.dom.Element
import org.xml.sax.ErrorHandler
import org.xml.sax.InputSource
import org.xml.sax.SAXParseException
import java.io.StringReader
import javax.xml.parsers.DocumentBuilderFactory

/** An output read as XML, which fails when a tag is left open or a character is not escaped. */
internal class Parsed(val html: String) {
    private val document: Document =
        DocumentBuilderFactory
            .newInstance()
            .newDocumentBuilder()
            .also { it.setErrorHandler(Strict) }
            .parse(InputSource(StringReader("<body>$html</body>")))

    /** Elements of a tag, those of a class when one is given. */
    fun all(tag: String, cssClass: String? = null): List<Element> {
        val found = document.getElementsByTagName(tag)
        return (0 until found.length)
            .map { found.item(it) as Element }
            .filter { cssClass == null || cssClass in it.getAttribute("class").split(' ') }
    }

    /** The cells of every row of the first table. */
    fun rows(table: Int = 0): List<List<String>> {
        val rows = all("table")[table].getElementsByTagName("tr")
        return (0 until rows.length).map { r ->
            val cells = rows.item(r).childNodes
            (0 until cells.length).map { cells.item(it).textContent }
        }
    }

    /** What a reader sees. */
    val text: String get() = all("div", "cw").joinToString("\n") { it.textContent }

    private object Strict : ErrorHandler {
        override fun warning(e: SAXParseException): Unit = throw e

        override fun error(e: SAXParseException): Unit = throw e

        override fun fatalError(e: SAXParseException): Unit = throw e
    }
}
