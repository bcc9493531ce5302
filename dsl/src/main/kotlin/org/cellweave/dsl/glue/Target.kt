package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.data.MuData

/** The object a verb works on: a copy when asked for. */
internal fun AnnData.target(copy: Boolean): AnnData = if (copy) copy() else this

/** As [AnnData.target], with all modalities. */
internal fun MuData.target(copy: Boolean): MuData = if (copy) copy() else this

/**
 * Takes several steps, [body], on a copy: returned when [copy] is asked for, or else what this object becomes after the
 * last step. When one of them fails, this object is as it was.
 */
internal inline fun AnnData.allOrNothing(copy: Boolean, body: (AnnData) -> Unit): AnnData {
    val work = copy()
    body(work)
    if (copy) return work
    replaceWith(work)
    return this
}
