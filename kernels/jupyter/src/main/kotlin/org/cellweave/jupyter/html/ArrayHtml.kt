package org.cellweave.jupyter.html

import org.cellweave.data.AxisSlots
import org.cellweave.data.NdArray
import org.cellweave.data.Raw
import org.cellweave.data.RecordArray

/** What slots and uns hold besides matrices, tables and columns. */
internal object ArrayHtml {
    private const val MOST_ROWS = 30
    private const val ROWS = 10
    private const val MOST_COLUMNS = 12
    private const val COLUMNS = 5
    private const val MOST_FIELDS = 60
    private const val FIELDS = 30
    private const val SLOT_BYTES = 60_000

    /** One or two dimensions as a table, of more only shape and type. */
    fun of(array: NdArray): String =
        Html.output {
            title(this, "Array", Facts.of(array)!!.line(Numerals.bytes(Memory().of(array))))
            if (array.nDims() in 0..2 && array.size() > 0) write(this, array)
        }

    private fun write(html: Html, array: NdArray) {
        val shape = array.shape()
        val width = if (shape.size == 2) shape[1] else 1
        val rows = Ends(if (shape.isEmpty()) 1 else shape[0], MOST_ROWS, ROWS)
        val columns = Ends(width, MOST_COLUMNS, COLUMNS)
        val shown =
            columns.at.map { j ->
                val at = IntArray(rows.at.size) { rows.at[it] * width + j }
                Shown(if (shape.size == 2) j.toString() else "value", "", !array.isText, arrayTexts(array, at))
            }
        TableHtml(shown, columns.gap, rows.gap).write(html, "", "", rows.at.map { it.toString() })
    }

    /** A field per column, first and last ten rows. */
    fun of(records: RecordArray): String =
        Html.output {
            title(this, "Record array", Facts.of(records)!!.line())
            val rows = Ends(records.length(), MOST_ROWS, ROWS)
            val names = records.fields().keys.toList()
            val fields = Ends(names.size, MOST_FIELDS, FIELDS)
            val shown =
                fields.at.map {
                    val values = records.get(names[it])
                    Shown(names[it], Facts.of(values)!!.type, !values.isText, arrayTexts(values, rows.at))
                }
            TableHtml(shown, fields.gap, rows.gap).write(this, "", "", rows.at.map { it.toString() })
        }

    /** The keys of a slot with kind, shape, type and bytes. */
    fun of(slots: AxisSlots<*>): String =
        Html.output {
            title(this, slots.toString().substringBefore(' '), Numerals.counted(slots.size, "key"))
            if (slots.isEmpty) return@output
            val titles = listOf("key", "kind", "shape", "dtype", "stored", "memory")
            plainTable(titles) {
                upTo(SLOT_BYTES, slots.keys, { moreRow(it, titles.size) }) { key ->
                    val value = slots.get(key)
                    val facts = Facts.of(value) ?: Facts("", value.described(), "")
                    val texts = listOf(facts.kind, facts.shape, facts.type, facts.stored)
                    element("tr", "") {
                        element("th", "") { cut(key) }
                        texts.forEach { element("td", "") { text(it) } }
                        element("td", "cw-n") { text(Numerals.bytes(Memory().of(value))) }
                    }
                }
            }
        }

    private fun title(html: Html, name: String, facts: String) {
        html.element("div", "") {
            element("span", "cw-title") { text(name) }
            element("span", "cw-m") { text("  $facts") }
        }
    }

    /** The snapshot as text. */
    fun text(raw: Raw): String =
        "Raw with n_obs \u00D7 n_vars = ${raw.x.nRows()} \u00D7 ${raw.nVars}\n" +
            "    X: ${raw.x.describe()}\n    var: ${raw.`var`.keys.joinToString()}\n" +
            "    varm: ${raw.varm.keys.joinToString()}"

    fun of(raw: Raw): String = Html.output { AnnDataHtml.raw(this, raw, raw.x.nRows(), open = true) }
}
