package org.cellweave.dsl

import org.cellweave.dsl.plot.ChartKeys
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Variable
import org.cellweave.util.Check

/** Points of the plane, apart by the categories of a variable, and their colours. */
internal class PlaneGroups private constructor(
    val hue: String?,
    val names: List<String>,
    val colors: List<String>,
    /** By group. */
    val points: List<PlanePoints>,
    /** All together, in the order of rows, and the group of each. */
    val all: PlanePoints,
    val codes: IntArray,
) {
    fun keys(): ChartKeys? = hue?.let { ChartKeys(it, names, colors) }

    companion object {
        fun of(data: ChartData, across: Variable, up: Variable, hue: Any?, options: HistOptions): PlaneGroups {
            val every = PlanePoints.of(across, up)
            val by = data.variable(hue, "hue")
            if (by == null) {
                val color = options.color?.let { Palettes.color(it, "color") } ?: ChartData.cycle(1)[0]
                return PlaneGroups(null, listOf(""), listOf(color), listOf(every), every, IntArray(every.x.size))
            }
            Check.sameLength(by.size, across.size, "hue", "the number of values of x")
            val (levels, colors) = HueLevels.of(data, by, options.hueOrder, options.palette)
            val shown = every.at(every.rows.indices.filter { levels.codes[every.rows[it]] >= 0 })
            val codes = IntArray(shown.rows.size) { levels.codes[shown.rows[it]] }
            val parts = levels.names.indices.map { g -> shown.at(codes.indices.filter { codes[it] == g }) }
            return PlaneGroups(by.name, levels.names, colors, parts, shown, codes)
        }
    }
}
