package org.cellweave.jupyter.html

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn

/** A column: type, length, missing values, what its values are like, and the first of them. */
internal object ColumnHtml {
    private const val FIRST = 10
    private const val MOST_CATEGORIES = 50
    private const val MOST_SUMMED = 10_000_000

    fun of(column: Column, colors: List<String?>? = null): String =
        Html.output {
            val missing = missingValues(column)
            element("div", "") {
                element("span", "cw-title") { text("Column") }
                val facts = listOf(column.dtypeName(), Numerals.counted(column.size(), "value"), missing(missing))
                element("span", "cw-m") { text("  " + facts.joinToString(" \u00B7 ")) }
            }
            if (column is CategoricalColumn) counts(this, column, colors)
            if (column is NumericColumn && column.size() <= MOST_SUMMED) summary(this, column)
            first(this, column)
        }

    private fun missing(n: Int): String = if (n == 0) "none missing" else "${Numerals.count(n)} missing"

    private fun first(html: Html, column: Column) {
        if (column.size() == 0) return
        val texts = cellTexts(column, IntArray(minOf(FIRST, column.size())) { it })
        html.element("div", "cw-foot") { text("first values") }
        html.element("div", "cw-v") {
            texts.forEachIndexed { i, value ->
                if (i > 0) text(", ")
                if (value == null) cut(missingText(column), cssClass = "cw-na") else cut(value)
            }
            if (texts.size < column.size()) text(", " + TableHtml.ELLIPSIS)
        }
    }

    private fun summary(html: Html, column: NumericColumn) {
        val values = column.toDoubles().filterNotNaN()
        if (values.isEmpty()) return
        val middle = median(values)
        val texts = listOf("min" to values.min(), "median" to middle, "max" to values.max())
        val line = texts.joinToString(" \u00B7 ") { (name, v) -> "$name ${Numerals.single(v)}" }
        html.element("div", "cw-v") { text(line) }
    }

    private fun DoubleArray.filterNotNaN(): DoubleArray {
        var n = 0
        for (v in this) if (!v.isNaN()) this[n++] = v
        return if (n == size) this else copyOf(n)
    }

    private fun counts(html: Html, column: CategoricalColumn, colors: List<String?>?) {
        val counts = column.counts()
        val n = minOf(MOST_CATEGORIES, counts.size)
        val all = column.size().toLong()
        val number = Shown("count", "", true, (0 until n).map { Numerals.count(counts[it]) })
        val share = Shown("share", "", true, (0 until n).map { Numerals.percent(counts[it].toLong(), all) })
        val names = (0 until n).map { column.categories().text(it) }
        val color = colors?.take(n)?.let { Shown("colour", "", false, it, "", it) }
        val columns = listOfNotNull(number, share, color)
        TableHtml(columns, -1, -1).write(html, "category", column.categories().dtypeName(), names)
        html.element("div", "cw-foot") {
            val hidden = if (n < counts.size) ", ${Numerals.count(counts.size - n)} more not shown" else ""
            text("${counts.size} categories${if (column.isOrdered) " in order" else ""}$hidden")
        }
    }

    /** Middle value; the mean of the two middle ones when their number is even. Reorders [values]. */
    fun median(values: DoubleArray): Double {
        val k = values.size / 2
        val upper = select(values, k)
        return if (values.size % 2 == 1) upper else (upper + (0 until k).maxOf { values[it] }) / 2
    }

    /** Puts the value of rank [k] in its place, nothing larger before it. */
    private fun select(values: DoubleArray, k: Int): Double {
        var low = 0
        var high = values.lastIndex
        while (low < high) {
            val pivot = values[(low + high) ushr 1]
            var i = low
            var j = high
            while (i <= j) {
                while (values[i] < pivot) i++
                while (values[j] > pivot) j--
                if (i <= j) {
                    val swap = values[i]
                    values[i++] = values[j]
                    values[j--] = swap
                }
            }
            when {
                k <= j -> high = j
                k >= i -> low = i
                else -> return values[k]
            }
        }
        return values[k]
    }
}
