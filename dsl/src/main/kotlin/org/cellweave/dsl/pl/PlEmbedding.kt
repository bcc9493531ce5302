package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.embedding

// What stands here of the arguments after `basis`, in the signature and in the documentation, stands nowhere else: the
// build writes it into `umap`, `tsne`, `pca`, `diffmap` and `drawGraph`, whose own parts lie in src/main/templates, and
// into EmbeddingOptions.

/**
 * Draws cells in two or three dimensions of `obsm[X_basis]`, one panel per entry of [color].
 *
 * Above 20,000 cells the dots are a picture between vector axes, and are at least 0.8 pixels wide; so are
 * above 20,000 edges.
 *
 * Reads `obsm[X_basis]`, `obs`, X, raw or a layer, `uns[{key}_colors]`, with [arrows] `obsm[velocity_basis]` or
 * `obsm[Delta_basis]`. Writes `uns[{key}_colors]`.
 *
 * @param color obs columns and genes, one or a list; null draws all cells in one colour
 * @param maskObs cells that keep their colour: one flag per cell, or a boolean obs column
 * @param geneSymbols var column whose names stand for genes in [color]
 * @param useRaw whether genes are read from raw; by default where it is there and no [layer] is given
 * @param sortOrder whether the largest numbers are drawn last
 * @param edges whether the neighbours' graph is drawn below the dots
 * @param edgesWidth in pixels
 * @param edgesColor one colour, or one per edge: those of the first cell to later cells, and so on
 * @param neighborsKey entry of uns that `sc.pp.neighbors` made with `keyAdded`
 * @param arrows whether movements are drawn over the dots
 * @param arrowsKwds `color`, `scale` (data units of an arrow per data unit of the axes) and `width` in pixels
 * @param groups categories that keep their colour
 * @param components pairs counted from 1, `"1,2"`, or `"all"`; three numbers, `"1,2,3"`, with `projection = "3d"`
 * @param dimensions as components, but counted from 0, as pairs or lists: one, or one for each of [color]
 * @param layer that genes are read from
 * @param projection `2d`, or `3d`: seen as matplotlib shows three dimensions, near cells before far ones, without
 *   [arrows]
 * @param scaleFactor number by which coordinates are multiplied
 * @param colorMap colours of numbers: a name or a list of colours; `viridis` by default
 * @param cmap another word for [colorMap]
 * @param palette name, list of colours, or map from category to colour
 * @param naColor colour of missing values
 * @param naInLegend whether the legend names them
 * @param size area in square points, 120000 / cells by default, or one per cell
 * @param frameon whether panels have a frame; as `sc.settings.setFigureParams` says by default
 * @param legendFontsize in pixels, or a word such as `small`
 * @param legendFontweight a word such as `bold`, or a number
 * @param legendLoc `right margin`, `on data`, `none`, `best` or a place inside such as `upper left`
 * @param legendFontoutline width in points of the white line around names `on data`
 * @param colorbarLoc `right`, or null for none
 * @param vmax number, percentile `"p99"`, function of the values, or a list with one per panel; so are [vmin] and
 *   [vcenter]
 * @param norm a [Norm], or a list with one per panel; excludes the three limits
 * @param addOutline whether dots that touch have one outline around them all
 * @param outlineWidth of the outer and of the inner line, in diameters of a dot
 * @param outlineColor of the outer and of the inner line
 * @param ncols panels in a row
 * @param hspace room between rows as part of a panel's height, never less than their text needs; so is [wspace]
 * @param title of the panels, one or a list
 * @param marker `.`, `o`, `s`, `D` or `^`
 * @param alpha opacity of the dots, 0..1
 * @param show false keeps the figure from being shown in a notebook
 * @param save file name, or true for the verb's name in the folder for figures
 * @param ax axes that one panel is drawn into, of `plt.subplots`
 * @param returnFig true neither saves nor shows the figure, to be changed first
 * @param figsize width and height of the whole figure in inches of 75 pixels
 * @param dpi of a saved picture, and the size in a notebook
 * @param s another word for [size]
 */
public fun Plotting.embedding(
    adata: AnnData,
    basis: String,
    color: Any? = null,
    maskObs: Any? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    sortOrder: Boolean = true,
    edges: Boolean = false,
    edgesWidth: Number = 0.1,
    edgesColor: Any = "grey",
    neighborsKey: String? = null,
    arrows: Boolean = false,
    arrowsKwds: Map<String, Any>? = null,
    groups: Any? = null,
    components: Any? = null,
    dimensions: Any? = null,
    layer: String? = null,
    projection: String = "2d",
    scaleFactor: Number? = null,
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
    outlineWidth: Pair<Number, Number> = 0.3 to 0.05,
    outlineColor: Pair<String, String> = "black" to "white",
    ncols: Int = 4,
    hspace: Number? = null,
    wspace: Number? = null,
    title: Any? = null,
    marker: String = ".",
    alpha: Number = 1.0,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    returnFig: Boolean? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    s: Any? = null,
): Figure {
    val options = EmbeddingOptions(
        color = color,
        maskObs = maskObs,
        geneSymbols = geneSymbols,
        useRaw = useRaw,
        sortOrder = sortOrder,
        edges = edges,
        edgesWidth = edgesWidth,
        edgesColor = edgesColor,
        neighborsKey = neighborsKey,
        arrows = arrows,
        arrowsKwds = arrowsKwds,
        groups = groups,
        components = components,
        dimensions = dimensions,
        layer = layer,
        projection = projection,
        scaleFactor = scaleFactor,
        colorMap = colorMap,
        cmap = cmap,
        palette = palette,
        naColor = naColor,
        naInLegend = naInLegend,
        size = size,
        frameon = frameon,
        legendFontsize = legendFontsize,
        legendFontweight = legendFontweight,
        legendLoc = legendLoc,
        legendFontoutline = legendFontoutline,
        colorbarLoc = colorbarLoc,
        vmax = vmax,
        vmin = vmin,
        vcenter = vcenter,
        norm = norm,
        addOutline = addOutline,
        outlineWidth = outlineWidth,
        outlineColor = outlineColor,
        ncols = ncols,
        hspace = hspace,
        wspace = wspace,
        title = title,
        marker = marker,
        alpha = alpha,
        show = show,
        save = save,
        ax = ax,
        returnFig = returnFig,
        figsize = figsize,
        dpi = dpi,
        s = s,
    )
    return EmbeddingFigure(adata, basis, options, basis.removePrefix("X_"), basis).build()
}
