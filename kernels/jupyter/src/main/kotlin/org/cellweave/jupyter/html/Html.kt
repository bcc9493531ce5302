package org.cellweave.jupyter.html

/**
 * HTML that is also XML, with everything that came from the user escaped, and a size that stays bounded: past
 * [ROOMY] bytes the long texts lose their tooltips, then their length.
 */
internal class Html {
    private val out = StringBuilder()
    private var wide = 0

    /** Bytes so far. */
    val size: Int get() = out.length + wide

    /** Markup as it is. */
    fun raw(markup: String): Html {
        out.append(markup)
        return this
    }

    /** Escaped text, never cut. */
    fun text(text: String): Html {
        val escaped = escape(text)
        wide += escaped.count { it.code > ASCII } * EXTRA_BYTES
        out.append(escaped)
        return this
    }

    /** Escaped text of at most [max] characters in a span of [cssClass]; a longer one is whole in the tooltip. */
    fun cut(text: String, max: Int = TEXT, cssClass: String = ""): Html {
        val room = if (size > TIGHT) minOf(max, SHORT) else max
        val shown = shorten(text, room)
        val tooltip = shown != text && size <= ROOMY
        if (cssClass.isEmpty() && !tooltip) {
            return text(shown)
        }
        raw("<span")
        if (cssClass.isNotEmpty()) raw(" class=\"$cssClass\"")
        if (tooltip) raw(" title=\"").text(shorten(text, TOOLTIP)).raw("\"")
        return raw(">").text(shown).raw("</span>")
    }

    /** [body] inside an element with a class. */
    inline fun element(tag: String, cssClass: String, body: Html.() -> Unit): Html {
        raw(if (cssClass.isEmpty()) "<$tag>" else "<$tag class=\"$cssClass\">")
        body()
        return raw("</$tag>")
    }

    /** A part that folds; [open] is its state at first. */
    inline fun fold(open: Boolean, summary: Html.() -> Unit, body: Html.() -> Unit): Html {
        raw(if (open) "<details open=\"open\">" else "<details>")
        element("summary", "", summary)
        element("div", "cw-in", body)
        return raw("</details>")
    }

    override fun toString(): String = out.toString()

    companion object {
        /** Characters of a text shown in a cell. */
        const val TEXT: Int = 60
        private const val TOOLTIP = 2000
        private const val SHORT = 16
        private const val ROOMY = 60_000
        private const val TIGHT = 110_000
        private const val ASCII = 0x7f
        private const val EXTRA_BYTES = 2

        /** A whole output: the sheet, then what [body] writes. */
        inline fun output(body: Html.() -> Unit): String =
            Html().raw(Style.sheet).element("div", "cw") { body() }.toString()

        /** Safe in text and in attributes; characters that XML forbids become the replacement character. */
        fun escape(text: String): String {
            val plain = text.none { it < ' ' || it in "<>&\"'" || it >= '\uD800' }
            if (plain) return text
            val out = StringBuilder(text.length + 16)
            var i = 0
            while (i < text.length) {
                val c = text[i]
                when {
                    c == '<' -> out.append("&lt;")
                    c == '>' -> out.append("&gt;")
                    c == '&' -> out.append("&amp;")
                    c == '"' -> out.append("&quot;")
                    c == '\'' -> out.append("&#39;")
                    c == '\n' || c == '\t' -> out.append(c)
                    c.isHighSurrogate() && i + 1 < text.length && text[i + 1].isLowSurrogate() -> {
                        out.append(c).append(text[++i])
                    }
                    c < ' ' || c.isSurrogate() || c > '\uFFFD' -> out.append('\uFFFD')
                    else -> out.append(c)
                }
                i++
            }
            return out.toString()
        }

        /** At most [max] characters, the last one an ellipsis when something is missing. */
        fun shorten(text: String, max: Int): String {
            if (text.length <= max) return text
            val end = if (text[max - 2].isHighSurrogate()) max - 2 else max - 1
            return text.substring(0, end) + "\u2026"
        }
    }
}
