package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.VolcanoClass
import org.cellweave.dsl.plot.VolcanoPanel
import org.cellweave.dsl.plot.VolcanoPoints
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.abs
import kotlin.math.log10
import kotlin.math.max

/**
 * Draws effects against evidence, one dot per gene, with the strongest named.
 *
 * @param pvals evidence: numbers, one per gene; a gene without one has no dot
 * @param logfcs effects: numbers, one per gene
 * @param names of the genes, which names in the figure need
 * @param adjP whether the axis speaks of adjusted p values
 * @param lgP whether evidence is drawn as its negative logarithm; p values below 1e-300 count as that
 * @param pvalThreshold evidence from which on a gene is significant: at most so much, with `lgP = false` at least
 * @param logfcThreshold effect from which on it is large
 * @param nHighlite significant genes of large effect that are named, of each side
 * @param highliteNames genes to name instead
 * @param xlabel by default `log2 fold change`, or `effect` where all lie within -1..1, as correlations do
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.volcano(
    pvals: Any,
    logfcs: Any,
    names: Any? = null,
    adjP: Boolean = false,
    lgP: Boolean = true,
    pvalThreshold: Number = 0.05,
    logfcThreshold: Number = 1.0,
    nHighlite: Int = 5,
    highliteNames: Any? = null,
    title: String = "",
    xlabel: String? = null,
    ylabel: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val evidence = figureNumbers(pvals, "pvals")
    val effects = figureNumbers(logfcs, "logfcs")
    Check.sameLength(effects.size, evidence.size, "logfcs", "the number of pvals")
    require(!lgP || pvalThreshold.toDouble().let { it > 0 && it <= 1 }) {
        "pvalThreshold must lie in 0..1, got $pvalThreshold"
    }
    val wrong = if (lgP) evidence.firstOrNull { it < 0 || it > 1 } else null
    require(wrong == null) { "pvals must lie in 0..1, got $wrong; lgP = false draws other evidence as it is" }
    val own = texts(names, "names")
    own?.let { Check.sameLength(it.size, evidence.size, "names", "the number of pvals") }
    val upright = if (lgP) DoubleArray(evidence.size) { -log10(max(evidence[it], LEAST)) } else evidence
    val line = if (lgP) -log10(pvalThreshold.toDouble()) else pvalThreshold.toDouble()
    val choice = VolcanoChoice(effects, upright, line, Check.nonNegative(logfcThreshold.toDouble(), "logfcThreshold"))
    val named = choice.named(own, texts(highliteNames, "highliteNames"), Check.nonNegative(nHighlite, "nHighlite"))
    val panel = VolcanoPanel(
        VolcanoPoints(effects, upright, own, choice.classes, named), logfcThreshold.toDouble(), line, title,
        xlabel ?: effectLabel(effects), ylabel ?: if (adjP) "-log10 adjusted p" else "-log10 p", sessionLook(),
    ).build()
    return finish(grid(listOf(panel), 1), "volcano", Output(save, show, ax, figsize, dpi))
}

/**
 * Draws how much genes matter for the prediction of a fate against the sign of what they say.
 *
 * Reads `layers[layer]` (SHAP values of clones by genes) and `varm["gex_r"]` (correlations of SHAP values with
 * expression, a table of genes by fates), as gradient-boosted predictors write them.
 *
 * @param layer fate
 * @param minCorr correlation from which on a gene's sign is plain
 * @param minShap mean absolute SHAP value from which on a gene matters
 * @param nHighlite genes that are named, of each side
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.shapVolcano(
    adata: AnnData,
    layer: String,
    minCorr: Number = 0.5,
    minShap: Number = 0.05,
    nHighlite: Int = 5,
    highliteNames: Any? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val advice = BY_TREES
    val correlations = adata.varm.find("gex_r") as? DataFrame
        ?: throw MissingKeyException("varm", "gex_r", adata.varm.keys, advice)
    val shap = adata.layers.matrix(layer, advice)
    val column: Column = correlations.find(layer)
        ?: throw MissingKeyException("varm['gex_r']", layer, correlations.keys, advice)
    val means = columnsOf(shap, IntArray(adata.nVars) { it }).map { v -> v.sumOf(::abs) / v.size }
    return volcano(
        means, column, adata.varNames, lgP = false, pvalThreshold = minShap.toDouble(),
        logfcThreshold = minCorr.toDouble(),
        nHighlite = nHighlite, highliteNames = highliteNames, title = title ?: "$layer proportion predictors",
        xlabel = "Correlation of SHAP and expression", ylabel = "Mean |SHAP|", show = show,
        save = save, ax = ax, figsize = figsize, dpi = dpi,
    )
}

/** Correlations and shares of variance lie within -1..1; what lies beyond is taken for logarithms of ratios. */
private fun effectLabel(effects: DoubleArray): String =
    if (effects.all { it.isNaN() || abs(it) <= 1 }) "effect" else "log2 fold change"

/** Which genes are significant, which are large, and which of them are named. */
private class VolcanoChoice(
    private val effects: DoubleArray,
    private val evidence: DoubleArray,
    line: Double,
    large: Double,
) {
    val classes: List<VolcanoClass> = effects.indices.map { i ->
        val significant = evidence[i] >= line
        when {
            effects[i] <= -large -> if (significant) VolcanoClass.LEFT_SIGNIFICANT else VolcanoClass.LEFT
            effects[i] >= large -> if (significant) VolcanoClass.RIGHT_SIGNIFICANT else VolcanoClass.RIGHT
            significant -> VolcanoClass.CENTRE_SIGNIFICANT
            else -> VolcanoClass.BACKGROUND
        }
    }

    fun named(names: List<String>?, wanted: List<String>?, n: Int): List<Int> {
        if (wanted != null) {
            require(names != null) { "highliteNames needs names, one per gene" }
            val places = names.withIndex().associate { it.value to it.index }
            val missing = wanted.filter { it !in places }
            if (missing.isNotEmpty()) {
                throw MissingKeyException("names", missing, names.take(SHOWN), Check.suggestion(missing[0], names))
            }
            return wanted.map(places::getValue).filter { effects[it].isFinite() && evidence[it].isFinite() }
        }
        if (names == null) return emptyList()
        return listOf(VolcanoClass.LEFT_SIGNIFICANT, VolcanoClass.RIGHT_SIGNIFICANT).flatMap { side ->
            classes.indices
                .filter { classes[it] == side && effects[it].isFinite() && evidence[it].isFinite() }
                .sortedWith(compareBy({ -evidence[it] }, { -abs(effects[it]) }))
                .take(n)
        }
    }

    private companion object {
        const val SHOWN = 10
    }
}

private const val LEAST = 1e-300
