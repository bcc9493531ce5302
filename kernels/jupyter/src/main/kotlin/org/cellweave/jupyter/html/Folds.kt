package org.cellweave.jupyter.html

private const val MOST_ROWS = 200
private const val NAMED = 30
private const val NAMES_WIDTH = 110

/** Up to 200 items, fewer when the output has reached [limit] bytes, then how many are left out. */
internal inline fun <T> Html.upTo(
    limit: Int,
    items: Collection<T>,
    more: Html.(String) -> Unit,
    row: Html.(T) -> Unit,
) {
    var written = 0
    for (item in items) {
        if (written == MOST_ROWS || size >= limit) break
        row(item)
        written++
    }
    if (written < items.size) more("\u2026 ${Numerals.count(items.size - written)} more")
}

/** The summary line of a slot: its name, then what it holds. */
internal fun Html.slotLine(name: String, facts: String, keys: Collection<String> = emptyList()) {
    element("span", "cw-key") { text(name) }
    raw(" ").element("span", "cw-m") {
        text(facts)
        if (keys.isNotEmpty()) {
            text(": " + someNames(keys))
        }
    }
}

/** As many names as fit a line. */
private fun someNames(keys: Collection<String>): String {
    val out = StringBuilder()
    var written = 0
    for (key in keys) {
        if (written > 0 && out.length + key.length > NAMES_WIDTH) break
        out.append(if (written++ > 0) ", " else "").append(Html.shorten(key, NAMED))
    }
    return if (written < keys.size) "$out, \u2026" else out.toString()
}

/** A table of plain cells. */
internal inline fun Html.plainTable(titles: List<String>, rows: Html.() -> Unit) {
    element("div", "cw-scroll") {
        element("table", "cw-t") {
            element("thead", "") {
                element("tr", "") { titles.forEach { element("th", if (it in NUMBERS) "cw-n" else "") { text(it) } } }
            }
            element("tbody", "", rows)
        }
    }
}

/** One row of [plainTable] that says how many are missing. */
internal fun Html.moreRow(more: String, columns: Int) {
    element("tr", "") {
        element("th", "cw-gap") { text(more) }
        repeat(columns - 1) { element("td", "") {} }
    }
}

private val NUMBERS = listOf("missing", "memory", "distinct")
