package org.cellweave.dsl

import org.cellweave.distribution.Histogram
import org.cellweave.util.Check

/** How numbers are counted: the arguments that histograms share. */
internal class Binning(
    private val bins: Any,
    private val binwidth: Number?,
    private val binrange: Pair<Number, Number>?,
    private val discrete: Boolean,
    stat: String,
    private val cumulative: Boolean = false,
) {
    val stat: Histogram.Stat = Check.oneOf(stat, Histogram.Stat::class.java, "stat")

    init {
        require(bins == "auto" || bins is Number || edges() != null) {
            "bins must be a number, their edges or \"auto\", got $bins"
        }
        (bins as? Number)?.let { Check.positive(it.toInt(), "bins") }
        binwidth?.let { Check.positive(it.toDouble(), "binwidth") }
    }

    /** @param whole whether the numbers stand for categories */
    fun edges(values: DoubleArray, whole: Boolean = false): DoubleArray =
        Histogram.edges(
            values,
            Histogram.Bins(
                edges(), discrete || whole, binwidth?.toDouble() ?: 0.0, (bins as? Number)?.toInt() ?: 0,
                binrange?.first?.toDouble() ?: Double.NaN, binrange?.second?.toDouble() ?: Double.NaN,
            ),
        )

    /** Heights of bars, added up from the left where asked for. */
    fun heights(values: DoubleArray, edges: DoubleArray): DoubleArray {
        val counts = Histogram.counts(values, edges)
        if (!cumulative) return Histogram.heights(counts, edges, stat)
        for (i in 1 until counts.size) counts[i] += counts[i - 1]
        val total = counts.lastOrNull() ?: 0.0
        return when (stat) {
            Histogram.Stat.COUNT, Histogram.Stat.FREQUENCY -> counts
            Histogram.Stat.PERCENT -> DoubleArray(counts.size) { if (total > 0) 100 * counts[it] / total else 0.0 }
            else -> DoubleArray(counts.size) { if (total > 0) counts[it] / total else 0.0 }
        }
    }

    val title: String get() = stat.name.lowercase().replaceFirstChar { it.uppercase() }

    private fun edges(): DoubleArray? =
        when (bins) {
            is DoubleArray -> bins
            is IntArray -> DoubleArray(bins.size) { bins[it].toDouble() }
            is Iterable<*> -> bins.map { (it as? Number)?.toDouble() ?: Double.NaN }.toDoubleArray()
            else -> null
        }
}
