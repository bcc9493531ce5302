package org.cellweave.dsl.plot

import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.util.Base64
import javax.imageio.IIOImage
import javax.imageio.ImageIO
import javax.imageio.ImageWriteParam
import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.max
import kotlin.math.min
import kotlin.math.roundToInt

/** A picture by its rows, columns and channels, of which parts are shown in as many pixels as a figure has. */
internal class TissueImage(
    private val width: Int,
    private val height: Int,
    private val channels: Int,
    /** From 0 to 1, by the position in rows of columns of channels. */
    private val value: (Int) -> Double,
) {
    /** The darkest and the lightest grey, between which a grey picture is spread. */
    private val greys: Pair<Double, Double> by lazy {
        var low = Double.POSITIVE_INFINITY
        var high = Double.NEGATIVE_INFINITY
        for (i in 0 until width * height) {
            val g = grey(i)
            low = min(low, g)
            high = max(high, g)
        }
        low to if (high > low) high else low + 1
    }

    /**
     * The part between ends in pixels of the picture, whose middles are whole numbers; the ground is white.
     *
     * @param size columns and rows of the part as it is shown
     * @return a `data:` address
     */
    fun part(
        x: Pair<Double, Double>,
        y: Pair<Double, Double>,
        size: Pair<Int, Int>,
        grey: Boolean,
        alpha: Double,
    ): String {
        val out = BufferedImage(size.first, size.second, BufferedImage.TYPE_INT_RGB)
        val columns = Array(size.first) { cut(x, it, size.first, width) }
        val rows = Array(size.second) { cut(y, it, size.second, height) }
        val rgb = DoubleArray(CHANNELS)
        for (v in rows.indices) {
            for (u in columns.indices) {
                mean(columns[u], rows[v], grey, rgb)
                var packed = 0
                for (c in rgb) packed = packed shl 8 or ((1 - alpha * (1 - c)) * FULL).roundToInt().coerceIn(0, FULL)
                out.setRGB(u, v, packed)
            }
        }
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(out))
    }

    /** First and last pixel below a shown one; none outside of the picture. */
    private fun cut(ends: Pair<Double, Double>, at: Int, n: Int, most: Int): IntRange {
        val step = (ends.second - ends.first) / n
        val from = ends.first + at * step + HALF
        val first = floor(from).toInt()
        val last = max(first, ceil(from + step).toInt() - 1)
        return max(first, 0)..min(last, most - 1)
    }

    private fun mean(columns: IntRange, rows: IntRange, grey: Boolean, rgb: DoubleArray) {
        rgb.fill(1.0)
        val n = columns.count() * rows.count()
        if (n == 0) return
        rgb.fill(0.0)
        for (r in rows) {
            for (c in columns) {
                val at = r * width + c
                val opacity = if (channels == CHANNELS + 1) value(at * channels + CHANNELS) else 1.0
                for (k in rgb.indices) {
                    val own = if (grey) spread(grey(at)) else value(at * channels + min(k, channels - 1))
                    rgb[k] += (1 - opacity * (1 - own)) / n
                }
            }
        }
    }

    private fun spread(grey: Double) = (grey - greys.first) / (greys.second - greys.first)

    private fun grey(at: Int): Double =
        if (channels < CHANNELS) {
            value(at * channels)
        } else {
            (0 until CHANNELS).sumOf { WEIGHTS[it] * value(at * channels + it) }
        }

    /** Photographs take a fifth of what they take without loss. */
    private fun jpeg(image: BufferedImage): ByteArray {
        val out = ByteArrayOutputStream()
        val writer = ImageIO.getImageWritersByFormatName("jpeg").next()
        try {
            val how = writer.defaultWriteParam
            how.compressionMode = ImageWriteParam.MODE_EXPLICIT
            how.compressionQuality = QUALITY
            ImageIO.createImageOutputStream(out).use { stream ->
                writer.output = stream
                writer.write(null, IIOImage(image, null, null), how)
            }
        } finally {
            writer.dispose()
        }
        return out.toByteArray()
    }

    private companion object {
        const val CHANNELS = 3
        const val FULL = 255
        const val HALF = 0.5
        const val QUALITY = 0.9f
        val WEIGHTS = doubleArrayOf(0.2989, 0.5870, 0.1140)
    }
}
