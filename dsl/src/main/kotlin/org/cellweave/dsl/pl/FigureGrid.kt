package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec
import org.cellweave.dsl.plot.grid as inRows

/**
 * Figures and plots side by side as one, from left to right and top to bottom.
 *
 * Each is taken as it is now. Where parts were shown in the same cell of a notebook, the whole takes their place.
 *
 * @param figures our figures, and plots of Lets-Plot
 * @param ncols figures in a row
 * @param labels true for the letters a, b, c, ... at the upper left of every panel, or the texts themselves
 * @param title over all of them
 * @param figsize width and height of the whole in inches of 75 pixels; by default each is as large as it was
 * @param cellsize width and height in inches of each figure in it, in place of [figsize]
 */
public fun Plotting.grid(
    figures: Iterable<Any>,
    ncols: Int = 2,
    labels: Any = false,
    title: String? = null,
    cellsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(ncols > 0) { "ncols must be positive, got $ncols" }
    require(ax == null) { "grid fills a figure of its own; give ax to the verbs whose figures it joins" }
    require(cellsize == null || figsize == null) { "cellsize and figsize exclude each other; give one of them" }
    val all = figures.map(::figureOf)
    require(all.isNotEmpty()) { "grid needs at least one figure, got none" }
    val sized = if (cellsize == null) all else all.map { it.copy().also { own -> own.resize(cellsize) } }
    val joined = composed(sized, ncols, "grid")
    joined.layout.heading = title
    joined.layout.letters = letters(labels, joined.size)
    return finished(joined, Output(save = save, show = show, figsize = figsize, dpi = dpi), all)
}

/** See the other. */
public fun Plotting.grid(
    vararg figures: Any,
    ncols: Int = 2,
    labels: Any = false,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    figsize: Pair<Number, Number>? = null,
): Figure =
    grid(
        figures.asList(), ncols = ncols, labels = labels, title = title, show = show, save = save, figsize = figsize,
    )

/** The plot and the figure side by side. */
public operator fun Plot.plus(other: Figure): Figure = sideBySide(figureOf(this), other)

/** Panels of one verb in rows, by the name that verbs know it under; see the one of the figures' own room. */
internal fun Plotting.grid(panels: List<Panel>, ncols: Int, gapX: Int = 8, gapY: Int = 12): List<Placed> =
    inRows(panels, ncols, gapX, gapY)

private fun letters(choice: Any, n: Int): List<String>? =
    when (choice) {
        false -> null
        true -> List(n) { i -> if (i < ALPHABET) "${'a' + i}" else "${'a' + i / ALPHABET - 1}${'a' + i % ALPHABET}" }
        is Iterable<*> -> choice.map { "$it" }.also {
            require(it.size == n) { "labels must have one text per panel ($n), got ${it.size}" }
        }
        else -> throw IllegalArgumentException("labels must be true, false or a list of texts, got $choice")
    }

/** A figure of ours, or one of a plot of Lets-Plot with its own size. */
internal fun figureOf(part: Any): Figure =
    when (part) {
        is Figure -> part
        is Axes -> Figure(part.cells.map { Placed(it.panel(), 0, 0) }, part.figure.name)
        is Plot -> {
            val spec = part.toSpec()
            val size = spec["ggsize"] as? Map<*, *>
            val width = (size?.get("width") as? Number)?.toInt() ?: PLOT_WIDTH
            val height = (size?.get("height") as? Number)?.toInt() ?: PLOT_HEIGHT
            Figure(listOf(Placed(Panel(spec, width, height), 0, 0)), "plot")
        }
        else -> throw IllegalArgumentException(
            "grid takes figures of ours and plots of Lets-Plot, got ${part::class.simpleName}; parts that " +
                "Lets-Plot has joined itself (gggrid, GGBunch) are given one by one",
        )
    }

internal fun sideBySide(left: Figure, right: Figure): Figure =
    finished(composed(listOf(left, right), 2, "grid"), Output(), listOf(left, right))

/** Copies of all panels, figure by figure in rows of [ncols]. */
internal fun composed(figures: List<Figure>, ncols: Int, name: String): Figure {
    val rows = figures.chunked(ncols)

    fun FigureLayout.reach() =
        if (isSettled) width to height else cells.maxOf { it.x + it.width } to cells.maxOf { it.y + it.height }
    val sizes = figures.associateWith { it.layout.reach() }
    val widths = List(rows[0].size) { c -> rows.maxOf { row -> row.getOrNull(c)?.let(sizes::getValue)?.first ?: 0 } }
    val whole = Figure(emptyList(), name, genes = figures.flatMapTo(HashSet()) { it.genes })
    var top = 0
    for (row in rows) {
        row.forEachIndexed { c, figure ->
            whole.layout.cells += figure.layout.copies(widths.take(c).sumOf { it + GAP }, top)
        }
        top += row.maxOf { sizes.getValue(it).second } + GAP
    }
    return whole
}

private const val GAP = 12
private const val ALPHABET = 26
private const val PLOT_WIDTH = 600
private const val PLOT_HEIGHT = 400
