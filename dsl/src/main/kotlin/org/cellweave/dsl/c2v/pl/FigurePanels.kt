package org.cellweave.dsl

/**
 * Figures side by side as one, from left to right and top to bottom; `sc.pl.grid` also takes plots of Lets-Plot.
 *
 * @param ncols figures in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.panels(
    vararg figures: Figure,
    ncols: Int = 2,
    show: Boolean? = null,
    save: Any? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(figures.isNotEmpty()) { "panels needs at least one figure, got none" }
    require(ncols > 0) { "ncols must be positive, got $ncols" }
    val output = Output(save = save, show = show, figsize = figsize, dpi = dpi)
    return finished(composed(figures.asList(), ncols, "panels"), output, figures.toList())
}
