package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.PlotScript
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec
import java.util.UUID

/** A figure with hover text and zoom, which needs no network. */
public class InteractiveFigure internal constructor(
    private val spec: Map<String, Any>,
    private val text: String,
    /** The figure it was made of, which its verb may have shown already. */
    internal val still: Figure?,
    /** Whether it brings the script that draws it whatever other figures do. */
    internal val isSelfContained: Boolean,
) {
    /** The figure for a page: complete in itself, about 1 MB for the script and what the points need. */
    public fun toHtml(): String = toHtml(LetsPlotScript(), brings = true)

    /** @param brings whether the page gets the script with this figure, or with another one */
    internal fun toHtml(script: LetsPlotScript, brings: Boolean): String {
        val id = "cw-" + UUID.randomUUID()
        return """
            |<div id="$id"></div>
            |<script type="text/javascript">(async () => {
            |const place = document.getElementById("$id");
            |try {
            |${script.loader(brings)}
            |const wait = setTimeout(() => { place.textContent = "$LACKING"; }, $PATIENCE_MILLIS);
            |const spec = ${data(PlotPage.json(spec + ("ggtoolbar" to emptyMap<String, Any>())))};
            |const drawing = await letsPlot.script;
            |clearTimeout(wait);
            |place.textContent = "";
            |(${PlotPage.DRAW})(drawing, spec, place);
            |} catch (e) { place.textContent = "The figure could not be drawn: " + e; }
            |})()</script>
            """.trimMargin()
    }

    internal fun output(script: LetsPlotScript, code: String): MimeTypedResult =
        textAndHtml(text, toHtml(script, isSelfContained || script.isBroughtBy(code)))

    /** An expression of JavaScript for the specification; that of many points is compressed to a third. */
    private fun data(json: String): String {
        if (json.length < PACKED_ABOVE) return json
        return "JSON.parse(await (async base64 => {\n" +
            "const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));\n" +
            "const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(\"gzip\"));\n" +
            "return new Response(stream).text();\n" +
            "})(\"${PlotScript.packed(json.toByteArray())}\"))"
    }

    private companion object {
        const val PACKED_ABOVE = 20_000
        const val PATIENCE_MILLIS = 4000
        const val LACKING =
            "This figure waits for the script that the first interactive figure of the notebook brings. Run that " +
                "cell again, or this one as interactive(selfContained = true)."
    }
}

/**
 * The same figure with hover text and zoom.
 *
 * The first of a notebook brings the script that draws all, 1 MB; the others take what their points need.
 *
 * @param selfContained whether this one brings the script too: for places that show each output in a page of its own,
 *   and for a figure that is copied out of the notebook
 */
public fun Figure.interactive(selfContained: Boolean = false): InteractiveFigure =
    InteractiveFigure(toSizedSpec(), toString(), this, selfContained)

/** The same plot with hover text and zoom; see [Figure.interactive]. */
public fun Plot.interactive(selfContained: Boolean = false): InteractiveFigure =
    InteractiveFigure(toSpec(), "Plot", null, selfContained)
