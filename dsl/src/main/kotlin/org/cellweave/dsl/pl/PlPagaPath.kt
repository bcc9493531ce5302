package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.CellPath
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PathFigure
import org.cellweave.dsl.plot.PathLines
import org.cellweave.dsl.plot.PathStrip
import org.cellweave.dsl.plot.PathStyle
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.shown.known
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check

/**
 * Draws genes along a path of groups, the cells of each group in the order of pseudotime.
 *
 * With a running average the rows begin and end half a window inside; groups and annotations are cut alike.
 *
 * Reads `obs[dpt_pseudotime]`, `obs[groupsKey]`, `uns["paga"]["groups"]`, X or raw, `uns[{key}_colors]`.
 * Writes `uns[{key}_colors]`.
 *
 * @param nodes groups by name or number, one or a list
 * @param keys genes or columns of numbers, one or a list
 * @param annotations columns of obs drawn below; none when [asHeatmap] is false
 * @param colorMapsAnnotations from column to colour map; `Greys` for all others
 * @param paletteGroups colours of the groups
 * @param nAvg cells of the running average
 * @param xlim first cell and end of the part that is drawn
 * @param normalizeToZeroOne per row
 * @param asHeatmap a row per key; otherwise a line
 * @param leftMargin taken for lines written for scanpy: names have the room that they need in any case
 * @param returnData whether what comes back also holds the table that is drawn; see [PathPlot]
 */
public fun Plotting.pagaPath(
    adata: AnnData,
    nodes: Any,
    keys: Any,
    useRaw: Boolean = true,
    annotations: Any = listOf("dpt_pseudotime"),
    colorMap: Any? = null,
    colorMapsAnnotations: Map<String, Any> = mapOf("dpt_pseudotime" to "Greys"),
    paletteGroups: Any? = null,
    nAvg: Int = 1,
    groupsKey: String? = null,
    xlim: Pair<Int?, Int?> = null to null,
    title: String? = null,
    ytickFontsize: Any? = null,
    titleFontsize: Any? = null,
    showNodeNames: Boolean = true,
    showYticks: Boolean = true,
    showColorbar: Boolean = true,
    legendFontsize: Any? = null,
    normalizeToZeroOne: Boolean = false,
    asHeatmap: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    returnData: Boolean = false,
    leftMargin: Number? = null,
): PathPlot {
    require(leftMargin == null || leftMargin.toDouble() in 0.0..1.0) { "leftMargin must lie in 0..1, got $leftMargin" }
    val stations = (nodes as? Iterable<*>)?.toList() ?: texts(nodes, "nodes")!!
    val wanted = texts(keys, "keys")!!
    require(stations.isNotEmpty()) { "nodes must name at least one group" }
    require(wanted.isNotEmpty()) { "keys must name at least one gene or column" }
    val key = groupsKey ?: adata.unsMap("paga")["groups"] as? String
        ?: throw IllegalArgumentException("groupsKey must name the grouping, because uns['paga']['groups'] does not")
    val walk = Walk(adata, key, stations, xlim, Check.positive(nAvg, "nAvg"))
    val expression = Expression(adata, useRaw && adata.raw != null)
    known(expression, wanted)
    val rows = wanted.map { name ->
        val values = cellValues(expression, name) as? Numbers
            ?: throw IllegalArgumentException("keys must name numbers, but obs['$name'] has categories")
        walk.along(values.values).also { if (normalizeToZeroOne) toUnit(it) }
    }
    val path = CellPath(walk.groups, wanted, rows)
    val look = sessionLook()
    val panel = if (asHeatmap) {
        val colors = CategoryColors.of(adata, key, walk.names, paletteGroups)
        val strips = texts(annotations, "annotations")!!.map { walk.strip(it, colorMapsAnnotations[it]) }
        val style = PathStyle(
            title = title ?: "",
            groupsName = key,
            showNodeNames = showNodeNames,
            showYticks = showYticks,
            showColorbar = showColorbar,
            tickSize = LegendStyle.fontSize(ytickFontsize, look, "ytickFontsize") ?: look.tickSize,
            titleSize = LegendStyle.fontSize(titleFontsize, look, "titleFontsize") ?: look.titleSize,
            look = look,
        )
        PathFigure(path, walk.names, colors, strips, colorMap(colorMap, "viridis"), style).build()
    } else {
        PathLines(
            path, key, title ?: "",
            fontSize = LegendStyle.fontSize(legendFontsize, look) ?: look.legendSize,
            look = look,
        ).build()
    }
    val distances = adata.obs.find("distance")?.let { walk.along(it.toDoubles()) }
    val table = if (returnData) walk.table(wanted, rows, distances) else null
    val output = Output(save, show, ax, figsize, dpi)
    val figure = PathPlot(listOf(Placed(panel, 0, 0)), table, ax?.figure)
    if (ax == null) return finished(figure, output)
    output.into(ax, figure.placed, "paga_path", emptySet())
    return figure
}

/** A path's figure and the table behind it: `val (ax, data) = sc.pl.pagaPath(..., returnData = true)`. */
public class PathPlot internal constructor(
    panels: List<Placed>,
    private val table: DataFrame?,
    private val whole: Figure?,
) : Figure(panels, "paga_path") {
    /** The figure, or the one that it was drawn into. */
    public operator fun component1(): Figure = whole ?: this

    /** A row per cell of the path: the keys as they are drawn, `groups`, and `distance` where obs has such a column. */
    public operator fun component2(): DataFrame =
        requireNotNull(table) { "pagaPath gives its table with returnData = true" }

    /** Writes the table; see [DataFrame.toCsv]. */
    public fun toCsv(path: String, sep: String = ",", index: Boolean = true) {
        component2().toCsv(path, sep, index)
    }
}

private fun toUnit(row: DoubleArray) {
    val low = row.min()
    val range = (row.max() - low).takeIf { it > 0 } ?: 1.0
    for (i in row.indices) row[i] = (row[i] - low) / range
}

/** The cells of a path in their order. */
private class Walk(
    private val adata: AnnData,
    key: String,
    nodes: List<*>,
    xlim: Pair<Int?, Int?>,
    private val nAvg: Int,
) {
    private val column = adata.groups(key, "groupsKey")
    val names: List<String> = column.categoryNames()
    private val cells: List<Int>

    init {
        val numbers = nodes.map { node ->
            val at = if (node is Number) node.toInt() else names.indexOf(node.toString())
            require(at in names.indices) {
                "nodes must be among $names (obs['$key']), got '$node'." + Check.suggestion(node.toString(), names)
            }
            at
        }
        val time = adata.obsColumn("dpt_pseudotime").toDoubles()
        val codes = column.codes()
        val all = numbers.flatMap { node ->
            val own = codes.indices.filter { codes[it] == node }
            require(own.isNotEmpty()) { "nodes must have cells, but obs['$key'] has none of '${names[node]}'" }
            own.sortedBy { if (time[it].isNaN()) Double.POSITIVE_INFINITY else time[it] }
        }
        val from = xlim.first ?: 0
        val to = xlim.second ?: all.size
        require(from in 0 until to && to <= all.size) {
            "xlim must be a part of the ${all.size} cells of the path, got $from to $to"
        }
        cells = all.subList(from, to)
        require(nAvg <= cells.size) {
            "nAvg must be at most the number of cells of the path (${cells.size}), got $nAvg"
        }
    }

    /** Cells in the middle of the windows. */
    private val middle = List(cells.size - nAvg + 1) { cells[it + (nAvg - 1) / 2] }

    val groups: IntArray = column.codes().let { codes -> IntArray(middle.size) { codes[middle[it]] } }

    /** Running averages of [values]. */
    fun along(values: DoubleArray): DoubleArray =
        DoubleArray(middle.size) { i -> (i until i + nAvg).sumOf { values[cells[it]] } / nAvg }

    fun table(keys: List<String>, rows: List<DoubleArray>, distances: DoubleArray?): DataFrame {
        val columns = LinkedHashMap<String, Any?>()
        keys.forEachIndexed { i, key -> columns[key] = rows[i].asList() }
        columns["groups"] = groups.map { names[it] }
        distances?.let { columns["distance"] = it.asList() }
        return pd.DataFrame(columns)
    }

    fun strip(name: String, map: Any?): PathStrip =
        when (val values = columnValues(adata.obsColumn(name))) {
            is Categories -> {
                val colors = CategoryColors.of(adata, name, values.names, null)
                PathStrip(name) { i -> (colors.getOrNull(values.codes[middle[i]]) ?: Palettes.NA).drop(1).toInt(16) }
            }
            is Numbers -> {
                val row = along(values.values)
                val limits = Limits.of(row)
                val colors = colorMap(map, "Greys")
                PathStrip(name) { i -> colors.rgb(limits.position(if (row[i].isNaN()) limits.low else row[i])) }
            }
        }
}
