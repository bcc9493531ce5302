package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Notice
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.TableFrame
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan
import org.cellweave.dsl.shown.TotalsChoice
import org.cellweave.util.Check

/**
 * A table of groups and genes that can still be changed: what `dotplot`, `matrixplot` and `stackedViolin` return.
 *
 * Every method changes the figure and returns it, as in scanpy, so that calls can be chained. A number, text or flag
 * that is left out of `style` stays as it was. `returnFig = true` keeps the verb from saving and showing the figure
 * before it is complete.
 */
public abstract class TablePlot<T : TablePlot<T>> internal constructor(
    private val adata: AnnData,
    internal var options: TableOptions,
    name: String,
    writekey: String,
) : Figure(emptyList(), name, writekey) {
    internal abstract fun draw(plan: TablePlan): Panel

    /** Stands in place of the table where there is nothing to draw. */
    private var notice: Panel? = null

    /** Shows [text], if there is one, whatever else is asked for. */
    internal fun saying(text: String?): T {
        notice = text?.let { Notice(it, sessionLook()).build() }
        @Suppress("UNCHECKED_CAST")
        return this as T
    }

    internal fun redraw(): T {
        redrawn(notice ?: draw(TablePlan(adata, options).also { genes = it.genes.toSet() }))
        @Suppress("UNCHECKED_CAST")
        return this as T
    }

    internal fun changed(options: TableOptions): T {
        val before = this.options
        this.options = options
        return runCatching { redraw() }.onFailure { this.options = before }.getOrThrow().also { wasChanged() }
    }

    /** Groups from left to right and genes from top to bottom, or back with false. */
    public fun swapAxes(swapAxes: Boolean = true): T = changed(options.copy(swapAxes = swapAxes))

    /**
     * Draws the tree over the groups beside the table and puts them in its order; it takes the place of totals.
     *
     * @param dendrogramKey the key of the tree in `uns`; `dendrogram_{groupby}` by default
     * @param size inches that it takes
     */
    public fun addDendrogram(show: Boolean = true, dendrogramKey: String? = null, size: Number = 0.8): T =
        changed(
            options.copy(
                dendrogram = if (show) dendrogramKey ?: true else false,
                totals = if (show) null else options.totals,
                extra = Check.positive(size.toDouble(), "size"),
            ),
        )

    /**
     * Draws the numbers of cells of the groups as bars beside the table; they take the place of a tree.
     *
     * @param sort `ascending` or `descending` puts the groups in the order of their sizes
     * @param size inches that they take
     * @param color one colour, or one per group; the groups' own by default
     */
    public fun addTotals(show: Boolean = true, sort: String? = null, size: Number = 0.8, color: Any? = null): T =
        changed(
            options.copy(
                totals = if (show) TotalsChoice(sort, color) else null,
                dendrogram = if (show) false else options.dendrogram,
                extra = Check.positive(size.toDouble(), "size"),
            ),
        )

    /** The title over the table; see [Axes.setTitle] for the rest. */
    override fun setTitle(
        label: String,
        fontsize: Any?,
        fontweight: Any?,
        fontstyle: String?,
        color: String?,
        style: String?,
        size: Any?,
        loc: String?,
    ) {
        if (listOf(fontsize, fontweight, fontstyle, color, style, size, loc).any { it != null } || notice != null) {
            if (options.title != null) changed(options.copy(title = null))
            super.setTitle(label, fontsize, fontweight, fontstyle, color, style, size, loc)
        } else {
            changed(options.copy(title = label.ifEmpty { null }))
        }
    }

    /** The names along an axis, as they are drawn. */
    internal fun names(axis: String): List<String> {
        val plan = TablePlan(adata, options)
        return if ((axis == "x") == options.swapAxes) plan.groups else plan.genes
    }

    /**
     * The part of the figure that scanpy calls so: the table is `mainplot_ax`, whose names can be changed one by one by
     * `getXticklabels()`.
     */
    public operator fun get(part: String): Axes {
        require(part == "mainplot_ax") {
            "'${figure.name}' has \"mainplot_ax\" alone as a part; legend(...), style(...) and addDendrogram(...) " +
                "change the others, got \"$part\"." + Check.suggestion(part, listOf("mainplot_ax"))
        }
        return axes[0]
    }

    /** The figure itself; scanpy's word for drawing it. */
    public fun makeFigure(): T = redraw()

    /** Saves and shows, or draws into axes, unless the caller wants to change the figure first. */
    internal fun finished(output: Output, returnFig: Boolean?): T {
        insideOf(output.ax)?.let { options = options.copy(figsize = it) }
        val drawn = redraw()
        if (output.ax != null) {
            output.into(output.ax, drawn.placed, name, genes)
            return drawn
        }
        return if (returnFig == true) drawn.also { it.dpi = output.dpi?.toDouble() } else finished(drawn, output)
    }

    internal fun color(color: String?, argument: String): String? = color?.let { Palettes.color(it, argument) }
}

/** What a figure of [plan] takes beside numbers: the plan's own, and what the session has set. */
internal fun framed(plan: TablePlan, defaultMap: String): TableFrame =
    plan.frame(colorMap(plan.options.cmap, defaultMap), figureSize(plan.options.figsize), sessionLook())
