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

    private fun pending(figure: Figure): Figure {
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
     */
    public fun subplots(
        nrows: Int = 1,
        ncols: Int = 1,
        figsize: Pair<Number, Number>? = null,
        dpi: Number? = null,
        widthRatios: List<Number>? = null,
        heightRatios: List<Number>? = null,
    ): Subplots {
        val size = FigureStyle.pixels(figsize ?: Settings.figures.inches)
        val made = AxesGrid.of(
            nrows, ncols, size, widthRatios?.map { it.toDouble() }, heightRatios?.map { it.toDouble() },
        )
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
    public fun savefig(fname: String, dpi: Number? = null): Path {
        val axes = requireNotNull(last) { "plt.savefig needs a figure, but none was drawn yet" }
        return axes.figure.savefig(fname, dpi)
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
    public fun title(label: String, fontsize: Any? = null, fontweight: Any? = null, fontstyle: String? = null): Unit =
        gca().setTitle(label, fontsize = fontsize, fontweight = fontweight, fontstyle = fontstyle)

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

    /** Marks of the axis across, their names and how far they are turned. */
    public fun xticks(ticks: Any? = null, labels: List<String>? = null, rotation: Number? = null) {
        ticks?.let { gca().setXticks(it, labels) }
        rotation?.let { gca().tickParams("x", rotation = it) }
    }

    /** Marks of the upright axis, their names and how far they are turned. */
    public fun yticks(ticks: Any? = null, labels: List<String>? = null, rotation: Number? = null) {
        ticks?.let { gca().setYticks(it, labels) }
        rotation?.let { gca().tickParams("y", rotation = it) }
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

    /** Settings by matplotlib's names; see [RcParams]. */
    public val rcParams: RcParams get() = RcParams

    /** Settings for [body] alone; what was set before is back afterwards. */
    public fun <T> rcContext(rc: Map<String, Any?> = emptyMap(), body: () -> T): T = scopedStyle(rc, body)
}
