package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.max

/** Numbers as coloured cells; NaN stays empty. */
internal class Tiles(
    private val nRows: Int,
    private val nColumns: Int,
    private val map: ColorMap,
    private val limits: Limits,
    private val value: (Int, Int) -> Double,
) {
    /** A picture of twice [box]'s pixels; a pixel with several cells shows their mean. */
    fun picture(box: Box): Picture {
        val width = ceil(SCALE * box.w).toInt()
        val height = ceil(SCALE * box.h).toInt()
        val columns = cuts(width, nColumns)
        val rows = cuts(height, nRows)
        val pixels = IntArray(width * height)
        for (y in 0 until height) {
            val sameRows = y > 0 && rows[y].contentEquals(rows[y - 1])
            for (x in 0 until width) {
                pixels[y * width + x] = when {
                    sameRows -> pixels[(y - 1) * width + x]
                    x > 0 && columns[x].contentEquals(columns[x - 1]) -> pixels[y * width + x - 1]
                    else -> color(mean(rows[y], columns[x]))
                }
            }
        }
        return Picture(width, height, pixels)
    }

    /** First and end of the cells that each of [pixels] pixels shows. */
    private fun cuts(pixels: Int, n: Int) =
        Array(pixels) {
            val first = floor(it.toDouble() * n / pixels).toInt()
            intArrayOf(first, max(first + 1, floor((it + 1.0) * n / pixels).toInt()))
        }

    private fun mean(rows: IntArray, columns: IntArray): Double {
        var sum = 0.0
        var count = 0
        for (r in rows[0] until rows[1]) {
            for (c in columns[0] until columns[1]) {
                val v = value(r, c)
                if (!v.isNaN()) {
                    sum += v
                    count++
                }
            }
        }
        return sum / count
    }

    private fun color(v: Double): Int = if (v.isNaN()) 0 else OPAQUE or map.rgb(limits.position(v))

    private companion object {
        const val SCALE = 2
        const val OPAQUE = 0xff shl 24
    }
}
