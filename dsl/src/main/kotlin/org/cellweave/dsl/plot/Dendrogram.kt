package org.cellweave.dsl.plot

import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException

/** `uns["dendrogram_{groupby}"]`: the order of groups and the tree over them. */
internal class Dendrogram private constructor(
    val order: List<String>,
    private val linkage: Array<DoubleArray>,
    /** Similarities of the groups, in the order of the categories; null in trees that lack them. */
    val correlation: Array<DoubleArray>?,
) {
    /** Segments in units of positions and of the tree's height. */
    fun tree(): Tree {
        val n = linkage.size + 1
        val center = DoubleArray(n + linkage.size)
        val height = DoubleArray(n + linkage.size)
        val size = DoubleArray(n + linkage.size) { if (it < n) 1.0 else 0.0 }
        val position = positions()
        for (leaf in 0 until n) {
            center[leaf] = position[leaf].toDouble()
        }
        val top = linkage.maxOfOrNull { it[2] }?.takeIf { it > 0 } ?: 1.0
        val segments = ArrayList<DoubleArray>()
        for ((k, row) in linkage.withIndex()) {
            val a = row[0].toInt()
            val b = row[1].toInt()
            val joined = n + k
            height[joined] = row[2] / top
            center[joined] = (center[a] + center[b]) / 2
            size[joined] = size[a] + size[b]
            segments += doubleArrayOf(center[a], height[a], center[a], height[joined])
            segments += doubleArrayOf(center[a], height[joined], center[b], height[joined])
            segments += doubleArrayOf(center[b], height[joined], center[b], height[b])
        }
        return Tree(segments)
    }

    /** Leaves from left to right. */
    fun leaves(): IntArray = positions()
        .withIndex()
        .sortedBy { it.value }
        .map { it.index }
        .toIntArray()

    /** Where each leaf stands when the tree is walked from its root, left child first. */
    private fun positions(): IntArray {
        val n = linkage.size + 1
        val out = IntArray(n)
        var next = 0
        val stack = ArrayDeque(listOf(n + linkage.size - 1))
        while (stack.isNotEmpty()) {
            val node = stack.removeLast()
            if (node < n) {
                out[node] = next++
            } else {
                stack += linkage[node - n][1].toInt()
                stack += linkage[node - n][0].toInt()
            }
        }
        return out
    }

    companion object {
        /** The tree of [steps] over leaves without names. */
        fun of(steps: Array<Linkage.Step>): Dendrogram =
            Dendrogram(
                emptyList(),
                Array(steps.size) {
                    val step = steps[it]
                    doubleArrayOf(step.left().toDouble(), step.right().toDouble(), step.height())
                },
                null,
            )

        /** Null when there is none and [required] is false. */
        fun find(adata: AnnData, groupby: String, choice: Any?, required: Boolean): Dendrogram? {
            val key = choice as? String ?: "dendrogram_$groupby"
            val entry = adata.uns[key] as? Map<*, *>
            if (entry == null) {
                if (!required) return null
                throw MissingKeyException(
                    "uns", key, adata.uns.keys, "Run sc.tl.dendrogram(groupby = \"$groupby\") first.",
                )
            }
            val order = textList(entry["categories_ordered"], key)
            val linkage = rows(entry["linkage"], key)
            if (linkage.size != order.size - 1) {
                throw org.cellweave.util.ShapeMismatchException(
                    "uns['$key'] has a tree of ${linkage.size + 1} groups, but categories_ordered lists ${order.size}",
                )
            }
            return Dendrogram(order, linkage, entry["correlation_matrix"]?.let { rows(it, key) })
        }

        private fun textList(value: Any?, key: String): List<String> =
            when (value) {
                is NdArray -> value.texts().asList()
                is Column -> value.texts().asList()
                is Iterable<*> -> value.map { it.toString() }
                is Array<*> -> value.map { it.toString() }
                else -> throw MissingKeyException(
                    "uns['$key']", "categories_ordered", emptyList(), "Run sc.tl.dendrogram() again.",
                )
            }

        private fun rows(value: Any?, key: String): Array<DoubleArray> =
            when (value) {
                is NdArray -> Array(value.shape()[0]) { r ->
                    DoubleArray(value.shape()[1]) { value.number(r * value.shape()[1] + it) }
                }
                is DenseMatrix -> Array(value.nRows()) { r -> DoubleArray(value.nCols()) { value.get(r, it) } }
                is Array<*> -> Array(value.size) { value[it] as DoubleArray }
                else -> throw MissingKeyException(
                    "uns['$key']", "linkage", emptyList(), "Run sc.tl.dendrogram() again.",
                )
            }
    }
}
