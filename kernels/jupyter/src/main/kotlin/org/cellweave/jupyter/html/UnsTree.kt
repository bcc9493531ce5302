package org.cellweave.jupyter.html

import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray

/** Nested maps that unfold; scalars in full, arrays by shape, type and first values. */
internal class UnsTree(private val limit: Int) {
    fun write(html: Html, map: Map<*, *>, depth: Int = 0) {
        html.upTo(limit, map.entries, { element("div", "cw-row cw-m") { text(it) } }) { (key, value) ->
            entry(this, key.toString(), value, depth)
        }
    }

    private fun entry(html: Html, key: String, value: Any?, depth: Int) {
        when {
            value is Map<*, *> && depth < DEPTH && value.isNotEmpty() -> {
                html.fold(false, { line(this, key, keys(value)) }) { write(this, value, depth + 1) }
            }
            value is Map<*, *> -> html.element("div", "cw-row") { line(this, key, keys(value)) }
            value is RecordArray -> html.fold(false, { line(this, key, facts(value)) }) { fields(this, value) }
            value is DataFrame -> html.fold(false, { line(this, key, facts(value)) }) { columns(this, value) }
            else -> html.element("div", "cw-row") { leaf(this, key, value) }
        }
    }

    private fun keys(map: Map<*, *>): String = Numerals.counted(map.size, "key")

    private fun facts(value: Any): String = Facts.of(value)!!.line()

    private fun line(html: Html, key: String, facts: String) {
        html.cut(key, KEY, "cw-v").raw(" ").element("span", "cw-m") { text(facts) }
    }

    private fun leaf(html: Html, key: String, value: Any?) {
        val facts = Facts.of(value)
        if (facts == null) {
            html.cut(key, KEY, "cw-v").raw(" ").cut(scalar(value), VALUE, "cw-m")
            return
        }
        line(html, key, facts.line())
        val first = firstValues(value)
        if (first.isEmpty()) return
        html.raw(" ").element("span", "cw-v cw-first") {
            first.forEachIndexed { i, text ->
                if (i > 0) text(", ")
                if (COLOR.matches(text)) swatch(this, text)
                cut(text, ITEM)
            }
            if (hasMore(value)) text(", " + TableHtml.ELLIPSIS)
        }
    }

    private fun fields(html: Html, records: RecordArray) {
        html.upTo(limit, records.fields().entries, { element("div", "cw-row cw-m") { text(it) } }) { (name, values) ->
            element("div", "cw-row") { leaf(this, name, values) }
        }
    }

    private fun columns(html: Html, table: DataFrame) {
        html.upTo(limit, table.keys, { element("div", "cw-row cw-m") { text(it) } }) { key ->
            element("div", "cw-row") { line(this, key, table.get(key).dtypeName()) }
        }
    }

    private fun scalar(value: Any?): String =
        when (value) {
            null -> "None"
            is String -> "'$value'"
            is Boolean -> if (value) "True" else "False"
            is Number -> value.toString()
            else -> runCatching { value.toString() }.getOrElse { "a ${value.javaClass.simpleName}" }
        }

    private fun hasMore(value: Any?): Boolean =
        when (value) {
            is NdArray -> value.size() > FIRST
            is Array<*> -> value.size > FIRST
            is Collection<*> -> value.size > FIRST
            is DoubleArray -> value.size > FIRST
            is FloatArray -> value.size > FIRST
            is LongArray -> value.size > FIRST
            is IntArray -> value.size > FIRST
            is BooleanArray -> value.size > FIRST
            else -> false
        }

    private fun firstValues(value: Any?): List<String> =
        when (value) {
            is NdArray -> if (value.nDims() > 1) emptyList() else arrayTexts(value, firstOf(value.size()))
            is Array<*> -> value.take(FIRST).map(::scalarOrKind)
            is Collection<*> -> value.take(FIRST).map(::scalarOrKind)
            is DoubleArray -> Numerals.column(value.copyOf(minOf(FIRST, value.size)))
            is FloatArray -> Numerals.column(firstOf(value.size).map { value[it].toDouble() }.toDoubleArray(), true)
            is LongArray -> value.take(FIRST).map { it.toString() }
            is IntArray -> value.take(FIRST).map { it.toString() }
            is BooleanArray -> value.take(FIRST).map(::scalar)
            else -> emptyList()
        }

    private fun firstOf(size: Int) = IntArray(minOf(FIRST, size)) { it }

    private fun scalarOrKind(value: Any?): String =
        when {
            value is String -> value
            value is Map<*, *> || Facts.of(value) != null -> "{\u2026}"
            else -> scalar(value)
        }

    private companion object {
        const val DEPTH = 6
        const val KEY = 40
        const val VALUE = 80
        const val ITEM = 30
        const val FIRST = 8
        val COLOR = Regex("#[0-9a-fA-F]{6,8}")
    }
}
