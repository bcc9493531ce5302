package org.cellweave.jupyter

import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.PlotScript

/**
 * The script that draws interactive figures, which takes a megabyte: one figure of a notebook brings it into the page,
 * and the others draw with it.
 */
internal class LetsPlotScript(private val packed: () -> String? = { PlotScript.packed }) {
    /** Code of the cell whose figure brings the script; run again, it has to bring it again. */
    private var carrier: String? = null

    /** True when a figure of the cell with this [code] is the one that brings the script. */
    fun isBroughtBy(code: String): Boolean {
        val first = carrier ?: code.also { carrier = it }
        return first == code
    }

    /**
     * Statements that make `window.cellweaveLetsPlot`, a promise of the script: of this one, or of that which another
     * figure of the page brings, now or later.
     */
    fun loader(brings: Boolean): String {
        val script = checkNotNull(packed()) {
            "Lets-Plot's script is not installed, so figures cannot be interactive. " +
                "Run ./cellweave jupyter install with a network; figures without interactive() need nothing."
        }
        val giving = "if (!letsPlot.isGiven) letsPlot.give((${PlotPage.UNPACK})(\"$script\"));"
        return if (brings) "$PROMISE\n$giving" else PROMISE
    }

    private companion object {
        const val PROMISE =
            "const letsPlot = window.cellweaveLetsPlot = window.cellweaveLetsPlot || (() => {\n" +
                "  const made = {isGiven: false};\n" +
                "  made.script = new Promise(give => { made.give = it => { made.isGiven = true; give(it); }; });\n" +
                "  return made;\n" +
                "})();"
    }
}
