package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max

/** The colour scale of a panel of dots, and the legend of its groups. */
internal class PointLegend(
    private val color: DotColor,
    private val style: DotStyle,
    private val naName: String,
    private val naDrawn: Boolean,
    /** Whether something else tells what the colours mean. */
    explained: Boolean,
    /** Where `best` is, as parts of the panel. */
    private val emptiestCorner: () -> Pair<Double, Double>,
) {
    private val hidden = explained || color is DotColor.Discrete && color.isBeyondPalette
    private val look = style.look
    private val inside = style.legend.location in LegendStyle.INSIDE
    private val shown get() = !hidden && (style.legend.location == "right margin" || inside)

    /** Keys that stand below each other beside the panel. */
    private val rows: Int get() {
        val whole = style.panelHeight + look.top(true) + look.axisRoom(style.frame)
        return if (inside) MOST_ROWS else ((whole - OVER_KEYS) / KEY).toInt().coerceIn(1, MOST_ROWS)
    }

    fun scale(): Spec? =
        when (color) {
            is DotColor.Plain -> null
            is DotColor.Painted -> spec(
                "aesthetic" to "color", "scale_mapper_kind" to "identity", "guide" to "none",
            )
            is DotColor.Discrete -> spec(
                "aesthetic" to "color",
                "discrete" to true,
                "values" to color.colors + listOfNotNull(style.naColor.takeIf { naDrawn }),
                "limits" to color.names + listOfNotNull(naName.takeIf { naDrawn }),
                "breaks" to names(color),
                "name" to "",
                "guide" to if (shown && names(color).isNotEmpty()) keys(color) else "none",
            )
            is DotColor.Continuous -> {
                val bent = color.limits.bent
                spec(
                    "aesthetic" to "color",
                    "scale_mapper_kind" to "color_gradientn",
                    "colors" to if (bent) color.map.sampled(STOPS) { it } else color.limits.gradient(color.map),
                    "limits" to if (bent) listOf(0.0, 1.0) else listOf(color.limits.low, color.limits.high),
                    "na_value" to style.naColor,
                    "name" to "",
                    "guide" to "none",
                )
            }
        }

    /** What a panel's theme says about it. */
    fun theme(): Map<String, Any> {
        val out = LinkedHashMap<String, Any>()
        style.legend.fontSize?.let { out["legend_text"] = text(it) }
        if (inside && !hidden && color is DotColor.Discrete) {
            val (x, y) = LegendStyle.INSIDE[style.legend.location] ?: emptiestCorner()
            out["legend_position"] = listOf(x, y)
            out["legend_justification"] = listOf(x, y)
            out["legend_background"] =
                spec("name" to "rect", "fill" to "rgba(255,255,255,0.8)", "color" to "#cccccc", "blank" to false)
        }
        return out
    }

    /** Pixels that it takes beside the panel. */
    fun width(): Int =
        when (color) {
            is DotColor.Plain, is DotColor.Painted, is DotColor.Continuous -> 0
            is DotColor.Discrete -> {
                val names = names(color)
                if (hidden || style.legend.location != "right margin" || names.isEmpty()) {
                    0
                } else {
                    val size = style.legend.fontSize ?: look.legendSize
                    val widest = names.maxOf { name -> lines(name).maxOf { Look.textWidth(it, size) } } / Look.GENEROUS
                    val columns = columns(names.size, rows)
                    AROUND + ceil(columns * (KEY_ROOM + widest) + (columns - 1) * BETWEEN).toInt()
                }
            }
        }

    val isDrawn: Boolean get() = width() > 0 || !hidden && inside && color is DotColor.Discrete

    private fun names(discrete: DotColor.Discrete): List<String> =
        discrete.names + listOfNotNull(naName.takeIf { naDrawn && style.legend.naInLegend })

    private fun keys(discrete: DotColor.Discrete): Spec =
        spec(
            "name" to "legend",
            "ncol" to columns(names(discrete).size, rows),
            "override_aes" to spec("size" to if (look.scanpy) SCANPY_DOT else LEGEND_DOT, "alpha" to 1.0),
        )

    /** Lets-Plot breaks names of keys that are longer than this. */
    private fun lines(name: String): List<String> {
        val out = ArrayList<String>()
        var line = ""
        for (word in name.split(' ')) {
            if (line.isNotEmpty() && line.length + 1 + word.length > LONGEST_LINE) {
                out += line
                line = word
            } else {
                line = if (line.isEmpty()) word else "$line $word"
            }
        }
        return out + line
    }

    companion object {
        private const val LONGEST_LINE = 30
        private const val LEGEND_DOT = 4.0
        private const val SCANPY_DOT = 3.4

        /** Pixels around the keys, of a key beside its name, and between columns. */
        private const val AROUND = 30
        private const val KEY_ROOM = 27.5
        private const val BETWEEN = 6

        /** Pixels of a row of keys, and of what Lets-Plot keeps free above and below them. */
        private const val KEY = 23.0
        private const val OVER_KEYS = 30.0
        private const val MOST_ROWS = 14
        private const val STOPS = 65

        /** scanpy's one, two or three columns; more when rows would not fit the panel. */
        fun columns(n: Int, rows: Int = MOST_ROWS): Int {
            val usual = if (n <= 14) {
                1
            } else if (n <= 30) {
                2
            } else {
                3
            }
            return max(usual, ceil(n / rows.toDouble()).toInt())
        }
    }
}
