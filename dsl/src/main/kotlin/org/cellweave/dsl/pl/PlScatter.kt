package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NameIndex
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.CellValues
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.shown.known
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.rowVector

/**
 * Draws cells by two obs columns or genes, or genes by two var columns; with [basis], an embedding.
 *
 * Reads `obs`, `var`, X, raw or a layer. Writes `uns[{key}_colors]`.
 *
 * @param x a column of obs or a gene, or, when all of [x], [y] and [color] are, a column of var or a cell
 * @param color of the same kind as [x] and [y], or a colour; one or a list
 * @param size area in square points, 120000 / points by default; also called [s]
 * @param cmap another word for [colorMap]
 * @param layers the layer that genes and cells are read from, or three: those of [x], [y] and [color]
 */
public fun Plotting.scatter(
    adata: AnnData,
    x: String? = null,
    y: String? = null,
    color: Any? = null,
    useRaw: Boolean? = null,
    layers: Any? = null,
    sortOrder: Boolean = true,
    alpha: Number = 1.0,
    basis: String? = null,
    groups: Any? = null,
    components: Any? = null,
    legendLoc: String = "right margin",
    legendFontsize: Number? = null,
    legendFontweight: Any = "bold",
    legendFontoutline: Number? = null,
    colorMap: Any? = null,
    palette: Any? = null,
    frameon: Boolean? = null,
    size: Number? = null,
    marker: String = ".",
    title: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    s: Number? = null,
    cmap: Any? = null,
): Figure {
    if (basis != null) {
        require(x == null && y == null) { "basis = '$basis' and x, y exclude each other; give either" }
        return embedding(
            adata, basis, color, useRaw = useRaw, layer = layersOf(layers)[2],
            sortOrder = sortOrder, alpha = alpha.toDouble(), groups = groups,
            components = components, legendLoc = legendLoc, legendFontsize = legendFontsize,
            legendFontweight = legendFontweight, legendFontoutline = legendFontoutline, colorMap = colorMap,
            palette = palette, frameon = frameon, size = size ?: s, marker = marker, title = title, show = show,
            save = save,
            ax = ax, figsize = figsize, dpi = dpi, cmap = cmap,
        )
    }
    require(x != null && y != null) { "scatter needs x and y, or basis; got x = $x, y = $y" }
    val keys = texts(color, "color")?.ifEmpty { null } ?: listOf(null)
    val source = ScatterSource(adata, useRaw, layersOf(layers), x, y, keys.filterNotNull())
    val xs = source.numbers(x, 0, "x")
    val ys = source.numbers(y, 1, "y")
    val area = (size ?: s)?.toDouble() ?: (120_000.0 / maxOf(xs.size, 1))
    require(area > 0) { "size must be positive, got $area" }
    val style = DotStyle(
        plainDiameter = PointPanel.diameter(area),
        alpha = alpha.toDouble(),
        naColor = Palettes.NA,
        sortOrder = sortOrder,
        legend = LegendStyle(
            legendLoc, fontSize = legendFontsize?.toDouble(), fontWeight = legendFontweight,
            fontOutline = legendFontoutline?.toDouble(), naInLegend = true,
        ),
        look = sessionLook(),
        marker = Marker.of(marker),
        frame = frameon ?: Settings.figures.frameon,
        ticks = true,
        panelWidth = Settings.figures.width(380),
        panelHeight = Settings.figures.height(290),
    )
    val titles = texts(title, "title")
    require(titles == null || titles.size == keys.size) {
        "title must have one entry per color (${keys.size}), got ${titles!!.size}"
    }
    val panels = keys.mapIndexed { i, key ->
        val dots = when (val shown = key?.let(source::colors)) {
            null -> DotColor.Plain(key?.let(Palettes::find) ?: "#808080")
            is Numbers -> DotColor.Continuous(
                shown.values, Limits.of(shown.values), colorMap(cmap ?: colorMap, "viridis"), true,
            )
            is Categories -> chosen(shown, CategoryColors.of(adata, key, shown.names, palette), texts(groups, "groups"))
        }
        PointPanel(xs, ys, dots, style, titles?.get(i) ?: key?.replace('_', ' ') ?: "", x, y).build()
    }
    return finish(grid(panels, 4), "scatter", Output(save, show, ax, figsize, dpi))
}

private fun chosen(values: Categories, colors: List<String>, groups: List<String>?): DotColor.Discrete {
    val kept = values.names.indices.filter { groups == null || values.names[it] in groups }
    val codes = IntArray(values.codes.size) { kept.indexOf(values.codes[it]) }
    return DotColor.Discrete(codes, kept.map { values.names[it] }, kept.map { colors[it] })
}

private fun layersOf(layers: Any?): List<String?> {
    val names = when (layers) {
        null -> return listOf(null, null, null)
        is Iterable<*> -> layers.map { it as String? }
        else -> texts(layers, "layers")!!
    }
    require(names.size == 1 || names.size == 3) { "layers must be one layer or three, got $names" }
    // scanpy spells X as a layer.
    return List(3) { names[if (names.size == 1) 0 else it].takeIf { name -> name != "X" } }
}

/** Where a scatter finds its values: columns of obs and genes, or columns of var and cells. */
private class ScatterSource(
    private val adata: AnnData,
    useRaw: Boolean?,
    private val layers: List<String?>,
    x: String,
    y: String,
    colors: List<String>,
) {
    private val sources = layers.map { Expression(adata, useRaw, it, null) }
    private val cells: NameIndex by lazy { NameIndex.of("obs", adata.obsNames) }
    private val overGenes: Boolean

    init {
        val keys = listOf(x, y) + colors.filter { Palettes.find(it) == null }
        val strange = keys.filter { it !in adata.obs.keys && !sources[0].has(it) }
        overGenes = strange.isNotEmpty() && keys.all { it in adata.`var`.keys || cells.contains(it) }
        if (strange.isNotEmpty() && !overGenes) {
            val other = strange.filter { it in adata.`var`.keys || cells.contains(it) }
            require(other.isEmpty()) {
                "x, y and color must all be columns of obs and genes, or all columns of var and cells, but $other " +
                    "are of the other kind than ${keys - other.toSet()}"
            }
            known(sources[0], keys)
        }
    }

    private fun values(key: String, role: Int): CellValues =
        if (overGenes) {
            columnValues(adata.`var`.find(key) ?: rowVector(adata.matrixOf(layers[role]), cells.at(key)))
        } else {
            cellValues(sources[role], key)
        }

    fun numbers(key: String, role: Int, axis: String): DoubleArray =
        (values(key, role) as? Numbers)?.values
            ?: throw IllegalArgumentException(
                "$axis = '$key' must be numeric, but it holds categories; use sc.pl.violin",
            )

    /** Null when [key] is a colour itself. */
    fun colors(key: String): CellValues? {
        val isColumn = if (overGenes) {
            key in adata.`var`.keys || cells.contains(key)
        } else {
            key in adata.obs.keys || sources[2].has(key)
        }
        return if (isColumn || Palettes.find(key) == null) values(key, 2) else null
    }
}
