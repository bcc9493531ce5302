package org.cellweave.dsl.plot

/**
 * Names from data as figures show them.
 *
 * SVG is XML, which has no place for most control characters nor for half of a surrogate pair: they are written out,
 * so that the name stays recognisable and two names stay two.
 */
internal object ShownText {
    fun of(text: String): String {
        if (text.indices.all { isShown(text, it) }) {
            return text
        }
        return buildString {
            for (i in text.indices) {
                if (isShown(text, i)) append(text[i]) else append("\\u%04x".format(text[i].code))
            }
        }
    }

    /** Every text of a specification, keys too, so that what refers to a name still finds it. */
    fun cleaned(spec: Spec): MutableMap<String, Any> =
        mapped(spec, ::of).entries.associateTo(LinkedHashMap()) { (key, value) -> key to value!! }

    /** [spec] with [change] applied to all its texts. */
    fun mapped(spec: Spec, change: (String) -> String): Map<String, Any?> =
        spec.entries.associate { (key, value) -> change(key) to changed(value, change) }

    private fun changed(value: Any?, change: (String) -> String): Any? =
        when (value) {
            is String -> change(value)
            is Map<*, *> -> value.entries.associate { (key, inner) ->
                (if (key is String) change(key) else key) to changed(inner, change)
            }
            is List<*> -> if (value.all { it is Number? }) value else value.map { changed(it, change) }
            else -> value
        }

    private fun isShown(text: String, i: Int): Boolean {
        val c = text[i]
        return when {
            c == '\t' || c == '\n' -> true
            c < ' ' || c in '\u007f'..'\u009f' || c >= '\ufffe' -> false
            c.isHighSurrogate() -> i + 1 < text.length && text[i + 1].isLowSurrogate()
            c.isLowSurrogate() -> i > 0 && text[i - 1].isHighSurrogate()
            else -> true
        }
    }
}
