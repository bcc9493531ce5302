package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Notice
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Violin
import org.cellweave.dsl.plot.ViolinPanel
import org.cellweave.dsl.plot.ViolinStyle
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.RankedGenes
import org.cellweave.dsl.shown.groupsOf
import org.cellweave.dsl.shown.texts

/**
 * Draws the distributions of every group's top genes in the group (its colour) and in the reference (grey).
 *
 * Reads `uns[key]`, made by `sc.tl.rankGenesGroups`, `obs`, X or raw. Writes `uns[{groupby}_colors]`.
 *
 * @param nGenes per group; negative takes the lowest scores
 * @param geneNames genes to show instead
 * @param split halves of one violin, or else two violins side by side
 * @param densityNorm `width`, `area` or `count`; [scale] is its older name
 * @param strip whether cells are drawn as dots
 */
public fun Plotting.rankGenesGroupsViolin(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int = 20,
    geneNames: Any? = null,
    geneSymbols: String? = null,
    useRaw: Boolean? = null,
    key: String? = null,
    split: Boolean = true,
    densityNorm: String = "width",
    strip: Boolean = true,
    jitter: Any = true,
    size: Number = 1,
    ncols: Int = 1,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    scale: String? = null,
): Figure {
    require(nGenes != 0) { "nGenes must not be 0" }
    val norm = checkedNorm(scale ?: densityNorm)
    val style = ViolinStyle(
        log = false, stripplot = strip, jitter = jitterOf(jitter), dotSize = size.toDouble(), densityNorm = norm,
        rotation = 90.0, look = sessionLook(),
    )
    val ranked = RankedGenes(adata, key ?: "rank_genes_groups", geneSymbols)
    val by = requireNotNull(ranked.groupby) { "the result in uns does not name its groupby; run rankGenesGroups again" }
    val cells = groupsOf(adata, by)
    val colors = CategoryColors.of(adata, by, cells.names, null)
    val expression = Expression(adata, useRaw ?: (ranked.useRaw && adata.raw != null), null, geneSymbols)
    val reference = cells.names.indexOf(ranked.reference)
    val wanted = texts(geneNames, "geneNames")
    val chosen = texts(groups, "groups")
    val panels = (if (wanted == null) ranked.groupsWithGenes(chosen) else ranked.groups(chosen)).map { group ->
        val g = cells.names.indexOf(group)
        require(g >= 0) { "group '$group' of the result is no category of obs['$by'] ${cells.names}" }
        val top = ranked.present(group)
        val genes = wanted ?: ranked.names(group, if (nGenes > 0) top.take(nGenes) else top.takeLast(-nGenes))
        val values = expression.genes(genes)
        val violins = genes.indices.flatMap { j ->
            val inside = values[j].filterIndexed { i, _ -> cells.codes[i] == g }.toDoubleArray()
            val outside = values[j]
                .filterIndexed { i, _ -> if (reference < 0) cells.codes[i] != g else cells.codes[i] == reference }
                .toDoubleArray()
            val reach = if (split) 0.4 else 0.18
            val offset = if (split) 0.0 else 0.2
            val side = if (split) 1 else 0
            listOf(
                Violin(genes[j], inside, colors[g], j, -side, -offset, reach),
                Violin(genes[j], outside, REST, j, side, offset, reach),
            )
        }
        ViolinPanel(violins, style, "$group vs. ${ranked.reference}", "genes", "expression").build()
    }
    val shown = panels.ifEmpty { listOf(Notice(ranked.nothing, style.look).build()) }
    return finish(grid(shown, ncols), "rank_genes_groups_violin", Output(save, show, ax, figsize, dpi))
}

private const val REST = Palettes.NA
