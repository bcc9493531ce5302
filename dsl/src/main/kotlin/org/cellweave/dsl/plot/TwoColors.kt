package org.cellweave.dsl.plot

import java.math.BigDecimal
import java.math.RoundingMode
import kotlin.math.max
import kotlin.math.roundToInt

/** Colours of pairs of numbers in 0..1: grey for (0, 0), one colour for each number, half of both for (1, 1). */
internal class TwoColors(first: String, second: String, bright: Double, grey: Double) {
    private val one = channels(first)
    private val two = channels(second)
    private val corners = listOf(
        DoubleArray(3) { grey }, scaled(one, bright), scaled(two, bright),
        DoubleArray(3) { bright / 2 * (one[it] + two[it]) },
    )
    val areOne: Boolean = one.contentEquals(two)

    /** 0xRRGGBB */
    fun rgb(a: Double, b: Double): Int {
        val weights = doubleArrayOf((1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b)
        var out = 0
        for (k in 0 until 3) {
            val part = corners.indices.sumOf { weights[it] * corners[it][k] }.coerceIn(0.0, 1.0)
            out = (out shl 8) or (255 * part).roundToInt()
        }
        return out
    }

    private fun channels(hex: String) =
        hex.drop(1).toInt(16).let { rgb -> DoubleArray(3) { (rgb shr (16 - 8 * it) and 255) / 255.0 } }

    private fun scaled(color: DoubleArray, by: Double) = DoubleArray(3) { color[it] * by }
}

/** A square with the colours of all pairs, the first number across and the second upright. */
internal class TwoColorKey(
    private val colors: TwoColors,
    private val across: Side,
    private val upright: Side,
    private val look: Look,
) {
    /** What a side of the square is called and where its scale ends. */
    class Side(val name: String, low: Double, high: Double, digits: Int) {
        /** Its ends and its middle. */
        val marks: List<String> = listOf(low, (low + high) / 2, high).map {
            tickLabel(BigDecimal(it).setScale(digits, RoundingMode.HALF_EVEN).toDouble())
        }
    }

    fun build(): Panel {
        val widest = upright.marks.maxOf { Look.textWidth(it, SMALL) }
        val left = LINE + widest + GAP
        val right = max(SIDE + Look.textWidth(across.marks[2], SMALL) / 2, Look.textWidth(across.name, SMALL))
        val canvas = Canvas((left + right + GAP).toInt(), (GAP + SIDE + 2.6 * LINE).toInt(), look)
        canvas.picture(Box(left, GAP, SIDE, SIDE), square())
        canvas.frame(left, GAP, SIDE, SIDE)
        val bottom = GAP + SIDE
        canvas.texts(List(3) { left + it * SIDE / 2 to bottom + 0.8 * LINE }, across.marks, SMALL)
        canvas.texts(List(3) { left - 4 to bottom - it * SIDE / 2 }, upright.marks, SMALL, hjust = 1.0)
        canvas.texts(listOf(left + SIDE / 2 to bottom + 2 * LINE), listOf(across.name), SMALL)
        canvas.texts(listOf(LINE / 2 to GAP + SIDE / 2), listOf(upright.name), SMALL, angle = 90.0)
        return canvas.build()
    }

    private fun square(): String {
        val pixels = IntArray(FINE * FINE) { at ->
            val a = (at % FINE + 0.5) / FINE
            val b = 1 - (at / FINE + 0.5) / FINE
            (OPAQUE shl 24) or colors.rgb(a, b)
        }
        return Picture(FINE, FINE, pixels).toDataUrl()
    }

    private companion object {
        const val SIDE = 60.0
        const val FINE = 120
        const val SMALL = 10.0
        const val LINE = 14.0
        const val GAP = 8.0
        const val OPAQUE = 255
    }
}
