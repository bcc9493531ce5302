package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.NearestNeighbors

/** A grouping of which every cell has a level. */
internal fun AnnData.completeGroups(key: String, argument: String): CategoricalColumn {
    val column = groups(key, argument)
    val missing = column.codes().indexOfFirst { it < 0 }
    require(missing < 0) {
        "obs['$key'] is missing for cell '${obsNames[missing]}' and perhaps others; " +
            "give every cell a level, or subset to the cells that have one"
    }
    return column
}

internal fun AnnData.denseEmbedding(key: String): DenseMatrix = embedding(key).toDense()

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
