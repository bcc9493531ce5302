package org.cellweave.dsl

import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check

/** Rows of a table as dots, in the order in which they stand. */
internal class TablePoints(
    private val data: ChartData,
    x: Any?,
    y: Any?,
    hue: Any?,
    private val hueOrder: Any?,
    private val palette: Any?,
    private val color: String?,
) {
    private val across = data.required(x, "x")
    private val up = data.required(y, "y")
    private val by = data.variable(hue, "hue")

    fun panel(size: Double, alpha: Double, output: ChartOutput): Panel {
        val (xs, ys) = across.numbers() to up.numbers()
        Check.sameLength(ys.size, xs.size, "y", "the number of values of x")
        val style = DotStyle(
            plainDiameter = Check.positive(size, "size") * Look.PIXELS_PER_POINT,
            alpha = Check.inRange(alpha, 0.0, 1.0, "alpha"), naColor = Palettes.NA, sortOrder = false,
            legend = LegendStyle.plain("right margin"), look = output.look, panelWidth = ChartPanel.WIDTH,
            panelHeight = ChartPanel.HEIGHT, ticks = true,
        )
        return PointPanel(xs, ys, colors(xs.size), style, output.title.orEmpty(), across.name, up.name).build()
    }

    private fun colors(n: Int): DotColor {
        if (by == null) {
            return DotColor.Plain(color?.let { Palettes.color(it, "color") } ?: ChartData.cycle(1)[0])
        }
        Check.sameLength(by.size, n, "hue", "the number of values of x")
        if (by.isNumeric && hueOrder == null) {
            val values = by.numbers()
            val map = if (palette == null) colorMap(null, "viridis") else ColorMap.of(palette, "viridis")
            return DotColor.Continuous(values, Limits.of(values), map, bar = true)
        }
        val (levels, colors) = HueLevels.of(data, by, hueOrder, palette)
        return DotColor.Discrete(levels.codes, levels.names, colors)
    }
}
