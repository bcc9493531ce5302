package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.LinkedLook
import org.cellweave.dsl.plot.LinkedPage
import org.cellweave.dsl.plot.LinkedPanel
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.membership
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Clones beside their cells, to be looked through: choosing clones lights their cells, choosing cells colours each
 * clone by the share of its cells that are chosen.
 *
 * Dots are chosen by drawing around them or by a click, with shift to add; a click beside them ends it. The names of
 * the clones stand below, to be copied. The page needs no network, in a notebook or as a file, and no running kernel:
 * therefore it cannot write what was chosen to `uns["clones2cells"]`, as the Python package's widget does.
 *
 * Reads `obs[obsName]`, `obsm[cellsBasis]` and, for colours, `obs`, X or raw of the cells; `obsm[clonesBasis]` and the
 * same of the clones. Writes `uns[{key}_colors]` of both.
 *
 * @param obsName column of the cells with their clones; null for the one that the clones were made from
 * @param cellsColor an obs column or gene of the cells, as [clonesColor] of the clones
 * @param mode `highlight` keeps the other dots in grey, `filter` leaves those of the other panel out
 * @param sCells width of a cell's dot in pixels, as [sClones] of a clone's
 * @param width of a panel in pixels, as [height]
 * @param save name of a file that ends in .html, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.clones2cells(
    adata: AnnData,
    clones: AnnData,
    obsName: String? = null,
    cellsColor: String? = null,
    clonesColor: String? = null,
    mode: String = "highlight",
    cellsBasis: String = "X_umap",
    clonesBasis: String = "X_umap",
    bgColor: String = "lightgrey",
    selectedColor: String = "red",
    cellsCmap: Any? = null,
    clonesCmap: Any? = null,
    cellsPalette: Any? = null,
    clonesPalette: Any? = null,
    sCells: Number = 3.0,
    sClones: Number = 7.0,
    width: Int = 400,
    height: Int = 400,
    save: Any? = null,
): LinkedPanels {
    require(mode in MODES) { "mode must be one of $MODES, got '$mode'.${near(mode)}" }
    Check.positive(sCells.toDouble(), "sCells")
    Check.positive(sClones.toDouble(), "sClones")
    require(width in SIDES && height in SIDES) { "width and height must lie in $SIDES, got $width and $height" }
    val members = adata.membership(clones, obsName)
    val background = Palettes.color(bgColor, "bgColor")
    val chosen = Palettes.color(selectedColor, "selectedColor")
    val cells = linkedPanel(adata, "Cells", cellsBasis, cellsColor, cellsCmap, cellsPalette, sCells.toDouble())
    val own = linkedPanel(clones, CLONES, clonesBasis, clonesColor, clonesCmap, clonesPalette, sClones.toDouble())
    val ramp = ColorMap(listOf(background, chosen)).sampled(STEPS) { it }
    val look = LinkedLook(mode == "filter", background, chosen, ramp, width, height)
    val page = LinkedPage(own, cells, clones.obsNames, members.codes(), look)
    return LinkedPanels(page, clones.nObs, adata.nObs).saved(save)
}

private fun linkedPanel(
    adata: AnnData,
    title: String,
    basis: String,
    key: String?,
    cmap: Any?,
    palette: Any?,
    diameter: Double,
): LinkedPanel {
    val slot = if (title == CLONES) "clones.obsm" else "adata.obsm"
    if (listOf("X_$basis", basis).none { it in adata.obsm.keys }) {
        throw MissingKeyException(slot, basis, adata.obsm.keys, Remedies.basis(basis))
    }
    val dots = EmbeddingDots(adata, basis)
    val wrong = dots.x.indices.firstOrNull { !(dots.x[it].isFinite() && dots.y[it].isFinite()) }
    require(wrong == null) { "$slot['$basis'] must be finite, but '${adata.obsNames[wrong!!]}' has no place in it" }

    fun panel(color: IntArray, colors: List<String>, keys: List<Pair<String, String>>, ends: Pair<String, String>?) =
        LinkedPanel(if (key == null) title else "$title: $key", dots.x, dots.y, color, colors, keys, ends, diameter)
    if (key == null) return panel(IntArray(adata.nObs), listOf(PLAIN), emptyList(), null)
    return when (val values = cellValues(Expression(adata, null), key)) {
        is Categories -> {
            val colors = CategoryColors.of(adata, key, values.names, palette)
            val told = !DotColor.Discrete(values.codes, values.names, colors).isBeyondPalette
            val keys = values.used().filter { told }.map { values.names[it] to colors[it] }
            val color = IntArray(adata.nObs) { if (values.codes[it] < 0) colors.size else values.codes[it] }
            panel(color, colors, keys, null)
        }
        is Numbers -> {
            val limits = Limits.of(values.values)
            val color = IntArray(adata.nObs) {
                val v = values.values[it]
                if (v.isNaN()) STEPS else Math.round(limits.position(v) * (STEPS - 1)).toInt()
            }
            val map = colorMap(cmap, "viridis")
            panel(color, map.sampled(STEPS) { it }, emptyList(), tickLabel(limits.low) to tickLabel(limits.high))
        }
    }
}

/** The Python package writes `highlite`, which is too far from the word to be found as a slip. */
private fun near(mode: String) = Check.suggestion(if (mode == "highlite") "highlight" else mode, MODES)

private const val CLONES = "Clones"
private val MODES = listOf("highlight", "filter")
private val SIDES = 100..2000
private const val STEPS = 64
private const val PLAIN = "#4c72b0"
