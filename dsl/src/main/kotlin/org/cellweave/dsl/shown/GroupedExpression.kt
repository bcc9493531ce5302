package org.cellweave.dsl.shown

import org.cellweave.dsl.plot.GeneBracket
import org.cellweave.dsl.session.Log
import org.cellweave.util.Check
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
            if (positions != null || labels != null) {
                Log.warning("varNames names its groups itself: varGroupPositions and varGroupLabels are not used")
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
            found += placed(positions.orEmpty(), labels.orEmpty(), names.size)
        }
        require(names.isNotEmpty()) { "varNames must name at least one gene, got none" }
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

/** Means and fractions of genes per group; a cell without a value counts in neither. */
internal class GroupedExpression(
    expression: Expression,
    private val groups: Categories,
    private val genes: List<String>,
    private val log: Boolean,
    private val cutoff: Double,
    private val meanOnlyExpressed: Boolean,
) {
    private val counts = groups.counts()
    val means = Array(groups.names.size) { DoubleArray(genes.size) }
    val fractions = Array(groups.names.size) { DoubleArray(genes.size) }

    init {
        expression.columns(genes).forEachIndexed(::fill)
    }

    private fun fill(j: Int, values: DoubleArray) {
        val sums = DoubleArray(counts.size)
        val above = IntArray(counts.size)
        val known = IntArray(counts.size)
        for (i in values.indices) {
            val g = groups.codes[i]
            val v = if (log) ln1p(values[i]) else values[i]
            if (g < 0 || v.isNaN()) continue
            known[g]++
            if (v > cutoff) above[g]++
            if (!meanOnlyExpressed || v > cutoff) sums[g] += v
        }
        for (g in counts.indices) {
            val n = if (meanOnlyExpressed) above[g] else known[g]
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
internal class CellExpression(genes: List<DoubleArray>, log: Boolean, standardScale: String?) {
    /** One array over the cells per gene. */
    val values: Array<DoubleArray> =
        genes.map { v -> DoubleArray(v.size) { if (log) ln1p(v[it]) else v[it] } }.toTypedArray()

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
    GENE,
    ROW,
    ;

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
            val known = values.filter { !it.isNaN() }
            val low = known.minOrNull() ?: return
            val range = known.max() - low
            for (i in values.indices.filter { !values[it].isNaN() }) {
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
