package org.cellweave.dsl.plot

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.ln1p

/** Genes as the caller lists them: a name, a list, or a map from label to names. */
internal class GeneChoice(choice: Any) {
    val genes: List<String>
    val brackets: List<GeneBracket>

    init {
        val names = ArrayList<String>()
        val found = ArrayList<GeneBracket>()
        if (choice is Map<*, *>) {
            for ((label, value) in choice) {
                val part = texts(value, "varNames['$label']").orEmpty()
                if (part.isNotEmpty()) {
                    found += GeneBracket(label.toString(), names.size, names.size + part.size - 1)
                    names += part
                }
            }
        } else {
            names += texts(choice, "varNames")!!
        }
        require(names.isNotEmpty()) { "varNames must name at least one gene, got none" }
        genes = names
        brackets = found
    }
}

/** Means and fractions of genes per group. */
internal class GroupedExpression(
    expression: Expression,
    private val groups: Categories,
    private val genes: List<String>,
    private val log: Boolean,
    private val cutoff: Double,
    private val meanOnlyExpressed: Boolean,
) {
    private val counts = IntArray(groups.names.size).also { n -> groups.codes.forEach { if (it >= 0) n[it]++ } }
    val means = Array(groups.names.size) { DoubleArray(genes.size) }
    val fractions = Array(groups.names.size) { DoubleArray(genes.size) }

    init {
        val cache = HashMap<String, DoubleArray>()
        for ((j, gene) in genes.withIndex()) {
            fill(j, cache.getOrPut(gene) { expression.gene(gene) })
        }
    }

    private fun fill(j: Int, values: DoubleArray) {
        val sums = DoubleArray(counts.size)
        val above = IntArray(counts.size)
        for (i in values.indices) {
            val g = groups.codes[i]
            if (g < 0) continue
            val v = if (log) ln1p(values[i]) else values[i]
            if (v > cutoff) above[g]++
            if (!meanOnlyExpressed || v > cutoff) sums[g] += v
        }
        for (g in counts.indices) {
            val n = if (meanOnlyExpressed) above[g] else counts[g]
            means[g][j] = if (n == 0) 0.0 else sums[g] / n
            fractions[g][j] = if (counts[g] == 0) 0.0 else above[g].toDouble() / counts[g]
        }
    }

    /** Subtracts the least and divides by the largest, per gene or per group. */
    fun standardize(scale: String?) {
        val choices = listOf("var", "group", "obs")
        require(scale == null || scale in choices) {
            "standardScale must be one of [var, group], got '$scale'." + Check.suggestion(scale!!, choices)
        }
        when (scale) {
            "var" -> for (j in genes.indices) {
                val column = DoubleArray(means.size) { means[it][j] }
                scaled(column)
                column.forEachIndexed { g, v -> means[g][j] = v }
            }
            "group", "obs" -> means.forEach(::scaled)
        }
    }

    private fun scaled(values: DoubleArray) {
        if (values.isEmpty()) return
        val low = values.min()
        val range = values.max() - low
        for (i in values.indices) {
            values[i] = if (range == 0.0) 0.0 else (values[i] - low) / range
        }
    }
}

/** `uns["dendrogram_{groupby}"]`: the order of groups and the tree over them. */
internal class Dendrogram private constructor(val order: List<String>, private val linkage: Array<DoubleArray>) {
    /** Segments in units of positions and of the tree's height. */
    fun tree(): Tree {
        val n = order.size
        val center = DoubleArray(n + linkage.size)
        val height = DoubleArray(n + linkage.size)
        val size = DoubleArray(n + linkage.size) { if (it < n) 1.0 else 0.0 }
        val position = positions()
        for (leaf in 0 until n) {
            center[leaf] = position[leaf].toDouble()
        }
        val top = linkage.maxOf { it[2] }.takeIf { it > 0 } ?: 1.0
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

    /** Where each leaf stands when the tree is walked from its root, left child first. */
    private fun positions(): IntArray {
        val n = order.size
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
            return Dendrogram(order, linkage)
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
