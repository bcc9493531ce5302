package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.NearestNeighbors

internal fun nearest(x: DenseMatrix, nNeighbors: Int, seed: Long): NearestNeighbors.Result =
    withProgress {
        val params =
            NearestNeighbors.Params
                .builder()
                .nNeighbors(fittingNeighbors(nNeighbors, x.nRows()))
                .seed(seed)
                .build()
        NearestNeighbors.run(x, params, it)
    }

/** UMAP's connectivities of an embedding. */
internal fun fuzzyGraph(x: DenseMatrix, nNeighbors: Int, seed: Long): CsrMatrix =
    FuzzyGraph.run(nearest(x, nNeighbors, seed))

/** A table of one number per name and column. */
internal fun numberTable(index: List<String>, vararg columns: Pair<String, DoubleArray>): DataFrame {
    val out = DataFrame.ofNames(*index.toTypedArray())
    columns.forEach { (name, values) -> out.set(name, NumericColumn.of(*values)) }
    return out
}
