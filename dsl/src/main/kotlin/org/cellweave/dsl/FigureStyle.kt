package org.cellweave.dsl

import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.Palettes
import org.cellweave.util.Check

/** What `sc.settings.setFigureParams` sets; figures read it when they are made, shown and saved. */
internal class FigureStyle(
    private val dpi: Double = DPI,
    private val dpiSave: Double = DPI_SAVE,
    val frameon: Boolean = true,
    private val fontsize: Double = FONT_SIZE,
    private val figsize: Pair<Double, Double>? = null,
    val colorMap: String? = null,
    /** Null for white, which figures have without being told. */
    val facecolor: String? = null,
    val transparent: Boolean = false,
) {
    /** How much larger a figure is shown than its own width and height. */
    val shown: Double get() = dpi / DPI

    /** Pixels of a saved picture per pixel of a figure. */
    val saved: Double get() = scale(dpiSave)

    /** How much larger texts are. */
    val text: Double get() = fontsize / FONT_SIZE

    /** Width of a panel in pixels, or [default] when no size was asked for. */
    fun width(default: Int): Int = figsize?.let { Math.round(it.first * PIXELS_PER_INCH).toInt() } ?: default

    fun height(default: Int): Int = figsize?.let { Math.round(it.second * PIXELS_PER_INCH).toInt() } ?: default

    companion object {
        private const val DPI = 80.0
        private const val DPI_SAVE = 150.0
        private const val FONT_SIZE = 14.0

        /** A panel of 300 pixels stands for scanpy's of 4 inches. */
        private const val PIXELS_PER_INCH = 75.0

        /** Pixels of a saved picture per pixel of a figure at a resolution in dots per inch. */
        fun scale(dpi: Double): Double = 2 * dpi / DPI_SAVE
    }
}

/**
 * Sets how figures look from now on; what is left out goes back to its default, as in scanpy.
 *
 * Some arguments of scanpy have no meaning here and are refused unless they are left as they are: [scanpy] (there is
 * one style), [vectorFriendly] (above 20,000 cells dots are always a picture) and [ipythonFormat] (figures are shown
 * as SVG).
 *
 * @param dpi size of a figure shown in a notebook, in dots per inch; 80 is its own size
 * @param dpiSave resolution of saved `.png` files; 150 is twice the figure's own size
 * @param frameon whether embeddings, scatter plots and PAGA graphs have a frame
 * @param fontsize size of titles; other texts follow in proportion
 * @param figsize width and height of a panel of an embedding or a scatter plot, in inches; 4 by 4 is 300 by 300 pixels
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
    require(scanpy) { "scanpy must be true: figures have scanpy's style, there is no other" }
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
        scanpy, dpi, dpiSave, frameon, vectorFriendly, fontsize, figsize, colorMap, format, facecolor, transparent,
        ipythonFormat,
    )

/** The ending of a figure's file, without its dot. */
internal fun figureFormat(value: String): String {
    val plain = value.removePrefix(".").lowercase()
    require(plain in FigureWriter.ENDINGS) {
        "sc.settings.fileFormatFigs must be one of ${FigureWriter.ENDINGS}, got '$value'." +
            Check.suggestion(plain, FigureWriter.ENDINGS)
    }
    return plain
}

private val INCHES = 1.0..40.0
private const val WHITE = "#ffffff"
