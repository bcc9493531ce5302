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

/** The specification with margins as lists, as the script reads them; the library names their sides. */
internal fun listedMargins(spec: Map<String, Any>): Map<String, Any> = spec.mapValues { (_, value) -> listed(value) }

private fun listed(value: Any?): Any =
    when {
        value is Map<*, *> && value.isNotEmpty() && SIDES.containsAll(value.keys) -> SIDES.map { value[it] ?: 0 }
        value is Map<*, *> -> value.mapValues { (_, inner) -> inner?.let(::listed) }
        value is List<*> && value.any { it is Map<*, *> || it is List<*> } -> value.map { it?.let(::listed) }
        else -> value!!
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
        val json = JsonSupport.formatJson(listedMargins(spec) + ("ggtoolbar" to emptyMap<String, Any>())).replace("</", "<\\/")
        return """
            |<div id="$id" style="background:#fff"></div>
            |<script type="text/javascript">(() => {
            |${LetsPlotScript.loader()}
            |const spec = $json;
            |const place = document.getElementById("$id");
            |window.cellweaveLetsPlot
            |  .then(letsPlot => letsPlot.buildPlotFromRawSpecs(spec, place, {width_mode: "MIN", height_mode: "SCALED"}))
            |  .catch(e => { place.textContent = "The figure could not be drawn: " + e; });
            |})()</script>
            """.trimMargin()
    }

    internal fun output(): MimeTypedResult = textAndHtml(text, toHtml())
}

/** The same figure with hover text and zoom. */
public fun Figure.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), toString(), this)

/** The same plot with hover text and zoom. */
public fun Plot.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), "Plot", null)
