package org.cellweave.dsl

import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Panel

/** A chart of grouped values: names along one axis, numbers along the other. */
internal class GroupedFigure(
    private val groups: GroupedValues,
    private val output: ChartOutput,
    private val log: Boolean,
    private val rotation: Double?,
) {
    /**
     * @param ends the least and the largest value drawn
     * @param fromZero whether the axis begins at nothing
     * @param stacked whether levels share a place
     */
    fun panel(
        marks: ChartMarks,
        ends: Pair<Double, Double>,
        valueTitle: String,
        fromZero: Boolean = false,
        stacked: Boolean = false,
    ): Panel {
        val (low, high) = Ends.padded(ends.first, ends.second, MARGIN, 0.5)
        val values = ChartAxis.numbers(
            if (fromZero && ends.first >= 0) 0.0 else low, if (fromZero && ends.second <= 0) 0.0 else high, valueTitle,
            log,
        )
        val names = groups.axis()
        val (along, up) = lengths(stacked)
        return ChartPanel(
            if (groups.lying) values else names, if (groups.lying) names else values, marks.layers, output.look,
            output.title.orEmpty(), groups.keys(), output.size,
            panelWidth = if (groups.lying) up else along, panelHeight = if (groups.lying) along else up,
            dots = marks.dots, rotation = rotation,
        ).build()
    }

    /** Pixels of a unit of the values and of a place, about. */
    fun pixels(ends: Pair<Double, Double>): Pair<Double, Double> {
        val (low, high) = Ends.padded(ends.first, ends.second, MARGIN, 0.5)
        val (along, up) = lengths(stacked = false)
        val inner = output.size?.let { (w, h) -> maxOf(1.0, w - AROUND) to maxOf(1.0, h - AROUND) }
        val (w, h) = inner ?: if (groups.lying) up.toDouble() to along.toDouble() else along.toDouble() to up.toDouble()
        val n = groups.names.size
        return if (groups.lying) w / (high - low) to h / n else h / (high - low) to w / n
    }

    /** Pixels of the axis of names and of that of values. */
    private fun lengths(stacked: Boolean): Pair<Int, Int> {
        val along = (groups.names.size * maxOf(PLACE, if (stacked) 0.0 else LEVEL * groups.levels.size) + PLACE).toInt()
        return if (groups.lying) {
            along.coerceIn(LEAST / 2, MOST) to ChartPanel.WIDTH
        } else {
            along.coerceIn(LEAST, MOST) to ChartPanel.HEIGHT
        }
    }

    companion object {
        private const val MARGIN = 0.05
        private const val PLACE = 36.0
        private const val LEVEL = 12.0
        private const val LEAST = 240
        private const val AROUND = 70.0
        private const val MOST = 1000

        /** The ends of all values. */
        fun ends(groups: GroupedValues): Pair<Double, Double> {
            val all = groups.values.flatten().filter { it.isNotEmpty() }
            require(all.isNotEmpty()) { "'${groups.valueTitle}' has no value to draw" }
            return all.minOf { it.min() } to all.maxOf { it.max() }
        }

        /** The same groups with logarithms for their values. */
        fun scaled(groups: List<List<DoubleArray>>): List<List<DoubleArray>> =
            groups.map { row -> row.map { values -> logarithms(values).filter { it.isFinite() }.toDoubleArray() } }
    }
}
