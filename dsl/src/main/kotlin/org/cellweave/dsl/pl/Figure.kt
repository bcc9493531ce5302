package org.cellweave.dsl

import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.SvgText
import org.cellweave.dsl.plot.spec
import java.nio.file.Path

/**
 * What a verb of `sc.pl` returns: one Lets-Plot plot, or several side by side.
 *
 * A notebook shows it; [save] writes it; [toSpec] hands it to any front end of Lets-Plot.
 */
public class Figure internal constructor(
    private val panels: List<Placed>,
    /** The verb that made it, and the name under which it is saved when none is given. */
    public val name: String,
) {
    /** Width in pixels at single resolution. */
    public val width: Int = panels.maxOf { it.x + it.panel.width }

    /** Height in pixels at single resolution. */
    public val height: Int = panels.maxOf { it.y + it.panel.height }

    /** The plots and where they are, to make larger figures of. */
    internal val placed: List<Placed> get() = panels

    /** The number of plots in it. */
    public val size: Int get() = panels.size

    /** The specification that Lets-Plot draws: a plot, or a bunch of plots. */
    public fun toSpec(): Map<String, Any> {
        val single = panels.singleOrNull()
        if (single != null) {
            return LinkedHashMap(single.panel.spec).also { it["ggsize"] = spec("width" to width, "height" to height) }
        }
        return spec("kind" to "ggbunch", "items" to panels.map(::item))
    }

    private fun item(placed: Placed): Spec =
        spec(
            "x" to placed.x,
            "y" to placed.y,
            "width" to placed.panel.width,
            "height" to placed.panel.height,
            "feature_spec" to placed.panel.spec,
        )

    /** The figure as SVG, as large as `dpi` of `sc.settings.setFigureParams` says; the same text for the same input. */
    public fun toSvg(): String {
        val factor = Settings.figures.shown
        return if (factor ==
            1.0
        ) {
            drawn()
        } else {
            SvgText.resized(drawn(), (width * factor).toInt(), (height * factor).toInt())
        }
    }

    private fun drawn(): String = FigureWriter.svg(toSpec(), width, height)

    /** A page with the figure; it fetches Lets-Plot's script from the network when opened. */
    public fun toHtml(): String = FigureWriter.html(toSpec())

    /**
     * Writes `.svg`, `.png` (double resolution, or what `dpiSave` of `sc.settings.setFigureParams` says), `.html` or `.pdf` and returns the path.
     *
     * A name with one of these endings is a path from the current folder. A bare name goes to
     * [Settings.figdir] and gets [Settings.fileFormatFigs] as its ending; a bare name that starts with
     * `_` is appended to the verb's name, as in scanpy. Folders are made; the file is replaced as a whole.
     */
    public fun save(path: String): Path {
        val target = target(path)
        val ending = target.fileName
            .toString()
            .substringAfterLast('.')
            .lowercase()
        FigureWriter.atomically(target) { out ->
            when (ending) {
                "svg" -> out.write(drawn().toByteArray())
                "html" -> out.write(toHtml().toByteArray())
                "png" -> FigureWriter.png(drawn(), width, out)
                else -> FigureWriter.pdf(drawn(), out)
            }
        }
        return target
    }

    /** See [save]. */
    public fun save(path: Path): Path = save(path.toString())

    private fun target(path: String): Path {
        require(path.isNotBlank()) { "save must be a file name, got a blank one" }
        val file = Path.of(path).fileName.toString()
        val ending = Regex("\\.([A-Za-z]{2,5})$").find(file)?.groupValues?.get(1)
        if (ending == null) {
            return Settings.figdir
                .resolve((if (path.startsWith("_")) name else "") + path + "." + Settings.fileFormatFigs)
        }
        checked(ending, "the ending of '$path'")
        return Path.of(path)
    }

    private fun checked(ending: String, what: String): String {
        require(ending.lowercase() in FigureWriter.ENDINGS) {
            "$what must be one of .svg, .png, .html, .pdf, got '$ending'"
        }
        return ending
    }

    override fun toString(): String = "Figure($name, $size ${if (size == 1) "plot" else "plots"}, $width x $height)"
}

/** Saves where the caller or the settings say so, and shows it. */
internal fun finish(panels: List<Placed>, name: String, save: String?): Figure {
    val figure = Figure(panels, name)
    when {
        save != null -> figure.save(save)
        Settings.autosave -> figure.save(name)
    }
    if (Settings.autoshow) FrontEnd.current.show(figure)
    return figure
}
