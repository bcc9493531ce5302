package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Canvas
import org.cellweave.dsl.plot.DotPlotFigure
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.plot.DotTable
import org.cellweave.dsl.plot.MatrixPlotFigure
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.StackedViolinFigure
import org.cellweave.dsl.plot.StackedViolinStyle
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan
import org.cellweave.util.Check

/** A dot plot; see [TablePlot]. */
public class DotPlot internal constructor(
    adata: AnnData,
    options: TableOptions,
    name: String,
    private var look: DotPlotStyle,
    private val cutoff: Double,
    private val meanOnlyExpressed: Boolean,
    /** Numbers to colour by in place of the means. */
    private val colors: ((TablePlan) -> Array<DoubleArray>)?,
) : TablePlot<DotPlot>(adata, options, name, "dotplot_") {
    override fun draw(plan: TablePlan): Panel {
        val values = plan.grouped(cutoff, meanOnlyExpressed)
        val shown = colors?.invoke(plan) ?: plan.ordered(values.means)
        val table = DotTable(plan.groups, plan.genes, shown, plan.ordered(values.fractions))
        return DotPlotFigure(framed(plan, "Reds"), table, look).build()
    }

    /**
     * Changes how the dots look.
     *
     * @param cmap name of a colour map, or a list of colours
     * @param colorOn `dot`, or `square`: colours fill the cells and the dots are rings
     * @param dotMax fraction of the largest dot, as [dotMin] of the smallest
     * @param smallestDot area of a dot in square points, as [largestDot]
     * @param dotEdgeLw width of the dots' outline in points
     * @param sizeExponent power of the fraction that is the area
     * @param grid whether lines lead through the dots
     */
    public fun style(
        cmap: Any? = null,
        colorOn: String? = null,
        dotMax: Double? = null,
        dotMin: Double? = null,
        smallestDot: Number? = null,
        largestDot: Number? = null,
        dotEdgeColor: String? = null,
        dotEdgeLw: Number? = null,
        sizeExponent: Number? = null,
        grid: Boolean? = null,
    ): DotPlot {
        require(colorOn == null || colorOn in PLACES) {
            "colorOn must be one of $PLACES, got '$colorOn'." + Check.suggestion(colorOn!!, PLACES)
        }
        return styled(
            look.copy(
                onSquares = colorOn?.let { it == "square" } ?: look.onSquares,
                dotMax = dotMax ?: look.dotMax,
                dotMin = dotMin ?: look.dotMin,
                smallestDot = area(smallestDot, "smallestDot") ?: look.smallestDot,
                largestDot = area(largestDot, "largestDot") ?: look.largestDot,
                edgeColor = color(dotEdgeColor, "dotEdgeColor") ?: look.edgeColor,
                edgeWidth = area(dotEdgeLw, "dotEdgeLw") ?: look.edgeWidth,
                sizeExponent = sizeExponent?.let { Check.positive(it.toDouble(), "sizeExponent") } ?: look.sizeExponent,
                grid = grid ?: look.grid,
            ),
            options.copy(cmap = cmap ?: options.cmap),
        )
    }

    /** Which legends there are, and what stands above them. */
    public fun legend(
        show: Boolean = true,
        showSizeLegend: Boolean = true,
        showColorbar: Boolean = true,
        sizeTitle: String = SIZE_TITLE,
        colorbarTitle: String = MEAN_TITLE,
    ): DotPlot =
        styled(
            look.copy(sizeTitle = sizeTitle, sizeLegend = showSizeLegend, colorLegend = showColorbar),
            options.copy(colorbarTitle = colorbarTitle, legend = show),
        )

    private fun area(value: Number?, name: String): Double? =
        value?.toDouble()?.also { require(it >= 0) { "$name must not be negative, got $value" } }

    private fun styled(look: DotPlotStyle, options: TableOptions): DotPlot {
        val before = this.look
        this.look = look
        return runCatching { changed(options) }.onFailure { this.look = before }.getOrThrow()
    }

    private companion object {
        val PLACES = listOf("dot", "square")
    }
}

/** A table of coloured cells; see [TablePlot]. */
public class MatrixPlot internal constructor(
    adata: AnnData,
    options: TableOptions,
    name: String,
    /** Numbers to show in place of the means. */
    private val values: ((TablePlan) -> Array<DoubleArray>)?,
) : TablePlot<MatrixPlot>(adata, options, name, "matrixplot_") {
    private var edgeColor: String? = Palettes.GREY
    private var edgeWidth = Canvas.THIN

    override fun draw(plan: TablePlan): Panel {
        val shown = values?.invoke(plan) ?: plan.ordered(plan.grouped().means)
        return MatrixPlotFigure(framed(plan, "viridis"), shown, edgeColor, edgeWidth).build()
    }

    /**
     * Changes how the cells look.
     *
     * @param cmap name of a colour map, or a list of colours
     * @param edgeLw width of the lines between cells in pixels; 0 for none
     */
    public fun style(cmap: Any? = null, edgeColor: String? = null, edgeLw: Number? = null): MatrixPlot {
        require(edgeLw == null || edgeLw.toDouble() >= 0) { "edgeLw must not be negative, got $edgeLw" }
        this.edgeColor = color(edgeColor, "edgeColor") ?: this.edgeColor ?: Palettes.GREY
        edgeWidth = edgeLw?.toDouble() ?: edgeWidth
        if (edgeWidth == 0.0) this.edgeColor = null
        return changed(options.copy(cmap = cmap ?: options.cmap))
    }

    /** Whether there is a colour bar, and what stands above it. */
    public fun legend(show: Boolean = true, title: String = MEAN_TITLE): MatrixPlot =
        changed(options.copy(colorbarTitle = title, legend = show))
}

/** A table of violins; see [TablePlot]. */
public class StackedViolin internal constructor(
    adata: AnnData,
    options: TableOptions,
    name: String,
    private var look: StackedViolinStyle,
) : TablePlot<StackedViolin>(adata, options, name, "stacked_violin_") {
    override fun draw(plan: TablePlan): Panel =
        StackedViolinFigure(framed(plan, "Blues"), plan.members(), plan.perCell().values, look).build()

    /**
     * Changes how the violins look; see [stackedViolin] for the words.
     *
     * @param linewidth width of the outlines in points
     * @param ylim ends of the common scale
     */
    public fun style(
        cmap: Any? = null,
        stripplot: Boolean? = null,
        jitter: Any? = null,
        jitterSize: Number? = null,
        linewidth: Number? = null,
        rowPalette: Any? = null,
        densityNorm: String? = null,
        yticklabels: Boolean? = null,
        ylim: Pair<Number, Number>? = null,
    ): StackedViolin {
        require(ylim == null || ylim.first.toDouble() < ylim.second.toDouble()) { "ylim must ascend, got $ylim" }
        val before = look
        look = look.copy(
            densityNorm = densityNorm?.let(::checkedNorm) ?: look.densityNorm,
            stripplot = stripplot ?: (look.stripplot || jitter != null && jitter != false),
            jitter = jitter?.let(::jitterOf) ?: look.jitter,
            dotSize = jitterSize?.let { Check.positive(it.toDouble(), "jitterSize") } ?: look.dotSize,
            lineWidth = linewidth?.toDouble() ?: look.lineWidth,
            rowColors = rowPalette?.let(::rowColors) ?: look.rowColors,
            scaleLabels = yticklabels ?: look.scaleLabels,
            ends = ylim?.let { it.first.toDouble() to it.second.toDouble() } ?: look.ends,
        )
        return runCatching { changed(options.copy(cmap = cmap ?: options.cmap)) }
            .onFailure { look = before }
            .getOrThrow()
    }

    /** Whether there is a colour bar, and what stands above it. */
    public fun legend(show: Boolean = true, title: String = MEDIAN_TITLE): StackedViolin =
        changed(options.copy(colorbarTitle = title, legend = show))
}
