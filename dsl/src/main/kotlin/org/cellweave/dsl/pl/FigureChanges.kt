package org.cellweave.dsl

import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.layer
import org.cellweave.util.Check
import org.jetbrains.letsPlot.intern.Feature
import org.jetbrains.letsPlot.intern.toSpec
import org.jetbrains.letsPlot.letsPlot
import kotlin.math.abs

// Every change is made to the figure itself, which is returned to be changed further, and is shown anew where it was
// shown. A change that is refused leaves all panels as they were.

/** A title: of the panel, or over all panels of a figure that has several. An empty text takes it away. */
public fun <A : Axes> A.title(text: String): A {
    if (this is Figure && size > 1) suptitle(text) else setTitle(text)
    return this
}

/** A title for each panel, in their order. */
public fun <A : Axes> A.title(texts: List<String>): A {
    Check.sameLength(texts.size, cells.size, "title", "the number of panels")
    cells.zip(texts) { cell, text -> cell.change { PanelChanges.title(it, text) } }
    figure.wasChanged()
    return this
}

/** The name of the axis across, of every panel. */
public fun <A : Axes> A.xLabel(text: String): A = also { setXlabel(text) }

/** The name of the upright axis, of every panel. */
public fun <A : Axes> A.yLabel(text: String): A = also { setYlabel(text) }

/**
 * Where the legend is and what stands above it.
 *
 * @param position `right`, `left`, `top`, `bottom` or `none`, or a place inside such as `upper left`
 * @param title an empty text takes it away; null leaves it
 * @param ncol columns of its names
 */
public fun <A : Axes> A.legend(position: String, title: String? = null, ncol: Int? = null): A =
    also { placeLegend(position, title, ncol) }

/** matplotlib's words: [loc] as `upper right`; [bboxToAnchor] right of the panel puts it there. */
public fun <A : Axes> A.legend(
    loc: String? = null,
    bboxToAnchor: Pair<Number, Number>? = null,
    title: String? = null,
    ncol: Int? = null,
    frameon: Boolean? = null,
    fontsize: Any? = null,
    ncols: Int? = null,
): A {
    val isOutside = bboxToAnchor != null && bboxToAnchor.first.toDouble() >= 1
    val place = if (this is Figure && !hasOwnAxes) BESIDE[loc] ?: loc else loc
    placeLegend(if (isOutside) "right" else place ?: "upper right".takeIf { hasOwnAxes }, title, ncol ?: ncols)
    val parts = LinkedHashMap<String, Any>()
    if (frameon == false) parts["legend_background"] = "blank"
    LegendStyle.fontSize(fontsize, sessionLook(), "fontsize")?.let {
        parts["legend_text"] = mapOf("name" to "text", "size" to it, "blank" to false)
    }
    if (parts.isNotEmpty()) change { PanelChanges.theme(it, parts) }
    return this
}

/** Places of a legend of a whole figure that lie beside its panels. */
private val BESIDE = mapOf(
    "lower center" to "bottom", "upper center" to "top", "center right" to "right", "center left" to "left",
)

/** Whether the legend of these axes is only drawn when it is asked for. */
private val Axes.hasOwnAxes get() = cells.all { it.drawnByHand != null }

private fun Axes.placeLegend(position: String?, title: String?, ncol: Int?) {
    val places = PanelChanges.MARGINS + LegendStyle.INSIDE.keys
    require(position == null || position in places) {
        "legend must be at one of $places, got '$position'." + Check.suggestion(position!!, places)
    }
    ncol?.let { Check.positive(it, "ncol") }
    change { PanelChanges.legend(it, position, title, ncol) }
}

/** Ends of the axes of every panel, as `limits(x = 0 to 5)`; an axis that is left out keeps its own. */
public fun <A : Axes> A.limits(x: Pair<Number, Number>? = null, y: Pair<Number, Number>? = null): A {
    require(x != null || y != null) { "limits needs the ends of x, of y, or of both, as limits(x = 0 to 5)" }
    x?.let { ends("x", it.first, it.second, "limits") }
    y?.let { ends("y", it.first, it.second, "limits") }
    return this
}

/**
 * A text in the panel, at a point of the data, with an arrow to [xy] if given.
 *
 * @param size in pixels, or a word such as `small`
 */
public fun <A : Axes> A.annotate(
    text: String,
    x: Number,
    y: Number,
    size: Any? = null,
    color: String = "black",
    xy: Pair<Number, Number>? = null,
): A {
    cell("annotate")
    requireAxes("annotate")
    xy?.let { (toX, toY) ->
        val arrow = mapOf("name" to "arrow", "angle" to 20, "length" to 8, "ends" to "last", "type" to "closed")
        val ends = mapOf("x" to x, "y" to y, "xend" to toX, "yend" to toY).mapValues { listOf(it.value.toDouble()) }
        val hue = Palettes.color(color, "color")
        val line = layer("segment", ends, ends.keys.associateWith { it }, "color" to hue, "arrow" to arrow)
        changeAxes("annotate") { PanelChanges.layers(it, listOf(line)) }
    }
    val (ha, va) = xy?.let { besideArrow(it.first.toDouble() - x.toDouble(), it.second.toDouble() - y.toDouble()) }
        ?: ("center" to "center")
    text(x, y, text, fontsize = size, color = color, ha = ha, va = va)
    return this
}

/** How a text lies so that an arrow that goes so far in data units begins at its edge. */
private fun Axes.besideArrow(across: Double, upright: Double): Pair<String, String> {
    val (left, right) = getXlim()
    val (bottom, top) = getYlim()
    val isLevel = abs(across / (right - left)) >= abs(upright / (top - bottom))
    return when {
        isLevel -> (if (across > 0) "right" else "left") to "center"
        else -> "center" to if (upright > 0) "top" else "bottom"
    }
}

/** matplotlib's order of words: the text stands at [xytext] with an arrow to [xy], or at [xy]. */
public fun Axes.annotate(text: String, xy: Pair<Number, Number>, xytext: Pair<Number, Number>? = null) {
    val at = xytext ?: xy
    annotate(text, at.first, at.second, xy = xy.takeIf { xytext != null })
}

/**
 * Names of genes in italics, wherever they stand: titles, axes, rows and columns.
 *
 * @param genes the names; by default those that the figure shows
 */
public fun <A : Axes> A.italic(genes: Collection<String>? = null): A {
    val names = genes?.toSet() ?: figure.genes
    require(names.isNotEmpty()) {
        "italic knows no genes of '${figure.name}'; name them, as italic(listOf(\"CD3D\")) or italic(adata.varNames)"
    }
    change { panel -> PanelChanges.italic(panel) { it in names } }
    return this
}

/**
 * Adds a part of Lets-Plot to every panel: a layer, a scale, `theme()`, `ggtitle`, `labs`, `coordFixed` and so on. Of two
 * parts for the same thing the later one wins, as there.
 */
public operator fun <A : Axes> A.plus(feature: Feature): A {
    val part = (letsPlot() + feature).toSpec()
    change { PanelChanges.merged(it, part) }
    return this
}
