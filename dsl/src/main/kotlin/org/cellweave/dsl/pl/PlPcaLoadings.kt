package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.Ranking
import org.cellweave.dsl.plot.RankingOptions
import org.cellweave.dsl.plot.below
import org.cellweave.dsl.shown.RankedSlots
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.loadingsKey

/**
 * Draws the genes that weigh most in principal components.
 *
 * Reads `varm[PCs]`.
 *
 * @param components numbers counted from 1, as `"1,2,3"` or a list
 * @param includeLowest half of the genes are those with the most negative weights
 * @param nPoints genes per component; 30 by default, or all if there are fewer
 */
public fun Plotting.pcaLoadings(
    adata: AnnData,
    components: Any? = null,
    includeLowest: Boolean = true,
    nPoints: Int? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val panels = loadings(adata, components, includeLowest, nPoints)
    return finish(panels, "pca_loadings", Output(save, show, ax, figsize, dpi))
}

private fun loadings(adata: AnnData, components: Any?, includeLowest: Boolean, nPoints: Int?): List<Placed> {
    val numbers = when (components) {
        null -> listOf(1, 2, 3)
        is Number -> listOf(components.toInt())
        is String -> components.split(',').map { it.trim().toIntOrNull() ?: throw badComponents(components) }
        is Iterable<*> -> components.map { (it as? Number)?.toInt() ?: throw badComponents(components) }
        is IntArray -> components.asList()
        else -> throw badComponents(components)
    }
    require(numbers.isNotEmpty() && numbers.all { it > 0 }) { "components are counted from 1, got $numbers" }
    val scores = RankedSlots.read(adata, "varm", listOf(loadingsKey(adata)), null, numbers.map { it - 1 })
    val options = RankingOptions(
        nPoints = nPoints ?: minOf(30, adata.nVars), includeLowest = includeLowest, log = false, color = "#000000",
        look = sessionLook(),
    )
    return Ranking(adata.varNames, options).panels(scores)
}

private fun badComponents(components: Any) =
    IllegalArgumentException("components must look like \"1,2,3\" or be a list of numbers, got '$components'")

/**
 * Draws cells in principal components above the genes that weigh most in them and the variance they explain.
 *
 * Reads `obsm[X_pca]`, `varm[PCs]`, `uns[pca]`. Writes `uns[{key}_colors]`.
 *
 * @param color obs columns and genes, one or a list
 */
public fun Plotting.pcaOverview(
    adata: AnnData,
    color: Any? = null,
    components: Any? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    colorMap: Any? = null,
    palette: Any? = null,
    legendLoc: String? = "right margin",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val options = EmbeddingOptions(
        color = color, useRaw = useRaw, components = components, layer = layer, colorMap = colorMap, palette = palette,
        legendLoc = legendLoc,
    )
    val cells = EmbeddingFigure(adata, "pca", options, "pca").place()
    val named = texts(components, "components")?.flatMap { it.split(',') }?.distinct()?.joinToString(",")
    val weights = loadings(adata, named, true, null)
    val ratio = pcaVarianceRatio(adata, show = false, save = false).placed
    return finish(below(listOf(cells, weights, ratio)), "pca_overview", Output(save, show, ax, figsize, dpi), "pca")
}

/**
 * Draws the entries of any slot with the largest values, their names written upwards at them.
 *
 * Reads the slot [attr].
 *
 * @param attr `var`, `obs`, `uns`, `varm` or `obsm`
 * @param keys entries of the slot, one or a list
 * @param dictionary entry of uns that holds the keys
 * @param indices columns of an array, counted from 0
 * @param labels names of the entries, or a word to which their number is appended
 * @param includeLowest half of the entries are those with the smallest values
 */
public fun Plotting.ranking(
    adata: AnnData,
    attr: String,
    keys: Any,
    dictionary: String? = null,
    indices: List<Int>? = null,
    labels: Any? = null,
    color: String = "black",
    nPoints: Int = 30,
    log: Boolean = false,
    includeLowest: Boolean = false,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val scores = RankedSlots.read(adata, attr, texts(keys, "keys")!!, dictionary, indices)
    val n = scores.maxOf { it.values.size }
    val names = when (labels) {
        null -> if (attr in setOf("var", "varm")) adata.varNames else List(n) { "$it" }
        is String -> List(n) { labels + (it + 1) }
        else -> texts(labels, "labels")!!
    }
    require(names.size >= n) { "labels must have one entry per value ($n), got ${names.size}" }
    val options = RankingOptions(
        nPoints = nPoints, includeLowest = includeLowest, log = log, color = Palettes.color(color, "color"),
        look = sessionLook(),
    )
    return finish(Ranking(names, options).panels(scores), "ranking", Output(save, show, ax, figsize, dpi))
}
