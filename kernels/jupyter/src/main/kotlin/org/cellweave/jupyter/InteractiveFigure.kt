package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.cellweave.dsl.plot.PlotPage
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec
import java.util.UUID

/** A figure with hover text and zoom; it carries the script that draws it and needs no network. */
public class InteractiveFigure internal constructor(
    private val spec: Map<String, Any>,
    private val text: String,
    /** The figure it was made of, which its verb may have shown already. */
    internal val still: Figure?,
) {
    /** The figure for a page: complete in itself, about 1 MB for the script and what the points need. */
    public fun toHtml(): String {
        val id = "cw-" + UUID.randomUUID()
        val json = PlotPage.json(spec + ("ggtoolbar" to emptyMap<String, Any>()))
        return """
            |<div id="$id"></div>
            |<script type="text/javascript">(() => {
            |${LetsPlotScript.loader()}
            |const spec = $json;
            |const place = document.getElementById("$id");
            |window.cellweaveLetsPlot
            |  .then(letsPlot => (${PlotPage.DRAW})(letsPlot, spec, place))
            |  .catch(e => { place.textContent = "The figure could not be drawn: " + e; });
            |})()</script>
            """.trimMargin()
    }

    internal fun output(): MimeTypedResult = textAndHtml(text, toHtml())
}

/** The same figure with hover text and zoom. */
public fun Figure.interactive(): InteractiveFigure = InteractiveFigure(toSizedSpec(), toString(), this)

/** The same plot with hover text and zoom. */
public fun Plot.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), "Plot", null)
