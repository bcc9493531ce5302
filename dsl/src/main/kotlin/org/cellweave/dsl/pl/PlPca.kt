package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.EmbeddingFigure
import org.cellweave.dsl.plot.EmbeddingOptions

/**
 * Draws cells in principal components; see [embedding] for the arguments.
 *
 * Reads `obsm[X_pca]`, with [annotateVarExplained] also `uns[pca][variance_ratio]`. Writes `uns[{key}_colors]`.
 */
public fun Plotting.pca(
    adata: AnnData,
    color: Any? = null,
    maskObs: Any? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Double = 0.1,
    edgesColor: Any = "grey",
    neighborsKey: String? = null,
    arrows: Boolean = false,
    arrowsKwds: Map<String, Any>? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    projection: String = "2d",
    scaleFactor: Double? = null,
    colorMap: Any? = null,
    cmap: Any? = null,
    palette: Any? = null,
    naColor: String = "lightgray",
    naInLegend: Boolean = true,
    size: Any? = null,
    frameon: Boolean? = null,
    legendFontsize: Any? = null,
    legendFontweight: Any = "bold",
    legendLoc: String? = "right margin",
    legendFontoutline: Number? = null,
    colorbarLoc: String? = "right",
    vmax: Any? = null,
    vmin: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    addOutline: Boolean = false,
    outlineWidth: Pair<Double, Double> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    hspace: Double? = null,
    wspace: Double? = null,
    title: Any? = null,
    marker: String = ".",
    annotateVarExplained: Boolean = false,
    alpha: Double = 1.0,
    save: Any? = null,
): Figure {
    val options = EmbeddingOptions(
        color, maskObs, geneSymbols, useRaw, sortOrder, edges, edgesWidth, edgesColor, neighborsKey, arrows,
        arrowsKwds, groups, components, dimensions, layer, projection, scaleFactor, cmap ?: colorMap, palette,
        naColor, naInLegend, size, frameon, legendFontsize, legendFontweight, legendLoc, legendFontoutline,
        colorbarLoc, vmax, vmin, vcenter, norm, addOutline, outlineWidth, outlineColor, ncols, hspace, wspace,
        title, marker, alpha, annotateVarExplained, save,
    )
    return EmbeddingFigure(adata, "pca", options, "pca").build()
}
