package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed

/**
 * What every chart is told besides its data: how large it is and where it goes. All charts end here, so that what is
 * said of figures as a whole is handed on in one place.
 */
internal class ChartOutput(
    private val name: String,
    figsize: Pair<Number, Number>?,
    val title: String?,
    private val save: Any?,
) {
    val size = figureSize(figsize)
    val look = sessionLook()

    fun finish(panel: Panel): Figure = finish(listOf(Placed(panel, 0, 0)), name, save)
}
