package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changingRows
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.changeable
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Sqrt

/**
 * Takes the square root of every value, in place. See [Sqrt].
 *
 * Reads and writes `X`, converting other types to float32; rows that stay in a file are changed as they are read.
 *
 * @param chunked accepted as in scanpy; like [chunkSize] it changes nothing, because no copy of the values is made
 */
public fun Preprocessing.sqrt(
    adata: AnnData,
    copy: Boolean = false,
    chunked: Boolean = false,
    chunkSize: Int? = null,
): AnnData {
    requireChunk(chunkSize)
    val target = adata.target(copy)
    target.changingRows("sqrt", null) { Sqrt.run(it) to Unit }
    return target
}

/**
 * Takes the square root of the values of a matrix, in place unless [copy] is true or they are integers. Reads and
 * writes [x]; the matrix that holds the roots is returned.
 */
public fun Preprocessing.sqrt(
    x: Matrix,
    copy: Boolean = false,
): Matrix = Sqrt.run(x.changeable(copy))
