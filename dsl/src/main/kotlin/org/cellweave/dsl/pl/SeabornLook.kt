package org.cellweave.dsl

import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.SeabornColors
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.session.Log
import org.cellweave.util.Check

/** Takes the upper and the right line of the frame away, of the last figure where no [ax] is given. */
public fun Seaborn.despine(fig: Figure? = null, ax: Axes? = null) {
    val line = spec("name" to "line", "color" to "black", "size" to 1.0, "blank" to false)
    (ax ?: fig ?: plt.gca()).change {
        PanelChanges.theme(it, mapOf("panel_border" to "blank", "axis_line" to line))
    }
}

/** Puts the legend elsewhere, in matplotlib's words. */
public fun Seaborn.moveLegend(
    obj: Axes,
    loc: String,
    bboxToAnchor: Pair<Number, Number>? = null,
    title: String? = null,
    ncol: Int? = null,
    frameon: Boolean? = null,
) {
    obj.legend(loc, bboxToAnchor, title, ncol, frameon)
}

/**
 * For lines written for seaborn: figures keep their own look, and seaborn's styles change nothing.
 *
 * @param rc settings of matplotlib, which are set as `plt.rcParams` sets them
 */
public fun Seaborn.setTheme(
    context: String? = "notebook",
    style: String? = "darkgrid",
    palette: Any? = "deep",
    fontScale: Number = 1,
    rc: Map<String, Any>? = null,
) {
    style?.let { setStyle(it) }
    context?.let { setContext(it) }
    if (palette is String) SeabornColors.of(palette, 1)
    Check.positive(fontScale.toDouble(), "fontScale")
    rc?.let { plt.rcParams.update(it) }
}

/** seaborn's old word for [setTheme]. */
public fun Seaborn.set(
    context: String? = "notebook",
    style: String? = "darkgrid",
    palette: Any? = "deep",
    fontScale: Number = 1,
    rc: Map<String, Any>? = null,
): Unit = setTheme(context, style, palette, fontScale, rc)

/** See [setTheme]. */
public fun Seaborn.setStyle(style: String) {
    HistOptions.oneOf(style, listOf("white", "whitegrid", "dark", "darkgrid", "ticks"), "style")
    Log.info("figures keep their own look; style = \"$style\" changes nothing")
}

/** See [setTheme]. */
public fun Seaborn.setContext(context: String, fontScale: Number = 1) {
    HistOptions.oneOf(context, listOf("paper", "notebook", "talk", "poster"), "context")
    Check.positive(fontScale.toDouble(), "fontScale")
}

/**
 * Colours of a palette as `#rrggbb`.
 *
 * @param palette `deep`, `muted`, `pastel`, `bright`, `dark`, `colorblind`, `hls`, a palette or colour map of
 *   matplotlib, or a list of colours
 * @param nColors how many; as many as it has by default, 6 of a map
 */
public fun Seaborn.colorPalette(palette: Any = "tab10", nColors: Int? = null): List<String> =
    SeabornColors.of(palette, nColors?.let { Check.positive(it, "nColors") })
