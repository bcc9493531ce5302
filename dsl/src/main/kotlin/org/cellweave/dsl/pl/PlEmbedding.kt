package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.EmbeddingFigure
import org.cellweave.dsl.plot.EmbeddingOptions

/**
 * Draws cells in two dimensions of `obsm[X_basis]`, one panel per entry of [color].
 *
 * Above 20,000 cells the dots are a picture between vector axes, and are at least 0.8 pixels wide.
 *
 * Reads `obsm[X_basis]`, `obs`, X, raw or a layer, `uns[{key}_colors]`. Writes `uns[{key}_colors]`.
 *
 * @param color obs columns and genes, one or a list; null draws all cells in one colour
 * @param groups categories that keep their colour
 * @param components pairs counted from 1, `"1,2"`, or `"all"`
 * @param dimensions pairs counted from 0
 * @param palette name, list of colours, or map from category to colour
 * @param size area in square points, 120000 / cells by default
 * @param legendLoc `right margin`, `on data` or `none`
 * @param vmax number, percentile `"p99"`, or a list with one per panel; so are [vmin] and [vcenter]
 */
public fun Plotting.embedding(
    adata: AnnData,
    basis: String,
    color: Any? = null,
    maskObs: BooleanArray? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Double = 0.1,
    edgesColor: String = "grey",
    neighborsKey: String? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    colorMap: Any? = null,
    cmap: Any? = null,
    palette: Any? = null,
    naColor: String = "lightgray",
    naInLegend: Boolean = true,
    size: Number? = null,
    frameon: Boolean? = null,
    legendFontsize: Number? = null,
    legendFontweight: String = "bold",
    legendLoc: String = "right margin",
    legendFontoutline: Number? = null,
    colorbarLoc: String? = "right",
    vmax: Any? = null,
    vmin: Any? = null,
    vcenter: Any? = null,
    addOutline: Boolean = false,
    outlineWidth: Pair<Double, Double> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    title: Any? = null,
    alpha: Double = 1.0,
    save: String? = null,
): Figure {
    val options = EmbeddingOptions(
        color, maskObs, geneSymbols, useRaw, sortOrder, edges, edgesWidth, edgesColor, neighborsKey, groups, components,
        dimensions, layer, cmap ?: colorMap, palette, naColor, naInLegend, size, frameon, legendFontsize,
        legendFontweight, legendLoc, legendFontoutline, colorbarLoc, vmax, vmin, vcenter, addOutline, outlineWidth,
        outlineColor, ncols, title, alpha, false, save,
    )
    return EmbeddingFigure(adata, basis, options, basis.removePrefix("X_")).build()
}

/**
 * Draws cells in UMAP space; see [embedding] for the arguments.
 *
 * Reads `obsm[X_umap]`. Writes `uns[{key}_colors]`.
 */
public fun Plotting.umap(
    adata: AnnData,
    color: Any? = null,
    maskObs: BooleanArray? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Double = 0.1,
    edgesColor: String = "grey",
    neighborsKey: String? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    colorMap: Any? = null,
    cmap: Any? = null,
    palette: Any? = null,
    naColor: String = "lightgray",
    naInLegend: Boolean = true,
    size: Number? = null,
    frameon: Boolean? = null,
    legendFontsize: Number? = null,
    legendFontweight: String = "bold",
    legendLoc: String = "right margin",
    legendFontoutline: Number? = null,
    colorbarLoc: String? = "right",
    vmax: Any? = null,
    vmin: Any? = null,
    vcenter: Any? = null,
    addOutline: Boolean = false,
    outlineWidth: Pair<Double, Double> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    title: Any? = null,
    alpha: Double = 1.0,
    save: String? = null,
): Figure {
    val options = EmbeddingOptions(
        color, maskObs, geneSymbols, useRaw, sortOrder, edges, edgesWidth, edgesColor, neighborsKey, groups, components,
        dimensions, layer, cmap ?: colorMap, palette, naColor, naInLegend, size, frameon, legendFontsize,
        legendFontweight, legendLoc, legendFontoutline, colorbarLoc, vmax, vmin, vcenter, addOutline, outlineWidth,
        outlineColor, ncols, title, alpha, false, save,
    )
    return EmbeddingFigure(adata, "umap", options, "umap").build()
}

/**
 * Draws cells in t-SNE space; see [embedding] for the arguments.
 *
 * Reads `obsm[X_tsne]`. Writes `uns[{key}_colors]`.
 */
public fun Plotting.tsne(
    adata: AnnData,
    color: Any? = null,
    maskObs: BooleanArray? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Double = 0.1,
    edgesColor: String = "grey",
    neighborsKey: String? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    colorMap: Any? = null,
    cmap: Any? = null,
    palette: Any? = null,
    naColor: String = "lightgray",
    naInLegend: Boolean = true,
    size: Number? = null,
    frameon: Boolean? = null,
    legendFontsize: Number? = null,
    legendFontweight: String = "bold",
    legendLoc: String = "right margin",
    legendFontoutline: Number? = null,
    colorbarLoc: String? = "right",
    vmax: Any? = null,
    vmin: Any? = null,
    vcenter: Any? = null,
    addOutline: Boolean = false,
    outlineWidth: Pair<Double, Double> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    title: Any? = null,
    alpha: Double = 1.0,
    save: String? = null,
): Figure {
    val options = EmbeddingOptions(
        color, maskObs, geneSymbols, useRaw, sortOrder, edges, edgesWidth, edgesColor, neighborsKey, groups, components,
        dimensions, layer, cmap ?: colorMap, palette, naColor, naInLegend, size, frameon, legendFontsize,
        legendFontweight, legendLoc, legendFontoutline, colorbarLoc, vmax, vmin, vcenter, addOutline, outlineWidth,
        outlineColor, ncols, title, alpha, false, save,
    )
    return EmbeddingFigure(adata, "tsne", options, "tsne").build()
}

/**
 * Draws cells in principal components; see [embedding] for the arguments.
 *
 * Reads `obsm[X_pca]`, with [annotateVarExplained] also `uns[pca][variance_ratio]`. Writes `uns[{key}_colors]`.
 */
public fun Plotting.pca(
    adata: AnnData,
    color: Any? = null,
    maskObs: BooleanArray? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Double = 0.1,
    edgesColor: String = "grey",
    neighborsKey: String? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    colorMap: Any? = null,
    cmap: Any? = null,
    palette: Any? = null,
    naColor: String = "lightgray",
    naInLegend: Boolean = true,
    size: Number? = null,
    frameon: Boolean? = null,
    legendFontsize: Number? = null,
    legendFontweight: String = "bold",
    legendLoc: String = "right margin",
    legendFontoutline: Number? = null,
    colorbarLoc: String? = "right",
    vmax: Any? = null,
    vmin: Any? = null,
    vcenter: Any? = null,
    addOutline: Boolean = false,
    outlineWidth: Pair<Double, Double> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    title: Any? = null,
    annotateVarExplained: Boolean = false,
    alpha: Double = 1.0,
    save: String? = null,
): Figure {
    val options = EmbeddingOptions(
        color, maskObs, geneSymbols, useRaw, sortOrder, edges, edgesWidth, edgesColor, neighborsKey, groups, components,
        dimensions, layer, cmap ?: colorMap, palette, naColor, naInLegend, size, frameon, legendFontsize,
        legendFontweight, legendLoc, legendFontoutline, colorbarLoc, vmax, vmin, vcenter, addOutline, outlineWidth,
        outlineColor, ncols, title, alpha, annotateVarExplained, save,
    )
    return EmbeddingFigure(adata, "pca", options, "pca").build()
}
