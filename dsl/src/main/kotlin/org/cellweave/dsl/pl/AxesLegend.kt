package org.cellweave.dsl

import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.layer
import org.cellweave.dsl.plot.spec

/** The legend of these axes, which can be changed; refused where they have none. */
public fun Axes.getLegend(): Legend {
    val panel = cell("getLegend").panel()
    val key = PanelTexts.legend(panel) ?: throw IllegalArgumentException(
        "a panel of '${figure.name}' has no legend" +
            if (PanelTexts.hasBar(panel)) " but a colour bar, which fig.axes lists after the panel" else "",
    )
    return Legend(this, key)
}

/** See [getLegend]; matplotlib's name for it. */
public val Axes.legend_: Legend get() = getLegend()

/** A legend of axes, as matplotlib's. */
public class Legend internal constructor(private val axes: Axes, private val key: String) {
    private val guide: Any = PanelChanges.scale(axes.cell("legend").panel().spec, key)?.get("guide")
        ?: spec("name" to "legend")

    /** What stands above it. */
    public fun setTitle(title: String) {
        axes.change { it.changed(PanelChanges.scaled(it.spec, spec("aesthetic" to key, "name" to title))) }
    }

    /** Takes it away. */
    public fun remove(): Unit = setVisible(false)

    /** Takes it away, or brings it back. */
    public fun setVisible(b: Boolean): Unit = axes.change { PanelTexts.guide(it, key, if (b) guide else "none") }

    /** Its names, which can be changed. */
    public fun getTexts(): List<LegendText> =
        PanelTexts.names(axes.cell("getTexts").panel(), key).mapIndexed { i, name -> LegendText(axes, key, i, name) }

    /** Whether it has a ground of its own. */
    public fun setFrameOn(b: Boolean) {
        val ground = spec("name" to "rect", "fill" to "#ffffff", "color" to "#cccccc", "blank" to false)
        axes.change { PanelChanges.theme(it, mapOf("legend_background" to if (b) ground else "blank")) }
    }

    /** A place inside the panel such as `upper left`, or `right`, `left`, `top`, `bottom` beside it. */
    public fun setLoc(loc: String) {
        axes.legend(position = loc)
    }

    /** A point in parts of the panel: beside it, the legend takes that side; inside, that place. */
    public fun setBboxToAnchor(bbox: Pair<Number, Number>) {
        val (x, y) = bbox.first.toDouble() to bbox.second.toDouble()
        when {
            y < 0 -> setLoc("bottom")
            x >= 1 -> setLoc("right")
            y > 1 -> setLoc("top")
            x < 0 -> setLoc("left")
            else -> {
                setLoc("upper right")
                val at = mapOf("legend_position" to listOf(x, y), "legend_justification" to listOf(x, y))
                axes.change { PanelChanges.theme(it, at) }
            }
        }
    }

    override fun toString(): String = "Legend(${getTexts().map { it.getText() }})"
}

/** A name in a [Legend]. */
public class LegendText internal constructor(
    private val axes: Axes,
    private val key: String,
    private val index: Int,
    private var text: String,
) {
    /** What it says. */
    public fun getText(): String = text

    /** Says something else. */
    public fun setText(s: String) {
        axes.change { PanelTexts.named(it, key, index, s) }
        text = s
    }

    /** Size of all names of the legend, in pixels or by a word such as `small`. */
    public fun setFontsize(fontsize: Any) {
        val size = LegendStyle.fontSize(fontsize, sessionLook(), "fontsize")
        axes.change { PanelChanges.theme(it, mapOf("legend_text" to spec("name" to "text", "size" to size))) }
    }

    override fun toString(): String = "LegendText($text)"
}

/**
 * A key for a legend of one's own, as matplotlib's: a marker, a line, or both, and what it means.
 *
 * @param marker `o`, `s`, `D`, `^`, `x` or `+`; without one the key is a line
 * @param markerfacecolor `none` for a ring
 */
public class Line2D(
    xdata: List<Number> = listOf(0),
    ydata: List<Number> = listOf(0),
    marker: String? = null,
    color: String? = null,
    lw: Number? = null,
    linewidth: Number? = lw,
    label: String,
    markerfacecolor: String? = null,
    markeredgecolor: String? = null,
    markersize: Number = 6,
) {
    internal val label: String = label
    internal val size = markersize.toDouble() / MARKER_UNIT
    internal val color: String = sequenceOf(markerfacecolor.takeIf { it != "none" }, markeredgecolor, color)
        .firstNotNullOfOrNull { it }
        .let { if (it == null) "#1f77b4" else Palettes.color(it, "color") }
    internal val shape: Int

    init {
        require(xdata.size == ydata.size) { "xdata and ydata must be as long as each other" }
        require(linewidth == null || linewidth.toDouble() >= 0) { "linewidth must not be negative, got $linewidth" }
        shape = when {
            marker == null -> LINE
            marker in PLAIN -> PLAIN.getValue(marker)
            markerfacecolor == "none" -> RINGS[marker] ?: Marker.of(marker).shape
            else -> Marker.of(marker).shape
        }
    }

    private companion object {
        const val LINE = 45
        const val MARKER_UNIT = 1.8
        val PLAIN = mapOf("x" to 4, "+" to 3)
        val RINGS = mapOf("o" to 1, "s" to 0, "^" to 2, "D" to 5)
    }
}

/**
 * A legend of keys of one's own; what explained the colours until now is taken away, as matplotlib does, until
 * [addArtist] brings it back.
 */
public fun Axes.legend(
    handles: List<Line2D>,
    title: String? = null,
    frameon: Boolean? = null,
    ncols: Int? = null,
    ncol: Int? = ncols,
    bboxToAnchor: Pair<Number, Number>? = null,
    loc: String? = null,
    fontsize: Any? = null,
): Legend {
    require(handles.isNotEmpty()) { "handles must hold at least one key" }
    val cell = cell("legend")
    requireAxes("legend")
    PanelTexts.legend(cell.panel())?.let { getLegend().remove() }
    val names = handles.map { it.label }
    val scale = spec(
        "aesthetic" to "shape", "discrete" to true, "name" to title.orEmpty(), "limits" to names, "breaks" to names,
        "values" to handles.map { it.shape },
        "guide" to spec(
            "name" to "legend", "ncol" to (ncol ?: 1),
            "override_aes" to spec(
                "color" to handles.map { it.color }, "size" to handles.map { it.size }, "alpha" to 1.0,
            ),
        ),
    )
    change { panel ->
        val (x, y) = listOf("x", "y").map { PanelChanges.ends(panel, it)?.let { (a, b) -> (a + b) / 2 } ?: 0.0 }
        val keys = layer(
            "point", mapOf("x" to names.map { x }, "y" to names.map { y }, "shape" to names),
            mapOf("x" to "x", "y" to "y", "shape" to "shape"), "size" to 0.0, "alpha" to 0.0, "show_legend" to true,
        )
        val spec = PanelChanges.scaled(PanelChanges.layers(panel, listOf(keys)).spec, scale)
        PanelChanges.theme(panel.changed(spec), mapOf("legend_position" to "right"))
    }
    val made = Legend(this, "shape")
    if (loc != null || frameon != null || fontsize != null) legend(loc, null, null, null, frameon, fontsize)
    bboxToAnchor?.let(made::setBboxToAnchor)
    return made
}

/** Brings a legend back that another has replaced. */
public fun Axes.addArtist(a: Legend): Unit = a.setVisible(true)
