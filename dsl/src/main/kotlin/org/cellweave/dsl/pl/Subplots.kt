package org.cellweave.dsl

/**
 * A figure and its axes: `val (fig, axs) = plt.subplots(1, 2)`.
 *
 * Of one row and column, the axes are one panel, and the words of [Axes] and `ax = ` take them as they are.
 */
public class Subplots internal constructor(public val figure: Figure, public val axes: AxesArray) {
    /** The figure. */
    public operator fun component1(): Figure = figure

    /** Its axes. */
    public operator fun component2(): AxesArray = axes
}

/**
 * The axes of a figure in rows and columns, as matplotlib's array of them.
 *
 * `axs[0]` is an axes of a single row or column, or the first of several rows; `axs[0, 1]` is one by row and column;
 * `axs.flat` lists all, and a loop goes over what `axs[0]`, `axs[1]`, ... are. One of a single axes is that axes.
 */
public class AxesArray internal constructor(
    override val figure: Figure,
    private val rows: List<List<FigurePanel>>,
) : Axes(), Iterable<AxesArray> {
    override val cells: List<FigureCell> get() = rows.flatten().flatMap { it.cells }

    /** Rows and columns. */
    public val shape: Pair<Int, Int> get() = rows.size to rows[0].size

    /** All axes, row by row. */
    public val flat: List<Axes> get() = rows.flatten()

    /** All axes, row by row, as [flat]. */
    public fun flatten(): List<Axes> = flat

    /** All axes, row by row, as [flat]. */
    public fun ravel(): List<Axes> = flat

    /** The number of what [get] takes. */
    public val size: Int get() = if (rows.size == 1) rows[0].size else rows.size

    /** The axes at a position counted from 0, or from the last by a negative number; of several rows, the row. */
    public operator fun get(index: Int): AxesArray {
        val at = if (index < 0) size + index else index
        if (at !in 0 until size) {
            throw IndexOutOfBoundsException(
                "axs has $plan, so that axs[$index] does not exist; axs.flat[i] counts all, axs[row, column] takes " +
                    "two numbers",
            )
        }
        return AxesArray(figure, if (rows.size == 1) listOf(listOf(rows[0][at])) else listOf(rows[at]))
    }

    /** The axes in a row and a column, counted from 0, or from the last by negative numbers. */
    public operator fun get(row: Int, column: Int): Axes {
        val line = rows.getOrNull(if (row < 0) rows.size + row else row)
        return line?.getOrNull(if (column < 0) line.size + column else column)
            ?: throw IndexOutOfBoundsException("axs has $plan, got [$row, $column]")
    }

    private val plan get() = "${rows.size} ${if (rows.size == 1) "row" else "rows"} of ${rows[0].size}"

    override fun iterator(): Iterator<AxesArray> = (0 until size).map { get(it) }.iterator()

    /** For `val (left, right) = axs`. */
    public operator fun component1(): AxesArray = get(0)

    /** See [component1]. */
    public operator fun component2(): AxesArray = get(1)

    /** See [component1]. */
    public operator fun component3(): AxesArray = get(2)

    /** See [component1]. */
    public operator fun component4(): AxesArray = get(3)

    /** See [component1]. */
    public operator fun component5(): AxesArray = get(4)

    /** See [component1]. */
    public operator fun component6(): AxesArray = get(5)

    override fun toString(): String = "AxesArray(${rows.size} x ${rows[0].size})"
}

/** Empty axes in rows and columns over a figure of a fixed size. */
internal object AxesGrid {
    private const val GAP = 6

    fun of(
        nrows: Int,
        ncols: Int,
        size: Pair<Int, Int>,
        widthRatios: List<Double>? = null,
        heightRatios: List<Double>? = null,
    ): Subplots {
        require(nrows > 0 && ncols > 0) { "nrows and ncols must be positive, got $nrows and $ncols" }
        val figure = Figure(emptyList(), "figure")
        figure.layout.whole = size
        val x = parts(ncols, size.first, widthRatios, "widthRatios")
        val y = parts(nrows, size.second, heightRatios, "heightRatios")
        val rows = y.map { (top, height) ->
            x.map { (left, width) ->
                FigurePanel(figure, FigureCell.blank(left, top, width, height).also { figure.layout.cells += it })
            }
        }
        return Subplots(figure, AxesArray(figure, rows))
    }

    /** Where parts of a side begin and how long they are. */
    private fun parts(n: Int, side: Int, ratios: List<Double>?, name: String): List<Pair<Int, Int>> {
        require(ratios == null || ratios.size == n && ratios.all { it > 0 }) {
            "$name must have $n positive numbers, got $ratios"
        }
        val free = side - GAP * (n - 1)
        require(free >= LEAST * n) {
            "figsize is too small for $n axes side by side, of which each gets ${free / n} pixels"
        }
        val shares = ratios ?: List(n) { 1.0 }
        val ends = shares.runningFold(0.0) { sum, share -> sum + share }.map { it / shares.sum() * free }
        return List(n) { ends[it].toInt() + GAP * it to (ends[it + 1] - ends[it]).toInt() }
    }

    private const val LEAST = 24
}
