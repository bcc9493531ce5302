package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.util.Check
import org.cellweave.util.PythonNumber
import kotlin.math.abs
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.pow

/** Numbers in classes between bounds, with pandas' bounds and names. */
internal object Classes {
    private const val WIDER = 0.001
    private const val DIGITS = 3

    fun cut(x: Column, bins: Any, labels: List<String>?, right: Boolean, includeLowest: Boolean): Column {
        if (bins !is Number) {
            val edges = columnOf(bins, 0).toDoubles()
            require(edges.size > 1 && (1 until edges.size).all { edges[it] > edges[it - 1] }) {
                "bins must be bounds in ascending order, at least two, got ${edges.toList()}"
            }
            return classes(x, edges, labels ?: wholeNames(bins, edges, right, includeLowest), right, includeLowest)
        }
        val n = Check.positive(bins.toInt(), "bins")
        val low = x.min()
        val high = x.max()
        require(low.isFinite() && high.isFinite()) { "cut into $n classes needs finite values, got $low to $high" }
        val from = if (low == high) low - (if (low == 0.0) WIDER else WIDER * abs(low)) else low
        val to = if (low == high) high + (if (low == 0.0) WIDER else WIDER * abs(high)) else high
        val edges = DoubleArray(n + 1) { if (it == n) to else from + it * ((to - from) / n) }
        if (low != high) {
            val more = (high - low) * WIDER
            if (right) edges[0] -= more else edges[n] += more
        }
        return classes(x, edges, labels, right, includeLowest)
    }

    fun quantiles(x: Column, q: Any, labels: List<String>?): Column {
        val shares =
            if (q is Number) {
                val n = Check.positive(q.toInt(), "q")
                DoubleArray(n + 1) { it / n.toDouble() }
            } else {
                columnOf(q, 0).toDoubles()
            }
        val edges = DoubleArray(shares.size) { x.quantile(shares[it]) }
        require((1 until edges.size).all { edges[it] > edges[it - 1] }) {
            "quantiles repeat, so that classes would be empty: ${edges.toList()}; use fewer classes, or cut with bounds"
        }
        return classes(x, edges, labels, right = true, lowest = true)
    }

    private fun classes(x: Column, edges: DoubleArray, labels: List<String>?, right: Boolean, lowest: Boolean): Column {
        val n = edges.size - 1
        val names = labels ?: intervals(edges, right, lowest)
        Check.sameLength(names.size, n, "labels", "the number of classes")
        val values = x.toDoubles()
        val codes =
            IntArray(values.size) { i ->
                val v = values[i]
                val at = edges.binarySearch(v)
                val place = if (at >= 0) (if (right) at - 1 else at) else -at - 2
                if (at == 0 && right && lowest) {
                    0
                } else if (v.isNaN() || place !in 0 until n) {
                    -1
                } else {
                    place
                }
            }
        return CategoricalColumn(codes, StringColumn.of(*names.toTypedArray()), true)
    }

    /** Bounds given as whole numbers are written as such. */
    private fun wholeNames(bins: Any, edges: DoubleArray, right: Boolean, lowest: Boolean): List<String>? {
        val whole = (columnOf(bins, 0) as? NumericColumn)?.isInteger == true && !(right && lowest)
        return if (whole) named(edges.map { it.toLong().toString() }, right) else null
    }

    private fun named(bounds: List<String>, right: Boolean): List<String> =
        (1 until bounds.size).map {
            if (right) "(${bounds[it - 1]}, ${bounds[it]}]" else "[${bounds[it - 1]}, ${bounds[it]})"
        }

    /** With as many digits as tell the bounds apart, at least three. */
    private fun intervals(edges: DoubleArray, right: Boolean, lowest: Boolean): List<String> {
        val digits = (DIGITS until DIGITS + DIGITS * DIGITS * 2).first { d ->
            edges.map { rounded(it, d) }.distinct().size ==
                edges.size
        }
        val shown = edges.map { rounded(it, digits) }.toDoubleArray()
        if (right && lowest) shown[0] -= 10.0.pow(-digits)
        val texts = shown.map { PythonNumber.of(rounded(it, digits + 1)) }
        return named(texts, right)
    }

    private fun rounded(value: Double, digits: Int): Double {
        if (!value.isFinite() || value == 0.0) return value
        val whole = floor(abs(value))
        val behind = if (whole == 0.0) -floor(log10(abs(value))).toInt() - 1 + digits else digits
        val scale = 10.0.pow(behind)
        return Math.rint(value * scale) / scale
    }
}
