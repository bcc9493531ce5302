package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.grid
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec

/**
 * Puts plots of your own, made with Lets-Plot, side by side in one figure with the look of the others.
 *
 * @param width pixels of each plot at single resolution, as [height]
 * @param houseStyle whether plots without a theme get this project's: white, framed, without a grid
 */
public fun Plotting.plots(
    vararg plots: Plot,
    ncols: Int = 2,
    width: Int = 400,
    height: Int = 340,
    houseStyle: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(plots.isNotEmpty()) { "plots needs at least one plot" }
    require(width > 0 && height > 0) { "width and height must be positive, got $width and $height" }
    val panels = plots.map { plot ->
        val spec = plot.toSpec()
        if (houseStyle && "theme" !in spec) {
            spec["theme"] = sessionLook().theme()
        }
        Panel(spec, width, height)
    }
    return finish(grid(panels, ncols), "plots", Output(save, show, ax, figsize, dpi))
}
