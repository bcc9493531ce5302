package org.cellweave.dsl

import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check
import java.nio.file.Path

/**
 * matplotlib's `plt`, as far as scripts around scanpy use it.
 *
 * `plt.subplots` and `plt.figure` make a figure; the other words act on the last one that was made or drawn into, until
 * it is shown or closed. Verbs of `sc.pl` draw into its axes by `ax = axs[0]`; with `show = false` and without `ax` their
 * own figure becomes the last one. In a notebook a figure that was made and not shown is shown at the end of its cell.
 */
public val plt: Pyplot get() = Pyplot

/** See [plt]; what it has of [Axes] acts on the last axes. */
public object Pyplot : Axes() {
    /** The axes that words without any act on. */
    private var last: Axes? = null

    /** Whether it was shown, so that drawing begins a new figure. */
    private var isClosed = false

    /** Figures of this cell that wait to be shown. */
    private val waiting = ArrayList<Figure>()

    override val figure: Figure get() = open().figure
    override val cells: List<FigureCell> get() = gca().cells

    /** A verb or a word has drawn into [axes]. */
    internal fun current(axes: Axes) {
        last = axes
        isClosed = false
    }

    /** Reads what was shown as closed. */
    internal fun shown(figure: Figure) {
        waiting.removeAll { it === figure }
        if (last?.figure === figure) isClosed = true
    }

    /** Shows what the code of a notebook's cell has made and not shown; the kernel calls it where a cell ends. */
    public fun cellEnds() {
        waiting.toList().forEach(Figure::show)
        waiting.clear()
    }

    private fun open(): Axes = last?.takeIf { !isClosed } ?: subplots().axes.also { last = it }

    /** The last axes, if they were made and nothing was drawn there yet: seaborn draws into them. */
    internal fun blank(): Axes? =
        last?.takeIf { axes ->
            !isClosed && axes.cells
                .singleOrNull()
                ?.drawnByHand
                ?.isBlank == true
        }

    internal fun pending(figure: Figure): Figure {
        DrawnFigures.drawn(figure, emptyList())
        waiting += figure
        return figure
    }

    /**
     * A figure with axes in rows and columns.
     *
     * @param figsize width and height of the figure in inches of 75 pixels; as `sc.settings.setFigureParams` says, or
     *   6.4 by 4.8
     * @param widthRatios how wide columns are to each other, as [heightRatios] how high rows are
     * @param sharex whether all panels show the same part of the axis across, as [sharey] of the upright one
     * @param layout taken for lines written for matplotlib, as [constrainedLayout], [tightLayout] and all of
     *   [gridspecKw] but `width_ratios` and `height_ratios`: panels take the room that their texts need in any case
     */
    public fun subplots(
        nrows: Int = 1,
        ncols: Int = 1,
        figsize: Pair<Number, Number>? = null,
        dpi: Number? = null,
        widthRatios: List<Number>? = null,
        heightRatios: List<Number>? = null,
        sharex: Any = false,
        sharey: Any = false,
        layout: String? = null,
        gridspecKw: Map<String, Any>? = null,
        constrainedLayout: Boolean = false,
        tightLayout: Boolean = constrainedLayout,
    ): Subplots {
        layout?.let { oneOf(it, listOf("constrained", "compressed", "tight", "none"), "layout") }
        val ratios = mapOf("width_ratios" to widthRatios, "height_ratios" to heightRatios)
        val (widths, heights) = ratios.map { (key, own) ->
            own ?: (gridspecKw?.get(key) as? Iterable<*>)?.map { it as Number }
        }
        gridspecKw?.keys?.forEach { oneOf(it, GRIDSPEC, "gridspecKw") }
        listOf(sharex, sharey).forEach {
            require(it is Boolean || it in SHARED) { "sharex and sharey must be a Boolean or one of $SHARED, got $it" }
        }
        val size = FigureStyle.pixels(figsize ?: Settings.figures.inches)
        val made = AxesGrid.of(nrows, ncols, size, widths?.map { it.toDouble() }, heights?.map { it.toDouble() })
        made.figure.layout.shared = setOfNotNull(
            "x".takeIf { sharex != false && sharex != "none" }, "y".takeIf { sharey != false && sharey != "none" },
        )
        if (tightLayout) made.figure.tightLayout()
        made.figure.dpi = dpi?.let { Check.inRange(it.toDouble(), 10.0, 1200.0, "dpi") }
        pending(made.figure)
        current(made.axes.flat.last())
        return made
    }

    /** A new figure with one axes. */
    public fun figure(figsize: Pair<Number, Number>? = null, dpi: Number? = null): Figure =
        subplots(figsize = figsize, dpi = dpi).figure

    /** The last figure; a new one where there is none. */
    public fun gcf(): Figure = open().figure

    /** The last axes; new ones where there are none. */
    public fun gca(): Axes = open().let { if (it is Figure) it[0] else it }

    /** Words without axes act on [ax] from now on. */
    public fun sca(ax: Axes): Unit = current(ax)

    /** Shows the last figure, in a notebook; a script saves its figures. */
    public fun show() {
        val axes = last?.takeIf { !isClosed } ?: return
        axes.figure.show()
        isClosed = true
    }

    /** Writes the last figure, shown or not; see [Figure.savefig]. */
    public fun savefig(fname: String, dpi: Number? = null, bboxInches: String? = null): Path {
        val axes = requireNotNull(last) { "plt.savefig needs a figure, but none was drawn yet" }
        return axes.figure.savefig(fname, dpi, bboxInches)
    }

    /** Forgets the last figure, or with `all` those that wait to be shown too. */
    public fun close(fig: Any? = null) {
        val figure = if (fig is Figure) fig else last?.figure
        if (fig == "all") waiting.clear() else waiting.removeAll { it === figure }
        if (figure === last?.figure || fig == "all") last = null
    }

    /** Empties the last figure. */
    public fun clf() {
        close()
    }

    /** The title of the last axes. */
    public fun title(
        label: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        size: Any? = fontsize,
        style: String? = fontstyle,
        loc: String? = null,
    ): Unit = gca().setTitle(label, fontsize = size, fontweight = fontweight, fontstyle = style, loc = loc)

    /** A title over the last figure. */
    public fun suptitle(t: String, fontsize: Number? = null): Unit = gcf().suptitle(t, fontsize = fontsize)

    /** The name of the axis across. */
    public fun xlabel(xlabel: String, fontsize: Any? = null): Unit = gca().setXlabel(xlabel, fontsize = fontsize)

    /** The name of the upright axis. */
    public fun ylabel(ylabel: String, fontsize: Any? = null): Unit = gca().setYlabel(ylabel, fontsize = fontsize)

    /** Ends of the axis across. */
    public fun xlim(left: Number? = null, right: Number? = null): Unit = gca().setXlim(left, right)

    /** Ends of the axis across. */
    public fun xlim(ends: Pair<Number, Number>): Unit = gca().setXlim(ends)

    /** Ends of the upright axis. */
    public fun ylim(bottom: Number? = null, top: Number? = null): Unit = gca().setYlim(bottom, top)

    /** Ends of the upright axis. */
    public fun ylim(ends: Pair<Number, Number>): Unit = gca().setYlim(ends)

    /** `log` or `linear`. */
    public fun xscale(value: String): Unit = gca().setXscale(value)

    /** `log` or `linear`. */
    public fun yscale(value: String): Unit = gca().setYscale(value)

    /**
     * Marks of the axis across, their names and how far they are turned.
     *
     * @param ha `left`, `center` or `right`: which part of a name is at its mark
     * @param rotationMode `default` or `anchor`; a turned name ends at its mark in any case
     */
    public fun xticks(
        ticks: Any? = null,
        labels: List<Any>? = null,
        rotation: Number? = null,
        fontsize: Any? = null,
        ha: String? = null,
        rotationMode: String? = null,
        size: Any? = fontsize,
    ): Unit = marks("x", ticks, labels, rotation, size, ha, rotationMode)

    /** Marks of the upright axis, their names and how far they are turned; see [xticks]. */
    public fun yticks(
        ticks: Any? = null,
        labels: List<Any>? = null,
        rotation: Number? = null,
        fontsize: Any? = null,
        ha: String? = null,
        rotationMode: String? = null,
        size: Any? = fontsize,
    ): Unit = marks("y", ticks, labels, rotation, size, ha, rotationMode)

    @Suppress("LongParameterList")
    private fun marks(
        axis: String,
        ticks: Any?,
        labels: List<Any>?,
        rotation: Number?,
        size: Any?,
        ha: String?,
        mode: String?,
    ) {
        mode?.let { oneOf(it, listOf("default", "anchor"), "rotationMode") }
        val ax = gca()
        if (ticks != null) {
            if (axis == "x") ax.setXticks(ticks, labels, null, null) else ax.setYticks(ticks, labels, null, null)
        }
        ax.tickLook(axis, rotation, size, ha)
    }

    /** [plot] with a logarithmic upright axis. */
    public fun semilogy(x: Any, y: Any? = null, fmt: String? = null, color: String? = null, label: String? = null) {
        plot(x, y, fmt, color = color, label = label)
        yscale("log")
    }

    /** [plot] with a logarithmic axis across. */
    public fun semilogx(x: Any, y: Any? = null, fmt: String? = null, color: String? = null, label: String? = null) {
        plot(x, y, fmt, color = color, label = label)
        xscale("log")
    }

    /** [plot] with two logarithmic axes. */
    public fun loglog(x: Any, y: Any? = null, fmt: String? = null, color: String? = null, label: String? = null) {
        semilogx(x, y, fmt, color, label)
        yscale("log")
    }

    /** Draws nothing into the last axes, or into new ones. */
    public fun plot() {
        gca()
    }

    /** Room around the data, in parts of what they take: ends of both axes. */
    public fun margins(x: Number, y: Number = x) {
        val ax = gca()
        val sketch = ax.cell("margins").drawnByHand
        for ((axis, part) in listOf("x" to x.toDouble(), "y" to y.toDouble())) {
            Check.inRange(part, 0.0, 1.0, axis)
            val values = sketch?.reach?.let { if (axis == "x") it.first else it.second }.orEmpty()
            val (low, high) = if (values.isEmpty()) continue else values.min() to values.max()
            if (low < high) ax.ends(axis, low - part * (high - low), high + part * (high - low), "margins")
        }
    }

    /** Panels are laid out tightly in any case; for lines written for matplotlib. */
    public fun tightLayout(): Unit = gcf().tightLayout()

    /** Panels take the room that their texts need in any case; for lines written for matplotlib. */
    public fun subplotsAdjust(
        left: Number? = null,
        bottom: Number? = null,
        right: Number? = null,
        top: Number? = null,
        wspace: Number? = null,
        hspace: Number? = null,
    ) {
        listOf(left, bottom, right, top, wspace, hspace).forEach {
            require(it == null || it.toDouble().isFinite()) { "subplotsAdjust needs finite numbers, got $it" }
        }
    }

    /** Whole looks of matplotlib; see [FigureStyles]. */
    public val style: FigureStyles get() = FigureStyles

    /** Settings by matplotlib's names; see [RcParams]. */
    public val rcParams: RcParams get() = RcParams

    /** Settings for [body] alone; what was set before is back afterwards. */
    public fun <T> rcContext(rc: Map<String, Any?> = emptyMap(), body: () -> T): T = scopedStyle(rc, body)

    private val SHARED = listOf("all", "row", "col", "none")
    private val GRIDSPEC = listOf(
        "width_ratios", "height_ratios", "wspace", "hspace", "left", "right", "bottom", "top",
    )
}

/** Settings by matplotlib's names, as after `from matplotlib import rcParams`; see [RcParams]. */
public val rcParams: RcParams get() = RcParams

/** Settings for [body] alone, as after `from matplotlib.pyplot import rc_context`. */
public fun <T> rcContext(rc: Map<String, Any?> = emptyMap(), body: () -> T): T = scopedStyle(rc, body)

/** Not there: a panel has one upright axis. */
@Deprecated(
    "a panel has one upright axis; draw the second curve into axes of its own: plt.subplots(2, 1, sharex = true)",
    level = DeprecationLevel.ERROR,
)
public fun Axes.twinx(): Axes = throw UnsupportedOperationException("twinx on $this")

/** Not there: verbs draw their colour bars. */
@Deprecated(
    "sc.pl.umap, sc.pl.scatter and sns.scatterplot draw the colour bar themselves, and fig.axes lists it",
    level = DeprecationLevel.ERROR,
)
public fun Pyplot.colorbar(mappable: Any? = null, ax: Axes? = null): Nothing =
    throw UnsupportedOperationException("colorbar of $mappable in $ax")

/** Not there: tables of numbers are drawn by `sns.heatmap`, tissue by `sc.pl.spatial`. */
@Deprecated(
    "tables of numbers are drawn by sns.heatmap(pd.DataFrame(matrix)), pictures of tissue by sc.pl.spatial(adata)",
    level = DeprecationLevel.ERROR,
)
public fun Axes.imshow(x: Any): Nothing = throw UnsupportedOperationException("imshow of $x")

/** Not there: shares are easier read from bars. */
@Deprecated(
    "shares are drawn as bars: plt.barh(names, shares) or sc.pl.bar(share = true)",
    level = DeprecationLevel.ERROR,
)
public fun Axes.pie(x: Any): Nothing = throw UnsupportedOperationException("pie of $x")
