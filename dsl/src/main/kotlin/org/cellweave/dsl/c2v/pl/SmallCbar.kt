package org.cellweave.dsl

import org.cellweave.dsl.plot.SmallBar
import org.cellweave.dsl.plot.Trim
import org.cellweave.util.Check

/**
 * The same figure with small colour bars at the lower right corner of its panels in place of high ones beside them.
 *
 * @param figure what `sc.pl.umap`, `embedding` and the like return; it stays as it is
 * @param panel one panel or several, counted from 0; all panels that have a colour bar by default
 * @param width of a bar in parts of the panel, as [height]
 * @param fontsize in pixels
 * @param ticksRound decimals of the two numbers; null for as many as they need
 * @param xPad how far a bar stands over the right edge, in parts of the panel, and [yPad] above the lower one
 * @param showNumbers false for the words Min and Max
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.smallCbar(
    figure: Figure,
    panel: Any? = null,
    width: Number = 0.03,
    height: Number = 0.20,
    fontsize: Number = 10,
    ticksRound: Int? = 2,
    xPad: Number = 0.02,
    yPad: Number = 0.0,
    showNumbers: Boolean = true,
    save: Any? = null,
): Figure {
    require(ticksRound == null || ticksRound >= 0) { "ticksRound must not be negative, got $ticksRound" }
    val bar = SmallBar(
        Check.positive(width.toDouble(), "width"), Check.positive(height.toDouble(), "height"), xPad.toDouble(),
        yPad.toDouble(),
        Check.positive(fontsize.toDouble(), "fontsize"), ticksRound, showNumbers,
    )
    val change = { trim: Trim -> trim.copy(bar = bar) }
    return Trimming("smallCbar", "a panel of dots with a colour bar", { it.hasBar }, change)
        .applied(figure, panel, save)
}
