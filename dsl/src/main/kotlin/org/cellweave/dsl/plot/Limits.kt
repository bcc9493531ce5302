package org.cellweave.dsl.plot

import org.cellweave.dsl.LogNorm
import org.cellweave.dsl.Norm
import org.cellweave.dsl.Normalize
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.pow

/** Ends of a colour scale; values outside take the colour of the nearer end. */
internal class Limits(
    val low: Double,
    val high: Double,
    private val center: Double?,
    private val norm: Norm? = null,
) {
    /** Whether the colour bar is uniform in colours, so that its marks are not. */
    val bent: Boolean get() = norm != null && norm !is Normalize

    /** Values that the colour bar marks. */
    fun breaks(): List<Double> {
        if (norm is LogNorm) {
            return logBreaks(log10(low), log10(high)).map { tidy(10.0.pow(it)) }
        }
        return niceBreaks(low, high).ifEmpty { listOf(low) }
    }

    /** Where in the colour map [value] lies, 0..1. */
    fun position(value: Double): Double {
        val v = value.coerceIn(low, high)
        return when {
            high == low -> 0.0
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

        /** The scale of [norm], with the values' own ends where it has none. */
        fun of(values: DoubleArray, norm: Norm): Limits {
            val finite = values.filter { it.isFinite() }
            val positive = if (norm is LogNorm) finite.filter { it > 0 } else finite
            val low = norm.vmin ?: positive.minOrNull() ?: finite.minOrNull() ?: 0.0
            val high = norm.vmax ?: finite.maxOrNull() ?: 1.0
            require(low <= high) { "norm has vmin $low above the largest value $high; give it a vmax as well" }
            if (low == high) {
                return Limits(low, low + 1e-6 + Math.abs(low) * 1e-3, null)
            }
            norm.check(low, high)
            return Limits(low, high, null, norm)
        }

        /** The scale of [norm], one or a list with one per panel, or that of the three limits. */
        fun choose(values: DoubleArray, norm: Any?, vmin: Any?, vmax: Any?, vcenter: Any?, panel: Int): Limits {
            val own = (if (norm is List<*>) norm.getOrNull(panel) else norm)
                ?: return of(values, vmin, vmax, vcenter, panel)
            require(own is Norm) { "norm must be a Norm such as LogNorm(), or a list with one per panel, got $own" }
            require(vmin == null && vmax == null && vcenter == null) {
                "norm excludes vmin, vmax and vcenter; give the bounds to the norm"
            }
            return of(values, own)
        }

        /**
         * @param panel the position of the panel, for arguments that are lists
         */
        fun of(values: DoubleArray, vmin: Any?, vmax: Any?, vcenter: Any?, panel: Int): Limits {
            val finite = values.filterTo(ArrayList()) { it.isFinite() }.toDoubleArray()
            finite.sort()
            val low = bound(vmin, "vmin", finite, panel) ?: finite.firstOrNull() ?: 0.0
            val high = bound(vmax, "vmax", finite, panel) ?: finite.lastOrNull() ?: 1.0
            require(low <= high) { "vmin must not exceed vmax, got $low and $high" }
            val center = bound(vcenter, "vcenter", finite, panel)
            require(center == null || (low < center && center < high)) {
                "vcenter must lie between vmin $low and vmax $high, got $center"
            }
            // A scale of one value needs some length to draw a bar.
            return if (low == high) Limits(low, low + 1e-6 + Math.abs(low) * 1e-3, null) else Limits(low, high, center)
        }

        private fun bound(choice: Any?, name: String, sorted: DoubleArray, panel: Int): Double? =
            when (choice) {
                null -> null
                is Number -> choice.toDouble()
                is List<*> -> bound(choice.getOrNull(panel), name, sorted, panel)
                is Function1<*, *> -> call(choice, name, sorted.copyOf())
                is String -> percentile(choice, name, sorted)
                else -> throw badBound(name, choice)
            }

        @Suppress("UNCHECKED_CAST")
        private fun call(choice: Function1<*, *>, name: String, values: DoubleArray): Double {
            val bound = (choice as (DoubleArray) -> Any?)(values)
            return (bound as? Number)?.toDouble()
                ?: throw IllegalArgumentException("$name must be a function of the values to a number, got $bound")
        }

        private fun percentile(text: String, name: String, sorted: DoubleArray): Double {
            val p = text.removePrefix("p").toDoubleOrNull()
            if (!text.startsWith("p") || p == null || p !in 0.0..100.0) {
                throw badBound(name, text)
            }
            require(sorted.isNotEmpty()) { "$name = '$text' needs a finite value" }
            val at = p / 100 * (sorted.size - 1)
            val low = floor(at).toInt()
            val high = minOf(low + 1, sorted.size - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (at - low)
        }

        private fun badBound(name: String, choice: Any) =
            IllegalArgumentException(
                "$name must be a number, a percentile such as \"p99\", a function or a list with one per " +
                    "panel, got '$choice'",
            )
    }
}
