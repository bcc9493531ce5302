package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.BarFigure
import org.cellweave.dsl.plot.BarStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.RankedSlots
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.abs

/**
 * Draws numbers as bars in the colours of their values; the axis of values ends in an arrow.
 *
 * @param series names and their numbers, in drawing order
 * @param kind `v`: one bar below the other; `h`: side by side
 * @param vmin number of the first colour: 0, or the least if there are negative ones; [vmax] of the last: the largest
 * @param width of a bar in parts of its place
 * @param figsize width and height of the bars' part in inches of 80 pixels; by default 20 pixels a bar and 240 across
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.barplot(
    series: Map<String, Number>,
    kind: String = "v",
    cmap: Any = "Reds",
    vmin: Number? = null,
    vmax: Number? = null,
    width: Number = 0.8,
    edgecolor: String = "black",
    title: String = "",
    figsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val bars = Bars(kind, cmap, width.toDouble(), edgecolor, title, figsize, bothAxes = false)
    return bars.figure(
        series.keys.toList(), series.values.map { it.toDouble() }, vmin, vmax, "barplot",
        Output(save, show, ax, dpi = dpi),
    )
}

/**
 * Draws the genes that weigh most and least in a component as bars around zero.
 *
 * Reads `varm[key]`.
 *
 * @param key loadings in varm: `gPCs` of `c2v.tl.graphAssociations`, or `PCs`
 * @param comp component, counted from 0
 * @param nGenes genes at each end
 * @param kind `v`: one bar below the other; `h`: side by side
 * @param fullBorder leaves the arrow away for lines at both axes
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.pcaLoadings(
    adata: AnnData,
    key: String = "gPCs",
    comp: Int = 0,
    nGenes: Int = 5,
    kind: String = "v",
    cmap: Any = "RdBu_r",
    title: String? = null,
    fullBorder: Boolean = false,
    figsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    require(comp >= 0) { "comp is counted from 0, got $comp" }
    val nCols = (adata.varm.find(key) as? Matrix)?.nCols()
    require(nCols == null || comp < nCols) {
        "comp is counted from 0 and must be less than $nCols, the columns of varm['$key'], got $comp"
    }
    val loadings = RankedSlots.read(adata, "varm", listOf(key), null, listOf(comp)).single().values
    val own = when (key) {
        "gPCs", "PCs" -> "${key.dropLast(1)}${comp + 1} loadings"
        else -> "$key ${comp + 1} loadings"
    }
    val bars = Bars(kind, cmap, BAR_WIDTH, "black", title ?: own, figsize, bothAxes = fullBorder)
    return bars.aroundZero(
        adata.varNames, loadings, nGenes, "pca_loadings", Output(save, show, ax, dpi = dpi), "varm['$key']",
    )
}

/**
 * Draws by how much genes speak for one fate rather than another: those with the largest difference at either end.
 *
 * Reads `varm[varmKey]` of the object that predictors explain genes in, a table of genes by fates.
 *
 * @param group1 fate that positive bars speak for, and [group2] negative ones
 * @param varmKey signed mean SHAP values as `c2v.utils.correctShap` makes them; others are taken with a warning
 * @param nGenes genes at each end
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.predictorsComparison(
    adata: AnnData,
    group1: String,
    group2: String,
    varmKey: String? = null,
    nGenes: Int = 10,
    kind: String = "v",
    cmap: Any = "RdBu_r",
    title: String? = null,
    figsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val key = varmKey ?: SIGNED
    if (key != SIGNED) {
        Log.warning("varm['$key'] should hold SHAP values with their signs corrected and not normalised by the largest")
    }
    val table = adata.varm.find(key)
        ?: throw MissingKeyException(
            "varm", key, adata.varm.keys, "Run c2v.utils.correctShap(normalize = false) first.",
        )
    require(group1 != group2) { "group1 and group2 must differ, got '$group1' twice" }
    val names = (table as? DataFrame)?.keys?.toList()
    val (first, second) = listOf(group1, group2).map { namedColumn("varm['$key']", table, names, it) }
    val differences = DoubleArray(first.size) { first[it] - second[it] }
    val own = title ?: "$group1 [+] vs. $group2 [\u2013]"
    return Bars(kind, cmap, BAR_WIDTH, "black", own, figsize, bothAxes = true)
        .aroundZero(
            adata.varNames, differences, nGenes, "predictors_comparison", Output(save, show, ax, dpi = dpi),
            "varm['$key']",
        )
}

/** What figures of bars have in common. */
private class Bars(
    private val kind: String,
    private val cmap: Any,
    private val width: Double,
    private val edge: String,
    private val title: String,
    private val figsize: Pair<Number, Number>?,
    private val bothAxes: Boolean,
) {
    init {
        require(kind in KINDS) { "kind must be one of $KINDS, got '$kind'" }
        require(width > 0 && width <= 1) { "width must lie in 0..1, got $width" }
    }

    /** The [n] largest from the largest down and the [n] smallest, in colours that are even around zero. */
    fun aroundZero(
        names: List<String>,
        values: DoubleArray,
        n: Int,
        name: String,
        output: Output,
        slot: String,
    ): Figure {
        Check.positive(n, "nGenes")
        val sorted = values.indices.filter { values[it].isFinite() }.sortedByDescending { values[it] }
        require(sorted.isNotEmpty()) { "$slot has no finite number to draw, but ${values.size} that are none" }
        val shown = if (sorted.size <= 2 * n) sorted else sorted.take(n) + sorted.takeLast(n)
        val most = shown.maxOf { abs(values[it]) }
        return figure(shown.map(names::get), shown.map(values::get), -most, most, name, output)
    }

    fun figure(
        names: List<String>,
        values: List<Double>,
        vmin: Number?,
        vmax: Number?,
        name: String,
        output: Output,
    ): Figure {
        require(values.isNotEmpty()) { "series must have at least one number, got none" }
        values.indexOfFirst { !it.isFinite() }.takeIf { it >= 0 }?.let {
            throw IllegalArgumentException("series must have finite numbers, got ${values[it]} for '${names[it]}'")
        }
        val lying = kind == "v"
        val long = values.size * PLACE
        val inches = figsize?.let { (w, h) -> w.toDouble() * INCH to h.toDouble() * INCH }
        require(inches == null || inches.first > 0 && inches.second > 0) { "figsize must be positive, got $figsize" }
        val all = values.toDoubleArray()
        val limits = Limits.of(all, vmin = vmin ?: minOf(0.0, values.min()), vmax = vmax, vcenter = null, panel = 0)
        val style = BarStyle(
            colorMap(cmap, "Reds"), limits, lying, width, Palettes.color(edge, "edgecolor"), bothAxes, title,
            inches?.first ?: if (lying) ACROSS else long, inches?.second ?: if (lying) long else ACROSS, sessionLook(),
        )
        return finish(grid(listOf(BarFigure(names, all, style).build()), 1), name, output)
    }

    private companion object {
        val KINDS = listOf("v", "h")
        const val PLACE = 20.0
        const val ACROSS = 240.0
        const val INCH = 80.0
    }
}

private const val BAR_WIDTH = 0.8
private const val SIGNED = "signed_mean_shap"
