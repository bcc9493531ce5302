package org.cellweave.dsl.plot

import org.xml.sax.Attributes
import org.xml.sax.InputSource
import org.xml.sax.helpers.DefaultHandler
import java.io.StringReader
import javax.xml.XMLConstants
import javax.xml.parsers.SAXParserFactory

/**
 * Makes Lets-Plot's SVG small and the same at every call: identifiers in order of appearance, three decimals, no blank
 * lines, a ground and a view box.
 *
 * It is read as a stream, because a figure may have 20,000 dots as vectors, of which a tree would hold every attribute
 * as an object of its own.
 */
internal class SvgText(
    private val width: Int,
    private val height: Int,
    /** How much larger the picture is than its own coordinates. */
    private val shown: Double,
    /** Colour of the ground, or null for none. */
    private val ground: String?,
) {
    fun tidied(svg: String): String {
        val found = LinkedHashMap<String, String>()
        read(svg, Identifiers(found))
        return StringBuilder(svg.length / 2).also { read(svg, Writer(it, found)) }.toString()
    }

    private fun read(svg: String, handler: DefaultHandler) {
        PARSERS.newSAXParser().parse(InputSource(StringReader(svg)), handler)
    }

    /** Names the identifiers in their order. */
    private class Identifiers(private val found: MutableMap<String, String>) : DefaultHandler() {
        override fun startElement(uri: String?, localName: String?, name: String, attributes: Attributes) {
            attributes.getValue("id")?.let { found.getOrPut(it) { "f" + found.size } }
        }
    }

    private inner class Writer(
        private val out: StringBuilder,
        private val identifiers: Map<String, String>,
    ) : DefaultHandler() {
        private val text = StringBuilder()
        private var isRoot = true

        /** Whether the last tag waits for its end: `>` before content, `/>` without. */
        private var isOpen = false

        override fun startElement(uri: String?, localName: String?, name: String, attributes: Attributes) {
            closed()
            if (isRoot) {
                isRoot = false
                root()
                return
            }
            out.append('<').append(name)
            val bare = name == "circle" && NO_STROKE.all { attributes.getValue(it) == "0.0" }
            for (i in 0 until attributes.length) {
                val key = attributes.getQName(i)
                if (bare && key.startsWith("stroke")) continue
                // The data of a picture are no numbers.
                val value = attributes.getValue(i).let { if (name == "image") it else ShortNumbers.of(it) }
                attribute(key, if (key == "id") identifiers.getValue(value) else referring(value))
            }
            isOpen = true
        }

        private fun root() {
            out.append("<svg")
            attribute("xmlns", "http://www.w3.org/2000/svg")
            attribute("xmlns:xlink", "http://www.w3.org/1999/xlink")
            attribute("class", "plt-container")
            attribute("width", "${(width * shown).toInt()}")
            attribute("height", "${(height * shown).toInt()}")
            attribute("viewBox", "0 0 $width $height")
            out.append(SHRINKS)
            out.append('>')
            ground?.let { out.append("\n<rect width=\"$width\" height=\"$height\" fill=\"$it\"/>") }
            out.append('\n')
        }

        private fun attribute(name: String, value: String) {
            out.append(' ').append(name).append("=\"")
            escaped(value)
            out.append('"')
        }

        /** Ends an open tag and writes the text since, line by line. */
        private fun closed() {
            if (isOpen) out.append(">\n")
            isOpen = false
            for (line in text.lineSequence().map(String::trim).filter(String::isNotEmpty)) {
                escaped(referring(line))
                out.append('\n')
            }
            text.clear()
        }

        override fun characters(chars: CharArray, start: Int, length: Int) {
            text.append(chars, start, length)
        }

        override fun endElement(uri: String?, localName: String?, name: String) {
            if (isOpen && text.isBlank()) {
                isOpen = false
                text.clear()
                out.append("/>\n")
                return
            }
            closed()
            out.append("</").append(name).append(">\n")
        }

        /** [value] with the new names of what it refers to. */
        private fun referring(value: String): String {
            var from = value.indexOf('#')
            if (from < 0) return value
            val told = StringBuilder()
            var copied = 0
            while (from >= 0) {
                var end = from + 1
                while (end < value.length && value[end].isLetterOrDigit()) end++
                identifiers[value.substring(from + 1, end)]?.let {
                    told.append(value, copied, from + 1).append(it)
                    copied = end
                }
                from = value.indexOf('#', end)
            }
            return told.append(value, copied, value.length).toString()
        }

        private fun escaped(value: String) {
            for (c in value) {
                when (c) {
                    '&' -> out.append("&amp;")
                    '<' -> out.append("&lt;")
                    '>' -> out.append("&gt;")
                    '"' -> out.append("&quot;")
                    else -> out.append(c)
                }
            }
        }
    }

    companion object {
        /** Lets a page make the picture smaller; what reads files does not know it. */
        const val SHRINKS = " style=\"max-width: 100%; height: auto;\""
        private val NO_STROKE = listOf("stroke-opacity", "stroke-width")
        private val PARSERS: SAXParserFactory = SAXParserFactory.newInstance().also {
            it.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true)
            it.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true)
        }
    }
}

/** Numbers with at most three decimals, wherever they stand in a text. */
internal object ShortNumbers {
    fun of(text: String): String {
        if ('.' !in text) return text
        val out = StringBuilder(text.length)
        var i = 0
        while (i < text.length) {
            val end = if (text[i] == '.') endOfDecimals(text, i) else i
            if (end - i > MOST_DECIMALS + 1 && !hasExponent(text, end)) {
                var start = i
                while (start > 0 && text[start - 1].isDigit()) start--
                out.setLength(out.length - (i - start))
                shortened(text.substring(start, end), out)
                i = end
            } else {
                out.append(text[i++])
            }
        }
        return out.toString()
    }

    /** Behind the digits after the point at [point], if it stands in a number. */
    private fun endOfDecimals(text: String, point: Int): Int {
        if (point == 0 || !text[point - 1].isDigit()) return point
        var end = point + 1
        while (end < text.length && text[end].isDigit()) end++
        return end
    }

    private fun hasExponent(text: String, at: Int) = at < text.length && text[at] == 'E'

    private fun shortened(number: String, out: StringBuilder) {
        val thousandths = Math.round(number.toDouble() * THOUSAND)
        out.append(thousandths / THOUSAND)
        val rest = (thousandths % THOUSAND).toInt()
        if (rest != 0) {
            out.append('.').append(rest.toString().padStart(MOST_DECIMALS, '0').trimEnd('0'))
        }
    }

    private const val MOST_DECIMALS = 3
    private const val THOUSAND = 1000
}
