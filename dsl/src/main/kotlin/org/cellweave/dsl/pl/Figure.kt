package org.cellweave.dsl

import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check
import org.cellweave.util.FilePath
import org.jetbrains.letsPlot.intern.Plot
import java.nio.file.Path

/**
 * What a verb of `sc.pl` returns: one plot, or several side by side.
 *
 * A notebook shows it; [save] writes it; [toSpec] hands it to any front end of Lets-Plot. It can be changed: `title`,
 * `xLabel`, `yLabel`, `legend`, `limits`, `annotate`, `italic`, and `+` with parts of Lets-Plot such as `theme()` or a
 * layer change the figure and return it, as do the methods of matplotlib's axes ([Axes]); `figure[0]` is one panel, with
 * the same words. What was shown is then shown anew. [copy] keeps a figure as it was. `a + b` is a new figure.
 */
public open class Figure internal constructor(
    panels: List<Placed>,
    /** The verb that made it. */
    public val name: String,
    /** Under which it is saved when no name is given: scanpy's word for the verb. */
    internal val writekey: String = name,
    /** Names that `italic` slants. */
    internal var genes: Set<String> = emptySet(),
) : Axes() {
    internal val layout = FigureLayout(panels.map { FigureCell(it.panel, it.x, it.y) })

    /** What stands for it where the figure itself would take memory. */
    internal val token: Any = Any()

    /** Resolution of this figure alone, in place of the settings'. */
    internal var dpi: Double? = null

    /** Whether a reader has seen it, so that changes have to be shown too. */
    internal var isShown: Boolean = false

    final override val figure: Figure get() = this
    final override val cells: List<FigureCell> get() = layout.cells

    /** Width in pixels at single resolution. */
    public val width: Int get() = layout.width

    /** Height in pixels at single resolution. */
    public val height: Int get() = layout.height

    /** The plots and where they are. */
    internal val placed: List<Placed> get() = layout.placed()

    /** The number of plots in it. */
    public val size: Int get() = layout.cells.size

    /** The panels in the order in which they were made, each followed by its colour bar if it has one. */
    public val axes: List<Axes>
        get() = AxesList(
            layout.cells.flatMap { cell ->
                val bar = ColorBar(this, cell).takeIf { PanelTexts.hasBar(cell.panel()) }
                listOfNotNull(FigurePanel(this, cell), bar)
            },
        )

    /** A panel, counted from 0; a negative number counts from the last. */
    public operator fun get(panel: Int): FigurePanel =
        layout.cells.getOrNull(if (panel < 0) size + panel else panel)?.let { FigurePanel(this, it) }
            ?: throw IndexOutOfBoundsException("panel must lie in 0..${size - 1} for $this, got $panel")

    /** A panel by its row and column, counted from 0. */
    public operator fun get(row: Int, column: Int): FigurePanel {
        val rows = layout.cells
            .groupBy { it.y }
            .toSortedMap()
            .values
            .map { row -> row.sortedBy { it.x } }
        val cell = rows.getOrNull(row)?.getOrNull(column)
            ?: throw IndexOutOfBoundsException(
                "panel [$row, $column] is none of $this, whose rows have ${rows.map { it.size }} panels",
            )
        return FigurePanel(this, cell)
    }

    /** The same figure as it is now; what is changed of one stays out of the other. */
    public fun copy(): Figure = composed(listOf(this), 1, name).also { it.dpi = dpi }

    /** Both figures side by side as a new one; the first keeps its rows. See `sc.pl.grid` for more of them. */
    public operator fun plus(other: Figure): Figure = sideBySide(this, other)

    /** This figure and a plot of Lets-Plot side by side. */
    public operator fun plus(other: Plot): Figure = sideBySide(this, figureOf(other))

    /** Takes the place of what was drawn before; what was changed of it stays. */
    internal fun redrawn(panel: Panel) {
        val cell = layout.cells.singleOrNull()
        if (cell == null) layout.cells += FigureCell(panel, 0, 0) else cell.redrawn(panel)
    }

    /** A title over all panels; matplotlib's word. */
    public fun suptitle(t: String, fontsize: Number? = null, y: Number? = null) {
        y?.let { require(it.toDouble() in 0.0..2.0) { "y must lie in 0..2, got $y" } }
        fontsize?.let { layout.headingSize = Check.inRange(it.toDouble(), 4.0, 80.0, "fontsize") }
        layout.heading = t
        wasChanged()
    }

    /** Makes the whole figure so many inches of 75 pixels, as `figsize` does. */
    public fun setSizeInches(width: Number, height: Number) {
        resize(width to height)
        wasChanged()
    }

    internal fun resize(figsize: Pair<Number, Number>) {
        val (w, h) = FigureStyle.pixels(figsize)
        layout.fit(w, h)
    }

    /** Panels are laid out tightly in any case, so that there is nothing to do; for lines written for matplotlib. */
    public fun tightLayout() {
        wasChanged()
    }

    /** Panels take the room that their texts need in any case; for lines written for matplotlib. */
    public fun subplotsAdjust(
        left: Number? = null,
        bottom: Number? = null,
        right: Number? = null,
        top: Number? = null,
        wspace: Number? = null,
        hspace: Number? = null,
    ): Unit = Pyplot.subplotsAdjust(left, bottom, right, top, wspace, hspace)

    /** Shows it anew where it was shown. */
    internal fun wasChanged() {
        if (isShown) showFigure(this, listOf(this))
    }

    /** Shows the figure where figures are shown; in a script, only files are. */
    public open fun show() {
        showFigure(this)
    }

    /** The specification that Lets-Plot draws: a plot, or a bunch of plots. */
    public fun toSpec(): Map<String, Any> {
        val panels = placed
        val texts = layout.texts()
        val single = panels.singleOrNull()?.takeIf { texts.isEmpty() && it.x == 0 && it.y == 0 }
        if (single != null) {
            return LinkedHashMap(single.panel.spec).also { it["ggsize"] = spec("width" to width, "height" to height) }
        }
        return spec("kind" to "ggbunch", "items" to (panels + texts).map(::item))
    }

    /** [toSpec] with the size of the whole, which a bunch does not tell and Lets-Plot's script would choose itself. */
    public fun toSizedSpec(): Map<String, Any> = toSpec() + ("ggsize" to spec("width" to width, "height" to height))

    private fun item(placed: Placed): Spec =
        spec(
            "x" to placed.x,
            "y" to placed.y,
            "width" to placed.panel.width,
            "height" to placed.panel.height,
            "feature_spec" to placed.panel.spec,
        )

    /** The figure as SVG, as large as `dpi` of `sc.settings.setFigureParams` says; the same text for the same input. */
    public fun toSvg(): String = drawn(dpi?.let(FigureStyle::shown) ?: Settings.figures.shown)

    private fun drawn(shown: Double = 1.0): String = FigureWriter.svg(toSpec(), width, height, sessionLook(), shown)

    /**
     * A page with the figure that needs no network.
     *
     * It has hover text and zoom where `cellweave jupyter install` has fetched Lets-Plot's script, which the page then
     * carries; else it shows the figure as SVG.
     */
    public fun toHtml(): String = PlotPage.of(name, drawn(), toSizedSpec())

    /**
     * Writes `.svg`, `.png` (double resolution, or what `dpiSave` of `sc.settings.setFigureParams` says), `.html` or
     * `.pdf` and returns the path.
     *
     * A name with one of these endings is a path from the current folder, except that one which is only an ending or
     * begins with `_` is appended to the verb's name in [Settings.figdir], as in scanpy: `.png` is `umap.png` there,
     * `_a.png` is `umap_a.png`. A bare name goes to the same folder and gets [Settings.fileFormatFigs] as its ending.
     * Folders are made; the file is replaced as a whole.
     */
    public fun save(path: String): Path = written(target(path), saved)

    /** See [save]. */
    public fun save(path: Path): Path = save(path.toString())

    /**
     * Writes the figure to a path from the current folder, as matplotlib's figures do, and returns the path.
     *
     * @param fname file with one of the endings `.svg`, `.png`, `.html` and `.pdf`; `.png` is added to a bare name
     * @param dpi resolution of `.png`: 75 gives the figure's own pixels; `dpiSave` of the settings by default
     * @param bboxInches `tight`, which figures are in any case
     */
    public fun savefig(fname: String, dpi: Number? = null, bboxInches: String? = null): Path {
        require(bboxInches == null || bboxInches == "tight") { "bboxInches must be \"tight\", got '$bboxInches'" }
        require(fname.isNotBlank()) { "fname must be a file name, got a blank one" }
        val ending = ending(fname)
        ending?.let { checked(it, "the ending of '$fname'") }
        val scale = dpi?.let { FigureStyle.scale(Check.inRange(it.toDouble(), 10.0, 1200.0, "dpi")) }
        return written(FilePath.of(if (ending == null) "$fname.png" else fname), scale ?: saved)
    }

    private val saved get() = dpi?.let(FigureStyle::scale) ?: Settings.figures.saved

    private fun written(target: Path, scale: Double): Path {
        DrawnFigures.saved(this)
        val ending = target.fileName
            .toString()
            .substringAfterLast('.')
            .lowercase()
        FigureWriter.atomically(target) { out ->
            when (ending) {
                "svg" -> out.write(drawn().toByteArray())
                "html" -> out.write(toHtml().toByteArray())
                "png" -> FigureWriter.png(drawn(), width, scale, sessionLook(), out)
                else -> FigureWriter.pdf(drawn(), out)
            }
        }
        return target
    }

    private fun target(path: String): Path {
        require(path.isNotBlank()) { "save must be a file name, got a blank one" }
        val ending = ending(path)
        ending?.let { checked(it, "the ending of '$path'") }
        val appended = path.startsWith("_") || ".$ending" == path
        return when {
            ending == null -> {
                val stem = (if (appended) plainKey else "") + path
                Settings.figureFolder.resolve(FilePath.of(stem + "." + Settings.fileFormatFigs))
            }
            appended -> Settings.figureFolder.resolve(FilePath.of(plainKey + path))
            else -> FilePath.of(path)
        }
    }

    /** Writes to the place that scanpy gives a figure without a name. */
    internal fun autosave(): Path = save(Settings.figureFolder.resolve(plainKey + "." + Settings.fileFormatFigs))

    /** The name of a column may be part of it, but leads to no other folder. */
    private val plainKey: String get() = writekey.replace(Regex("[/\\\\\\x00-\\x1f]"), "_")

    private fun ending(path: String): String? =
        Regex("\\.([A-Za-z]{2,5})$").find(path.substringAfterLast('/'))?.groupValues?.get(1)

    private fun checked(ending: String, what: String): String {
        require(ending.lowercase() in FigureWriter.ENDINGS) {
            "$what must be one of .svg, .png, .html, .pdf, got '$ending'"
        }
        return ending
    }

    override fun toString(): String = "Figure($name, $size ${if (size == 1) "plot" else "plots"}, $width x $height)"
}
