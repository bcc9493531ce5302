package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.preprocess.Sqrt

/**
 * Takes the square root of every value, in place. See [Sqrt].
 *
 * Reads and writes `X`, converting other types to float32.
 */
public fun Preprocessing.sqrt(
    adata: AnnData,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    Sqrt.run(target.float32Matrix(null))
    return target
}
