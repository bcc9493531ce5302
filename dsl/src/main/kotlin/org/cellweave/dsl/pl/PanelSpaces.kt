package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Settings

/**
 * Panels of dots in rows of [ncols], as far apart as asked for, but never so near that their texts meet.
 *
 * @param hspace room between rows in heights of a panel without its texts, as [wspace] between columns in widths
 */
internal fun spaced(panels: List<Panel>, ncols: Int, hspace: Number?, wspace: Number?): List<Placed> {
    fun gap(space: Number?, side: Int, least: Int, full: Int, name: String): Int {
        require(space == null || space.toDouble() >= 0) { "$name must not be negative, got $space" }
        return if (space == null) least else maxOf(0, (space.toDouble() * side).toInt() - (full - side))
    }
    val gapX = gap(wspace, Settings.figures.width(SIDE), GAP_X, panels.maxOf { it.width }, "wspace")
    val gapY = gap(hspace, Settings.figures.height(SIDE), GAP_Y, panels.maxOf { it.height }, "hspace")
    return grid(panels, ncols, gapX, gapY)
}

private const val SIDE = 300
private const val GAP_X = 8
private const val GAP_Y = 12
