package org.cellweave.dsl.plot

import kotlin.math.floor

/** Ends of a colour scale; values outside take the colour of the nearer end. */
internal class Limits(val low: Double, val high: Double, private val center: Double?) {
    /** Where in the colour map [value] lies, 0..1. */
    fun position(value: Double): Double {
        val v = value.coerceIn(low, high)
        return when {
            high == low -> 0.0
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
                is String -> percentile(choice, name, sorted)
                else -> throw badBound(name, choice)
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
                "$name must be a number, a percentile such as \"p99\" or a list with one per panel, got '$choice'",
            )
    }
}
