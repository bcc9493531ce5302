package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Categories
import org.cellweave.dsl.plot.CategoryColors
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.Expression
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Numbers
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.cellValues
import org.cellweave.dsl.plot.columnValues
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.plot.texts

/**
 * Draws cells by two obs columns or genes, or genes by two var columns; with [basis], an embedding.
 *
 * Reads `obs`, `var`, X, raw or a layer. Writes `uns[{key}_colors]`.
 *
 * @param layers the layer that genes are read from
 */
public fun Plotting.scatter(
    adata: AnnData,
    x: String? = null,
    y: String? = null,
    color: Any? = null,
    useRaw: Boolean? = null,
    layers: String? = null,
    sortOrder: Boolean = true,
    alpha: Double = 1.0,
    basis: String? = null,
    groups: Any? = null,
    components: Any? = null,
    legendLoc: String = "right margin",
    legendFontsize: Number? = null,
    legendFontweight: String = "bold",
    legendFontoutline: Number? = null,
    colorMap: Any? = null,
    palette: Any? = null,
    frameon: Boolean? = null,
    size: Number? = null,
    title: Any? = null,
    save: Any? = null,
): Figure {
    if (basis != null) {
        require(x == null && y == null) { "basis = '$basis' and x, y exclude each other; give either" }
        return embedding(
            adata, basis, color, useRaw = useRaw, layer = layers, sortOrder = sortOrder, alpha = alpha, groups = groups,
            components = components, legendLoc = legendLoc, legendFontsize = legendFontsize,
            legendFontweight = legendFontweight, legendFontoutline = legendFontoutline, colorMap = colorMap,
            palette = palette, frameon = frameon, size = size, title = title, save = save,
        )
    }
    require(x != null && y != null) { "scatter needs x and y, or basis; got x = $x, y = $y" }
    val expression = Expression(adata, useRaw, layers, null)
    val genes = adata.`var`.contains(x) && adata.`var`.contains(y) && !(adata.obs.contains(x) && adata.obs.contains(y))

    fun values(key: String) = if (genes) columnValues(adata.`var`.get(key)) else cellValues(expression, key)

    fun numbers(key: String, axis: String) =
        (values(key) as? Numbers)?.values
            ?: throw IllegalArgumentException(
                "$axis = '$key' must be numeric, but it holds categories; use sc.pl.violin",
            )
    val xs = numbers(x, "x")
    val ys = numbers(y, "y")
    val area = size?.toDouble() ?: (120_000.0 / maxOf(xs.size, 1))
    require(area > 0) { "size must be positive, got $area" }
    val style = DotStyle(
        diameter = PointPanel.diameter(area),
        alpha = alpha,
        naColor = Palettes.NA,
        sortOrder = sortOrder,
        legend = LegendStyle(
            legendLoc, legendFontsize?.toDouble(), legendFontweight, legendFontoutline?.toDouble(), true,
        ),
        frame = frameon ?: Settings.figures.frameon,
        ticks = true,
        panelWidth = Settings.figures.width(380),
        panelHeight = Settings.figures.height(290),
    )
    val keys = texts(color, "color") ?: listOf(null)
    val titles = texts(title, "title")
    require(titles == null || titles.size == keys.size) {
        "title must have one entry per color (${keys.size}), got ${titles!!.size}"
    }
    val panels = keys.mapIndexed { i, key ->
        val dots = when (val shown = key?.let(::values)) {
            null -> DotColor.Plain("#808080")
            is Numbers -> DotColor.Continuous(
                shown.values, Limits.of(shown.values, null, null, null, i), ColorMap.of(colorMap, "viridis"), true,
            )
            is Categories -> chosen(shown, CategoryColors.of(adata, key, shown.names, palette), texts(groups, "groups"))
        }
        PointPanel(xs, ys, dots, style, titles?.get(i) ?: key?.replace('_', ' ') ?: "", x, y).build()
    }
    return finish(grid(panels, 4), "scatter", save)
}

private fun chosen(values: Categories, colors: List<String>, groups: List<String>?): DotColor.Discrete {
    val kept = values.names.indices.filter { groups == null || values.names[it] in groups }
    val codes = IntArray(values.codes.size) { kept.indexOf(values.codes[it]) }
    return DotColor.Discrete(codes, kept.map { values.names[it] }, kept.map { colors[it] })
}
