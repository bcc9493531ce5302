package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.distribution.KernelDensity
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.ViolinMarks
import org.cellweave.dsl.shown.ChartData

/**
 * Draws distributions of groups of a table as violins: seaborn's `violinplot`. Of an AnnData,
 * `sc.pl.violin(adata, keys)` draws scanpy's.
 *
 * Densities have Scott's bandwidth and reach two bandwidths beyond the values. Rows without a value or without a group
 * are left out; a group of fewer than two different values has no violin.
 *
 * Reads the columns of the table.
 *
 * @param x column of groups, or, with [y] as groups, of numbers; a name or a list of values
 * @param hue column whose categories stand side by side in every group
 * @param inner `box`, `quart`, `stick` or null for nothing inside
 * @param densityNorm `area`, `count` or `width`
 * @param cut bandwidths by which violins reach beyond the values
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.violin(
    table: DataFrame,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    order: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    orient: String? = null,
    inner: String? = "box",
    densityNorm: String = "area",
    cut: Number = 2,
    bwAdjust: Number = 1,
    rotation: Number? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val choice = GroupChoice(x, y, hue, order, hueOrder, palette, color, orient)
    val output = ChartOutput("violin", title, Output(save, show, ax, figsize, dpi))
    return violins(table, choice, ViolinChoice(inner, densityNorm, cut, bwAdjust), rotation, output)
}

/** How violins are drawn. */
internal class ViolinChoice(inner: String?, densityNorm: String, cut: Number, bwAdjust: Number) {
    val norm: String = checkedNorm(densityNorm)
    val inside: String? = inside(inner)
    val density: KernelDensity.Params =
        KernelDensity.Params
            .builder()
            .cut(cut.toDouble())
            .adjust(bwAdjust.toDouble())
            .grid(GRID)
            .build()

    companion object {
        private const val GRID = 100

        /** What is drawn inside of violins, by seaborn's words for it. */
        fun inside(inner: String?): String? = inner?.let {
            HistOptions.oneOf(it, listOf("box", "quart", "quartile", "stick"), "inner")
            it.removeSuffix("ile")
        }
    }
}

internal fun violins(
    data: Any?,
    choice: GroupChoice,
    violin: ViolinChoice,
    rotation: Number?,
    output: ChartOutput,
): Figure {
    val groups = GroupedValues.of(ChartData.of(data), choice)
    var (low, high) = GroupedFigure.ends(groups)
    val densities = groups.values.map { row ->
        row.map { v -> if (KernelDensity.exists(v)) KernelDensity.run(v, violin.density) else null }
    }
    val drawn = densities.flatten().filterNotNull()

    fun greatest(part: Int, of: (Int, Int) -> Double): Double =
        groups.names.indices.maxOf { i ->
            groups.levels.indices
                .filter { groups.part(i, it) == part }
                .maxOfOrNull { of(i, it) } ?: 0.0
        }
    val marks = groups.marks()
    val inside = ViolinMarks(marks)
    groups.each { i, l, values ->
        val density = densities[i][l] ?: return@each
        val own = density.height().max()
        val reach = groups.half * when (violin.norm) {
            "area" -> own / greatest(groups.part(i, l)) { n, k -> densities[n][k]?.height()?.max() ?: 0.0 }
            "count" -> values.size / greatest(groups.part(i, l)) { n, k -> groups.values[n][k].size.toDouble() }
            else -> 1.0
        }
        val widths = DoubleArray(density.at().size) { reach * density.height()[it] / own }
        inside.draw(
            groups.middle(i, l), density.at(), widths, values.sortedArray(), groups.color(i, l), violin.inside,
        )
    }
    low = drawn.minOfOrNull { it.at().first() } ?: low
    high = drawn.maxOfOrNull { it.at().last() } ?: high
    val figure = GroupedFigure(groups, output, false, rotation?.toDouble())
    return output.finish(figure.panel(marks, low to high, groups.valueTitle))
}

/** Every value as a dot: at random places near the middle, or beside one another. */
internal fun strips(
    data: Any?,
    choice: GroupChoice,
    size: Number,
    swarm: Boolean,
    jitter: Any,
    rotation: Number?,
    output: ChartOutput,
): Figure {
    val groups = GroupedValues.of(ChartData.of(data), choice)
    val ends = GroupedFigure.ends(groups)
    val marks = groups.marks()
    val figure = GroupedFigure(groups, output, false, rotation?.toDouble())
    val diameter = size.toDouble() * Look.PIXELS_PER_POINT
    val strip = Strip(groups, marks)
    if (swarm) {
        val most = groups.values.maxOf { row -> row.maxOf { it.size } }
        require(most <= MOST_IN_SWARM) {
            "a swarm of $most dots has no room; at most $MOST_IN_SWARM of a group are drawn. Draw a strip instead"
        }
        val (unit, place) = figure.pixels(ends)
        strip.swarm(diameter, unit, place)
    } else {
        strip.jittered(diameter, jitter = if (jitter == true) Strip.JITTER else jitterOf(jitter))
    }
    return output.finish(figure.panel(marks, ends, groups.valueTitle))
}

private const val MOST_IN_SWARM = 5000
