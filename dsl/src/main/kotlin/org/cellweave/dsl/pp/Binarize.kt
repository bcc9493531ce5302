package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changing
import org.cellweave.dsl.glue.target
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
    target.changing("binarize", layer) { Binarize.run(it) }
    return target
}
