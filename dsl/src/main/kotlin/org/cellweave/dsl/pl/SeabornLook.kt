package org.cellweave.dsl

import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.SeabornColors
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check

/**
 * Takes the upper and the right line of the frame away, of the last figure where no [ax] is given.
 *
 * @param left takes the line at the left away too, as [bottom] the one below
 * @param top false leaves the whole frame, as [right] does
 */
public fun Seaborn.despine(
    fig: Figure? = null,
    ax: Axes? = null,
    top: Boolean = true,
    right: Boolean = true,
    left: Boolean = false,
    bottom: Boolean = false,
) {
    val line = spec("name" to "line", "color" to "black", "size" to 1.0, "blank" to false)
    val parts = mapOf(
        "axis_line_x" to if (bottom) "blank" else line, "axis_line_y" to if (left) "blank" else line,
    ) + listOfNotNull(
        ("axis_ticks_x" to "blank").takeIf { bottom }, ("axis_ticks_y" to "blank").takeIf { left },
    )
    if (!top || !right) return
    (ax ?: fig ?: plt.gca()).change { PanelChanges.theme(it, mapOf("panel_border" to "blank") + parts) }
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
 * Gives panels with axes one of seaborn's grounds; sizes and colours stay those of the session.
 *
 * @param style `white`, `whitegrid`, `dark`, `darkgrid` or `ticks`
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
    Settings.figures = Settings.figures.copy(ground = style.takeIf { it != "white" && it != "ticks" })
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
