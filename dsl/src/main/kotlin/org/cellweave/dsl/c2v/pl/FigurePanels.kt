package org.cellweave.dsl

import org.cellweave.dsl.plot.Placed

/**
 * Figures side by side as one, from left to right and top to bottom.
 *
 * @param ncols figures in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.panels(vararg figures: Figure, ncols: Int = 2, save: Any? = null): Figure {
    require(figures.isNotEmpty()) { "panels needs at least one figure, got none" }
    require(ncols > 0) { "ncols must be positive, got $ncols" }
    val rows = figures.toList().chunked(ncols)
    val widths = List(minOf(ncols, figures.size)) { c -> rows.maxOf { it.getOrNull(c)?.width ?: 0 } }
    var top = 0
    val placed = rows.flatMap { row ->
        val y = top
        top += row.maxOf { it.height } + GAP
        row.flatMapIndexed { c, figure ->
            val x = widths.take(c).sum() + c * GAP
            figure.placed.map { Placed(it.panel, x + it.x, y + it.y) }
        }
    }
    return finished(Figure(placed, "panels"), save, figures.toList())
}

private const val GAP = 12
