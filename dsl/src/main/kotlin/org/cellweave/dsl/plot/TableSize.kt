package org.cellweave.dsl.plot

import java.util.Locale
import kotlin.math.ceil
import kotlin.math.max

/** Width and height of a whole figure in pixels. */
internal class FigureSize private constructor(
    private val figsize: Pair<Number, Number>,
    private val warn: (String) -> Unit,
) {
    val width: Int = (figsize.first.toDouble() * Look.PIXELS_PER_INCH).toInt()
    val height: Int = (figsize.second.toDouble() * Look.PIXELS_PER_INCH).toInt()

    private var warned = false

    /**
     * The lengths that are left for columns and rows beside [aroundX] and below [aroundY] pixels; where there is no
     * room for them the figure becomes larger than asked for.
     */
    fun left(aroundX: Double, aroundY: Double, columns: Int, rows: Int, lowest: Double): Pair<Double, Double> {
        val x = width - aroundX
        val y = height - aroundY
        val leastX = max(SHORTEST, columns * CELL)
        val leastY = max(SHORTEST, rows * CELL)
        if (!(x >= leastX && y >= leastY && height >= lowest) && !warned) {
            val inches = listOf(aroundX + max(x, leastX), max(aroundY + max(y, leastY), lowest))
                .map { "%.1f".format(Locale.ROOT, ceil(10 * it / Look.PIXELS_PER_INCH) / 10) }
            warn("the table does not fit figsize $figsize; it is drawn at ${inches[0]} by ${inches[1]} inches")
            warned = true
        }
        // Sums of lengths are rounded up to pixels later on.
        return max(x, leastX) - ROUNDING to max(y, leastY) - ROUNDING
    }

    companion object {
        private const val SHORTEST = 40.0
        private const val CELL = 1.5
        private const val ROUNDING = 1e-6

        /**
         * Null where no size is asked for.
         *
         * @param warn told when the figure has to be larger
         */
        fun of(figsize: Pair<Number, Number>?, warn: (String) -> Unit): FigureSize? = figsize?.let {
            val sides = listOf(it.first.toDouble(), it.second.toDouble())
            require(sides.all { side -> side > 0 && side <= MOST }) {
                "figsize must be a width and a height in inches above 0 and of at most $MOST, got $it"
            }
            FigureSize(it, warn)
        }

        private const val MOST = 200
    }
}

/** A table as [make] lays it out, with its cells stretched so that the figure has [size], where given. */
internal fun fitted(
    size: FigureSize?,
    groups: Track,
    genes: Track,
    make: (groups: Track, genes: Track) -> TableLayout,
): TableLayout {
    var layout = make(groups, genes)
    if (size == null) {
        return layout
    }
    // What is around the table may depend on its lengths: labels turn where they are crowded.
    repeat(ROUNDS) {
        val (x, y) = size.left(
            layout.around.first, layout.around.second, layout.columns.size, layout.rows.size, layout.lowest,
        )
        val columns = layout.columns.stretched(x)
        val rows = layout.rows.stretched(y)
        layout = if (layout.swapped) make(columns, rows) else make(rows, columns)
    }
    return layout
}

private const val ROUNDS = 4
