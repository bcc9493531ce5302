package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.roundToInt
import kotlin.math.sqrt

/**
 * A transparent picture of many dots, drawn in order with smooth edges.
 *
 * A dot's shape is computed once for each of [PHASES] x [PHASES] positions inside a pixel, so that a
 * dot costs a few additions per pixel that it covers.
 */
internal class PointRaster private constructor(
    private val width: Int,
    private val height: Int,
    diameter: Double,
    private val marker: Marker,
    private val pixels: IntArray,
) {
    constructor(width: Int, height: Int, diameter: Double, marker: Marker = Marker.CIRCLE) :
        this(width, height, diameter, marker, IntArray(width * height))

    private val radius = diameter / 2
    private val reach = ceil(radius + 1).toInt()
    private val side = 2 * reach + 1
    private val stamps = Array(PHASES * PHASES) { stamp((it % PHASES + 0.5) / PHASES, (it / PHASES + 0.5) / PHASES) }

    /** The same picture for dots of another [diameter]. */
    fun brush(diameter: Double): PointRaster = PointRaster(width, height, diameter, marker, pixels)

    private fun stamp(offsetX: Double, offsetY: Double): IntArray =
        IntArray(side * side) { at ->
            val x = at % side - reach
            val y = at / side - reach
            var inside = 0
            for (s in 0 until SAMPLES * SAMPLES) {
                val dx = x + (s % SAMPLES + 0.5) / SAMPLES - offsetX
                val dy = y + (s / SAMPLES + 0.5) / SAMPLES - offsetY
                if (marker.inside(dx / radius, dy / radius)) inside++
            }
            inside * FULL / (SAMPLES * SAMPLES)
        }

    /** Draws a dot centred at ([x], [y]) in pixels from the upper left corner. */
    fun dot(x: Double, y: Double, rgb: Int, alpha: Double = 1.0) {
        val column = floor(x).toInt()
        val row = floor(y).toInt()
        val stamp = stamps[((y - row) * PHASES).toInt() * PHASES + ((x - column) * PHASES).toInt()]
        val strength = (alpha * FULL).toInt()
        for (j in maxOf(0, row - reach)..minOf(height - 1, row + reach)) {
            val line = (j - row + reach) * side + reach - column
            for (i in maxOf(0, column - reach)..minOf(width - 1, column + reach)) {
                val cover = stamp[line + i] * strength / FULL
                if (cover > 0) {
                    blend(j * width + i, rgb, cover)
                }
            }
        }
    }

    /** Draws a line between two points in pixels; a thin one is a pale one. */
    fun line(x0: Double, y0: Double, x1: Double, y1: Double, rgb: Int, thickness: Double) {
        val steep = abs(y1 - y0) > abs(x1 - x0)
        val (a0, b0) = if (steep) y0 to x0 else x0 to y0
        val (a1, b1) = if (steep) y1 to x1 else x1 to y1
        if (a0 > a1) {
            line(x1, y1, x0, y0, rgb, thickness)
            return
        }
        val slope = if (a1 > a0) (b1 - b0) / (a1 - a0) else 0.0
        val half = thickness / 2 * sqrt(1 + slope * slope)
        val ends = if (steep) height else width
        for (a in maxOf(0, floor(a0).toInt())..minOf(ends - 1, floor(a1).toInt())) {
            val part = minOf(a1, a + 1.0) - maxOf(a0, a.toDouble())
            val middle = b0 + (a + 0.5 - a0) * slope
            across(a, middle - half, middle + half, part, steep, rgb)
        }
    }

    private fun across(a: Int, low: Double, high: Double, part: Double, steep: Boolean, rgb: Int) {
        val end = if (steep) width else height
        for (b in maxOf(0, floor(low).toInt())..minOf(end - 1, floor(high).toInt())) {
            val cover = ((minOf(high, b + 1.0) - maxOf(low, b.toDouble())) * part * FULL).roundToInt()
            if (cover > 0) {
                blend(if (steep) a * width + b else b * width + a, rgb, cover)
            }
        }
    }

    /** Paints the pixels of [x0] until [x1], [y0] until [y1]. */
    fun fill(x0: Int, y0: Int, x1: Int, y1: Int, rgb: Int) {
        for (y in y0 until y1) {
            pixels.fill((FULL shl 24) or rgb, y * width + x0, y * width + x1)
        }
    }

    /** The picture as a layer that covers the given part of the axes. */
    fun layer(xLimits: Pair<Double, Double>, yLimits: Pair<Double, Double>): Spec =
        spec(
            "geom" to "image",
            "href" to toDataUrl(),
            "xmin" to xLimits.first, "xmax" to xLimits.second,
            "ymin" to yLimits.first, "ymax" to yLimits.second,
            "show_legend" to false,
        )

    private fun blend(at: Int, rgb: Int, cover: Int) {
        val old = pixels[at]
        val oldAlpha = old ushr 24
        if (cover == FULL || oldAlpha == 0) {
            pixels[at] = (cover shl 24) or rgb
            return
        }
        val kept = oldAlpha * (FULL - cover) / FULL
        val alpha = cover + kept
        val red = ((rgb shr 16 and 255) * cover + (old shr 16 and 255) * kept) / alpha
        val green = ((rgb shr 8 and 255) * cover + (old shr 8 and 255) * kept) / alpha
        val blue = ((rgb and 255) * cover + (old and 255) * kept) / alpha
        pixels[at] = (alpha shl 24) or (red shl 16) or (green shl 8) or blue
    }

    /** The number of pixels that are not transparent. */
    fun drawnPixels(): Int = pixels.count { it ushr 24 != 0 }

    /** Opacity of a pixel, 0..255. */
    fun alphaAt(x: Int, y: Int): Int = pixels[y * width + x] ushr 24

    /** Colour of a pixel as 0xRRGGBB. */
    fun rgbAt(x: Int, y: Int): Int = pixels[y * width + x] and 0xffffff

    /** The picture as a `data:` address. */
    fun toDataUrl(): String = Picture(width, height, pixels).toDataUrl()

    fun toPng(): ByteArray = Picture(width, height, pixels).toPng()

    private companion object {
        const val PHASES = 8
        const val SAMPLES = 8
        const val FULL = 255
    }
}
