package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.design.Categories
import org.cellweave.dsl.plot.TernaryPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.cloneLabels
import org.cellweave.util.Check

/**
 * Draws how clones of a late barcode lie within clones of an early one: a dot for each pair that shares cells.
 *
 * Its place in the triangle is which cells of the two have both barcodes, the early one alone, or the late one alone. A
 * late clone that lies within an early one is on the left side.
 *
 * Reads `obs[earlyInjection]` and `obs[lateInjection]`.
 *
 * @param minCloneSize least cells of both clones
 * @param nonClonalStr what the columns say of cells without a barcode
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.nestingClones(
    adata: AnnData,
    earlyInjection: String,
    lateInjection: String,
    minCloneSize: Int = 5,
    nonClonalStr: String = NO_CLONE,
    title: String = "",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(minCloneSize, "minCloneSize")
    require(earlyInjection != lateInjection) {
        "earlyInjection and lateInjection must differ, got '$earlyInjection' twice"
    }
    val early = adata.cloneLabels(earlyInjection, "earlyInjection", nonClonalStr)
    val late = adata.cloneLabels(lateInjection, "lateInjection", nonClonalStr)
    val pairs = pairs(early, late, minCloneSize)
    require(pairs.isNotEmpty()) {
        "no cell has both an early and a late clone of at least $minCloneSize cells; lower minCloneSize"
    }
    val corners = listOf("Both barcodes (%)", "Early barcode (%)", "Late barcode (%)")
    val names = pairs.map { "${early.level(it.early)} / ${late.level(it.late)}" }
    val panel = TernaryPanel(corners, pairs.map(ClonePair::shares), names, title, sessionLook()).build()
    return finish(grid(listOf(panel), 1), "nesting_clones", Output(save, show, ax, figsize, dpi))
}

private class ClonePair(
    val early: Int,
    val late: Int,
    private val both: Int,
    private val inEarly: Int,
    private val inLate: Int,
) {
    /** Of both, of the early one alone and of the late one alone. */
    fun shares(): DoubleArray {
        val total = (inEarly + inLate - both).toDouble()
        return doubleArrayOf(both / total, (inEarly - both) / total, (inLate - both) / total)
    }
}

/** In one pass over the cells, in the order of their first cells. */
private fun pairs(early: Categories, late: Categories, least: Int): List<ClonePair> {
    val (earlySizes, lateSizes) = early.sizes() to late.sizes()
    val both = LinkedHashMap<Pair<Int, Int>, Int>()
    val (a, b) = early.codes() to late.codes()
    for (i in a.indices) {
        if (a[i] >= 0 && b[i] >= 0) both.merge(a[i] to b[i], 1, Int::plus)
    }
    return both
        .filterKeys { (e, l) -> earlySizes[e] >= least && lateSizes[l] >= least }
        .map { (pair, n) -> ClonePair(pair.first, pair.second, n, earlySizes[pair.first], lateSizes[pair.second]) }
}
