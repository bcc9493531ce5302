package org.cellweave.dsl.plot

/**
 * The order of groups and the tree over them.
 *
 * @param linkage as scipy has it: for every pair joined, the numbers of both, the height and more; leaves come first
 */
internal class Dendrogram(
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
}
