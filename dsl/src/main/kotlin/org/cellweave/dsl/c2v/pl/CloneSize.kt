package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.CloneSizePanels
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.util.Check

/**
 * Draws how many clones have which size, beside how many have at least this size.
 *
 * Reads `obs["n_cells"]` of the clones, as `c2v.pp.clonesAdata` writes it.
 *
 * @param bins bars from the smallest to the largest clone
 * @param log whether numbers of clones in the first panel and sizes in the second are on logarithmic axes
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.cloneSize(
    clones: AnnData,
    bins: Int = 30,
    log: Boolean = true,
    color: String = "C0",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(bins, "bins")
    val sizes = clones.obsColumn("n_cells").toDoubles()
    require(sizes.isNotEmpty()) { "cloneSize needs clones, but the object has none" }
    val wrong = sizes.indexOfFirst { !(it >= 1 && it.isFinite()) }
    require(wrong < 0) {
        "obs['n_cells'] must be cells of a clone, but clone '${clones.obsNames[wrong]}' has ${sizes[wrong]}"
    }
    val panels = CloneSizePanels(sizes, bins, log, Palettes.color(color, "color"), sessionLook())
    return finish(
        grid(listOf(panels.histogram(), panels.cumulative()), 2, PANEL_GAP), "clone_size",
        Output(save, show, ax, figsize, dpi),
    )
}

/** Pixels between two panels with axes. */
internal const val PANEL_GAP = 16
