package org.cellweave.dsl.plot

import kotlin.math.pow

/** How well a colour stands out, by the web's guidelines for text (WCAG 2.2, contrast ratio). */
internal object Contrast {
    private const val READABLE = 4.5
    private const val STEP = 0.97
    private const val FLARE = 0.05
    private const val DARK = 0.408
    private val PARTS = listOf(0.2126, 0.7152, 0.0722)

    /** The colour as it is, or as little darker as makes it readable on white. */
    fun onWhite(hex: String): String {
        var rgb = hex.removePrefix("#").chunked(2).map { it.toInt(16).toDouble() }
        while (ratio(rgb) < READABLE) rgb = rgb.map { it * STEP }
        return "#" + rgb.joinToString("") { it.toInt().toString(16).padStart(2, '0') }
    }

    /** Whether text on it is better light than dark, by seaborn's bound. */
    fun isDark(hex: String): Boolean {
        val rgb = hex.removePrefix("#").chunked(2).map { it.toInt(16).toDouble() }
        return rgb.zip(PARTS).sumOf { (value, part) -> part * linear(value / 255) } <= DARK
    }

    private fun ratio(rgb: List<Double>): Double {
        val luminance = rgb.zip(PARTS).sumOf { (value, part) -> part * linear(value / 255) }
        return (1 + FLARE) / (luminance + FLARE)
    }

    private fun linear(v: Double) = if (v <= 0.04045) v / 12.92 else ((v + 0.055) / 1.055).pow(2.4)
}
