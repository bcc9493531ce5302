package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check

/**
 * Panels of one kind for the categories of a table: `sns.FacetGrid(df, row = "sample", hue = "sample")`.
 *
 * [map] draws into every panel the rows that belong there, group by group; all panels show the same parts of both axes.
 */
public class FacetGrid internal constructor(
    private val table: DataFrame,
    private val row: String?,
    private val col: String?,
    private val hue: String?,
    palette: Any?,
    orders: Triple<Any?, Any?, Any?>,
    height: Double,
    aspect: Double,
) {
    private val data = ChartData.of(table)
    private val rows = row?.let { levels(it, orders.first, null).first }
    private val columns = col?.let { levels(it, orders.second, null).first }
    private val groups = hue?.let { levels(it, orders.third, palette) }
    private val nrows = rows?.names?.size ?: 1
    private val ncols = columns?.names?.size ?: 1
    private val made = AxesGrid.of(nrows, ncols, FigureStyle.pixels(ncols * height * aspect to nrows * height))

    /** The template of the titles: marks bring titles of their own, which do not count. */
    private var titles: String? = null

    /** The panels in rows and columns. */
    public val axes: AxesArray get() = made.axes

    /** The figure. */
    public val figure: Figure get() = made.figure

    /** The figure, by its older name. */
    public val fig: Figure get() = made.figure

    init {
        figure.layout.shared = setOf("x", "y")
        setTitles()
        despine()
        Pyplot.pending(figure)
    }

    private fun levels(key: String, order: Any?, palette: Any?) =
        HueLevels.of(data, data.required(key, "a facet"), order, palette)

    /**
     * Draws a mark of seaborn or matplotlib into every panel, as `g.map(sns.kdeplot, "value", fill = true)`.
     *
     * @param func `sns.kdeplot`, `sns.histplot`, `sns.scatterplot`, `sns.lineplot`, `plt.hist`, `plt.scatter`,
     *   `plt.plot`, `plt.axhline` or `plt.axvline`
     * @param args columns: the values, or those across and upright
     * @param color of all groups; by default each has its own
     * @param clipOn taken for lines written for matplotlib: marks end at the edge of a panel
     */
    public fun map(
        func: FacetMark,
        vararg args: String,
        color: String? = null,
        fill: Boolean = false,
        alpha: Number? = null,
        linewidth: Number? = null,
        lw: Number? = linewidth,
        linestyle: String = "-",
        x: Number? = null,
        y: Number? = null,
        bins: Any? = null,
        s: Any? = null,
        @Suppress("UNUSED_PARAMETER") clipOn: Boolean? = null,
    ): FacetGrid {
        Check.sameLength(args.size, func.columns, "the columns of $func", "what it draws")
        val look = FacetLook(fill, alpha, lw, linestyle, x, y, bins, s)
        each { ax, part, own, _ -> func.draw(FacetPart(part, args.toList(), ax, color ?: own, look)) }
        setTitles(titles)
        labelled(args.getOrNull(0), if (func.columns > 1) args[1] else null)
        return this
    }

    /** Calls [func] for every panel and group with the values of a column, the group's colour and its name. */
    public fun map(func: (x: Column, color: String, label: String) -> Unit, column: String): FacetGrid {
        each { _, part, color, label -> func(part[column], color, label) }
        return this
    }

    /** Calls [func] for every panel and group with the values of two columns, the group's colour and its name. */
    public fun map(
        func: (x: Column, y: Column, color: String, label: String) -> Unit,
        x: String,
        y: String,
    ): FacetGrid {
        each { _, part, color, label -> func(part[x], part[y], color, label) }
        return this
    }

    private fun each(draw: (Axes, DataFrame, String, String) -> Unit) {
        for (r in 0 until nrows) {
            for (c in 0 until ncols) {
                for (g in 0 until (groups?.first?.names?.size ?: 1)) {
                    val own = (0 until table.nRows()).filter {
                        belongs(rows, it, r) && belongs(columns, it, c) && belongs(groups?.first, it, g)
                    }
                    if (own.isEmpty()) continue
                    Pyplot.current(axes[r, c])
                    val color = groups?.second?.get(g) ?: ChartData.cycle(1)[0]
                    draw(
                        axes[r, c], table.takeRows(own.toIntArray()), color,
                        groups
                            ?.first
                            ?.names
                            ?.get(g)
                            .orEmpty(),
                    )
                }
            }
        }
    }

    private fun belongs(levels: Categories?, at: Int, level: Int) = levels == null || levels.codes[at] == level

    /** Names and numbers stand at the outer panels alone. */
    private fun labelled(x: String?, y: String?) {
        for (r in 0 until nrows) {
            for (c in 0 until ncols) {
                val ax = axes[r, c]
                if (r < nrows - 1) {
                    ax.setXlabel("")
                    ax.tickParams("x", labelbottom = false)
                } else if (x != null) {
                    ax.setXlabel(x)
                }
                if (c > 0) {
                    ax.setYlabel("")
                    ax.tickParams("y", labelleft = false)
                } else if (y != null) {
                    ax.setYlabel(y)
                }
            }
        }
    }

    /**
     * Titles over the panels, from a template such as `{row_name}` or `{col_var} = {col_name}`; an empty one takes them
     * away.
     */
    public fun setTitles(template: String? = null): FacetGrid {
        titles = template
        val text = template ?: listOfNotNull(
            row?.let { "{row_var} = {row_name}" }, col?.let { "{col_var} = {col_name}" },
        ).joinToString(" | ")
        for (r in 0 until nrows) {
            for (c in 0 until ncols) {
                val words = mapOf(
                    "row_var" to row, "row_name" to rows?.names?.get(r), "col_var" to col,
                    "col_name" to columns?.names?.get(c),
                )
                val title = words.entries.fold(text) { sum, (key, word) -> sum.replace("{$key}", word.orEmpty()) }
                axes[r, c].setTitle(title)
            }
        }
        return this
    }

    /** Words of [Axes.set] for all panels. */
    public fun set(
        title: String? = null,
        xlabel: String? = null,
        ylabel: String? = null,
        xlim: Pair<Number, Number>? = null,
        ylim: Pair<Number, Number>? = null,
        xticks: List<Number>? = null,
        yticks: List<Number>? = null,
        xscale: String? = null,
        yscale: String? = null,
    ): FacetGrid {
        axes.flat.forEach { it.set(title, xlabel, ylabel, xlim, ylim, xticks, yticks, xscale, yscale) }
        return this
    }

    /** Names of both axes. */
    public fun setAxisLabels(xVar: String? = null, yVar: String? = null): FacetGrid = set(xlabel = xVar, ylabel = yVar)

    /** Takes lines of the frames away. */
    public fun despine(
        left: Boolean = false,
        bottom: Boolean = false,
        top: Boolean = true,
        right: Boolean = true,
    ): FacetGrid {
        sns.despine(fig = figure, left = left, bottom = bottom, top = top, right = right)
        return this
    }

    /** What the colours of the groups mean. */
    public fun addLegend(title: String? = null): FacetGrid {
        val (levels, colors) = groups ?: return this
        val keys = levels.names.mapIndexed { i, name -> Line2D(marker = "o", color = colors[i], label = name) }
        axes.flat.last().legend(handles = keys, title = title ?: hue)
        return this
    }

    /** See [Figure.tightLayout]. */
    public fun tightLayout(): FacetGrid = also { figure.tightLayout() }

    /** See [Figure.savefig]. */
    public fun savefig(fname: String, dpi: Number? = null): java.nio.file.Path = figure.savefig(fname, dpi)

    override fun toString(): String = "FacetGrid($nrows x $ncols panels)"
}

/** How a mark of [FacetGrid.map] looks. */
internal class FacetLook(
    val fill: Boolean,
    val alpha: Number?,
    val linewidth: Number?,
    val linestyle: String,
    val x: Number?,
    val y: Number?,
    val bins: Any?,
    val s: Any?,
)

/** What is drawn into one panel. */
internal class FacetPart(
    val table: DataFrame,
    val columns: List<String>,
    val ax: Axes,
    val color: String,
    val look: FacetLook,
)

/** Something that [FacetGrid.map] draws, by the name of the function that draws it alone. */
public class FacetMark internal constructor(
    private val name: String,
    internal val columns: Int,
    internal val draw: (FacetPart) -> Unit,
) {
    override fun toString(): String = name
}

/** For `g.map(sns.kdeplot, "x")`. */
public val Seaborn.kdeplot: FacetMark
    get() = FacetMark("sns.kdeplot", 1) { p ->
        sc.pl.kdeplot(
            p.table, p.columns[0], color = p.color, fill = p.look.fill, alpha = p.look.alpha,
            linewidth = p.look.linewidth, ax = p.ax, show = false,
        )
    }

/** For `g.map(sns.histplot, "x")`. */
public val Seaborn.histplot: FacetMark
    get() = FacetMark("sns.histplot", 1) { p ->
        sc.pl.hist(
            p.table, p.columns[0], bins = p.look.bins ?: "auto", color = p.color, ax = p.ax, show = false,
        )
    }

/** For `g.map(sns.scatterplot, "x", "y")`. */
public val Seaborn.scatterplot: FacetMark
    get() = FacetMark("sns.scatterplot", 2) { p ->
        sns.scatterplot(p.table, p.columns[0], p.columns[1], color = p.color, alpha = p.look.alpha ?: 1, ax = p.ax)
    }

/** For `g.map(sns.lineplot, "x", "y")`. */
public val Seaborn.lineplot: FacetMark
    get() = FacetMark("sns.lineplot", 2) { p ->
        sns.lineplot(p.table, p.columns[0], p.columns[1], color = p.color, ax = p.ax)
    }

/** For `g.map(plt.hist, "x")`. */
public val Pyplot.hist: FacetMark
    get() = FacetMark("plt.hist", 1) { p ->
        p.ax.hist(p.table[p.columns[0]], bins = p.look.bins ?: HIST_BINS, color = p.color, alpha = p.look.alpha)
    }

/** For `g.map(plt.scatter, "x", "y")`. */
public val Pyplot.scatter: FacetMark
    get() = FacetMark("plt.scatter", 2) { p ->
        p.ax.scatter(
            p.table[p.columns[0]], p.table[p.columns[1]], s = p.look.s, color = p.color, alpha = p.look.alpha,
        )
    }

/** For `g.map(plt.plot, "x", "y")`. */
public val Pyplot.plot: FacetMark
    get() = FacetMark("plt.plot", 2) { p ->
        p.ax.plot(
            p.table[p.columns[0]], p.table[p.columns[1]], color = p.color, linestyle = p.look.linestyle,
            linewidth = p.look.linewidth,
        )
    }

/** For `g.map(plt.axhline, y = 0)`. */
public val Pyplot.axhline: FacetMark
    get() = FacetMark("plt.axhline", 0) { p ->
        p.ax.axhline(p.look.y ?: 0, color = p.color, ls = p.look.linestyle, lw = p.look.linewidth)
    }

/** For `g.map(plt.axvline, x = 0)`. */
public val Pyplot.axvline: FacetMark
    get() = FacetMark("plt.axvline", 0) { p ->
        p.ax.axvline(p.look.x ?: 0, color = p.color, ls = p.look.linestyle, lw = p.look.linewidth)
    }

/**
 * Panels of one kind for the categories of a table; see [FacetGrid].
 *
 * @param row column whose categories are rows of panels, as [col] columns of them and [hue] colours
 * @param height of a panel in inches
 * @param aspect how many times as wide it is
 */
@Suppress("FunctionName")
public fun Seaborn.FacetGrid(
    data: DataFrame,
    row: String? = null,
    col: String? = null,
    hue: String? = null,
    palette: Any? = null,
    height: Number = 3,
    aspect: Number = 1,
    rowOrder: Any? = null,
    colOrder: Any? = null,
    hueOrder: Any? = null,
): FacetGrid =
    FacetGrid(
        data, row, col, hue, palette, Triple(rowOrder, colOrder, hueOrder),
        Check.positive(height.toDouble(), "height"), Check.positive(aspect.toDouble(), "aspect"),
    )

private const val HIST_BINS = 10
