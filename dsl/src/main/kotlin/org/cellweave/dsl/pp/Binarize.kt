package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.float32Matrix
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.Binarize

/**
 * Makes every value that is not zero 1. See [Binarize].
 *
 * Reads and writes `X` (or [layer]), converting other types to float32.
 */
public fun Preprocessing.binarize(
    adata: AnnData,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    Binarize.check(target.source(layer).x)
    Binarize.run(target.float32Matrix(layer))
    return target
}
