package org.cellweave.dsl

import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check
import java.nio.file.Path

/**
 * Where a figure goes, by the arguments that all verbs of `sc.pl` have alike.
 *
 * @param save a file name; true for the verb's name in the figure folder, false for no file
 * @param show false neither shows the figure nor closes it for `plt`; by default as `sc.settings.autoshow` says
 * @param ax draws into these axes in place of a figure of its own
 * @param figsize width and height of the whole figure in inches of 75 pixels
 * @param dpi of the saved picture, and its size in a notebook
 */
internal class Output(
    val save: Any? = null,
    val show: Boolean? = null,
    val ax: Axes? = null,
    val figsize: Pair<Number, Number>? = null,
    val dpi: Number? = null,
    /** Whether the figure is only made, neither saved nor shown: what `returnFig` asks for. */
    val isHeld: Boolean = false,
) {
    init {
        require(ax == null || figsize == null) {
            "figsize and ax exclude each other: the size is that of the figure which ax lies in, " +
                "as plt.subplots(figsize = ...) makes it"
        }
        require(ax == null || dpi == null) { "dpi and ax exclude each other: give dpi to plt.subplots or to savefig" }
        dpi?.let { Check.inRange(it.toDouble(), 10.0, 1200.0, "dpi") }
    }

    /** Puts [panels] into the axes that were given. */
    fun into(ax: Axes, panels: List<Placed>, name: String, genes: Set<String>): Figure {
        require(panels.size == 1) {
            "ax takes one panel, but $name draws ${panels.size}; ask for one of them, or leave ax out and join " +
                "figures by a + b or sc.pl.grid(listOf(a, b))"
        }
        ax.cell("ax").add(panels[0].panel)
        ax.figure.genes += genes
        Pyplot.current(ax)
        store(ax.figure)
        if (show == true) ax.figure.show()
        return ax.figure
    }

    /** Writes the file that was asked for. */
    fun store(figure: Figure) {
        when (save) {
            null -> if (Settings.autosave && ax == null) figure.autosave()
            is Boolean -> if (save) figure.autosave()
            is String -> figure.save(save)
            is Path -> figure.save(save)
            else -> throw IllegalArgumentException("save must be a file name, true or false, got $save")
        }
    }
}

/** Inches, as tables count them, of axes that a table is drawn into. */
internal fun insideOf(ax: Axes?): Pair<Number, Number>? =
    ax?.cell("ax")?.let { it.width.toDouble() / Look.PIXELS_PER_INCH to it.height.toDouble() / Look.PIXELS_PER_INCH }

/** Saves where the caller or the settings say so, and shows it. */
internal fun finish(panels: List<Placed>, name: String, save: Any?, writekey: String = name): Figure =
    finish(panels, name, Output(save), writekey)

/** Puts the panels where the caller wants them: into axes, or into a figure that is saved and shown. */
internal fun finish(
    panels: List<Placed>,
    name: String,
    output: Output,
    writekey: String = name,
    genes: Collection<String> = emptyList(),
): Figure {
    output.ax?.let { return output.into(it, panels, name, genes.toSet()) }
    return finished(Figure(panels, name, writekey, genes.toSet()), output)
}

/** See the other; [before] are figures whose place it takes where they are shown. */
internal fun <T : Figure> finished(figure: T, save: Any?, before: List<Figure> = emptyList()): T =
    finished(figure, Output(save), before)

internal fun <T : Figure> finished(figure: T, output: Output, before: List<Figure> = emptyList()): T {
    output.figsize?.let(figure::resize)
    figure.dpi = output.dpi?.toDouble()
    DrawnFigures.drawn(figure, before)
    Pyplot.current(figure)
    if (output.isHeld) return figure
    output.store(figure)
    if (output.show ?: Settings.autoshow) showFigure(figure, before)
    return figure
}
