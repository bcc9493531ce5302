package org.cellweave.jupyter.html

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn

private const val MOST = 20
private const val NAME = 30
private val COLOR = Regex("#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,30}")

/** The colours that `uns` keeps for a categorical column, null for those that are none; null when there are none. */
internal fun colorsOf(uns: Map<String, Any?>, key: String, column: CategoricalColumn): List<String?>? {
    val found: List<*> =
        when (val value = uns["${key}_colors"]) {
            is NdArray -> if (value.isText) value.texts().asList() else return null
            is StringColumn -> value.values().asList()
            is Array<*> -> value.asList()
            is List<*> -> value
            else -> return null
        }
    return if (found.size < column.nCategories()) null else found.map { (it as? String)?.takeIf(COLOR::matches) }
}

/** A small square of a colour that [colorsOf] let through. */
internal fun swatch(html: Html, color: String) {
    html.raw("<span class=\"cw-sw\" style=\"background:$color\"></span>")
}

/** The first categories with their colours. */
internal fun categories(html: Html, column: CategoricalColumn, colors: List<String?>?) {
    val names = column.categories()
    val n = minOf(MOST, names.size())
    for (c in 0 until n) {
        html.element("span", "cw-cat") {
            colors?.get(c)?.let { swatch(this, it) }
            cut(names.text(c), NAME)
        }
    }
    if (n < names.size()) html.element("span", "cw-m") { text("\u2026 ${Numerals.count(names.size() - n)} more") }
}
