package org.cellweave.dsl

import org.cellweave.dsl.plot.BoxedNames
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Trim
import org.cellweave.util.Check

/**
 * The same figure with the names of groups in boxes among their dots in place of the legend, in the groups' colours,
 * darkened where these are too light to be read.
 *
 * Groups that share a colour keep a name each.
 *
 * @param figure what `sc.pl.umap`, `embedding` and the like return; it stays as it is
 * @param panel one panel or several, counted from 0; all panels that are coloured by groups by default
 * @param textsize in pixels
 * @param fontweight a word such as `bold`, or a number
 * @param centerLoc puts each name at the median of its dots; else where few dots and no other name lie
 * @param line ties names that are beside their dots to the median of those
 * @param maxDistance how far from the median a name may be, in parts of the panel
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.fancyLegend(
    figure: Figure,
    panel: Any? = null,
    textsize: Number = 10,
    fontweight: Any = "normal",
    centerLoc: Boolean = false,
    line: Boolean = false,
    maxDistance: Number = 0.2,
    save: Any? = null,
): Figure {
    Check.positive(maxDistance.toDouble(), "maxDistance")
    val bold = LegendStyle.isBold(fontweight, "fontweight")
    val names = BoxedNames(
        Check.positive(textsize.toDouble(), "textsize"), bold, centerLoc, line, maxDistance.toDouble(),
    )
    val change = { trim: Trim -> trim.copy(names = names) }
    return Trimming("fancyLegend", "a panel of dots coloured by groups", { it.hasGroups }, change)
        .applied(figure, panel, save)
}
