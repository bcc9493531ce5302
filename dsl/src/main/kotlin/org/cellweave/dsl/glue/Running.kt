package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix
import org.cellweave.util.NonFiniteException
import org.cellweave.util.Progress
import org.cellweave.util.RefusedRowException
import org.cellweave.util.RefusedValueException

/**
 * Runs the method of [verb] on [source] with the progress display of the place; when it refuses a value that is not
 * finite or a row, says in which cell and gene it is. An interrupt ends the method before anything is written.
 *
 * @param row what a row of this object is: a cell, or a clone
 */
internal fun <R> AnnData.running(verb: String, source: Source, row: String = "cell", method: (Progress) -> R): R =
    namingCulprit(verb, source, row) { withProgress(method) }

/**
 * Runs [body], which reads [source]; when it refuses a value or a row, says in which cell and gene it is.
 *
 * @param matrix what [body] calls the matrix of [source] where it refuses a row
 */
internal inline fun <T> AnnData.namingCulprit(
    verb: String,
    source: Source,
    row: String = "cell",
    matrix: String = "x",
    body: () -> T,
): T =
    try {
        body()
    } catch (e: IllegalArgumentException) {
        throw named(e, verb, source, row, matrix)
    }

/** [cause] in the names of this object, as far as it tells of rows. */
internal fun AnnData.named(
    cause: IllegalArgumentException,
    verb: String,
    source: Source,
    row: String,
    matrix: String,
): IllegalArgumentException =
    when (cause) {
        is NonFiniteException -> culprit(verb, source, row, cause)
        is RefusedValueException -> refusedValue(source, row, cause)
        is RefusedRowException -> refusedRow(source, row, matrix, cause)
        else -> cause
    }

private fun AnnData.refusedValue(source: Source, row: String, cause: RefusedValueException): IllegalArgumentException {
    val said = RefusedValueException.place(cause.row(), cause.column())
    val isThere = cause.row() in 0 until nObs && cause.column() in 0 until source.x.nCols()
    if (source.x.nRows() != nObs || !isThere || said !in cause.message.orEmpty()) return cause
    val place = cell(source, row, cause.row(), cause.column())
    return IllegalArgumentException(cause.message!!.replaceFirst(said, "for $place"), cause)
}

private fun AnnData.refusedRow(
    source: Source,
    row: String,
    matrix: String,
    cause: RefusedRowException,
): IllegalArgumentException {
    val isResult = cause.name() == Finite.RESULT
    if (cause.nRows() != nObs || !(isResult || cause.name() == matrix)) return cause
    val rows = cause.rows()
    val names = rows.map { "'${obsNames[it]}'" }.joinToString(" and ")
    val place =
        (if (rows.size == 1) "$row $names (row " else "${row}s $names (rows ") + rows.joinToString(" and ") + ")"
    return IllegalArgumentException(cause.calling(if (isResult) place else "$place of ${source.slot}"), cause)
}

/**
 * The method may have read a part of the matrix, so that the whole is searched; a value that is finite but too large
 * stands where the method says. [cause] where nothing is found.
 */
private fun AnnData.culprit(
    verb: String,
    source: Source,
    row: String,
    cause: NonFiniteException,
): IllegalArgumentException {
    val x = source.x
    if (x.nRows() != nObs) return cause
    val place = cause.placeIn(x) ?: Finite.first(x) ?: return tooLarge(source, row, cause)
    return IllegalArgumentException(
        "$verb needs finite values, but ${cell(source, row, place.row(), place.col())} is ${place.value()}. " +
            "Remove or replace NaN and infinite values first",
        cause,
    )
}

/** Where the method says that it is, unless it read other rows than these. */
private fun NonFiniteException.placeIn(x: Matrix): Finite.Place? {
    val isThere = row() in 0 until x.nRows() && column() in 0 until x.nCols()
    return if (isThere) {
        Finite.Place(row(), column(), x.get(row(), column())).takeIf {
            !it.value().isFinite()
        }
    } else {
        null
    }
}

/** [cause] with the cell in place of the row. */
private fun AnnData.tooLarge(source: Source, row: String, cause: NonFiniteException): IllegalArgumentException {
    val (at, column) = cause.row() to cause.column()
    val said = "${cause.name()}[$at, $column]"
    val stands = column in 0 until source.x.nCols() && source.x.get(at, column) == cause.value()
    if (!stands || said !in cause.message.orEmpty()) return cause
    return IllegalArgumentException(cause.message!!.replaceFirst(said, cell(source, row, at, column)), cause)
}

private fun AnnData.cell(source: Source, row: String, at: Int, column: Int): String =
    "$row '${obsNames[at]}' (row $at), ${source.column(column)} of ${source.slot}"

/** A column as messages call it; of a part of the genes it has but a number. */
private fun Source.column(at: Int): String =
    columns?.takeIf { it.size == x.nCols() }?.let { "gene '${it[at]}'" } ?: "column $at"
