package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.session.FigureStyle

/** What every chart is told besides its data: its title, how large it is and where it goes. All charts end here. */
internal class ChartOutput(private val name: String, val title: String?, private val output: Output) {
    /** Pixels of the whole chart, where a size was asked for. */
    val size: Pair<Int, Int>? =
        output.figsize?.let(FigureStyle::pixels) ?: output.ax?.cell("ax")?.let { it.width to it.height }
    val look = sessionLook()

    fun finish(panel: Panel): Figure = finish(listOf(Placed(panel, 0, 0)), name, output)

    fun finish(panels: List<Placed>): Figure = finish(panels, name, output)
}
