package org.cellweave.dsl.plot

import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.pow
import kotlin.math.roundToInt
import kotlin.math.sin

/**
 * Colours of equal lightness at equal steps of hue, for rows that have no colours of their own.
 *
 * Hues are those of CIE LUV; the chroma of each is a fixed part of what the screen can show.
 */
internal object HueCircle {
    private const val LIGHTNESS = 65.0
    private const val SATURATION = 0.68
    private const val FIRST_HUE = 3.6
    private const val WHITE_U = 0.19783
    private const val WHITE_V = 0.46834
    private const val STEPS = 40

    fun colors(n: Int): List<String> = List(n) { hex(FIRST_HUE + 360.0 * it / n) }

    private fun hex(hue: Double): String {
        var low = 0.0
        var high = 200.0
        repeat(STEPS) {
            val middle = (low + high) / 2
            if (rgb(hue, middle).all { it in 0.0..1.0 }) low = middle else high = middle
        }
        return rgb(hue, low * SATURATION).joinToString("", "#") { "%02x".format((it * 255).roundToInt()) }
    }

    private fun rgb(hue: Double, chroma: Double): List<Double> {
        val angle = hue * PI / 180
        val u = chroma * cos(angle) / (13 * LIGHTNESS) + WHITE_U
        val v = chroma * sin(angle) / (13 * LIGHTNESS) + WHITE_V
        val y = ((LIGHTNESS + 16) / 116).pow(3)
        val x = y * 9 * u / (4 * v)
        val z = y * (12 - 3 * u - 20 * v) / (4 * v)
        return listOf(
            gamma(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
            gamma(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
            gamma(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
        )
    }

    private fun gamma(linear: Double): Double =
        if (linear <= 0.0031308) 12.92 * linear else 1.055 * linear.pow(1 / 2.4) - 0.055
}
