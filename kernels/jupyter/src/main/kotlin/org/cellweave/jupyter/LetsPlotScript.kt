package org.cellweave.jupyter

import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.PlotScript

/** Brings the script that draws interactive figures into a page. */
internal object LetsPlotScript {
    /** Loads the script once per page; later figures find the promise of the first. */
    fun loader(): String {
        val packed = checkNotNull(PlotScript.packed) {
            "Lets-Plot's script is not installed, so figures cannot be interactive. " +
                "Run ./cellweave jupyter install with a network; figures without interactive() need nothing."
        }
        return "window.cellweaveLetsPlot = window.cellweaveLetsPlot || (${PlotPage.UNPACK})(\"$packed\");"
    }
}
