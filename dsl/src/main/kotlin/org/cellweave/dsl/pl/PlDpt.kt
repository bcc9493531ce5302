package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.SeriesPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.util.MissingKeyException

/**
 * Draws groups of cells above their pseudotime, both along the order of `sc.tl.dpt`.
 *
 * Where there is no `obs[dpt_order]`, as after a run without branchings, cells are in the order of
 * pseudotime.
 *
 * Reads `obs[dpt_groups, dpt_order, dpt_pseudotime]`, `uns[dpt_changepoints]`. Writes `uns[dpt_groups_colors]`.
 *
 * @param colorMap of pseudotime
 * @param palette of the groups
 */
public fun Plotting.dptGroupsPseudotime(
    adata: AnnData,
    colorMap: Any? = null,
    palette: Any? = null,
    marker: String = ".",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val column = adata.obs.find("dpt_groups") ?: throw MissingKeyException(
        "obs", "dpt_groups", adata.obs.keys,
        "Only a run with branchings makes groups; put any grouping of cells there.",
    )
    val groups = columnValues(column) as? Categories
        ?: throw IllegalArgumentException("obs['dpt_groups'] must be categorical, but is ${column.dtypeName()}")
    val time = pseudotime(adata)
    val order = DoubleArray(adata.nObs).also { at ->
        dptOrder(adata).forEachIndexed { rank, i -> at[i] = rank.toDouble() }
    }
    val marks = changepoints(adata)
    val colors = CategoryColors.of(adata, "dpt_groups", groups.names, palette)
    val codes = DoubleArray(adata.nObs) { if (groups.codes[it] < 0) Double.NaN else groups.codes[it].toDouble() }

    fun panel(y: DoubleArray, color: DotColor, x: String, name: String, ticks: Map<Double, String>?) =
        PointPanel(
            order, y, color, series(marker, colored = color is DotColor.Continuous), "", x, name,
            yTicks = ticks, marks = marks,
        ).build()
    val limits = Limits.of(time)
    val panels = listOf(
        panel(
            codes, DotColor.Discrete(groups.codes, groups.names, colors), "", "dpt groups",
            groups.names.withIndex().associate { it.index.toDouble() to it.value },
        ),
        panel(
            time, DotColor.Continuous(time, limits, colorMap(colorMap, "viridis"), false), "dpt order", "pseudotime",
            mapOf(0.0 to "0", 1.0 to "1"),
        ),
    )
    return finish(grid(panels, 1), "dpt_groups_pseudotime", Output(save, show, ax, figsize, dpi))
}

/**
 * Draws the expression of all genes of [adata] along the order of `sc.tl.dpt`; more than 100 are hard to read.
 *
 * Where there is no `obs[dpt_order_indices]`, cells are in the order of `obs[dpt_pseudotime]`. Of more
 * cells than pixels, those that share a pixel are averaged.
 *
 * Reads X, `obs[dpt_order_indices, dpt_pseudotime]`, `uns[dpt_changepoints]`.
 *
 * @param asHeatmap a row per gene; otherwise dots in a colour per gene
 */
public fun Plotting.dptTimeseries(
    adata: AnnData,
    colorMap: Any? = null,
    asHeatmap: Boolean = true,
    marker: String = ".",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(adata.nVars > 0) { "dptTimeseries draws every gene, but adata has none" }
    if (adata.nVars > MANY_SERIES) {
        Log.warning(
            "Plotting more than $MANY_SERIES genes might take some while, consider selecting only highly variable " +
                "genes, for example.",
        )
    }
    val order = dptOrder(adata)
    val marks = changepoints(adata)
    val rows = List(adata.nVars) { j ->
        val values = Expression.column(adata.X, j)
        DoubleArray(order.size) { values[order[it]] }
    }
    val panel = if (asHeatmap) {
        SeriesPanel(adata.varNames, rows, marks, colorMap(colorMap, "viridis"), "dpt order", sessionLook()).build()
    } else {
        val n = order.size
        val x = DoubleArray(n * rows.size) { (it % n).toDouble() }
        val y = DoubleArray(n * rows.size) { rows[it / n][it % n] }
        val color = DotColor.Discrete(IntArray(x.size) { it / n }, adata.varNames, Settings.figures.palette(rows.size))
        PointPanel(x, y, color, series(marker, false, 300), "", "dpt order", "gene expression", marks = marks).build()
    }
    return finish(listOf(Placed(panel, 0, 0)), "dpt_timeseries", Output(save, show, ax, figsize, dpi))
}

private const val MANY_SERIES = 100

private fun series(marker: String, colored: Boolean, height: Int = 170) =
    DotStyle(
        plainDiameter = 3.0, alpha = 1.0, naColor = Palettes.NA, sortOrder = false,
        legend = LegendStyle.plain(if (colored) "none" else "right margin"), look = sessionLook(), ticks = true,
        panelWidth = 480, panelHeight = height, marker = Marker.of(marker),
    )

/** Unreachable cells, at infinity, have no place on the axis. */
private fun pseudotime(adata: AnnData): DoubleArray =
    adata.obsColumn("dpt_pseudotime").toDoubles().also { time ->
        for (i in time.indices) if (!time[i].isFinite()) time[i] = Double.NaN
    }

private fun dptOrder(adata: AnnData): IntArray {
    val stored = adata.obs.find("dpt_order_indices")?.toDoubles()
    if (stored != null) {
        return IntArray(stored.size) { stored[it].toInt() }
    }
    val time = pseudotime(adata)
    return time.indices.sortedBy { if (time[it].isNaN()) Double.POSITIVE_INFINITY else time[it] }.toIntArray()
}

private fun changepoints(adata: AnnData): List<Double> =
    when (val points = adata.uns["dpt_changepoints"]) {
        null -> emptyList()
        is NdArray -> points.toDoubles().asList()
        is Iterable<*> -> points.map { (it as Number).toDouble() }
        is IntArray -> points.map { it.toDouble() }
        is LongArray -> points.map { it.toDouble() }
        else -> throw IllegalArgumentException("uns['dpt_changepoints'] must hold numbers, got $points")
    }
