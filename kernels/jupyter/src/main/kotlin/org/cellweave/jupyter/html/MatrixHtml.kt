package org.cellweave.jupyter.html

import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import java.util.Locale

/** A matrix: what it is, and its corners. */
internal object MatrixHtml {
    private const val MOST = 12
    private const val EACH = 5
    private const val GAP = 2

    fun of(matrix: Matrix): String =
        Html.output {
            element("div", "") {
                element("span", "cw-title") { text("${name(matrix)} matrix") }
                element("span", "cw-m") { text("  " + facts(matrix)) }
            }
            if (matrix.nRows() > 0 && matrix.nCols() > 0) write(this, matrix)
        }

    /** The same as text. */
    fun text(matrix: Matrix): String {
        val rows = Ends(matrix.nRows(), MOST, EACH)
        val cols = Ends(matrix.nCols(), MOST, EACH)
        val out = StringBuilder("${name(matrix)} matrix  ${facts(matrix)}")
        if (rows.at.isEmpty() || cols.at.isEmpty()) return out.toString()
        val columns = cols.at.map { cells(matrix, rows.at, it) }.toMutableList()
        if (cols.gap >= 0) columns.add(cols.gap, List(rows.at.size) { "..." })
        val widths = columns.map { cells -> cells.maxOf { it.length } }
        rows.at.indices.forEach { r ->
            if (r == rows.gap) out.append('\n').append(widths.joinToString(" ".repeat(GAP)) { "...".padStart(it) })
            out.append('\n')
            out.append(columns.indices.joinToString(" ".repeat(GAP)) { columns[it][r].padStart(widths[it]) })
        }
        return out.toString()
    }

    /** `CSR`, `CSC` or `dense`. */
    fun kind(matrix: Matrix): String =
        when (matrix) {
            is CsrMatrix -> "CSR"
            is CscMatrix -> "CSC"
            is DenseMatrix -> "dense"
        }

    /** Stored values and their share, for sparse matrices; empty for others. */
    fun stored(matrix: Matrix): String {
        if (!matrix.isSparse) return ""
        val all = matrix.nRows().toLong() * matrix.nCols()
        return "${Numerals.count(matrix.nnz())} stored (${Numerals.percent(matrix.nnz(), all)})"
    }

    private fun name(matrix: Matrix): String = kind(matrix).replaceFirstChar { it.uppercase(Locale.ROOT) }

    private fun facts(matrix: Matrix): String =
        listOf(
            "${matrix.nRows()} \u00D7 ${matrix.nCols()}",
            matrix.dtype().numpyName(),
            stored(matrix),
            Numerals.bytes(Memory().of(matrix)),
        ).filter { it.isNotEmpty() }.joinToString(" \u00B7 ")

    private fun write(html: Html, matrix: Matrix) {
        val rows = Ends(matrix.nRows(), MOST, EACH)
        val cols = Ends(matrix.nCols(), MOST, EACH)
        val shown = cols.at.map { j -> Shown(j.toString(), "", true, cells(matrix, rows.at, j)) }
        TableHtml(shown, cols.gap, rows.gap).write(html, "", "", rows.at.map { it.toString() })
    }

    private fun cells(matrix: Matrix, rows: IntArray, j: Int): List<String> {
        val values = DoubleArray(rows.size) { matrix.get(rows[it], j) }
        val type = matrix.dtype()
        val texts =
            when {
                type == DType.BOOL -> values.map { if (it != 0.0) "True" else "False" }
                type.isInteger -> values.map { String.format(Locale.ROOT, "%.0f", it) }
                matrix.isSparse -> sparseTexts(values, type)
                else -> Numerals.column(values, type.bytes() <= Float.SIZE_BYTES)
            }
        return if (matrix.isSparse) texts.mapIndexed { i, t -> if (values[i] == 0.0) TableHtml.ZERO else t } else texts
    }

    private fun sparseTexts(values: DoubleArray, type: DType): List<String> =
        Numerals.column(values, type.bytes() <= Float.SIZE_BYTES)
}
