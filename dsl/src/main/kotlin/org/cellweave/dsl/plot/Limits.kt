package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.max
import kotlin.math.min
import kotlin.math.pow

/** Two ends of a scale that lie some way apart, so that there is something to draw. */
internal object Ends {
    /** What is below this share of the larger end is no difference: ticks have twelve digits. */
    private const val NOTHING = 1e-11
    private const val TINY = 1e-280
    private const val HUGE = 1e307

    /** The least and the largest finite one of all [values]; 0 and 0 without any. */
    fun of(vararg values: DoubleArray): Pair<Double, Double> {
        val finite = values.flatMap { row -> row.filter { it.isFinite() } }
        return if (finite.isEmpty()) {
            0.0 to 0.0
        } else {
            finite.min().coerceAtLeast(-HUGE) to
                finite.max().coerceAtMost(HUGE)
        }
    }

    /** [low] and [high], or, where they are one value, that value with room of a [part] of it on both sides. */
    fun apart(low: Double, high: Double, part: Double = 0.1): Pair<Double, Double> {
        val most = max(abs(low), abs(high))
        return when {
            !(most >= TINY && most < Double.POSITIVE_INFINITY) -> -part to part
            high - low <= most * NOTHING -> low - part * abs(low) to high + part * abs(high)
            else -> low to high
        }.let { (a, b) -> a.coerceIn(-HUGE, HUGE) to b.coerceIn(-HUGE, HUGE) }
    }

    /** [apart] with a margin of a [part] of their distance, which is at least [least] where they are one value. */
    fun padded(low: Double, high: Double, part: Double, least: Double): Pair<Double, Double> {
        val (a, b) = apart(low, high)
        val pad = if (a == low && b == high) (high - low) * part else max(least, (b - a) / 2)
        return (low - pad).coerceIn(-HUGE, HUGE) to (high + pad).coerceIn(-HUGE, HUGE)
    }
}

/** Ends of a colour scale; values outside take the colour of the nearer end. */
internal class Limits(
    val low: Double,
    val high: Double,
    private val center: Double?,
    private val norm: Norm? = null,
) {
    /** Value of the middle colour, if one is set. */
    private val middle = center ?: norm?.center

    /** Whether the colour bar is uniform in colours, so that its marks are not. */
    val bent: Boolean get() = norm != null && norm !is Normalize || middle != null

    /** Values that the colour bar marks. */
    fun breaks(): List<Double> {
        if (norm is LogNorm) {
            return logBreaks(log10(low), log10(high)).map { tidy(10.0.pow(it)) }
        }
        val breaks = niceBreaks(low, high).ifEmpty { listOf(low) }
        return if (middle == null) breaks else around(middle, breaks)
    }

    /** The centre, and of [breaks] those that have room on the bar beside it and each other. */
    private fun around(center: Double, breaks: List<Double>): List<Double> {
        val kept = mutableListOf(center)
        for (mark in breaks.sortedBy { abs(it - center) }) {
            if (kept.all { abs(position(it) - position(mark)) >= APART }) kept += mark
        }
        return kept.sorted()
    }

    /** Texts of [breaks]; those of a bent scale may be of any size, so that each has its own digits. */
    fun labels(breaks: List<Double>): List<String> =
        if (norm is LogNorm || norm is PowerNorm) breaks.map(::tickLabel) else tickLabels(breaks)

    /** Where on a bar [value] is, 0..1. */
    fun along(value: Double): Double = if (bent) position(value) else (value - low) / (high - low)

    /** Colours of a bar in [n] steps, from its first to its last value. */
    fun bar(map: ColorMap, n: Int): List<String> =
        map.sampled(n) { if (bent) it else position(low + it * (high - low)) }

    /** Where in the colour map [value] lies, 0..1. */
    fun position(value: Double): Double {
        val v = value.coerceIn(low, high)
        return when {
            norm != null -> norm.position(v, low, high)
            center == null -> (v - low) / (high - low)
            v < center -> 0.5 * (v - low) / (center - low)
            else -> 0.5 + 0.5 * (v - center) / (high - center)
        }
    }

    /** Colours of equally spaced values, as a gradient scale takes them. */
    fun gradient(map: ColorMap): List<String> =
        map.sampled(STOPS) { position(low + it * (high - low)) }

    companion object {
        private const val STOPS = 65

        /** Marks of a bar are at least this part of it apart. */
        private const val APART = 0.07

        /** The scale of [norm], with the values' own ends where it has none. */
        fun of(values: DoubleArray, norm: Norm): Limits {
            val shown = values.filter { it.isFinite() && (norm !is LogNorm || it > 0) }.toDoubleArray()
            shown.sort()
            if (norm is LogNorm && shown.isEmpty() && norm.vmin == null) {
                // No logarithm: all values take one colour.
                return between(0.0, 0.0, null, null)
            }
            val (low, high) = ends(norm.vmin, norm.vmax, norm.center, shown)
            return between(low, high, null, norm)
        }

        /** What is not given comes from the values, as far as that leaves the ends in order around the centre. */
        private fun ends(vmin: Double?, vmax: Double?, center: Double?, sorted: DoubleArray): Pair<Double, Double> {
            require(vmin == null || vmax == null || vmin <= vmax) { "vmin must not exceed vmax, got $vmin and $vmax" }
            var low = vmin ?: sorted.firstOrNull() ?: vmax ?: 0.0
            var high = vmax ?: sorted.lastOrNull() ?: vmin ?: 0.0
            if (vmin == null) low = min(low, high)
            if (vmax == null) high = max(low, high)
            if (center != null) {
                require((vmin == null || vmin < center) && (vmax == null || center < vmax)) {
                    "vcenter must lie between vmin ${vmin ?: low} and vmax ${vmax ?: high}, got $center"
                }
                if (vmin == null && low >= center) low = center - (high - center)
                if (vmax == null && high <= center) high = center + (center - low)
            }
            return low to high
        }

        private fun between(low: Double, high: Double, center: Double?, norm: Norm?): Limits {
            // Positive numbers of any size have logarithms that are apart.
            val (a, b) = if (norm is LogNorm && low > 0 && high > 1.001 * low) low to high else Ends.apart(low, high)
            norm?.check(a, b)
            return Limits(a, b, center, norm)
        }

        /** The scale of [norm], one or a list with one per panel, or that of the three limits. */
        fun choose(values: DoubleArray, norm: Any?, vmin: Any?, vmax: Any?, vcenter: Any?, panel: Int): Limits {
            val own = (if (norm is List<*>) norm.getOrNull(panel) else norm)
                ?: return of(values, vmin = vmin, vmax = vmax, vcenter = vcenter, panel = panel)
            require(own is Norm) { "norm must be a Norm such as LogNorm(), or a list with one per panel, got $own" }
            require(vmin == null && vmax == null && vcenter == null) {
                "norm excludes vmin, vmax and vcenter; give the bounds to the norm"
            }
            return of(values, own)
        }

        /** The scale from the least to the largest value. */
        fun of(values: DoubleArray): Limits = of(values, vmin = null, vmax = null, vcenter = null, panel = 0)

        /**
         * @param panel the position of the panel, for arguments that are lists
         */
        fun of(values: DoubleArray, vmin: Any?, vmax: Any?, vcenter: Any?, panel: Int): Limits {
            val finite = values.filterTo(ArrayList()) { it.isFinite() }.toDoubleArray()
            finite.sort()
            val center = bound(vcenter, "vcenter", finite, panel)
            val (low, high) =
                ends(bound(vmin, "vmin", finite, panel), bound(vmax, "vmax", finite, panel), center, finite)
            return between(low, high, center, null)
        }

        private fun bound(choice: Any?, name: String, sorted: DoubleArray, panel: Int): Double? =
            when (choice) {
                null -> null
                is Number -> choice.toDouble().also { require(it.isFinite()) { "$name must be finite, got $choice" } }
                is List<*> -> bound(choice.getOrNull(panel), name, sorted, panel)
                is Function1<*, *> -> if (sorted.isEmpty()) null else call(choice, name, sorted.copyOf())
                is String -> percentile(choice, name, sorted)
                else -> throw badBound(name, choice)
            }

        @Suppress("UNCHECKED_CAST")
        private fun call(choice: Function1<*, *>, name: String, values: DoubleArray): Double {
            val bound = (choice as (DoubleArray) -> Any?)(values)
            require(bound is Number && bound.toDouble().isFinite()) {
                "$name must be a function of the values to a finite number, got $bound"
            }
            return bound.toDouble()
        }

        private fun percentile(text: String, name: String, sorted: DoubleArray): Double? {
            val p = text.removePrefix("p").toDoubleOrNull()
            if (!text.startsWith("p") || p == null || p !in 0.0..100.0) {
                throw badBound(name, text)
            }
            if (sorted.isEmpty()) {
                return null
            }
            val at = p / 100 * (sorted.size - 1)
            val low = floor(at).toInt()
            val high = minOf(low + 1, sorted.size - 1)
            val step = (sorted[high] - sorted[low]).coerceAtMost(Double.MAX_VALUE)
            return sorted[low] + step * (at - low)
        }

        private fun badBound(name: String, choice: Any) =
            IllegalArgumentException(
                "$name must be a number, a percentile such as \"p99\", a function or a list with one per " +
                    "panel, got '$choice'",
            )
    }
}
