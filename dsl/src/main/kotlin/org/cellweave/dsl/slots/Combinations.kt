package org.cellweave.dsl.slots

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn

/** Combinations of the categories of some columns that occur, in the categories' order. */
internal class Combinations(
    table: DataFrame,
    private val by: List<String>,
    slot: String,
) {
    private val columns: List<CategoricalColumn> =
        by.also { requireColumns(table, slot, it) }.map { table.get(it).toLabels().removeUnused() }
    private val used: List<List<Int>>
    val names: List<String>

    /** Combination of every row, -1 where a column is missing. */
    val codes: IntArray

    init {
        val rows = List(table.nRows()) { i -> columns.map { it.codes()[i] } }
        val order = Comparator<List<Int>> { a, b ->
            a.indices.map { a[it].compareTo(b[it]) }.firstOrNull { it != 0 }
                ?: 0
        }
        used = rows.filter { row -> row.all { it >= 0 } }.distinct().sortedWith(order)
        val position = used.withIndex().associate { (i, row) -> row to i }
        names = used.map { row -> row.indices.joinToString("_") { columns[it].categoryNames()[row[it]] } }
        codes = IntArray(rows.size) { position[rows[it]] ?: -1 }
    }

    fun table(): DataFrame {
        val out = DataFrame("obs", StringColumn.of(*names.toTypedArray()), null)
        by.forEachIndexed { c, key ->
            val codes = IntArray(used.size) { used[it][c] }
            out.set(key, CategoricalColumn(codes, columns[c].categories(), columns[c].isOrdered))
        }
        return out
    }
}
