package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix
import org.cellweave.util.NonFiniteException
import org.cellweave.util.Progress

/**
 * Runs the method of [verb] on [source] with the progress display of the place; when it refuses a value that is not
 * finite, says in which cell and gene it is. An interrupt ends the method before anything is written.
 */
internal fun <R> AnnData.running(verb: String, source: Source, method: (Progress) -> R): R =
    namingCulprit(verb, source) { withProgress(method) }

/** Runs [body], which reads [source]; when it refuses a value that is not finite, says in which cell and gene it is. */
internal inline fun <T> AnnData.namingCulprit(verb: String, source: Source, body: () -> T): T =
    try {
        body()
    } catch (e: NonFiniteException) {
        throw culprit(verb, source, e)
    }

/**
 * The method may have read a part of the matrix, so that the whole is searched; a value that is finite but too large
 * stands where the method says. [cause] where nothing is found.
 */
internal fun AnnData.culprit(verb: String, source: Source, cause: NonFiniteException): IllegalArgumentException {
    val x = source.x
    if (x.nRows() != nObs) return cause
    val place = cause.placeIn(x) ?: Finite.first(x) ?: return tooLarge(source, cause)
    return IllegalArgumentException(
        "$verb needs finite values, but ${cell(source, place.row(), place.col())} is ${place.value()}. " +
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
private fun AnnData.tooLarge(source: Source, cause: NonFiniteException): IllegalArgumentException {
    val (row, column) = cause.row() to cause.column()
    val said = "${cause.name()}[$row, $column]"
    val stands = column in 0 until source.x.nCols() && source.x.get(row, column) == cause.value()
    if (!stands || said !in cause.message.orEmpty()) return cause
    return IllegalArgumentException(cause.message!!.replaceFirst(said, cell(source, row, column)), cause)
}

private fun AnnData.cell(source: Source, row: Int, column: Int): String {
    val where = if (source.x.nCols() == nVars) "gene '${varNames[column]}'" else "column $column"
    return "cell '${obsNames[row]}' (row $row), $where of ${source.slot}"
}
