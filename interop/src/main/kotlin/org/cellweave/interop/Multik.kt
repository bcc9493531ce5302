package org.cellweave.interop

import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.jetbrains.kotlinx.multik.ndarray.data.D2
import org.jetbrains.kotlinx.multik.ndarray.data.D2Array
import org.jetbrains.kotlinx.multik.ndarray.data.MemoryViewFloatArray

/** Placeholder. */
public fun Matrix.toMultik(): D2Array<Float> {
    val dense = this as DenseMatrix
    return D2Array(MemoryViewFloatArray(dense.floatData()), 0, intArrayOf(dense.nRows(), dense.nCols()), dim = D2)
}
