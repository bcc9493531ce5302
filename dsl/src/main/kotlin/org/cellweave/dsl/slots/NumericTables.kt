package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.NonFiniteException
import org.cellweave.util.RefusedRowException
import org.cellweave.util.RefusedValueException

/** Columns of numbers with their names, and what messages call the place that they are from. */
internal class NumericTable(
    val slot: String,
    val names: List<String>,
    val values: Matrix,
)

/** `obsm[key]`, a matrix or a table; columns of a matrix are called by the key and their number. */
internal fun AnnData.numericObsm(key: String): NumericTable {
    val found = obsm.find(key) ?: throw MissingKeyException("obsm", key, obsm.keys, remedy(key, "obsm"))
    return if (found is DataFrame) {
        found.numericColumns("obsm['$key']", found.keys.toList())
    } else {
        val matrix = obsm.matrix(key, "")
        NumericTable("obsm['$key']", List(matrix.nCols()) { "$key:$it" }, matrix)
    }
}

/** Columns of `obs`. */
internal fun AnnData.numericObs(keys: List<String>): NumericTable {
    requireColumns(obs, "obs", keys)
    return obs.numericColumns("obs", keys)
}

internal fun DataFrame.numericColumns(slot: String, names: List<String>): NumericTable {
    val out = DenseMatrix.zeros(nRows(), names.size, DType.FLOAT64)
    names.forEachIndexed { j, name ->
        val column = get(name)
        require(column is NumericColumn || column is BooleanColumn) {
            "columns of $slot must be numbers here, but '$name' is ${column.dtypeName()}. Leave it out, or turn it " +
                "into numbers first"
        }
        column.toDoubles().forEachIndexed { i, value -> out.set(i, j, value) }
    }
    return NumericTable(slot, names, out)
}

/** Columns of [values] under [names], with a row for each of [rows]. */
internal fun tableOf(rows: List<String>, names: List<String>, values: DenseMatrix): DataFrame {
    val table = DataFrame.ofNames(*rows.toTypedArray())
    names.forEachIndexed { j, name -> table.set(name, NumericColumn.of(*values.column(j))) }
    return table
}

/**
 * Runs [body], which reads the rows of [slot]; a value that it refuses is told by the names of row and column.
 *
 * @param rows the clones that it reads, where these are not all
 */
internal inline fun <T> AnnData.namingClone(
    verb: String,
    slot: String,
    columns: List<String>,
    rows: IntArray? = null,
    body: () -> T,
): T =
    try {
        body()
    } catch (e: RefusedValueException) {
        throw named(e, verb, slot, columns, rows)
    } catch (e: RefusedRowException) {
        throw named(e, rows)
    }

internal fun AnnData.named(refused: RefusedRowException, rows: IntArray?): IllegalArgumentException {
    if (refused.nRows() != (rows?.size ?: nObs)) return refused
    val names = refused.rows().map { "'${obsNames[rows?.get(it) ?: it]}'" }
    return IllegalArgumentException(refused.calling(names.joinToString(" and ")), refused)
}

internal fun AnnData.named(
    refused: RefusedValueException,
    verb: String,
    slot: String,
    columns: List<String>,
    rows: IntArray?,
): IllegalArgumentException {
    val place = "'${obsNames[rows?.get(refused.row()) ?: refused.row()]}', '${columns[refused.column()]}'"
    val said = RefusedValueException.place(refused.row(), refused.column())
    val message =
        if (refused is NonFiniteException) {
            "$verb needs finite values, but $place of $slot is ${refused.value()}. Remove or replace such values first"
        } else {
            refused.message!!.replaceFirst(said, "for $place")
        }
    return IllegalArgumentException(message, refused)
}

/** The table's columns, all of numbers, as a matrix. */
internal fun DataFrame.numericMatrix(slot: String): Matrix = numericColumns(slot, keys.toList()).values
