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
            |const drawn = place.appendChild(document.createElement("div"));
            |// Of several panels each would be squeezed by itself, so that the whole is drawn in full and scaled; the
            |// script takes the whole's size from its options alone.
            |const isBunch = spec.kind !== "plot";
            |const options = isBunch
            |  ? {width_mode: "FIXED", height_mode: "FIXED", ...spec.ggsize}
            |  : {width_mode: "MIN", height_mode: "SCALED"};
            |window.cellweaveLetsPlot
            |  .then(letsPlot => {
            |    letsPlot.buildPlotFromRawSpecs(spec, drawn, options);
            |    const page = place.clientWidth, width = drawn.scrollWidth;
            |    if (!isBunch || page === 0 || width <= page) return;
            |    Object.assign(drawn.style, {width: width + "px", zoom: page / width});
            |  })
            |  .catch(e => { place.textContent = "The figure could not be drawn: " + e; });
            |})()</script>
            """.trimMargin()
    }

    internal fun output(): MimeTypedResult = textAndHtml(text, toHtml())
}

/** The same figure with hover text and zoom. */
public fun Figure.interactive(): InteractiveFigure {
    // Several panels do not tell the size of the whole, and the script would take one of its own.
    val whole = mapOf("ggsize" to mapOf("width" to width, "height" to height))
    return InteractiveFigure(toSpec() + whole, toString(), this)
}

/** The same plot with hover text and zoom. */
public fun Plot.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), "Plot", null)
