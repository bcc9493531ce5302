package org.cellweave.dsl.plot

import org.cellweave.util.Check
import kotlin.math.roundToInt

/**
 * Colours for numbers, by matplotlib's names; `_r` reverses. Colours between the stops are interpolated, in 256 steps as
 * there, so that the middle of a map is the same colour.
 */
internal class ColorMap(private val stops: List<String>, private val stepped: Boolean = false) {
    private val rgb = stops.map { it.removePrefix("#").toInt(16) }

    /** The colour of [t] in 0..1, as 0xRRGGBB; outside values take the ends, missing ones are grey. */
    fun rgb(t: Double): Int {
        if (t.isNaN()) return Palettes.NA.drop(1).toInt(16)
        if (stepped) return rgb[(t.coerceIn(0.0, 1.0) * rgb.size).toInt().coerceAtMost(rgb.size - 1)]
        val at = (t.coerceIn(0.0, 1.0) * STEPS).toInt().coerceAtMost(STEPS - 1) / (STEPS - 1.0) * (rgb.size - 1)
        val low = at.toInt().coerceAtMost(rgb.size - 2)
        val part = at - low
        var out = 0
        for (shift in intArrayOf(16, 8, 0)) {
            val a = rgb[low] shr shift and 255
            val b = rgb[low + 1] shr shift and 255
            out = out or ((a + (b - a) * part).roundToInt() shl shift)
        }
        return out
    }

    fun hex(t: Double): String = "#%06x".format(rgb(t))

    /** Colours of [n] equally spaced values under [position], which maps 0..1 to 0..1. */
    fun sampled(n: Int, position: (Double) -> Double): List<String> = List(n) { hex(position(it / (n - 1.0))) }

    companion object {
        private const val STEPS = 256

        private val aliases = mapOf("grey" to "gray", "Grays" to "Greys")

        /** A row each: a name, `smooth` or `steps`, and the stops; steps have no colours between them. */
        private val table: Map<String, Pair<Boolean, String>> by lazy {
            FactTable.rows("colormaps.txt").associate { (name, kind, stops) -> name to ((kind == "steps") to stops) }
        }

        /** @throws IllegalArgumentException names the nearest map */
        fun named(name: String): ColorMap {
            val reversed = name.endsWith("_r")
            val plain = name.removeSuffix("_r").let { aliases[it] ?: it }
            val (stepped, found) = table[plain] ?: throw unknown(name)
            val stops = found.chunked(6) { "#$it" }
            return ColorMap(if (reversed) stops.reversed() else stops, stepped)
        }

        /** The names that are known, without their `_r`. */
        val names: Set<String> get() = table.keys

        private fun unknown(name: String) =
            IllegalArgumentException(
                "cmap '$name' is not known." + Check.suggestion(name, names) +
                    " Known are ${names.joinToString()}, each also with _r; a list of colours works too.",
            )

        /** A name, or a list of at least two colours. */
        fun of(choice: Any?, default: String): ColorMap =
            when (choice) {
                null -> named(default)
                is String -> named(choice)
                is Iterable<*> -> {
                    val colors = choice.map { Palettes.color(it.toString(), "cmap") }
                    require(colors.size >= 2) { "cmap must have at least two colours, got ${colors.size}" }
                    ColorMap(colors)
                }
                else -> throw IllegalArgumentException("cmap must be a name or a list of colours, got $choice")
            }
    }
}
