package org.cellweave.dsl

import org.cellweave.data.AxisSlots
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException

/**
 * Expression with the names of its cells and genes; printing it shows the first of both. It can be put in `layers` and
 * `obsm` as it is.
 *
 * @property cells names of the rows
 * @property genes names of the columns
 * @property x the numbers alone: cells by genes
 */
public class ExpressionTable internal constructor(
    public val cells: List<String>,
    public val genes: List<String>,
    public val x: DenseMatrix,
) {
    /** The expression of one gene, cell by cell. */
    public operator fun get(gene: String): DoubleArray = x.column(at(genes, "genes", gene))

    public operator fun get(cell: String, gene: String): Double =
        x.get(at(cells, "cells", cell), at(genes, "genes", gene))

    public operator fun get(i: Int, j: Int): Double = x.get(i, j)

    /** A row per cell, a column per gene. */
    public fun toDataFrame(): DataFrame = table(cells.size, genes.size)

    public fun toFloat32(): DenseMatrix = x.toFloat32()

    public fun nRows(): Int = x.nRows()

    public fun nCols(): Int = x.nCols()

    public fun shape(): String = x.shape()

    public fun rowSums(): DoubleArray = x.rowSums()

    public fun colSums(): DoubleArray = x.colSums()

    override fun toString(): String =
        "${cells.size} cells x ${genes.size} genes, the first of them:\n" +
            table(minOf(cells.size, SHOWN), minOf(genes.size, SHOWN)).toString().substringBeforeLast("\n\n")

    private fun table(rows: Int, cols: Int): DataFrame {
        val index = StringColumn.of(*cells.take(rows).toTypedArray())
        return DataFrame("normalized_expression", index, null).also { table ->
            for (g in 0 until cols) {
                table.set(genes[g], NumericColumn.of(*DoubleArray(rows) { x.get(it, g) }))
            }
        }
    }

    private fun at(names: List<String>, what: String, name: String): Int =
        names.indexOf(name).also { if (it < 0) throw MissingKeyException(what, name, names, "") }

    private companion object {
        const val SHOWN = 10
    }
}

/** The numbers of a table, as `layers["decoded"] = model.getNormalizedExpression()`. */
public operator fun AxisSlots<in DenseMatrix>.set(key: String, table: ExpressionTable): Unit = set(key, table.x)
