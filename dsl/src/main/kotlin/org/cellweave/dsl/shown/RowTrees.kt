package org.cellweave.dsl.shown

import org.cellweave.cluster.Linkage
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.util.Parallel
import kotlin.math.sqrt

/** Clusters the rows of a table by average or another linkage of their distances. */
internal object RowTrees {
    /** Pairwise distances take memory and time with the square of this. */
    private const val MOST = 4000
    private const val BLOCK = 32

    fun checked(n: Int, what: String) {
        require(n in 2..MOST) { "clustermap needs 2 to $MOST $what, got $n; subset the object first" }
    }

    fun of(rows: Array<DoubleArray>, method: Linkage.Method): Dendrogram {
        val distances = Array(rows.size) { DoubleArray(rows.size) }
        Parallel.forRange(rows.size, BLOCK) { from, to ->
            for (i in from until to) {
                for (j in 0 until i) {
                    distances[i][j] = euclidean(rows[i], rows[j])
                }
            }
        }
        for (i in rows.indices) {
            for (j in 0 until i) distances[j][i] = distances[i][j]
        }
        return Dendrogram(
            emptyList(),
            Linkage
                .run(distances, method)
                .map { doubleArrayOf(it.left().toDouble(), it.right().toDouble(), it.height()) }
                .toTypedArray(),
            null,
        )
    }

    private fun euclidean(a: DoubleArray, b: DoubleArray): Double {
        var sum = 0.0
        for (k in a.indices) {
            val d = a[k] - b[k]
            sum += d * d
        }
        return sqrt(sum)
    }
}
