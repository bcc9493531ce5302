package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.DensityContours
import org.cellweave.dsl.plot.DotArea
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PlaneDensity
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Trim
import org.cellweave.dsl.session.Log
import org.cellweave.util.Check

/**
 * Draws where each group lies as a Gaussian kernel density with contours, before all cells in grey.
 *
 * A group of fewer than five cells, or whose cells lie on a line, has no density: its panel shows the cells alone, and
 * a warning says so.
 *
 * Reads `obs[groupby]` and `obsm[basis]`.
 *
 * @param groups those that have a panel, one or a list; all by default, where there are at most 40
 * @param bwMethod deviations of the kernel in those of the group's cells
 * @param cmap colours of densities: a name or a list of colours; low ones are paler
 * @param s area of the dots in square points
 * @param linewidth of the contours in pixels, which have the colour [lineColor]
 * @param square whether a unit is as long across as upright
 * @param title of the panels, one each; the groups followed by KDE by default
 * @param ncols panels in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.groupKde(
    adata: AnnData,
    groupby: String,
    groups: Any? = null,
    bwMethod: Number = 0.15,
    cmap: Any = "Reds",
    s: Number? = null,
    backgroundColor: String = "lightgray",
    lineColor: String = "black",
    linewidth: Number = 1.0,
    frameon: Boolean = false,
    square: Boolean = true,
    basis: String = "X_umap",
    title: Any? = null,
    ncols: Int = 4,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(bwMethod.toDouble(), "bwMethod")
    Check.positive(linewidth.toDouble(), "linewidth")
    val panels = GroupPanels(adata, groupby, groups, title) { "$it KDE" }
    val dots = EmbeddingDots(adata, basis)
    val area = s?.toDouble()?.let { Check.positive(it, "s") } ?: (120_000.0 / adata.nObs)
    val map = paleFrom(ColorMap.of(cmap, "Reds"))
    val lines = Palettes.color(lineColor, "lineColor")
    val grey = Palettes.color(backgroundColor, "backgroundColor")
    return panels.figure(ncols, "group_kde", Output(save, show, ax, figsize, dpi)) { group, own, codes ->
        val density = density(dots, codes, group, bwMethod.toDouble())
        val contours = density?.let { DensityContours(it, map, lines, linewidth.toDouble()).layers() }
        val over = contours?.let { layers -> { _: DotArea -> layers } }
        dots.panel(DotColor.Plain(grey), dots.style(area, frameon, square), own, Trim(over = over))
    }
}

private fun density(dots: EmbeddingDots, codes: IntArray, group: String, bandwidth: Double): PlaneDensity? {
    val own = codes.indices.filter { codes[it] == 0 && dots.x[it].isFinite() && dots.y[it].isFinite() }
    if (own.size < FEWEST) {
        Log.warning("group '$group' has ${own.size} cells, fewer than the $FEWEST that a density needs; none is drawn")
        return null
    }
    return try {
        PlaneDensity(
            DoubleArray(own.size) { dots.x[own[it]] }, DoubleArray(own.size) { dots.y[own[it]] }, bandwidth,
            PointPanel.padded(dots.x, dots.x, dots.y), PointPanel.padded(dots.y, dots.x, dots.y),
        )
    } catch (e: IllegalArgumentException) {
        Log.warning("group '$group' has no density: ${e.message}")
        null
    }
}

/** The same colours, blended towards white at the low end. */
private fun paleFrom(map: ColorMap): ColorMap {
    val n = 64
    return ColorMap(
        List(n) { k ->
            val t = k / (n - 1.0)
            val rgb = map.rgb(t)
            val white = (1 - t) * (1 - t)
            var out = 0
            for (shift in intArrayOf(16, 8, 0)) {
                val part = rgb shr shift and 255
                out = out or ((part + (255 - part) * white).toInt() shl shift)
            }
            "#%06x".format(out)
        },
    )
}

private const val FEWEST = 5
