package org.cellweave.dsl.session

import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.Palettes
import org.cellweave.util.Check

/** What `sc.settings.setFigureParams` sets; figures read it when they are made, shown and saved. */
internal data class FigureStyle(
    private val dpi: Double = DPI,
    private val dpiSave: Double = DPI_SAVE,
    val frameon: Boolean = true,
    private val fontsize: Double = FONT_SIZE,
    private val figsize: Pair<Double, Double>? = null,
    val colorMap: String? = null,
    /** Null for white, which figures have without being told. */
    val facecolor: String? = null,
    val transparent: Boolean = false,
    /** Whether panels, texts, dots, colours and grids are those of scanpy's own style. */
    val scanpy: Boolean = false,
    /** seaborn's ground of panels with axes, such as `whitegrid`; null for a white one without lines. */
    val ground: String? = null,
) {
    /** How much larger a figure is shown than its own width and height. */
    val shown: Double get() = shown(dpi)

    /** Pixels of a saved picture per pixel of a figure. */
    val saved: Double get() = scale(dpiSave)

    /** How much larger texts are. */
    val text: Double get() = fontsize / FONT_SIZE

    /** Width and height in inches of a figure that is made without its size. */
    val inches: Pair<Double, Double> get() = size ?: USUAL_INCHES

    /** Width of a panel in pixels, or [default] when no size was asked for. */
    fun width(default: Int): Int = size?.let { Math.round(it.first * pixelsPerInch).toInt() } ?: default

    fun height(default: Int): Int = size?.let { Math.round(it.second * pixelsPerInch).toInt() } ?: default

    private val size get() = figsize ?: SCANPY_SIZE.takeIf { scanpy }
    private val pixelsPerInch get() = if (scanpy) SCANPY_PIXELS_PER_INCH else PIXELS_PER_INCH

    /** Colours of [n] groups that have none of their own. */
    fun palette(n: Int): List<String> = Palettes.default(n, scanpy)

    companion object {
        private const val DPI = 80.0
        private const val DPI_SAVE = 150.0
        private const val FONT_SIZE = 14.0
        private val USUAL_INCHES = 6.4 to 4.8

        /** A panel of 300 pixels stands for scanpy's of 4 inches. */
        private const val PIXELS_PER_INCH = 75.0

        /** matplotlib keeps 0.22 of a figure free around its panel. */
        private const val SCANPY_PIXELS_PER_INCH = 0.78125 * DPI
        private val SCANPY_SIZE = 4.0 to 4.0

        /** How much larger than its own pixels a figure is shown at a resolution. */
        fun shown(dpi: Double): Double = dpi / DPI

        /** Pixels of a figure of so many inches. */
        fun pixels(figsize: Pair<Number, Number>): Pair<Int, Int> {
            val sides = figsize.toList().map { it.toDouble() }
            require(sides.all { it in LEAST_INCHES..MOST_INCHES }) {
                "figsize must be a width and a height of $LEAST_INCHES to $MOST_INCHES inches, got $figsize"
            }
            val (width, height) = sides.map { Math.round(it * PIXELS_PER_INCH).toInt() }
            return width to height
        }

        private const val LEAST_INCHES = 0.5
        private const val MOST_INCHES = 200.0

        /** Pixels of a saved picture per pixel of a figure at a resolution in dots per inch. */
        fun scale(dpi: Double): Double = 2 * dpi / DPI_SAVE
    }
}

/** The ending of a figure's file, without its dot. */
internal fun figureFormat(value: String): String {
    val plain = value.removePrefix(".").lowercase()
    require(plain in FigureWriter.ENDINGS) {
        "sc.settings.fileFormatFigs must be one of ${FigureWriter.ENDINGS}, got '$value'." +
            Check.suggestion(plain, FigureWriter.ENDINGS)
    }
    return plain
}
