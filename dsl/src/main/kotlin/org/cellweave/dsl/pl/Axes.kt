package org.cellweave.dsl

import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.border
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.plot.text
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
    internal open fun change(step: (Panel) -> Panel) {
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
     * @param fontstyle `normal` or `italic`; [style] is another word for it, as [size] for [fontsize]
     * @param loc `left`, `center` or `right`
     */
    public open fun setTitle(
        label: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
        style: String? = null,
        size: Any? = null,
        loc: String? = null,
    ) {
        val letters = letters(fontsize ?: size, fontweight, fontstyle ?: style, color)
        val place = loc?.let { oneOf(it, listOf("left", "center", "right"), "loc") / 2.0 }
        val all = if (place == null) letters else letters + ("hjust" to place)
        change { PanelChanges.title(withLetters(it, "plot_title", all), label) }
    }

    /** The name of the axis across. */
    public fun setXlabel(
        xlabel: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
        rotation: Number? = null,
        style: String? = null,
        size: Any? = null,
    ): Unit = label("x", xlabel, letters(fontsize ?: size, fontweight, fontstyle ?: style, color, rotation))

    /** The name of the upright axis. */
    public fun setYlabel(
        ylabel: String,
        fontsize: Any? = null,
        fontweight: Any? = null,
        fontstyle: String? = null,
        color: String? = null,
        rotation: Number? = null,
        style: String? = null,
        size: Any? = null,
    ): Unit = label("y", ylabel, letters(fontsize ?: size, fontweight, fontstyle ?: style, color, rotation))

    private fun label(axis: String, text: String, letters: Spec) =
        change { withLetters(PanelChanges.axisTitle(it, axis, text), "axis_title_$axis", letters) }

    private fun withLetters(panel: Panel, key: String, letters: Spec) =
        if (letters.isEmpty()) {
            panel
        } else {
            PanelChanges.theme(panel, mapOf(key to letters + mapOf("name" to "text", "blank" to false)))
        }

    internal fun letters(size: Any?, weight: Any?, style: String?, color: String?, angle: Number? = null): Spec {
        style?.let { oneOf(it, listOf("normal", "italic", "oblique"), "fontstyle") }
        val bold = weight != null && LegendStyle.isBold(weight, "fontweight")
        val slanted = style != null && style != "normal"
        val face = listOfNotNull("bold".takeIf { bold }, "italic".takeIf { slanted }).joinToString("_")
        return spec(
            "size" to LegendStyle.fontSize(size, sessionLook(), "fontsize"),
            "face" to face.takeIf { it.isNotEmpty() },
            "color" to color?.let { Palettes.color(it, "color") },
            "angle" to angle?.toDouble(),
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
        cells.forEach { it.fixed += axis }
    }

    /** The ends of the axis across as they are now. */
    public fun getXlim(): Pair<Double, Double> = now("x")

    /** The ends of the upright axis as they are now. */
    public fun getYlim(): Pair<Double, Double> = now("y")

    private fun now(axis: String): Pair<Double, Double> {
        val panel = cell("${axis}lim").panel()
        val (low, high) = PanelChanges.ends(panel, axis)
            ?: throw IllegalArgumentException("the axis has no numbers as ends")
        return low to if (axis == "x") PanelTexts.edge(panel) ?: high else high
    }

    /** Pale lines behind the data, or none. */
    public fun grid(visible: Boolean = true) {
        val line = mapOf("name" to "line", "color" to "#dfdfdf", "size" to 0.6, "blank" to false)
        change { PanelChanges.theme(it, mapOf("panel_grid" to if (visible) line else "blank")) }
    }

    /** `off` takes axes and frame away, `on` brings them back, `equal` makes a unit as long across as upright. */
    public fun axis(option: String) {
        when (option) {
            "off", "on" -> {
                cells.forEach { it.switch(AxesFrame.OFF.takeIf { option == "off" }, AxesFrame.ON) }
                figure.wasChanged()
            }
            "equal", "scaled", "square" -> setAspect("equal")
            else -> throw IllegalArgumentException("axis must be \"on\", \"off\" or \"equal\", got \"$option\"")
        }
    }

    /** Whether there is a frame around the panel. */
    public fun setFrameOn(b: Boolean) {
        change { PanelChanges.theme(it, mapOf("panel_border" to if (b) border() else "blank")) }
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
        frameOn: Boolean? = null,
        xticklabels: List<Any>? = null,
        yticklabels: List<Any>? = null,
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
        frameOn?.let(::setFrameOn)
        xticklabels?.let { setXticklabels(it) }
        yticklabels?.let { setYticklabels(it) }
    }
}

/** What takes axes and frame away, and what brings them back where a verb drew none. */
private object AxesFrame {
    private val parts = listOf("axis_title", "axis_text")
    private val sides = parts.flatMap { listOf("${it}_x", "${it}_y") }
    val OFF: (Panel) -> Panel = { panel ->
        PanelChanges.theme(panel, (parts + sides + "axis_ticks" + "panel_border").associateWith { "blank" })
    }
    val ON: (Panel) -> Panel = { panel ->
        PanelChanges.theme(panel, mapOf("panel_border" to border(), "axis_title" to text(sessionLook().labelSize)))
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
