package org.cellweave.dsl.plot

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.ln1p

/**
 * Genes as the caller lists them: a name, a list, or a map from label to names.
 *
 * [positions] (first and last gene, counted from 0) with [labels] put brackets over a list.
 */
internal class GeneChoice(
    choice: Any,
    positions: List<Pair<Int, Int>>? = null,
    labels: List<String>? = null,
) {
    val genes: List<String>
    val brackets: List<GeneBracket>

    init {
        val names = ArrayList<String>()
        val found = ArrayList<GeneBracket>()
        if (choice is Map<*, *>) {
            require(positions == null && labels == null) {
                "varGroupPositions and varGroupLabels belong to a list of genes; a map names its groups itself"
            }
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
        found += placed(positions.orEmpty(), labels.orEmpty(), names.size)
        genes = names
        brackets = found
    }

    private fun placed(positions: List<Pair<Int, Int>>, labels: List<String>, n: Int): List<GeneBracket> {
        require(positions.size == labels.size) {
            "varGroupPositions and varGroupLabels must have the same length, got ${positions.size} and ${labels.size}"
        }
        return positions.zip(labels) { (from, to), label ->
            require(from in 0 until n && to in from until n) {
                "varGroupPositions must be pairs within 0..${n - 1}, first not above last, got ($from, $to)"
            }
            GeneBracket(label, from, to)
        }
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
        expression.genes(genes).forEachIndexed(::fill)
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
        when (StandardScale.checked(scale)) {
            StandardScale.GENE -> StandardScale.across(means)
            StandardScale.ROW -> means.forEach(StandardScale::apply)
            null -> {}
        }
    }
}

/** Values of genes in every cell, after the logarithm and the scaling that the caller asks for. */
internal class CellExpression(expression: Expression, genes: List<String>, log: Boolean, standardScale: String?) {
    /** One array over the cells per gene. */
    val values: Array<DoubleArray> =
        expression.genes(genes).map { v -> DoubleArray(v.size) { if (log) ln1p(v[it]) else v[it] } }.toTypedArray()

    init {
        when (StandardScale.checked(standardScale)) {
            StandardScale.GENE -> values.forEach(StandardScale::apply)
            StandardScale.ROW -> StandardScale.across(values)
            null -> {}
        }
    }
}

/** Subtracts the least and divides by the largest, over a gene or over a row of the figure. */
internal enum class StandardScale {
    GENE, ROW;

    companion object {
        private val choices = listOf("var", "group", "obs")

        fun checked(scale: String?): StandardScale? {
            require(scale == null || scale in choices) {
                "standardScale must be one of [var, group], got '$scale'." + Check.suggestion(scale!!, choices)
            }
            return when (scale) {
                null -> null
                "var" -> GENE
                else -> ROW
            }
        }

        fun apply(values: DoubleArray) {
            if (values.isEmpty()) return
            val low = values.min()
            val range = values.max() - low
            for (i in values.indices) {
                values[i] = if (range == 0.0) 0.0 else (values[i] - low) / range
            }
        }

        /** Scales the i-th entries of all [arrays] together, for every i. */
        fun across(arrays: Array<DoubleArray>) {
            for (i in arrays.firstOrNull()?.indices ?: return) {
                val column = DoubleArray(arrays.size) { arrays[it][i] }
                apply(column)
                column.forEachIndexed { k, v -> arrays[k][i] = v }
            }
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
