package org.cellweave.dsl

import org.cellweave.data.AnnData

/**
 * Draws fold changes of `sc.tl.pseudobulkDe` against adjusted p-values, one dot per gene, with the strongest named. See
 * [ClonalPlotting.volcano].
 *
 * Reads `uns[key]`.
 *
 * @param group the group shown, where the test was made by group
 * @param pvalThreshold adjusted p-value up to which a gene is significant
 * @param logfcThreshold fold change from which on it is large, to the base 2
 * @param nHighlite significant genes of large change that are named, of each side
 * @param highliteNames genes to name instead
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.volcano(
    adata: AnnData,
    group: String? = null,
    key: String = "pseudobulk_de",
    pvalThreshold: Number = 0.05,
    logfcThreshold: Number = 1.0,
    nHighlite: Int = 5,
    highliteNames: Any? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val table = sc.get.pseudobulkDf(adata, group, key)
    val groups = table.find("group")?.let { column -> List(column.size()) { column.text(it) }.distinct() }.orEmpty()
    require(groups.size <= 1) { "volcano shows one group; name one of $groups, as in group = \"${groups[0]}\"" }
    val names = table.get("names")
    return c2v.pl.volcano(
        table.get("padj"), table.get("log2FoldChange"), List(table.nRows()) { names.text(it) }, adjP = true,
        pvalThreshold = pvalThreshold.toDouble(), logfcThreshold = logfcThreshold.toDouble(), nHighlite = nHighlite,
        highliteNames = highliteNames, title = title ?: groups.firstOrNull().orEmpty(), xlabel = "log2 fold change",
        show = show, save = save, ax = ax, figsize = figsize, dpi = dpi,
    )
}
