package org.cellweave.jupyter.html

import org.cellweave.data.AnnData
import org.cellweave.data.AxisSlots
import org.cellweave.data.BackedMatrix
import org.cellweave.data.DataFrame
import org.cellweave.data.Raw
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix

/**
 * An object at a glance: one line per slot with its keys, which unfolds.
 *
 * Values of matrices are never read, a view selects nothing, a file stays closed; the time goes into counting in obs
 * and var, which has a bound.
 */
internal object AnnDataHtml {
    private const val OBS_BYTES = 45_000
    private const val VAR_BYTES = 30_000
    private const val SLOT_BYTES = 9_000
    private const val UNS_BYTES = 40_000
    private const val KEY = 40

    fun of(adata: AnnData): String = Html.output { write(this, adata, "AnnData object", open = true) }

    /** One object of a page, called [title]. */
    fun write(html: Html, adata: AnnData, title: String, open: Boolean) {
        html.fold(open, { header(this, adata, title, total(adata)) }) {
            x(this, adata)
            annotation(this, adata, adata.obs, adata.`var`)
            adata.peekRaw()?.let { raw(this, it, adata.nObs) }
        }
    }

    /** Everything but `X` and the snapshot, with these tables as `obs` and `var`. */
    fun annotation(html: Html, adata: AnnData, obs: DataFrame, vars: DataFrame) {
        table(html, "obs", obs, adata.uns, OBS_BYTES)
        table(html, "var", vars, adata.uns, VAR_BYTES)
        uns(html, adata.uns)
        slot(html, "obsm", adata.obsm, adata.nObs, null)
        slot(html, "varm", adata.varm, adata.nVars, null)
        slot(html, "layers", adata.layers, adata.nObs, adata.nVars)
        slot(html, "obsp", adata.obsp, adata.nObs, adata.nObs)
        slot(html, "varp", adata.varp, adata.nVars, adata.nVars)
    }

    private fun header(html: Html, adata: AnnData, title: String, bytes: Long) {
        html.element("span", "cw-title") { text("$title: ${adata.nObs} \u00D7 ${adata.nVars}") }
        html.raw(" ").element("span", "cw-m") { text("n_obs \u00D7 n_vars") }
        if (adata.isView) html.element("span", "cw-badge") { text("view") }
        if (adata.isBacked) html.element("span", "cw-badge") { text("backed") }
        html.raw("<span class=\"cw-badge\" title=\"shared arrays counted once, text estimated\">")
        html.text(Numerals.bytes(bytes) + " in memory").raw("</span>")
    }

    /** Without what a view still shares with the object it was selected from. */
    private fun total(adata: AnnData): Long {
        val memory = Memory()
        val cells = adata.nObs
        val genes = adata.nVars
        return held(memory, adata.peekX(), cells, genes) +
            memory.of(adata.obs) +
            memory.of(adata.`var`) +
            held(memory, adata.layers, cells, genes) +
            held(memory, adata.obsm, cells, null) +
            held(memory, adata.varm, genes, null) +
            held(memory, adata.obsp, cells, cells) +
            held(memory, adata.varp, genes, genes) +
            memory.of(adata.uns) +
            (adata.peekRaw()?.let { held(memory, it, cells) } ?: 0)
    }

    private fun held(memory: Memory, raw: Raw, cells: Int): Long =
        held(memory, raw.x, cells, null) + memory.of(raw.`var`) + held(memory, raw.varm, raw.nVars, null)

    private fun held(memory: Memory, slots: AxisSlots<out AxisArray>, rows: Int, cols: Int?): Long =
        slots.keys.sumOf { held(memory, slots.peek(it), rows, cols) }

    private fun held(memory: Memory, entry: AxisArray?, rows: Int, cols: Int?): Long =
        if (entry == null || Facts.isPending(entry, rows, cols)) 0 else memory.of(entry)

    private fun x(html: Html, adata: AnnData) {
        html.element("div", "cw-row") {
            val backed = adata.backed
            val matrix = adata.peekX()
            when {
                backed != null -> file(this, backed, adata)
                matrix == null -> slotLine("X", "none")
                else -> slotLine("X", matrixLine(matrix, adata.nObs, adata.nVars))
            }
        }
    }

    private fun file(html: Html, backed: BackedMatrix, adata: AnnData) {
        val kind = if (backed.isSparse) "sparse" else "dense"
        val shape = "${adata.nObs} \u00D7 ${adata.nVars}"
        html.slotLine("X", "$kind \u00B7 $shape \u00B7 ${backed.dtype().numpyName()} \u00B7 in ")
        html.cut(backed.file().toString(), cssClass = "cw-v")
    }

    private fun matrixLine(matrix: Matrix, rows: Int, cols: Int): String =
        Facts.ofEntry(matrix, rows, cols).line(bytes(matrix, rows, cols))

    private fun bytes(entry: AxisArray, rows: Int, cols: Int?): String =
        if (Facts.isPending(entry, rows, cols)) "" else Numerals.bytes(Memory().of(entry))

    private fun table(html: Html, name: String, table: DataFrame, uns: Map<String, Any?>, bytes: Int) {
        val facts = Numerals.counted(table.nCols(), "column") + ", " + Numerals.bytes(Memory().of(table))
        html.fold(false, { slotLine(name, facts, table.keys) }) {
            ColumnTable(uns).write(this, table, size + bytes)
        }
    }

    private fun uns(html: Html, uns: Map<String, Any?>) {
        if (uns.isEmpty()) return
        html.fold(false, { slotLine("uns", Numerals.counted(uns.size, "key"), uns.keys) }) {
            UnsTree(size + UNS_BYTES).write(this, uns)
        }
    }

    private fun slot(html: Html, name: String, slots: AxisSlots<out AxisArray>, rows: Int, cols: Int?) {
        if (slots.isEmpty) return
        html.fold(false, { slotLine(name, Numerals.counted(slots.size, "key"), slots.keys) }) {
            val titles = listOf("key", "kind", "shape", "dtype", "stored", "memory")
            plainTable(titles) {
                upTo(size + SLOT_BYTES, slots.keys, { moreRow(it, titles.size) }) { key ->
                    element("tr", "") { entry(this, key, slots.peek(key)!!, rows, cols) }
                }
            }
        }
    }

    private fun entry(html: Html, key: String, value: AxisArray, rows: Int, cols: Int?) {
        val facts = Facts.ofEntry(value, rows, cols)
        html.element("th", "") { cut(key, KEY) }
        listOf(facts.kind, facts.shape, facts.type, facts.stored).forEach { html.element("td", "") { text(it) } }
        html.element("td", "cw-n") { text(bytes(value, rows, cols)) }
    }

    /** The snapshot; [rows] is how many it has in a view. */
    fun raw(html: Html, raw: Raw, rows: Int, open: Boolean = false) {
        val x: Matrix = raw.x
        html.fold(open, { slotLine("raw", "$rows \u00D7 ${raw.nVars}") }) {
            element("div", "cw-row") { slotLine("X", matrixLine(x, rows, raw.nVars)) }
            table(this, "var", raw.`var`, emptyMap(), SLOT_BYTES)
            slot(this, "varm", raw.varm, raw.nVars, null)
        }
    }
}
