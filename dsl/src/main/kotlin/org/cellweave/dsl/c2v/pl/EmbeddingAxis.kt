package org.cellweave.dsl

import org.cellweave.dsl.plot.CornerAxes
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Trim
import org.cellweave.util.Check

/**
 * The same figure of an embedding with two thin arrows in the lower left corner in place of frame and axes.
 *
 * `c2v.pl.embeddingAxis(sc.pl.umap(clones, color = "leiden"), label = "Clones")` names them "Clones 1" and "Clones 2".
 *
 * @param figure what `sc.pl.umap`, `embedding` and the like return; it stays as it is
 * @param panel one panel or several, counted from 0; all panels of dots by default
 * @param xOffset where the arrows meet, as a part of the panel's width; so is [yOffset] of its height
 * @param length of the shafts in parts of the panel
 * @param arrowWidth of the shafts in pixels
 * @param headWidth width and length of the heads in parts of the panel
 * @param label what both arrows are called, with a number each, unless [label1] and [label2] say more
 * @param fontSize in pixels
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.embeddingAxis(
    figure: Figure,
    panel: Any? = null,
    xOffset: Number = 0.0,
    yOffset: Number = 0.0,
    length: Number = 0.15,
    arrowWidth: Number = 1.0,
    headWidth: Number = 0.02,
    color: String = "black",
    label: String = "UMAP",
    label1: String? = null,
    label2: String? = null,
    fontSize: Number = 10,
    save: Any? = null,
): Figure {
    Check.inRange(xOffset.toDouble(), -0.5, 1.0, "xOffset")
    Check.inRange(yOffset.toDouble(), -0.5, 1.0, "yOffset")
    Check.positive(length.toDouble(), "length")
    Check.positive(arrowWidth.toDouble(), "arrowWidth")
    Check.positive(headWidth.toDouble(), "headWidth")
    val axes = CornerAxes(
        xOffset.toDouble(), yOffset.toDouble(), length.toDouble(), headWidth.toDouble(), arrowWidth.toDouble(),
        Palettes.color(color, "color"), label1 ?: "$label 1",
        label2 ?: "$label 2", Check.positive(fontSize.toDouble(), "fontSize"),
    )
    val change = { trim: Trim -> trim.copy(axes = axes) }
    return Trimming("embeddingAxis", "a panel of dots in two dimensions", { it.isFlat }, change)
        .applied(figure, panel, save)
}
