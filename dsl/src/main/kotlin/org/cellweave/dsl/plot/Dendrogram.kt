package org.cellweave.dsl.plot

import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.dsl.GroupTree
import org.cellweave.dsl.session.Log
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import java.util.concurrent.CancellationException

/** `uns["dendrogram_{groupby}"]`: the order of groups and the tree over them. */
internal class Dendrogram private constructor(
    val order: List<String>,
    private val linkage: Array<DoubleArray>,
    /** Similarities of the groups, numbered as the leaves; null in trees that lack them. */
    private val similarity: Array<DoubleArray>?,
) {
    /** Similarities of the groups in the tree's order; null in trees that lack them. */
    val correlation: Array<DoubleArray>?
        get() = similarity?.let { all ->
            val leaves = leaves()
            Array(leaves.size) { r -> DoubleArray(leaves.size) { all[leaves[r]][leaves[it]] } }
        }

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

        /**
         * The tree over the groups of [keys]: that in `uns`, or, with a warning, one worked out anew where there is
         * none or it is over other groups. Null, with a warning, when nobody asked for it and none is to be had.
         *
         * @param cells the groups, all with cells
         * @param choice true, the tree's key in `uns`, or null when nobody asked for it
         */
        fun of(adata: AnnData, keys: List<String>, cells: Categories, choice: Any?): Dendrogram? {
            val usual = GroupTree.key(keys)
            val key = choice as? String ?: usual
            val entry = adata.uns[key] as? Map<*, *>
            if (entry == null) {
                Log.warning(
                    "dendrogram data not found (using key=$key). Running `sc.tl.dendrogram` with default parameters. " +
                        "For fine tuning it is recommended to run `sc.tl.dendrogram` independently.",
                )
                return grown(adata, keys, cells, GroupTree(), key, choice != null)
            }
            val stored = read(entry, key)
            if (stored.isOver(cells)) {
                return stored
            }
            Log.warning(
                "the tree in uns['$key'] is over ${stored.order}, but the groups of '${keys.joinToString("_")}' are " +
                    "${cells.names}; it is worked out anew",
            )
            val same = key == usual || textList(entry["groupby"] ?: usual, key) == keys
            return if (same) {
                grown(adata, keys, cells, GroupTree.like(adata, entry), key, choice != null)
            } else {
                of(adata, keys, cells, true)
            }
        }

        /** The tree in `uns`; null where there is none or it is over other groups. */
        fun stored(adata: AnnData, keys: List<String>, cells: Categories, choice: Any?): Dendrogram? {
            val key = choice as? String ?: GroupTree.key(keys)
            return (adata.uns[key] as? Map<*, *>)?.let { read(it, key) }?.takeIf { it.isOver(cells) }
        }

        private fun Dendrogram.isOver(cells: Categories) =
            order.size == cells.names.size && order.toSet() == cells.names.toSet()

        private fun grown(
            adata: AnnData,
            keys: List<String>,
            cells: Categories,
            kind: GroupTree,
            key: String,
            required: Boolean,
        ): Dendrogram? {
            try {
                kind.store(adata, keys, cells, key)
            } catch (e: RuntimeException) {
                if (required || e is CancellationException) throw e
                Log.warning("no dendrogram is drawn: ${e.message}")
                return null
            }
            return read(adata.uns[key] as Map<*, *>, key)
        }

        private fun read(entry: Map<*, *>, key: String): Dendrogram {
            val order = textList(entry["categories_ordered"], key)
            val linkage = rows(entry["linkage"], key)
            if (linkage.size != order.size - 1) {
                throw ShapeMismatchException(
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
                is String -> listOf(value)
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
