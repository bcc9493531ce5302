package org.cellweave.dsl

import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.PlotPage
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check
import org.cellweave.util.FilePath
import java.nio.file.Path

/**
 * What a verb of `sc.pl` returns: one Lets-Plot plot, or several side by side.
 *
 * A notebook shows it; [save] writes it; [toSpec] hands it to any front end of Lets-Plot.
 */
public open class Figure internal constructor(
    private var panels: List<Placed>,
    /** The verb that made it. */
    public val name: String,
    /** Under which it is saved when no name is given: scanpy's word for the verb. */
    internal val writekey: String = name,
) {
    /** Width in pixels at single resolution. */
    public val width: Int get() = panels.maxOf { it.x + it.panel.width }

    /** Height in pixels at single resolution. */
    public val height: Int get() = panels.maxOf { it.y + it.panel.height }

    /** The plots and where they are, to make larger figures of. */
    internal val placed: List<Placed> get() = panels

    /** The number of plots in it. */
    public val size: Int get() = panels.size

    /** Takes the place of what was drawn before. */
    internal fun redrawn(panel: Panel) {
        panels = listOf(Placed(panel, 0, 0))
    }

    /** The specification that Lets-Plot draws: a plot, or a bunch of plots. */
    public fun toSpec(): Map<String, Any> {
        val single = panels.singleOrNull()
        if (single != null) {
            return LinkedHashMap(single.panel.spec).also { it["ggsize"] = spec("width" to width, "height" to height) }
        }
        return spec("kind" to "ggbunch", "items" to panels.map(::item))
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
    public fun toSvg(): String = drawn(Settings.figures.shown)

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
    public fun save(path: String): Path = written(target(path), Settings.figures.saved)

    /** See [save]. */
    public fun save(path: Path): Path = save(path.toString())

    /**
     * Writes the figure to a path from the current folder, as matplotlib's figures do, and returns the path.
     *
     * @param fname file with one of the endings `.svg`, `.png`, `.html` and `.pdf`; `.png` is added to a bare name
     * @param dpi resolution of `.png`: 75 gives the figure's own pixels; `dpiSave` of the settings by default
     */
    public fun savefig(fname: String, dpi: Number? = null): Path {
        require(fname.isNotBlank()) { "fname must be a file name, got a blank one" }
        val ending = ending(fname)
        ending?.let { checked(it, "the ending of '$fname'") }
        val scale = dpi?.let { FigureStyle.scale(Check.inRange(it.toDouble(), 10.0, 1200.0, "dpi")) }
        return written(FilePath.of(if (ending == null) "$fname.png" else fname), scale ?: Settings.figures.saved)
    }

    private fun written(target: Path, scale: Double): Path {
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
                Settings.figdir.resolve(FilePath.of(stem + "." + Settings.fileFormatFigs))
            }
            appended -> Settings.figdir.resolve(FilePath.of(plainKey + path))
            else -> FilePath.of(path)
        }
    }

    /** Writes to the place that scanpy gives a figure without a name. */
    internal fun autosave(): Path = save(Settings.figdir.resolve(plainKey + "." + Settings.fileFormatFigs))

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

/** Saves where the caller or the settings say so, and shows it. */
internal fun finish(panels: List<Placed>, name: String, save: Any?, writekey: String = name): Figure =
    finished(Figure(panels, name, writekey), save)

/**
 * @param save a file name; true for the verb's name in the figure folder, false for no file
 * @param before figures whose place it takes where they are shown
 */
internal fun <T : Figure> finished(figure: T, save: Any?, before: List<Figure> = emptyList()): T {
    when (save) {
        null -> if (Settings.autosave) figure.autosave()
        is Boolean -> if (save) figure.autosave()
        is String -> figure.save(save)
        is Path -> figure.save(save)
        else -> throw IllegalArgumentException("save must be a file name, true or false, got $save")
    }
    if (Settings.autoshow) showFigure(figure, before)
    return figure
}
