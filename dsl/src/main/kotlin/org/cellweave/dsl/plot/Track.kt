package org.cellweave.dsl.plot

import kotlin.math.floor

/** Names along one axis of a table and the pixels that each one takes. */
internal class Track private constructor(val names: List<String>, private val edges: DoubleArray) {
    val size: Int get() = names.size
    val length: Double get() = edges.last()

    fun start(i: Int): Double = edges[i]

    fun end(i: Int): Double = edges[i + 1]

    fun center(i: Int): Double = (edges[i] + edges[i + 1]) / 2

    /** The same shares of another length. */
    fun stretched(length: Double): Track = Track(names, DoubleArray(edges.size) { edges[it] / this.length * length })

    /** The place of a position between two names, where 0 is the middle of the first. */
    fun at(position: Double): Double {
        val i = floor(position).toInt().coerceIn(0, size - 1)
        return if (i == size - 1) center(i) else center(i) + (position - i) * (center(i + 1) - center(i))
    }

    companion object {
        fun uniform(names: List<String>, step: Double): Track = Track(names, DoubleArray(names.size + 1) { it * step })

        /** Shares [length] in proportion to [counts]. */
        fun weighted(names: List<String>, counts: List<Int>, length: Double): Track {
            val total = counts.sum().toDouble()
            val edges = DoubleArray(names.size + 1)
            var sum = 0
            for (i in names.indices) {
                sum += counts[i]
                edges[i + 1] = sum / total * length
            }
            return Track(names, edges)
        }
    }
}

internal enum class Side { TOP, BOTTOM, LEFT, RIGHT }

/** Draws a tree that grows from the line through ([x], [y]) towards [side], over the places of [track]. */
internal fun Canvas.tree(
    tree: Tree,
    track: Track,
    side: Side,
    x: Double,
    y: Double,
    depth: Double,
    color: String = "#000000",
) {
    fun place(leaf: Double, height: Double): Pair<Double, Double> {
        val along = track.at(leaf)
        val away = height * depth
        return when (side) {
            Side.TOP -> x + along to y - away
            Side.BOTTOM -> x + along to y + away
            Side.LEFT -> x - away to y + along
            Side.RIGHT -> x + away to y + along
        }
    }
    lines(
        tree.segments.map { (leaf0, height0, leaf1, height1) ->
            val (x0, y0) = place(leaf0, height0)
            val (x1, y1) = place(leaf1, height1)
            doubleArrayOf(x0, y0, x1, y1)
        },
        color, 1.0,
    )
}

/** Numbers of cells of groups as bars. */
internal class Totals(val counts: List<Int>, val colors: List<String>) {
    /** Bars that grow from the line through ([x], [y]) towards [side], with the numbers at their ends. */
    fun draw(canvas: Canvas, track: Track, side: Side, x: Double, y: Double, depth: Double) {
        val most = (counts.maxOrNull() ?: 1).coerceAtLeast(1)
        val lengths = counts.map { it * (depth - NUMBER) / most }
        val upright = side == Side.TOP
        canvas.boxes(
            counts.indices.map {
                val from = track.start(it) + (track.end(it) - track.start(it)) * (1 - THICK) / 2
                val thick = (track.end(it) - track.start(it)) * THICK
                val long = lengths[it]
                if (upright) Box(x + from, y - long, thick, long) else Box(x, y + from, long, thick)
            },
            colors, "#000000",
        )
        canvas.texts(
            counts.indices.map {
                val middle = track.center(it)
                if (upright) x + middle to y - lengths[it] - 3 else x + lengths[it] + 3 to y + middle
            },
            counts.map(::short), FONT, hjust = 0.0, angle = if (upright) 90.0 else 0.0,
        )
    }

    /** Thousands from 1,000 on. */
    private fun short(n: Int) = if (n < 1000) "$n" else "%.1fk".format(java.util.Locale.ROOT, n / 1000.0)

    private companion object {
        const val NUMBER = 30.0
        const val THICK = 0.65
        const val FONT = 9.0
    }
}
