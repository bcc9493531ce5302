package org.cellweave.dsl

import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check

/**
 * Gives figures scanpy's own style from now on: the sizes of its panels, texts and dots, its palettes (`default_20` up
 * to twenty categories) and pale lines across panels with axes. What is left out goes back to its default, as there.
 *
 * Some arguments of scanpy have no meaning here and are refused unless they are left as they are: [vectorFriendly]
 * (above 20,000 cells dots are always a picture) and [ipythonFormat] (figures are shown as SVG).
 *
 * @param scanpy false for the style that figures have without a call, which takes the other arguments alike; it is
 *   matplotlib's own, with `tab10` up to ten categories
 * @param dpi size of a figure shown in a notebook, in dots per inch; 80 is its own size
 * @param dpiSave resolution of saved `.png` files; 150 is twice the figure's own size
 * @param frameon whether embeddings, scatter plots and PAGA graphs have a frame
 * @param fontsize size of titles; other texts follow in proportion
 * @param figsize width and height of a panel of an embedding or a scatter plot with the room around it, in inches;
 *   4 by 4 gives a panel of 250 by 250 pixels, or of 300 by 300 where [scanpy] is false
 * @param colorMap colours of numbers where a verb is given no map, instead of `viridis`
 * @param format ending of figures saved without one, as [Settings.fileFormatFigs]
 * @param facecolor colour of the ground, instead of white
 * @param transparent leaves the ground out
 */
public fun Settings.setFigureParams(
    scanpy: Boolean = true,
    dpi: Number = 80,
    dpiSave: Number = 150,
    frameon: Boolean = true,
    vectorFriendly: Boolean = true,
    fontsize: Number = 14,
    figsize: Pair<Number, Number>? = null,
    colorMap: String? = null,
    format: String = "pdf",
    facecolor: String? = null,
    transparent: Boolean = false,
    ipythonFormat: String? = null,
) {
    require(vectorFriendly) {
        "vectorFriendly must be true: above 20,000 cells dots are always a picture between vector axes"
    }
    require(ipythonFormat == null) {
        "ipythonFormat must be left out, got '$ipythonFormat': notebooks show figures as SVG; dpi sets their size"
    }
    val inches = figsize?.let { it.first.toDouble() to it.second.toDouble() }
    require(inches == null || (inches.first in INCHES && inches.second in INCHES)) {
        "figsize must lie in $INCHES inches, got $figsize"
    }
    colorMap?.let { ColorMap.of(it, it) }
    val style =
        FigureStyle(
            Check.inRange(dpi.toDouble(), 10.0, 1200.0, "dpi"),
            Check.inRange(dpiSave.toDouble(), 10.0, 1200.0, "dpiSave"),
            frameon,
            Check.inRange(fontsize.toDouble(), 4.0, 40.0, "fontsize"),
            inches,
            colorMap,
            facecolor?.let { Palettes.color(it, "facecolor") }?.takeIf { it != WHITE },
            transparent,
            scanpy,
        )
    fileFormatFigs = format
    figures = style
}

/** See [Settings.setFigureParams]; scanpy has it in both places. */
public fun Cellweave.setFigureParams(
    scanpy: Boolean = true,
    dpi: Number = 80,
    dpiSave: Number = 150,
    frameon: Boolean = true,
    vectorFriendly: Boolean = true,
    fontsize: Number = 14,
    figsize: Pair<Number, Number>? = null,
    colorMap: String? = null,
    format: String = "pdf",
    facecolor: String? = null,
    transparent: Boolean = false,
    ipythonFormat: String? = null,
): Unit =
    settings.setFigureParams(
        scanpy = scanpy,
        dpi = dpi,
        dpiSave = dpiSave,
        frameon = frameon,
        vectorFriendly = vectorFriendly,
        fontsize = fontsize,
        figsize = figsize,
        colorMap = colorMap,
        format = format,
        facecolor = facecolor,
        transparent = transparent,
        ipythonFormat = ipythonFormat,
    )

private val INCHES = 1.0..40.0
private const val WHITE = "#ffffff"
