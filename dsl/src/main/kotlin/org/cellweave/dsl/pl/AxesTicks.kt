package org.cellweave.dsl

import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.spec
import org.cellweave.util.Check

// Marks of axes: where they are, what they are called and how they look.

/** Marks of the axis across, with [labels] in place of numbers where given; an empty list takes them away. */
public fun Axes.setXticks(
    ticks: Any,
    labels: List<Any>? = null,
    rotation: Number? = null,
    fontsize: Any? = null,
): Unit = ticks("x", ticks, labels, "setXticks", rotation, fontsize)

/** See the other. */
public fun Axes.setXticks(ticks: List<Number>, labels: List<Any>? = null, rotation: Number? = null): Unit =
    ticks("x", ticks, labels, "setXticks", rotation, null)

/** Marks of the upright axis, with [labels] in place of numbers where given; an empty list takes them away. */
public fun Axes.setYticks(
    ticks: Any,
    labels: List<Any>? = null,
    rotation: Number? = null,
    fontsize: Any? = null,
): Unit = ticks("y", ticks, labels, "setYticks", rotation, fontsize)

/** See the other. */
public fun Axes.setYticks(ticks: List<Number>, labels: List<Any>? = null, rotation: Number? = null): Unit =
    ticks("y", ticks, labels, "setYticks", rotation, null)

private fun Axes.ticks(axis: String, ticks: Any, labels: List<Any>?, verb: String, rotation: Number?, size: Any?) {
    val at = figureNumbers(ticks, "ticks").asList()
    labels?.let { Check.sameLength(it.size, at.size, "labels", "the number of ticks") }
    changeAxes(verb) { PanelChanges.ticks(it, axis, at, labels?.map { name -> "$name" }) }
    if (rotation != null || size != null) tickParams(axis, rotation = rotation, labelsize = size)
}

/**
 * Other names at the marks of the axis across.
 *
 * @param rotation degrees
 * @param ha `left`, `center` or `right`: which part of a name is at its mark
 */
public fun Axes.setXticklabels(
    labels: List<Any>,
    rotation: Number? = null,
    fontsize: Any? = null,
    ha: String? = null,
): Unit = tickLabels("x", labels, rotation, fontsize, ha, "setXticklabels")

/** Other names at the marks of the upright axis; see [setXticklabels]. */
public fun Axes.setYticklabels(
    labels: List<Any>,
    rotation: Number? = null,
    fontsize: Any? = null,
    ha: String? = null,
): Unit = tickLabels("y", labels, rotation, fontsize, ha, "setYticklabels")

private fun Axes.tickLabels(
    axis: String,
    labels: List<Any>,
    rotation: Number?,
    size: Any?,
    ha: String?,
    verb: String,
) {
    val at = PanelTexts.places(cell(verb).panel(), axis)
    require(labels.isEmpty() || labels.size == at.size) {
        "labels must have one text per mark (${at.size}), got ${labels.size}; say where they are by " +
            "set${axis.uppercase()}ticks(ticks, labels)"
    }
    val names = if (labels.isEmpty()) List(at.size) { "" } else labels.map { (it as? TickLabel)?.getText() ?: "$it" }
    changeAxes(verb) { PanelChanges.ticks(it, axis, at, names) }
    tickLook(axis, rotation, size, ha)
}

/** How the names at marks lie. */
internal fun Axes.tickLook(axis: String, rotation: Number?, size: Any?, ha: String?) {
    val place = ha?.let { oneOf(it, listOf("left", "center", "right"), "ha") / 2.0 }
    if (rotation == null && size == null && place == null) return
    val look = tickText(size, rotation) + listOfNotNull(place?.let { "hjust" to it })
    change { PanelChanges.theme(it, mapOf("axis_text_$axis" to look)) }
}

private fun tickText(size: Any?, rotation: Number?): Spec =
    spec(
        "name" to "text", "blank" to false, "size" to LegendStyle.fontSize(size, sessionLook(), "labelsize"),
        "angle" to rotation?.toDouble(),
    )

/**
 * How marks look. Marks stand at the left and below, so that those of other sides can only be switched off.
 *
 * @param axis `x`, `y` or `both`
 * @param rotation degrees, as [labelrotation]
 * @param labelsize in pixels, or a word such as `small`
 * @param colors of marks and their names, as [labelcolor] of names alone
 * @param bottom whether there are marks below: true, false, `on` or `off`; [left] of those at the left
 * @param labelbottom whether there are names below, as [labelleft] at the left
 */
public fun Axes.tickParams(
    axis: String = "both",
    rotation: Number? = null,
    labelrotation: Number? = rotation,
    labelsize: Any? = null,
    colors: String? = null,
    labelcolor: String? = colors,
    top: Any? = null,
    bottom: Any? = null,
    left: Any? = null,
    right: Any? = null,
    labelleft: Any? = null,
    labelbottom: Any? = null,
    which: String = "major",
    length: Number? = null,
) {
    oneOf(axis, listOf("x", "y", "both"), "axis")
    oneOf(which, listOf("major", "minor", "both"), "which")
    require(switch(top, "top") != true && switch(right, "right") != true) {
        "marks stand at the left and below; top and right can only be off"
    }
    val look = tickText(labelsize, labelrotation) +
        listOfNotNull(labelcolor?.let { "color" to Palettes.color(it, "labelcolor") })
    val parts = LinkedHashMap<String, Any>()
    for (side in if (axis == "both") listOf("x", "y") else listOf(axis)) {
        val marks = if (side == "x") switch(bottom, "bottom") else switch(left, "left")
        val names = if (side == "x") switch(labelbottom, "labelbottom") else switch(labelleft, "labelleft")
        val isChanged = labelsize != null || labelrotation != null || labelcolor != null
        if (names == false) {
            parts["axis_text_$side"] = "blank"
        } else if (isChanged) {
            parts["axis_text_$side"] = look
        }
        val line = spec("name" to "line", "blank" to false, "color" to colors?.let { Palettes.color(it, "colors") })
        if (marks == false || length?.toDouble() == 0.0) {
            parts["axis_ticks_$side"] = "blank"
        } else if (colors != null) {
            parts["axis_ticks_$side"] = line
        }
    }
    if (this is ColorBar) {
        numbersLike(look)
    } else if (parts.isNotEmpty()) {
        change { PanelChanges.theme(it, parts) }
    }
}

/** matplotlib's `"off"` is an old word for false. */
private fun switch(choice: Any?, name: String): Boolean? =
    when (choice) {
        null -> null
        is Boolean -> choice
        "on" -> true
        "off" -> false
        else -> throw IllegalArgumentException("$name must be true, false, \"on\" or \"off\", got $choice")
    }

/** The names at the marks of the axis across, which can be changed one by one; see [TickLabel]. */
public fun Axes.getXticklabels(): List<TickLabel> = TickLabel.of(this, "x")

/** The names at the marks of the upright axis; see [TickLabel]. */
public fun Axes.getYticklabels(): List<TickLabel> = TickLabel.of(this, "y")

/**
 * A name at a mark of an axis, as matplotlib's: `for (label in ax.getXticklabels()) label.setStyle("italic")`.
 *
 * Names of dot plots, heat maps and their like change one by one. Those of panels with axes have one look: angle and
 * size change for all of them at once, colour and style as soon as every one of the list has been given the same.
 */
public class TickLabel private constructor(
    private val axes: Axes,
    private val axis: String,
    private val index: Int,
    private var text: String,
    private val looks: List<MutableMap<String, Any>>,
    private val all: List<String>,
) {
    /** What it says. */
    public fun getText(): String = text

    /** Says something else. */
    public fun setText(s: String) {
        require(!isDrawn) { "names of '${axes.figure.name}' come from the data; rename them there" }
        val panel = axes.cell("setText").panel()
        val names = PanelTexts.marks(panel, axis).toMutableList().also { it[index] = s }
        axes.change { PanelChanges.ticks(it, axis, PanelTexts.places(it, axis), names) }
        text = s
    }

    /** A colour's name or `#rrggbb`. */
    public fun setColor(color: String): Unit = look("color", Palettes.color(color, "color"))

    /** `normal` or `italic`. */
    public fun setStyle(fontstyle: String): Unit = face(axes.letters(null, null, fontstyle, null))

    /** `normal` or `italic`. */
    public fun setFontstyle(fontstyle: String): Unit = setStyle(fontstyle)

    /** `normal`, `bold` or a number. */
    public fun setFontweight(weight: Any): Unit = face(axes.letters(null, weight, null, null))

    private fun face(letters: Spec) = look(if (isDrawn) "fontface" else "face", letters["face"] ?: "plain")

    /** In degrees. */
    public fun setRotation(s: Number): Unit = lie("angle", s.toDouble())

    /** In pixels, or a word such as `small`. */
    public fun setFontsize(fontsize: Any) {
        val size = LegendStyle.fontSize(fontsize, sessionLook(), "fontsize")!!
        lie("size", if (isDrawn) size / 2 else size)
    }

    /** `left`, `center` or `right`. */
    public fun setHa(align: String): Unit = lie("hjust", oneOf(align, listOf("left", "center", "right"), "align") / 2.0)

    private val isDrawn get() = axes.cells.any { it.isDrawing }

    private fun lie(key: String, value: Any) =
        if (isDrawn) {
            look(key, value)
        } else {
            axes.change { PanelChanges.theme(it, mapOf("axis_text_$axis" to themed(key, value))) }
        }

    private fun look(key: String, value: Any) {
        if (isDrawn) {
            axes.change { PanelTexts.changed(it, axis, all, text, mapOf(key to value)) }
            return
        }
        looks[index][key] = value
        if (looks.all { it[key] == value }) lie(key, value)
    }

    private fun themed(key: String, value: Any): Spec = spec("name" to "text", "blank" to false, key to value)

    override fun toString(): String = "TickLabel($text)"

    internal companion object {
        fun of(axes: Axes, axis: String): List<TickLabel> {
            val panel = axes.cell("get${axis.uppercase()}ticklabels").panel()
            val table = axes.figure as? TablePlot<*>
            val names = when {
                axes is ColorBar -> PanelTexts.bar(panel)
                table != null -> table.names(axis)
                else -> PanelTexts.marks(panel, axis)
            }
            val looks = names.map { LinkedHashMap<String, Any>() }
            return names.mapIndexed { i, name -> TickLabel(axes, axis, i, name, looks, names) }
        }
    }
}
