package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Trim
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.Coordinates
import org.cellweave.dsl.shown.groupsOf
import org.cellweave.dsl.shown.texts
import org.cellweave.util.MissingKeyException

/** Cells in the first two dimensions of an embedding. */
internal class EmbeddingDots(adata: AnnData, basis: String) {
    private val coordinates = Coordinates(adata, basis)
    val x: DoubleArray = coordinates.column(0)
    val y: DoubleArray = coordinates.column(1)

    fun panel(color: DotColor, style: DotStyle, title: String, trim: Trim = Trim()): Panel =
        PointPanel(x, y, color, style, title, coordinates.label(0), coordinates.label(1), trim = trim).build()

    /** @param area of a dot in square points */
    fun style(
        area: Double,
        frame: Boolean?,
        square: Boolean = false,
        alpha: Double = 1.0,
        naColor: String = "#d3d3d3",
        diameters: DoubleArray? = null,
    ): DotStyle {
        require(alpha in 0.0..1.0) { "alpha must lie in 0..1, got $alpha" }
        return DotStyle(
            plainDiameter = diameters?.maxOrNull() ?: PointPanel.diameter(area), alpha = alpha, naColor = naColor,
            sortOrder = true, legend = LegendStyle.plain("none"), look = sessionLook(),
            panelWidth = Settings.figures.width(SIDE), panelHeight = Settings.figures.height(SIDE),
            frame = frame ?: Settings.figures.frameon, plainDiameters = diameters, equal = square,
        )
    }

    companion object {
        /** Pixels of a panel where the session asks for no size. */
        const val SIDE = 300
    }
}

/** One panel for each of some groups. */
internal class GroupPanels(
    adata: AnnData,
    groupby: String,
    chosen: Any?,
    title: Any?,
    private val own: (String) -> String,
) {
    private val groups: Categories = groupsOf(adata, groupby)
    private val shown: List<Int>
    private val titles: List<String>?

    init {
        val names = texts(chosen, "groups")
        names?.filter { it !in groups.names }?.takeIf { it.isNotEmpty() }?.let {
            throw MissingKeyException("groups of '$groupby'", it, groups.names, "")
        }
        shown = names?.map(groups.names::indexOf) ?: groups.used()
        require(names != null || shown.size <= MOST) {
            "obs['$groupby'] has ${shown.size} groups, more than the $MOST panels that are drawn unasked; " +
                "groups = listOf(...) names those to draw"
        }
        require(shown.isNotEmpty()) { "groups must name at least one group, got none" }
        titles = texts(title, "title")
        require(titles == null || titles.size == shown.size) {
            "title must have one entry per group (${shown.size}), got ${titles!!.size}"
        }
    }

    /** @param panel makes one of the name, its title and the codes, which are 0 for the group's cells and else -1 */
    fun figure(ncols: Int, name: String, output: Output, panel: (String, String, IntArray) -> Panel): Figure {
        val panels = shown.mapIndexed { i, g ->
            val group = groups.names[g]
            val codes = IntArray(groups.codes.size) { if (groups.codes[it] == g) 0 else -1 }
            panel(group, titles?.get(i) ?: own(group), codes)
        }
        return finish(grid(panels, ncols), name, output)
    }

    private companion object {
        const val MOST = 40
    }
}
