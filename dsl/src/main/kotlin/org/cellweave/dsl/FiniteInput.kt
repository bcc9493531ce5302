package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix

/**
 * Runs [body], which reads [x]; when it refuses a value that is not finite, says in which cell and gene it is.
 *
 * @param slot where [x] lies, for the message
 */
internal inline fun <T> AnnData.namingCulprit(step: String, slot: String, x: Matrix, body: () -> T): T =
    try {
        body()
    } catch (e: IllegalArgumentException) {
        throw culprit(step, slot, x, e) ?: e
    }

/** The slot that [matrixOf] reads, as it is written in messages. */
internal fun slotName(layer: String?, obsm: String? = null): String =
    if (obsm != null) {
        "obsm['$obsm']"
    } else if (layer != null) {
        "layers['$layer']"
    } else {
        "X"
    }

private val ABOUT_FINITE = Regex("finite|NaN|infinit", RegexOption.IGNORE_CASE)

internal fun AnnData.culprit(
    step: String,
    slot: String,
    x: Matrix,
    cause: IllegalArgumentException,
): IllegalArgumentException? {
    if (!ABOUT_FINITE.containsMatchIn(cause.message ?: "") || x.nRows() != nObs) {
        return null
    }
    val place = Finite.first(x) ?: return null
    val column = if (x.nCols() == nVars) "gene '${varNames[place.col()]}'" else "column ${place.col()}"
    return IllegalArgumentException(
        "$step needs finite values, but cell '${obsNames[place.row()]}' (row ${place.row()}), $column of $slot is " +
            "${place.value()}. Remove or replace NaN and infinite values first",
        cause,
    )
}
