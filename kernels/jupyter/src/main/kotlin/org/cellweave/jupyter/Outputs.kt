package org.cellweave.jupyter

import org.cellweave.data.AnnData
import org.cellweave.data.AxisSlots
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.Raw
import org.cellweave.data.RecordArray
import org.cellweave.dsl.BenchmarkTable
import org.cellweave.dsl.Figure
import org.cellweave.dsl.plot.PlotPage
import org.cellweave.jupyter.html.AnnDataHtml
import org.cellweave.jupyter.html.ArrayHtml
import org.cellweave.jupyter.html.ColumnHtml
import org.cellweave.jupyter.html.DataFrameHtml
import org.cellweave.jupyter.html.MatrixHtml
import org.cellweave.jupyter.html.MuDataHtml
import org.cellweave.matrix.Matrix
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.kotlinx.jupyter.api.mimeResult
import org.jetbrains.letsPlot.intern.Plot
import org.jetbrains.letsPlot.intern.toSpec

/** HTML for front ends that show it, text for those that do not. */
internal fun textAndHtml(text: String, html: String): MimeTypedResult =
    mimeResult("text/plain" to text, "text/html" to html)

/** A figure as SVG. */
internal fun figureOutput(figure: Figure): MimeTypedResult = svgOutput(figure.toString(), figure.toSvg())

/** A plot of Lets-Plot as SVG. */
internal fun figureOutput(plot: Plot): MimeTypedResult = svgOutput("Plot", PlotPage.svg(plot.toSpec()))

private fun svgOutput(text: String, svg: String): MimeTypedResult =
    mimeResult("text/plain" to text, "image/svg+xml" to fitting(svg))

private val ROOT = Regex("<svg\\b[^>]*>")
private val WIDTH = Regex(" width=\"([\\d.]+)\"")
private val HEIGHT = Regex(" height=\"([\\d.]+)\"")

/** What a figure says of itself for pages of any kind; here its width is known, and more can be said. */
private val SHRINKS = Regex(" style=\"max-width: 100%; height: auto;?\"")

/** What a page of Jupyter is wide at least; pictures within it keep their size. */
private const val PAGE_PIXELS = 900.0

/**
 * The same picture, which shrinks to a page that is narrower than it.
 *
 * JupyterLab shows it as an image of the size that it names, and cuts what lies beyond the page; one that names none is
 * made to fit. Other front ends put it into the page, where its style holds.
 */
internal fun fitting(svg: String): String {
    val given = ROOT.find(svg)?.value ?: return svg
    val root = SHRINKS.replaceFirst(given, "")
    val width = WIDTH.find(root)?.groupValues?.get(1)
    val height = HEIGHT.find(root)?.groupValues?.get(1)
    if (width == null || height == null || " style=" in root) return svg
    val box = if (" viewBox=" in root) "" else " viewBox=\"0 0 $width $height\""
    val isWide = width.toDouble() > PAGE_PIXELS
    val sized = if (isWide) HEIGHT.replaceFirst(WIDTH.replaceFirst(root, " width=\"100%\""), "") else root
    val limit = if (isWide) "${width}px" else "100%"
    return svg.replaceFirst(given, sized.dropLast(1) + box + " style=\"max-width: $limit; height: auto\">")
}

/** An object at a glance. */
internal fun annDataOutput(adata: AnnData): MimeTypedResult = textAndHtml(adata.toString(), AnnDataHtml.of(adata))

/** Several modalities at a glance. */
internal fun muDataOutput(mdata: MuData): MimeTypedResult = textAndHtml(mdata.toString(), MuDataHtml.of(mdata))

/** A table. */
internal fun tableOutput(table: DataFrame): MimeTypedResult = textAndHtml(table.toString(), DataFrameHtml.of(table))

/** What `sc.metrics.benchmark` found. */
internal fun benchmarkOutput(benchmark: BenchmarkTable): MimeTypedResult = tableOutput(benchmark.toDataFrame())

/** A matrix and its corners. */
internal fun matrixOutput(matrix: Matrix): MimeTypedResult =
    textAndHtml(MatrixHtml.text(matrix), MatrixHtml.of(matrix))

/** A column. */
internal fun columnOutput(column: Column): MimeTypedResult = textAndHtml(column.toString(), ColumnHtml.of(column))

/** An array of any number of dimensions. */
internal fun arrayOutput(array: NdArray): MimeTypedResult = textAndHtml(array.toString(), ArrayHtml.of(array))

/** Named fields of equal length. */
internal fun recordsOutput(records: RecordArray): MimeTypedResult =
    textAndHtml(records.toString(), ArrayHtml.of(records))

/** The keys of a slot such as obsm. */
internal fun slotsOutput(slots: AxisSlots<*>): MimeTypedResult = textAndHtml(slots.toString(), ArrayHtml.of(slots))

/** The snapshot of an object. */
internal fun rawOutput(raw: Raw): MimeTypedResult = textAndHtml(ArrayHtml.text(raw), ArrayHtml.of(raw))
