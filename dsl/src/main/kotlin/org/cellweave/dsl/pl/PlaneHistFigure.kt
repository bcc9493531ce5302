package org.cellweave.dsl

import org.cellweave.distribution.Histogram
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.layer
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.dsl.plot.tidy
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Variable
import org.cellweave.util.Check

/** Bins of a plane in the colours of their counts; empty ones are left free. */
internal class PlaneHistFigure(
    data: ChartData,
    x: Any,
    y: Any,
    private val binning: Binning,
    private val cmap: Any?,
    private val output: ChartOutput,
) {
    private val across = data.required(x, "x")
    private val up = data.required(y, "y")
    private val points = PlanePoints.of(across, up)

    fun panel(): Panel {
        val xEdges = binning.edges(points.x)
        val yEdges = binning.edges(points.y)
        val (xLow, xHigh) = Ends.padded(xEdges.first(), xEdges.last(), 0.0, 0.5)
        val (yLow, yHigh) = Ends.padded(yEdges.first(), yEdges.last(), 0.0, 0.5)
        return ChartPanel(
            ChartAxis.numbers(xLow, xHigh, across.name), ChartAxis.numbers(yLow, yHigh, up.name),
            listOf(tiles(points, xEdges, yEdges, binning.stat, planeColors(cmap))), output.look,
            output.title.orEmpty(), size = output.size,
        ).build()
    }

    companion object {
        /** Blue from almost white, as seaborn's light maps of one colour. */
        fun planeColors(cmap: Any?): ColorMap =
            if (cmap == null) ColorMap.of(listOf("#b9d6ec", "#3d8cc7", "#12395c"), "") else colorMap(cmap, "Blues")

        fun tiles(
            points: PlanePoints,
            xEdges: DoubleArray,
            yEdges: DoubleArray,
            stat: Histogram.Stat,
            map: ColorMap,
        ): Spec {
            val counts = Histogram.counts(points.x, points.y, xEdges, yEdges)
            val cells = counts.indices.flatMap { i ->
                counts[i].indices.filter { counts[i][it] > 0 }.map { i to it }
            }
            val heights = heights(counts, xEdges, yEdges, stat)
            val shown = cells.map { (i, j) -> heights[i][j] }
            val limits = Limits.of(doubleArrayOf(0.0, *shown.toDoubleArray()))
            return layer(
                "rect",
                mapOf(
                    "xmin" to cells.map { tidy(xEdges[it.first]) }, "xmax" to cells.map { tidy(xEdges[it.first + 1]) },
                    "ymin" to cells.map { tidy(yEdges[it.second]) },
                    "ymax" to cells.map { tidy(yEdges[it.second + 1]) },
                    "fill" to shown.map { map.hex(limits.position(it)) }, "value" to shown.map { tickLabel(it) },
                ),
                listOf("xmin", "xmax", "ymin", "ymax", "fill").associateWith { it },
                "size" to 0.0, "color" to "rgba(0,0,0,0)", "alpha" to 1.0,
                "tooltips" to spec("lines" to listOf("@value")),
            )
        }

        fun heights(
            counts: Array<DoubleArray>,
            xEdges: DoubleArray,
            yEdges: DoubleArray,
            stat: Histogram.Stat,
        ): Array<DoubleArray> {
            val total = counts.sumOf { it.sum() }
            return Array(counts.size) { i ->
                DoubleArray(counts[i].size) { j ->
                    val area = (xEdges[i + 1] - xEdges[i]) * (yEdges[j + 1] - yEdges[j])
                    when (stat) {
                        Histogram.Stat.COUNT -> counts[i][j]
                        Histogram.Stat.FREQUENCY -> counts[i][j] / area
                        Histogram.Stat.DENSITY -> counts[i][j] / total / area
                        Histogram.Stat.PERCENT -> 100 * counts[i][j] / total
                        else -> counts[i][j] / total
                    }
                }
            }
        }
    }
}

/** Points that have both coordinates, and the rows that they are. */
internal class PlanePoints private constructor(val rows: List<Int>, val x: DoubleArray, val y: DoubleArray) {
    fun at(kept: List<Int>): PlanePoints =
        PlanePoints(
            kept.map { rows[it] }, DoubleArray(kept.size) { x[kept[it]] }, DoubleArray(kept.size) { y[kept[it]] },
        )

    companion object {
        fun of(across: Variable, up: Variable): PlanePoints {
            val x = across.numbers()
            val y = up.numbers()
            Check.sameLength(y.size, x.size, "y", "the number of values of x")
            val rows = x.indices.filter { x[it].isFinite() && y[it].isFinite() }
            require(rows.isNotEmpty()) { "'${across.name}' and '${up.name}' have no row with both" }
            return PlanePoints(
                rows, DoubleArray(rows.size) { x[rows[it]] }, DoubleArray(rows.size) { y[rows[it]] },
            )
        }
    }
}
