package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.numericObsm
import org.cellweave.util.Check

/**
 * Draws an embedding coloured by numbers of `obsm`, such as the shares of fates: a panel for each component.
 *
 * Without [obsmName] it is [embedding][Plotting.embedding] of scanpy, which has more arguments.
 *
 * Reads `obsm[basis]`, `obsm[obsmName]`, a matrix or a table; without it `obs`, X or raw and `uns[{color}_colors]`.
 * Writes `uns[{color}_colors]`.
 *
 * @param obsmComponent columns of `obsm[obsmName]`, one or a list: numbers counted from 0, or names of a table's
 * @param color obs columns and genes, one or a list; excludes [obsmName]
 * @param size area of the dots in square points; 120000 / cells by default
 * @param title of the panels, one or a list; the key and the column by default, as in `proportions_Mono`
 * @param ncols panels in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.embedding(
    adata: AnnData,
    obsmName: String? = null,
    obsmComponent: Any? = null,
    basis: String = "X_umap",
    color: Any? = null,
    size: Number? = null,
    frameon: Boolean? = null,
    palette: Any? = null,
    colorMap: Any? = null,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    legendLoc: String? = "right margin",
    title: Any? = null,
    ncols: Int = 4,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(obsmName == null || color == null) { "obsmName excludes color; give one of them" }
    require(obsmName != null || obsmComponent == null) { "obsmComponent = $obsmComponent needs obsmName" }
    val components = obsmName?.let { adata.components(it, obsmComponent ?: 0) }
    val drawn = if (components == null) adata else adata.withColumns(components)
    val options = EmbeddingOptions(
        color = components?.keys?.toList() ?: color, size = size, frameon = frameon, palette = palette,
        colorMap = colorMap, vmin = vmin, vmax = vmax, vcenter = vcenter, legendLoc = legendLoc, title = title,
        ncols = ncols, show = show, save = save, ax = ax, figsize = figsize, dpi = dpi,
    )
    return EmbeddingFigure(drawn, basis, options, "embedding").build()
}

/** Columns of `obsm[key]` by what they are called in a figure. */
private fun AnnData.components(key: String, chosen: Any): Map<String, DoubleArray> {
    val table = numericObsm(key)
    val named = obsm.find(key) is DataFrame
    val values = table.values.toDense()
    return ((chosen as? Iterable<*>)?.toList() ?: listOf(chosen)).associate { component ->
        val at = when (component) {
            is Int -> component
            is String -> table.names.indexOf(component)
            else -> -1
        }
        require(at in table.names.indices && (named || component is Int)) {
            val known = if (named) "a column of ${table.slot}, one of ${table.names}, or its number" else "a number"
            "obsmComponent must be $known below ${table.names.size}, got $component." +
                if (named) Check.suggestion("$component", table.names) else ""
        }
        "${key}_${if (named) table.names[at] else at}" to values.column(at)
    }
}

/** The same places with these columns alone, so that no gene of one name stands in their way. */
private fun AnnData.withColumns(columns: Map<String, DoubleArray>): AnnData {
    val made = AnnData(null, DataFrame("obs", obs.index, obs.indexName), DataFrame.ofNames())
    columns.forEach { (name, values) -> made.obs.set(name, NumericColumn.of(*values)) }
    obsm.keys.forEach { made.obsm.set(it, obsm.get(it)) }
    return made
}
