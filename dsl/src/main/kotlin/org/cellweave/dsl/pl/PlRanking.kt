package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Notice
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.RankingPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.RankedGenes
import org.cellweave.dsl.shown.VarianceRatio
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException
import kotlin.math.ln
import kotlin.math.log10

/**
 * Draws the names of the top genes of every group at their scores.
 *
 * Reads `uns[key]`, made by `sc.tl.rankGenesGroups`.
 *
 * @param sharey whether all panels have the same scale
 */
public fun Plotting.rankGenesGroups(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int = 20,
    geneSymbols: String? = null,
    key: String = "rank_genes_groups",
    fontsize: Number = 8,
    ncols: Int = 4,
    sharey: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(nGenes > 0) { "nGenes must be positive, got $nGenes" }
    require(ncols > 0) { "ncols must be positive, got $ncols" }
    val ranked = RankedGenes(adata, key, geneSymbols)
    val look = sessionLook()
    val shown = ranked.groupsWithGenes(texts(groups, "groups"))
    val output = Output(save, show, ax, figsize, dpi)
    if (shown.isEmpty()) {
        return finish(grid(listOf(Notice(ranked.nothing, look).build()), 1), "rank_genes_groups", output)
    }
    val ranks = shown.map { ranked.present(it).take(nGenes) }
    val names = shown.mapIndexed { i, group -> ranked.names(group, ranks[i]) }
    val scores = shown.mapIndexed { i, group ->
        val all = ranked.numbers("scores", group)
        DoubleArray(ranks[i].size) { all[ranks[i][it]] }
    }
    val shared = Ends.of(*scores.toTypedArray())
    val size = fontsize.toDouble() * 1.25
    val longest = RankingPanel.longest(names.flatten())
    val panels = shown.mapIndexed { i, group ->
        val bounds = if (sharey) shared else Ends.of(scores[i])
        RankingPanel(
            names[i], scores[i], bounds.first, bounds.second, "$group vs. ${ranked.reference}",
            if (i / ncols == (shown.size - 1) / ncols) "ranking" else "", if (i % ncols == 0) "score" else "",
            fontSize = size,
            look = look,
            longestName = if (sharey) longest else RankingPanel.longest(names[i]),
        ).build()
    }
    return finish(
        grid(panels, ncols), "rank_genes_groups", Output(save, show, ax, figsize, dpi),
        "rank_genes_groups_" + ranked.groupby, names.flatten(),
    )
}

/**
 * Draws the part of the variance that each principal component explains.
 *
 * Reads `uns[pca][variance_ratio]`.
 *
 * @param log natural logarithm of the ratios
 */
public fun Plotting.pcaVarianceRatio(
    adata: AnnData,
    nPcs: Int = 30,
    log: Boolean = false,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(nPcs > 0) { "nPcs must be positive, got $nPcs" }
    val ratio = VarianceRatio
        .of(adata)
        .take(nPcs)
        .map { if (log) ln(it) else it }
        .toDoubleArray()
    val names = ratio.indices.map { "PC${it + 1}" }
    val (low, high) = Ends.of(ratio)
    val panel = RankingPanel(
        names, ratio, low, high, "variance ratio", "ranking", "",
        fontSize = 10.0, look = sessionLook(), panelWidth = 400, panelHeight = 300,
    )
    return finish(grid(listOf(panel.build()), 1), "pca_variance_ratio", Output(save, show, ax, figsize, dpi))
}

/**
 * Draws dispersions, or variances for `seurat_v3`, of genes against their means, normalised and not.
 *
 * Reads `var[highly_variable, means, dispersions(_norm) or variances(_norm)]`.
 *
 * @param log logarithmic axes
 * @param highlyVariableGenes whether the chosen genes are marked
 */
public fun Plotting.highlyVariableGenes(
    adata: AnnData,
    log: Boolean = false,
    highlyVariableGenes: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val table = adata.`var`
    val remedy = remedy("highly_variable", "var")

    fun column(key: String) =
        table.find(key)?.toDoubles() ?: throw MissingKeyException("var", key, table.keys, remedy)
    val word = if (table.contains("dispersions_norm")) "dispersions" else "variances"
    val means = column("means")
    val measures = listOf(column(word + "_norm") to "(normalized)", column(word) to "(not normalized)")
    val flags = table.find("highly_variable") as? BooleanColumn
        ?: throw MissingKeyException("var", "highly_variable", table.keys, remedy)
    val chosen = BooleanArray(means.size) { flags.get(it) }.takeIf { highlyVariableGenes }
    val panels = spreadPanels(means, measures, chosen, word, log)
    return finish(
        grid(panels, 2), "highly_variable_genes", Output(save, show, ax, figsize, dpi), "filter_genes_dispersion",
    )
}

/**
 * Spread against mean of genes, one panel for each of [measures]; [word] names them.
 *
 * @param chosen genes in black, the others grey; null for all in black
 */
internal fun spreadPanels(
    means: DoubleArray,
    measures: List<Pair<DoubleArray, String>>,
    chosen: BooleanArray?,
    word: String,
    log: Boolean,
): List<Panel> {
    fun scaled(values: DoubleArray) =
        if (log) DoubleArray(values.size) { if (values[it] > 0) log10(values[it]) else Double.NaN } else values
    val look = sessionLook()
    val prefix = if (log) "log10 " else ""
    val color = if (chosen == null) {
        DotColor.Plain("#000000")
    } else {
        DotColor.Discrete(
            IntArray(means.size) { if (chosen[it]) 0 else 1 },
            listOf("highly variable genes", "other genes"),
            listOf("#000000", Palettes.GREY),
        )
    }
    return measures.mapIndexed { i, (values, note) ->
        val style = DotStyle(
            plainDiameter = 2.2, alpha = 1.0, naColor = Palettes.NA, sortOrder = false,
            legend = LegendStyle.plain(if (i == 0) "upper right" else "none"), look = look, ticks = true,
            panelWidth = 320, panelHeight = 290,
        )
        val y = "$prefix$word of genes $note"
        PointPanel(scaled(means), scaled(values), color, style, "", prefix + "mean expressions of genes", y).build()
    }
}
