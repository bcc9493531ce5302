package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.Coordinates
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Draws the density of cells in an embedding, one panel per group, before all other cells in grey.
 *
 * Reads `obs[key]` and `uns[{key}_params]`, made by `sc.tl.embeddingDensity`, and `obsm[X_basis]`.
 *
 * @param hspace room between rows as part of a panel's height, never less than their text needs; so is [wspace]
 * @param key `{basis}_density` by default, with `_{groupby}` when that is given
 * @param group groups to draw, one or a list; `"all"` for all, null for all cells in one panel
 * @param bgDotsize area of the grey dots in square points
 * @param fgDotsize area of the coloured dots in square points
 */
public fun Plotting.embeddingDensity(
    adata: AnnData,
    basis: String = "umap",
    key: String? = null,
    groupby: String? = null,
    group: Any? = "all",
    colorMap: Any? = "YlOrRd",
    bgDotsize: Number = 80.0,
    fgDotsize: Number = 180.0,
    vmax: Any? = 1,
    vmin: Any? = 0,
    vcenter: Any? = null,
    norm: Norm? = null,
    ncols: Int = 4,
    hspace: Number? = null,
    wspace: Number? = null,
    title: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(key == null || groupby == null) { "key and groupby exclude each other; key says it all" }
    Check.positive(bgDotsize.toDouble(), "bgDotsize")
    Check.positive(fgDotsize.toDouble(), "fgDotsize")
    val space = if (basis.lowercase() == "fa") "draw_graph_fa" else basis.lowercase().removePrefix("x_")
    val slot = key ?: (space + "_density" + (groupby?.let { "_$it" } ?: ""))
    val density = adata.obs.find(slot)?.toDoubles()
        ?: throw MissingKeyException("obs", slot, adata.obs.keys, remedy("*_density", "obs"))
    val params = adata.uns[slot + "_params"] as? Map<*, *>
        ?: throw MissingKeyException("uns", slot + "_params", adata.uns.keys, remedy("*_density", "obs"))
    require(adata.nObs > 0) { "a figure of densities needs cells, but the object has none" }
    val parts = densityParts(adata, slot, params["covariate"]?.toString(), group)
    val titles = texts(title, "title")
    require(titles == null || titles.size == parts.size) {
        "title must have one entry per panel (${parts.size}), got ${titles!!.size}"
    }
    val (first, second) = componentsOf(params)
    val coordinates = Coordinates(adata, space)
    val map = colorMap(colorMap, "YlOrRd")
    val look = sessionLook()
    val panels = parts.mapIndexed { i, (name, members) ->
        val shown = DoubleArray(density.size) { if (members[it]) density[it] else Double.NaN }
        val sizes = DoubleArray(density.size) {
            PointPanel.diameter((if (members[it]) fgDotsize else bgDotsize).toDouble())
        }
        val limits = norm?.let { Limits.of(shown, it) }
            ?: Limits.of(shown, vmin = vmin, vmax = vmax, vcenter = vcenter, panel = i)
        val style = DotStyle(
            plainDiameter = sizes.max(), alpha = 1.0, naColor = Palettes.NA, sortOrder = true,
            legend = LegendStyle.plain("right margin"), look = look, plainDiameters = sizes,
            panelWidth = Settings.figures.width(PANEL), panelHeight = Settings.figures.height(PANEL),
        )
        PointPanel(
            coordinates.column(first), coordinates.column(second), DotColor.Continuous(shown, limits, map, true), style,
            titles?.get(i) ?: name, coordinates.label(first), coordinates.label(second),
        ).build()
    }
    return finish(
        spaced(panels, ncols, hspace, wspace), "embedding_density", Output(save, show, ax, figsize, dpi), slot + "_",
    )
}

/** Pixels of a panel where the session asks for no size. */
private const val PANEL = 300

/** Names of panels and the cells that are coloured in each. */
private fun densityParts(
    adata: AnnData,
    key: String,
    covariate: String?,
    group: Any?,
): List<Pair<String, BooleanArray>> {
    if (covariate == null) {
        require(group == null || group == "all") {
            "obs['$key'] was computed over all cells, so that group must be null or \"all\", got '$group'. " +
                "Run sc.tl.embeddingDensity(groupby = ...) for groups"
        }
        return listOf("" to BooleanArray(adata.nObs) { true })
    }
    val groups = columnValues(adata.obsColumn(covariate)) as? Categories
        ?: throw IllegalArgumentException("obs['$covariate'] must be categorical")
    require(group != null) {
        "obs['$key'] holds densities of single groups of '$covariate', so that group must name some, or be \"all\""
    }
    val used = groups.used().map { groups.names[it] }
    val chosen = if (group == "all" && "all" !in groups.names) used else texts(group, "group")!!
    val missing = chosen.filter { it !in groups.names }
    if (missing.isNotEmpty()) throw MissingKeyException("group of '$covariate'", missing, groups.names, "")
    val empty = chosen.filter { it !in used }
    require(empty.isEmpty()) {
        "group must have cells, but obs['$covariate'] has none of ${empty.joinToString { "'$it'" }}"
    }
    return chosen.map { name ->
        val code = groups.names.indexOf(name)
        name to BooleanArray(adata.nObs) { groups.codes[it] == code }
    }
}

/** Columns of the embedding that the density belongs to, counted from 0. */
private fun componentsOf(params: Map<*, *>): Pair<Int, Int> {
    val numbers = when (val value = params["components"]) {
        null -> return 0 to 1
        is NdArray -> value.toDoubles().map { it.toInt() }
        is LongArray -> value.map { it.toInt() }
        is IntArray -> value.asList()
        is Iterable<*> -> value.map { (it as Number).toInt() }
        else -> throw IllegalArgumentException("components of a density must be two numbers, got $value")
    }
    require(numbers.size == 2) { "components of a density must be two numbers, got $numbers" }
    return numbers[0] - 1 to numbers[1] - 1
}
