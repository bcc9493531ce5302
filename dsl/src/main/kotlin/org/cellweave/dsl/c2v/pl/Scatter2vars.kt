package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.TwoColorKey
import org.cellweave.dsl.plot.TwoColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.cellValues
import org.cellweave.util.Check

/**
 * Draws cells in an embedding in a colour that blends two numbers, with a square that tells which colour is which pair.
 *
 * Cells low in both are grey, cells high in both take half of both colours; those with the largest sum are drawn last.
 *
 * Reads `obsm[basis]`, `obs`, X, raw or a layer.
 *
 * @param var1 a gene or a numeric column of obs, as [var2]
 * @param clip1 ends of the first number's scale, either of which may be null; the values' own by default, as [clip2]
 * @param c1 colour of the first number, as [c2] of the second: `red`, `green`, `blue` or any other
 * @param s area of the dots in square points; 60000 / cells by default
 * @param brightLevel how bright the two colours are, 0..1
 * @param greyLevel how bright the grey is, 0..1
 * @param cbar whether the square is drawn
 * @param roundTicks decimals of its numbers
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.scatter2vars(
    adata: AnnData,
    var1: String,
    var2: String,
    clip1: Pair<Number?, Number?>? = null,
    clip2: Pair<Number?, Number?>? = null,
    c1: String = "red",
    c2: String = "blue",
    basis: String = "X_umap",
    useRaw: Boolean? = null,
    layer: String? = null,
    s: Number? = null,
    alpha: Number = 1.0,
    frameon: Boolean? = null,
    title: String? = null,
    brightLevel: Number = 0.8,
    greyLevel: Number = 0.9,
    cbar: Boolean = true,
    roundTicks: Int = 2,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.inRange(brightLevel.toDouble(), 0.0, 1.0, "brightLevel")
    Check.inRange(greyLevel.toDouble(), 0.0, 1.0, "greyLevel")
    require(roundTicks >= 0) { "roundTicks must not be negative, got $roundTicks" }
    val colors = TwoColors(base(c1, "c1"), base(c2, "c2"), brightLevel.toDouble(), greyLevel.toDouble())
    require(!colors.areOne) { "c1 and c2 must differ, got '$c1' and '$c2'" }
    val expression = Expression(adata, useRaw, layer)
    val first = ScaledVariable.of(expression, var1, clip1, "var1", "clip1")
    val second = ScaledVariable.of(expression, var2, clip2, "var2", "clip2")
    val rgb = IntArray(adata.nObs) { colors.rgb(first.at(it), second.at(it)) }
    val height = DoubleArray(adata.nObs) { first.at(it) + second.at(it) }
    val dots = EmbeddingDots(adata, basis)
    // Twice the area, because a dot of a figure has half the width of matplotlib's marker of that area.
    val area = s?.toDouble()?.let { Check.positive(it, "s") } ?: (60_000.0 / adata.nObs)
    val style = dots.style(MARKER * area, frameon, alpha = alpha.toDouble())
    val panel = dots.panel(DotColor.Painted(rgb, height), style, title ?: "$var1 vs. $var2")
    val key = TwoColorKey(colors, first.label(roundTicks), second.label(roundTicks), sessionLook()).build()
    val placed = listOf(Placed(panel, 0, 0)) + if (cbar) listOf(Placed(key, panel.width, KEY_TOP)) else emptyList()
    return finish(placed, "scatter2vars", Output(save, show, ax, figsize, dpi))
}

private fun base(color: String, argument: String): String =
    // matplotlib's green is dark; this one is as bright as red and blue.
    if (color == "green") "#00cc00" else Palettes.color(color, argument)

/** Numbers as parts of their scale. */
private class ScaledVariable(
    private val name: String,
    private val values: DoubleArray,
    private val low: Double,
    private val high: Double,
) {
    /** A missing number counts as the lowest. */
    fun at(i: Int): Double = if (values[i].isNaN()) 0.0 else ((values[i] - low) / (high - low)).coerceIn(0.0, 1.0)

    fun label(digits: Int) = TwoColorKey.Side(name, low, high, digits)

    companion object {
        fun of(
            expression: Expression,
            key: String,
            clip: Pair<Number?, Number?>?,
            argument: String,
            clipArgument: String,
        ): ScaledVariable {
            val values = (cellValues(expression, key) as? Numbers)?.values
                ?: throw IllegalArgumentException(
                    "$argument must name a gene or numbers, but obs['$key'] is categorical",
                )
            val finite = values.filter { it.isFinite() }
            require(finite.isNotEmpty()) { "$argument = '$key' must have a finite value" }
            val low = clip?.first?.toDouble() ?: finite.min()
            val high = clip?.second?.toDouble() ?: finite.max()
            require(low <= high) { "$clipArgument must ascend, got $low and $high" }
            val (a, b) = Ends.apart(low, high)
            return ScaledVariable(key, values, if (low == high) low else a, b)
        }
    }
}

private const val MARKER = 2.0
private const val KEY_TOP = 34
