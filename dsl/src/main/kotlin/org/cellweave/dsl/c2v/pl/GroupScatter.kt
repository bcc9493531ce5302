package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.util.Check

/**
 * Draws each group on a panel of its own, before all other cells in grey.
 *
 * Reads `obs[groupby]` and `obsm[basis]`.
 *
 * @param groups those that have a panel, one or a list; all by default, where there are at most 40
 * @param s area of the group's dots in square points, and [sBackground] of the others', the same by default
 * @param square whether a unit is as long across as upright
 * @param title of the panels, one each; the groups by default
 * @param ncols panels in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.groupScatter(
    adata: AnnData,
    groupby: String,
    groups: Any? = null,
    s: Number = 30.0,
    sBackground: Number? = null,
    groupColor: String = "black",
    backgroundColor: String = "lightgray",
    alpha: Number = 1.0,
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
    Check.positive(s.toDouble(), "s")
    val panels = GroupPanels(adata, groupby, groups, title) { it }
    val dots = EmbeddingDots(adata, basis)
    val behind = Check.positive(sBackground?.toDouble() ?: s.toDouble(), "sBackground")
    val color = Palettes.color(groupColor, "groupColor")
    val grey = Palettes.color(backgroundColor, "backgroundColor")
    return panels.figure(ncols, "group_scatter", Output(save, show, ax, figsize, dpi)) { group, own, codes ->
        val diameters = DoubleArray(codes.size) { PointPanel.diameter(if (codes[it] == 0) s.toDouble() else behind) }
        val style = dots.style(s.toDouble(), frameon, square, alpha.toDouble(), grey, diameters)
        dots.panel(DotColor.Discrete(codes, listOf(group), listOf(color)), style, own)
    }
}
