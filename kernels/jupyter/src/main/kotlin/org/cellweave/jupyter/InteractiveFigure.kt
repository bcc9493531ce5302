package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.letsPlot.awt.util.RGBEncoderAwt
import org.jetbrains.letsPlot.commons.intern.json.JsonSupport
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec
import java.util.UUID

internal fun svgOf(spec: Map<String, Any>): String =
    PlotSvgExportCommon.buildSvgImageFromRawSpecs(LinkedHashMap(spec), null, RGBEncoderAwt(), false)

private val SIDES = listOf("t", "r", "b", "l")

/**
 * The specification as the script reads it: margins are lists, where the library names their sides. Points, which have
 * no hover text in a still figure, get the value that colours them.
 */
internal fun forScript(spec: Map<String, Any>): Map<String, Any> = spec.mapValues { (_, value) -> converted(value) }

private fun converted(value: Any): Any =
    when {
        value is Map<*, *> && value.isNotEmpty() && SIDES.containsAll(value.keys) -> SIDES.map { value[it] ?: 0 }
        value is Map<*, *> -> withHoverText(value.mapValues { (_, inner) -> inner?.let(::converted) })
        value is List<*> && value.any { it is Map<*, *> } -> value.map { it?.let(::converted) }
        else -> value
    }

private fun withHoverText(map: Map<*, *>): Map<*, *> {
    val color = (map["mapping"] as? Map<*, *>)?.get("color")
    if (map["geom"] != "point" || map["tooltips"] != "none" || color == null) return map
    return map + ("tooltips" to mapOf("lines" to listOf("@$color")))
}

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
        val withToolbar = forScript(spec) + ("ggtoolbar" to emptyMap<String, Any>())
        val json = JsonSupport.formatJson(withToolbar).replace("</", "<\\/")
        return """
            |<div id="$id"></div>
            |<script type="text/javascript">(() => {
            |${LetsPlotScript.loader()}
            |const spec = $json;
            |const place = document.getElementById("$id");
            |const drawn = place.appendChild(document.createElement("div"));
            |// Of several panels each would be squeezed by itself, so that the whole is drawn in full and scaled.
            |const isBunch = spec.kind !== "plot";
            |const modes = isBunch ? ["FIXED", "FIXED"] : ["MIN", "SCALED"];
            |window.cellweaveLetsPlot
            |  .then(letsPlot => {
            |    letsPlot.buildPlotFromRawSpecs(spec, drawn, {width_mode: modes[0], height_mode: modes[1]});
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
