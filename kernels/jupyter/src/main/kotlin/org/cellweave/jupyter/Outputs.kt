package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.kotlinx.jupyter.api.mimeResult
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec

/** HTML for front ends that show it, text for those that do not. */
internal fun textAndHtml(text: String, html: String): MimeTypedResult =
    mimeResult("text/plain" to text, "text/html" to html)

/** A figure as SVG. */
internal fun figureOutput(figure: Figure): MimeTypedResult =
    mimeResult("text/plain" to figure.toString(), "image/svg+xml" to figure.toSvg())

/** A plot of Lets-Plot as SVG. */
internal fun figureOutput(plot: Plot): MimeTypedResult =
    mimeResult("text/plain" to "Plot", "image/svg+xml" to svgOf(plot.toSpec()))
