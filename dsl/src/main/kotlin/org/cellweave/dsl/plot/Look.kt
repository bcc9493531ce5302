package org.cellweave.dsl.plot

/**
 * How all figures of a session look. Whoever asks for a figure reads it from the settings and hands it over, so that
 * nothing here depends on what is set while a figure is drawn.
 *
 * @param text how much larger texts are than usual
 * @param facecolor colour of the ground as `#rrggbb`; null for white, which figures have without being told
 * @param transparent whether the ground is left out
 */
internal class Look(
    text: Double = 1.0,
    private val facecolor: String? = null,
    private val transparent: Boolean = false,
    /** Whether texts, dots, colours and grids are those of `scanpy.set_figure_params`. */
    val scanpy: Boolean = false,
    /** Pixels of a side of a panel without axes, such as that of a graph. */
    val side: Int = SIDE,
    /** `whitegrid`, `darkgrid` and `dark` are seaborn's grounds of panels with axes. */
    private val ground: String? = null,
) {
    private val unit = if (scanpy) text * PIXELS_PER_SCANPY_POINT else text

    val titleSize: Double = 14.0 * unit
    val labelSize: Double = (if (scanpy) 14.0 else 12.0) * unit
    val tickSize: Double = (if (scanpy) 14.0 else 11.0) * unit
    val legendSize: Double = (if (scanpy) 12.88 else 11.0) * unit

    /** Of names beside a table, which are `small` in scanpy's figures too. */
    val tableSize: Double = (if (scanpy) SMALL * 14.0 else 11.0) * unit

    /** Of what a table's legends say. */
    val noteSize: Double = (if (scanpy) SMALL * 14.0 else 10.0) * unit

    /** Pixels of a size in points that a caller gives. */
    fun points(size: Double): Double = if (scanpy) size * PIXELS_PER_SCANPY_POINT else size

    /** How much larger dots and cells are than in figures without scanpy's style. */
    val dots: Double = if (scanpy) PIXELS_PER_SCANPY_POINT / PIXELS_PER_POINT else 1.0
    val cells: Double = if (scanpy) SCANPY_CELLS else 1.0

    /** Lines across a panel with axes, or null for none. */
    val grid: Map<String, Any> = if (scanpy) GRID else emptyMap()

    /** A title whose middle lies at a [part] of what is left beside it, as `hjust` means it. */
    fun title(part: Double = 0.5): Spec =
        text(
            titleSize, "hjust" to part,
            "margin" to spec("t" to OVER_TITLE, "r" to 0.0, "b" to UNDER_TITLE, "l" to 0.0),
        )

    /** Pixels above a panel. */
    fun top(titled: Boolean): Double = EDGE + if (titled) OVER_TITLE + titleSize + UNDER_TITLE else 0.0

    /** Pixels beside or below a panel whose axis has a title, or none; marks need more. */
    fun axisRoom(titled: Boolean): Double = if (titled) labelSize + AXIS_TITLE else EDGE

    /** Colour behind everything, or null for none. */
    val backdrop: String? = if (transparent) null else facecolor ?: "#ffffff"

    /** White ground, black frame, ticks outside, no grid. */
    fun theme(
        frame: Boolean = true,
        ticks: Boolean = true,
        axisTitles: Boolean = true,
        legend: String? = null,
        xAngle: Double? = null,
        yAngle: Double? = null,
        fontSize: Double? = null,
        more: Map<String, Any> = emptyMap(),
    ): MutableMap<String, Any> =
        spec(
            "text" to text(null, "family" to FONT, "color" to "black"),
            "plot_title" to title(),
            "axis_title" to if (axisTitles) text(labelSize) else "blank",
            "axis_text" to if (ticks) text(fontSize ?: tickSize) else "blank",
            "axis_text_x" to xAngle?.takeIf { ticks }?.let { angled(it, fontSize) },
            "axis_text_y" to yAngle?.takeIf { ticks }?.let { text(fontSize ?: tickSize, "angle" to it) },
            "axis_ticks" to if (ticks) tick() else "blank",
            "axis_line" to "blank",
            "plot_background" to ground(),
            "panel_background" to if (frame && ticks && isDark) DARK else ground(),
            "legend_background" to ground(),
            "panel_grid" to if (frame && ticks && hasLines) groundLines() else "blank",
            "panel_grid_minor" to "blank".takeIf { hasLines },
            "panel_border" to if (frame && !isDark) border() else "blank",
            "legend_text" to text(legendSize),
            "legend_title" to text(legendSize),
            "legend_position" to legend,
        ).also { it.putAll(more) }

    private val isDark get() = ground == "dark" || ground == "darkgrid"
    private val hasLines get() = ground == "whitegrid" || ground == "darkgrid"

    private fun groundLines() =
        spec(
            "name" to "line", "color" to if (isDark) "#ffffff" else GRID_COLOR, "size" to LINES, "blank" to false,
        )

    private fun angled(angle: Double, fontSize: Double?): Spec =
        if (angle == 90.0) {
            text(fontSize ?: tickSize, "angle" to angle, "hjust" to 1.0, "vjust" to 0.5)
        } else {
            text(fontSize ?: tickSize, "angle" to angle, "hjust" to 1.0)
        }

    /** Null where the ground is white, as it is by itself. */
    private fun ground(): Any? =
        when {
            transparent -> "blank"
            facecolor == null -> null
            else -> spec("name" to "rect", "fill" to facecolor, "color" to facecolor, "blank" to false)
        }

    companion object {
        /** The first that a machine has; widths are estimated for the first. */
        const val FONT = "DejaVu Sans, Verdana, Arial, sans-serif"

        /** Pixels of a typographic point, so that a panel of ours relates to its dots as scanpy's does. */
        const val PIXELS_PER_POINT = 1.25

        /** Pixels of a point where panels have scanpy's size, which 80 dots per inch give them. */
        const val PIXELS_PER_SCANPY_POINT = 80.0 / 72

        /** How much wider [textWidth] thinks texts than Lets-Plot does. */
        const val GENEROUS = 1.053

        /** matplotlib's grey of 0.8. */
        const val GRID_COLOR = "#cccccc"

        private const val SIDE = 300
        private const val LINES = 0.8

        /** seaborn's pale blue grey. */
        private val DARK: Spec = spec("name" to "rect", "fill" to "#eaeaf2", "color" to "#eaeaf2", "blank" to false)

        /** Size of what matplotlib calls small. */
        private const val SMALL = 0.833

        /** scanpy's figures leave so much of what ours do to their cells. */
        private const val SCANPY_CELLS = 0.92

        /** What Lets-Plot keeps free around a plot, an axis title and a title. */
        private const val EDGE = 10.0
        private const val AXIS_TITLE = 7.5
        private const val OVER_TITLE = 7.0

        /** Of the free pixels between title and panel the title takes some back. */
        private const val UNDER_TITLE = -8.0

        private val GRID: Map<String, Any> = mapOf(
            "panel_grid" to spec("name" to "line", "color" to GRID_COLOR, "size" to 0.8, "blank" to false),
            "panel_grid_minor" to "blank",
        )

        /** Pixels of an inch, as at scanpy's usual 80 dots per inch. */
        const val PIXELS_PER_INCH = 80

        /** Pixels of one unit of the size aesthetic. */
        const val PIXELS_PER_SIZE = 2.2

        /** Width of [text] in pixels; a little generous. */
        fun textWidth(text: String, size: Double): Double =
            size * text.sumOf {
                when {
                    it in "iljI|.,:;'!()[] " -> 0.36
                    it in "ftr-1" -> 0.48
                    it in "mwMW%@" -> 0.95
                    it.isUpperCase() -> 0.72
                    else -> 0.63
                }.toDouble()
            }

        /** [text] in lines of at most [room] pixels, cut between words where there are words. */
        fun wrapped(text: String, room: Double, size: Double): String {
            if (textWidth(text, size) <= room) {
                return text
            }
            val lines = ArrayList<String>()
            var line = ""
            for (word in text.split(Regex("(?<=[ _,;/-])"))) {
                var rest = word
                if (line.isNotEmpty() && textWidth((line + rest).trim(), size) > room) {
                    lines += line.trim()
                    line = ""
                }
                while (textWidth(rest.trim(), size) > room && rest.length > 1) {
                    val part = (rest.length downTo 1).first { it == 1 || textWidth(rest.take(it), size) <= room }
                    lines += rest.take(part)
                    rest = rest.drop(part)
                }
                line += rest
            }
            if (line.isNotBlank()) lines += line.trim()
            return lines.joinToString("\n")
        }

        /** The size aesthetic of a dot of [diameter] pixels. */
        fun size(diameter: Double): Double = diameter / PIXELS_PER_SIZE
    }
}

internal fun text(size: Double?, vararg more: Pair<String, Any?>): MutableMap<String, Any> =
    spec("name" to "text", "size" to size, "blank" to false, *more)

private fun tick(): Spec = spec("name" to "line", "color" to "black", "size" to 0.8, "blank" to false)

internal fun border(): Spec =
    spec("name" to "rect", "color" to "black", "size" to 1.0, "fill" to "rgba(0,0,0,0)", "blank" to false)
