package org.cellweave.dsl

import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.spec
import org.cellweave.util.Check

/**
 * A panel that verbs of `sc.pl` draw into (`ax = axs[0]`) and that has matplotlib's words: `setTitle`, `setXlim`,
 * `axhline`, `scatter`, `hist` and so on. A [Figure] of one panel is its axes too.
 *
 * Coordinates are those of the data. What a verb has drawn stays as it is below what is drawn by hand; drawn anew into
 * the same axes it takes their place. Words that a panel without axes has no use for, such as `setXlim` for a dot plot,
 * are refused.
 */
public abstract class Axes internal constructor() {
    /** The figure that it is part of. */
    public abstract val figure: Figure

    /** The panels that it stands for. */
    internal abstract val cells: List<FigureCell>

    /** The one panel that [verb] needs. */
    internal fun cell(verb: String): FigureCell =
        cells.singleOrNull() ?: throw IllegalArgumentException(
            "$verb needs one panel, but there are ${cells.size}; choose one by its number, as axs[0] or figure[0]",
        )

    /** Changes all panels, or none where one of them refuses. */
    internal fun change(step: (Panel) -> Panel) {
        val done = ArrayList<FigureCell>()
        runCatching { cells.forEach { it.change(step).also { _ -> done += it } } }
            .onFailure { done.forEach(FigureCell::undo) }
            .getOrThrow()
        figure.wasChanged()
    }

    /** Changes a panel that has axes. */
    internal fun changeAxes(verb: String, step: (Panel) -> Panel) {
        requireAxes(verb)
        change(step)
    }

    internal fun requireAxes(verb: String) {
        if (cells.any { it.isDrawing }) {
            throw IllegalArgumentException(
                "$verb needs axes, but '${figure.name}' has a panel without: dot plots, heat maps and their like " +
                    "are drawn in pixels",
            )
        }
    }

    /**
     * The title of the panel.
     *
     * @param fontsize in pixels, or a word such as `large`
     * @param fontweight `normal`, `bold`, or a number
     * @param fontstyle `normal` or `italic`
     */
    public open fun setTitle(
        label: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
    ) {
        val letters = letters(fontsize, fontweight, fontstyle, color)
        change { PanelChanges.title(withLetters(it, "plot_title", letters), label) }
    }

    /** The name of the axis across. */
    public fun setXlabel(
        xlabel: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
    ): Unit = label("x", xlabel, letters(fontsize, fontweight, fontstyle, color))

    /** The name of the upright axis. */
    public fun setYlabel(
        ylabel: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
    ): Unit = label("y", ylabel, letters(fontsize, fontweight, fontstyle, color))

    private fun label(axis: String, text: String, letters: Spec) =
        change { withLetters(PanelChanges.axisTitle(it, axis, text), "axis_title_$axis", letters) }

    private fun withLetters(panel: Panel, key: String, letters: Spec) =
        if (letters.isEmpty()) {
            panel
        } else {
            PanelChanges.theme(panel, mapOf(key to letters + mapOf("name" to "text", "blank" to false)))
        }

    private fun letters(size: Any?, weight: Any?, style: String?, color: String?): Spec {
        style?.let { oneOf(it, listOf("normal", "italic", "oblique"), "fontstyle") }
        val bold = weight != null && LegendStyle.isBold(weight, "fontweight")
        val slanted = style != null && style != "normal"
        val face = listOfNotNull("bold".takeIf { bold }, "italic".takeIf { slanted }).joinToString("_")
        return spec(
            "size" to LegendStyle.fontSize(size, sessionLook(), "fontsize"),
            "face" to face.takeIf { it.isNotEmpty() },
            "color" to color?.let { Palettes.color(it, "color") },
        )
    }

    /** Ends of the axis across; an end that is left out stays. */
    public fun setXlim(left: Number? = null, right: Number? = null): Unit = ends("x", left, right, "setXlim")

    /** See the other. */
    public fun setXlim(ends: Pair<Number, Number>): Unit = ends("x", ends.first, ends.second, "setXlim")

    /** Ends of the upright axis; an end that is left out stays. */
    public fun setYlim(bottom: Number? = null, top: Number? = null): Unit = ends("y", bottom, top, "setYlim")

    /** See the other. */
    public fun setYlim(ends: Pair<Number, Number>): Unit = ends("y", ends.first, ends.second, "setYlim")

    internal fun ends(axis: String, low: Number?, high: Number?, verb: String) {
        listOf(low, high).forEach {
            require(it == null || it.toDouble().isFinite()) { "$verb needs finite numbers, got $it" }
        }
        changeAxes(verb) { panel ->
            val now = PanelChanges.ends(panel, axis)
            val from = low?.toDouble() ?: now?.first
            val to = high?.toDouble() ?: now?.second
            require(from != null && to != null) { "$verb needs both ends here, for the axis has names and no numbers" }
            require(from < to) { "$verb needs a lower end below the upper one, got $from and $to" }
            PanelChanges.limits(panel, axis, from, to)
        }
    }

    /** The ends of the axis across as they are now. */
    public fun getXlim(): Pair<Double, Double> = now("x")

    /** The ends of the upright axis as they are now. */
    public fun getYlim(): Pair<Double, Double> = now("y")

    private fun now(axis: String): Pair<Double, Double> =
        PanelChanges.ends(cell("${axis}lim").panel(), axis)
            ?: throw IllegalArgumentException("the axis has no numbers as ends")

    /** Marks of the axis across, with [labels] in place of numbers where given. */
    public fun setXticks(ticks: Any, labels: List<String>? = null): Unit = ticks("x", ticks, labels, "setXticks")

    /** Marks of the upright axis, with [labels] in place of numbers where given. */
    public fun setYticks(ticks: Any, labels: List<String>? = null): Unit = ticks("y", ticks, labels, "setYticks")

    private fun ticks(axis: String, ticks: Any, labels: List<String>?, verb: String) {
        val at = figureNumbers(ticks, "ticks").asList()
        labels?.let { Check.sameLength(it.size, at.size, "labels", "the number of ticks") }
        changeAxes(verb) { PanelChanges.ticks(it, axis, at, labels) }
    }

    /**
     * How marks look.
     *
     * @param axis `x`, `y` or `both`
     * @param rotation degrees, as [labelrotation]
     * @param labelsize in pixels, or a word such as `small`
     */
    public fun tickParams(
        axis: String = "both",
        rotation: Number? = null,
        labelrotation: Number? = rotation,
        labelsize: Any? = null,
    ) {
        oneOf(axis, listOf("x", "y", "both"), "axis")
        val look = spec(
            "name" to "text", "blank" to false, "size" to LegendStyle.fontSize(labelsize, sessionLook(), "labelsize"),
            "angle" to labelrotation?.toDouble(),
        )
        val sides = if (axis == "both") listOf("x", "y") else listOf(axis)
        change { PanelChanges.theme(it, sides.associate { side -> "axis_text_$side" to look }) }
    }

    /** Pale lines behind the data, or none. */
    public fun grid(visible: Boolean = true) {
        val line = mapOf("name" to "line", "color" to "#dfdfdf", "size" to 0.6, "blank" to false)
        change { PanelChanges.theme(it, mapOf("panel_grid" to if (visible) line else "blank")) }
    }

    /** `off` takes axes and frame away, `equal` makes a unit as long across as upright. */
    public fun axis(option: String) {
        when (option) {
            "off" -> change {
                PanelChanges.theme(
                    it,
                    listOf("axis_title", "axis_text", "axis_ticks", "panel_border").associateWith { "blank" } +
                        listOf("axis_title_x", "axis_title_y", "axis_text_x", "axis_text_y").associateWith { "blank" },
                )
            }
            "equal", "scaled", "square" -> setAspect("equal")
            else -> throw IllegalArgumentException("axis must be \"off\" or \"equal\", got \"$option\"")
        }
    }

    /** `equal` makes a unit as long across as upright, `auto` fills the panel; or a unit's height by its width. */
    public fun setAspect(aspect: Any) {
        val coord = when (aspect) {
            "auto" -> spec("name" to "cartesian")
            "equal" -> spec("name" to "fixed", "ratio" to 1.0)
            is Number -> spec("name" to "fixed", "ratio" to Check.positive(aspect.toDouble(), "aspect"))
            else -> throw IllegalArgumentException("aspect must be \"equal\", \"auto\" or a number, got $aspect")
        }
        changeAxes("setAspect") { PanelChanges.coordinates(it, coord) }
    }

    /** `log` or `linear`, for axes that are drawn by hand. */
    public fun setXscale(value: String): Unit = scale("x", value, "setXscale")

    /** `log` or `linear`, for axes that are drawn by hand. */
    public fun setYscale(value: String): Unit = scale("y", value, "setYscale")

    private fun scale(axis: String, value: String, verb: String) {
        oneOf(value, listOf("log", "linear"), "value")
        cell(verb).sketched(verb) { it.scale(axis, value == "log") }
        figure.wasChanged()
    }

    /** Takes the panel out of its figure. */
    public fun remove() {
        require(figure.size > cells.size) { "the last panel of a figure cannot be removed" }
        figure.layout.cells.removeAll(cells.toSet())
        figure.wasChanged()
    }

    /** Several of the words above at once, as matplotlib's `ax.set(title = "a", xlabel = "b")`. */
    public fun set(
        title: String? = null,
        xlabel: String? = null,
        ylabel: String? = null,
        xlim: Pair<Number, Number>? = null,
        ylim: Pair<Number, Number>? = null,
        xticks: Any? = null,
        yticks: Any? = null,
        xscale: String? = null,
        yscale: String? = null,
        aspect: Any? = null,
    ) {
        xscale?.let(::setXscale)
        yscale?.let(::setYscale)
        xlim?.let(::setXlim)
        ylim?.let(::setYlim)
        xticks?.let { setXticks(it) }
        yticks?.let { setYticks(it) }
        title?.let { setTitle(it) }
        xlabel?.let { setXlabel(it) }
        ylabel?.let { setYlabel(it) }
        aspect?.let(::setAspect)
    }
}

/** One panel of a figure; what is changed of it, the figure shows. */
public class FigurePanel internal constructor(override val figure: Figure, private val place: FigureCell) : Axes() {
    override val cells: List<FigureCell> get() = listOf(place)

    override fun toString(): String = "a panel of $figure"
}

/** The position of [word] among [words]. */
internal fun oneOf(word: String, words: List<String>, name: String): Int {
    val at = words.indexOf(word)
    require(at >= 0) { "$name must be one of $words, got '$word'." + Check.suggestion(word, words) }
    return at
}
