package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.dsl.plot.DotPlotFigure
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.plot.DotTable
import org.cellweave.dsl.plot.Expression
import org.cellweave.dsl.plot.GeneBracket
import org.cellweave.dsl.plot.GeneChoice
import org.cellweave.dsl.plot.GroupedExpression
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.RankedGenes
import org.cellweave.dsl.plot.groupsOf
import org.cellweave.dsl.plot.texts
import org.cellweave.util.Check
import kotlin.math.abs
import kotlin.math.log10

private const val COLOR_TITLE = "Mean expression\nin group"
private const val SIZE_TITLE = "Fraction of cells\nin group (%)"

/**
 * Draws mean expression (colour) and fraction of expressing cells (area) of genes per group.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param numCategories intervals that a numeric [groupby] is cut into
 * @param standardScale `var` or `group`: subtract the least, divide by the largest
 * @param dendrogram true, or the key of the tree in `uns`
 */
public fun Plotting.dotplot(
    adata: AnnData,
    varNames: Any,
    groupby: String,
    useRaw: Boolean? = null,
    log: Boolean = false,
    numCategories: Int = 7,
    categoriesOrder: List<String>? = null,
    expressionCutoff: Double = 0.0,
    meanOnlyExpressed: Boolean = false,
    standardScale: String? = null,
    title: String? = null,
    colorbarTitle: String = COLOR_TITLE,
    sizeTitle: String = SIZE_TITLE,
    dendrogram: Any = false,
    geneSymbols: String? = null,
    varGroupRotation: Number? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    cmap: Any = "Reds",
    dotMax: Double? = null,
    dotMin: Double? = null,
    smallestDot: Double = 0.0,
    save: String? = null,
): Figure {
    require(dendrogram is Boolean || dendrogram is String) {
        "dendrogram must be true, false or a key of uns, got $dendrogram"
    }
    val choice = GeneChoice(varNames)
    val groups = groupsOf(adata, groupby, numCategories)
    val tree = if (dendrogram == false) null else Dendrogram.find(adata, groupby, dendrogram, true)
    require(tree == null || categoriesOrder == null) {
        "dendrogram and categoriesOrder exclude each other; give one of them"
    }
    val values = GroupedExpression(
        Expression(adata, useRaw, layer, geneSymbols), groups, choice.genes, log, expressionCutoff, meanOnlyExpressed,
    )
    values.standardize(standardScale)
    val order = groupOrder(
        groups.names, categoriesOrder ?: tree?.order, if (tree == null) "categoriesOrder" else "the dendrogram",
    )
    val genes = geneOrder(choice, groups.names, tree)
    val table = DotTable(
        order.map { groups.names[it] }, genes.map { choice.genes[it] },
        reordered(values.means, order, genes), reordered(values.fractions, order, genes),
    )
    val style = DotPlotStyle(
        title, colorbarTitle, sizeTitle, ColorMap.of(cmap, "Reds"), tableLimits(table, vmin, vmax, vcenter),
        dotMax, dotMin, smallestDot, swapAxes, varGroupRotation?.toDouble(),
    )
    val panel = DotPlotFigure(table, placedBrackets(choice, genes), tree?.tree(), style).build()
    return finish(listOf(Placed(panel, 0, 0)), "dotplot", save)
}

/**
 * Draws the top genes of every group as a dot plot; colours may be statistics of the test.
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw; the tree over groups if `uns` has it.
 *
 * @param nGenes per group, 10 by default; negative takes the lowest scores
 * @param valuesToPlot `scores`, `logfoldchanges`, `pvals`, `pvals_adj`, `log10_pvals`, `log10_pvals_adj`
 * @param varNames genes to show instead, as in [dotplot]
 * @param dendrogram true, false, the key of the tree in `uns`, or null: drawn if it is there
 */
public fun Plotting.rankGenesGroupsDotplot(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    valuesToPlot: String? = null,
    varNames: Any? = null,
    geneSymbols: String? = null,
    minLogfoldchange: Double? = null,
    key: String? = null,
    title: String? = null,
    colorbarTitle: String? = null,
    sizeTitle: String = SIZE_TITLE,
    dendrogram: Any? = null,
    standardScale: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    cmap: Any = "Reds",
    dotMax: Double? = null,
    dotMin: Double? = null,
    smallestDot: Double = 0.0,
    save: String? = null,
): Figure {
    require(nGenes == null || varNames == null) { "nGenes and varNames exclude each other; give one of them" }
    require(nGenes != 0) { "nGenes must not be 0" }
    val ranked = RankedGenes(adata, key ?: "rank_genes_groups")
    val by = groupby ?: requireNotNull(ranked.groupby) { "the result in uns does not name its groupby; pass groupby" }
    val choice = GeneChoice(
        varNames ?: topGenes(ranked, ranked.groups(texts(groups, "groups")), nGenes ?: 10, minLogfoldchange),
    )
    val cells = groupsOf(adata, by)
    val tree = when (dendrogram) {
        false -> null
        null -> Dendrogram.find(adata, by, true, false)
        else -> Dendrogram.find(adata, by, dendrogram, true)
    }
    val values = GroupedExpression(
        Expression(adata, useRaw ?: (ranked.useRaw && adata.raw != null && layer == null), layer, geneSymbols),
        cells, choice.genes, false, 0.0, false,
    )
    values.standardize(standardScale)
    val order = groupOrder(cells.names, tree?.order, "the dendrogram")
    val genes = geneOrder(choice, cells.names, tree)
    val colors = valuesToPlot?.let { statistics(ranked, it, cells.names, choice.genes) } ?: values.means
    val table = DotTable(
        order.map { cells.names[it] }, genes.map { choice.genes[it] },
        reordered(colors, order, genes), reordered(values.fractions, order, genes),
    )
    val heading = colorbarTitle ?: when (valuesToPlot) {
        null -> COLOR_TITLE
        "logfoldchanges" -> "log fold change"
        else -> valuesToPlot.replace("_", " ").replace("pvals", "p-value").replace("adj", "adjusted")
    }
    val style = DotPlotStyle(
        title, heading, sizeTitle, ColorMap.of(cmap, "Reds"), tableLimits(table, vmin, vmax, vcenter),
        dotMax, dotMin, smallestDot, swapAxes, null,
    )
    val panel = DotPlotFigure(table, placedBrackets(choice, genes), tree?.tree(), style).build()
    return finish(listOf(Placed(panel, 0, 0)), "rank_genes_groups_dotplot", save)
}

private fun topGenes(ranked: RankedGenes, groups: List<String>, n: Int, minimum: Double?): Map<String, List<String>> =
    groups.associateWith { group ->
        val names = ranked.names(group)
        val change = minimum?.let { ranked.numbers("logfoldchanges", group) }
        val kept = names.indices.filter {
            change == null || abs(change[it]) >= abs(minimum) && (minimum < 0) == (change[it] < 0)
        }
        (if (n > 0) kept.take(n) else kept.takeLast(-n)).map { names[it] }
    }

private fun statistics(
    ranked: RankedGenes,
    field: String,
    groups: List<String>,
    genes: List<String>,
): Array<DoubleArray> {
    val fields = listOf("scores", "logfoldchanges", "pvals", "pvals_adj", "log10_pvals", "log10_pvals_adj")
    require(field in fields) { "valuesToPlot must be one of $fields, got '$field'." + Check.suggestion(field, fields) }
    val tested = ranked.groups(null)
    return Array(groups.size) { g ->
        if (groups[g] !in tested) {
            DoubleArray(genes.size) { Double.NaN }
        } else {
            val values = ranked.numbers(field.removePrefix("log10_"), groups[g])
            val at = HashMap<String, Double>()
            ranked.names(groups[g]).forEachIndexed { i, name -> at.putIfAbsent(name, values[i]) }
            DoubleArray(genes.size) {
                val v = at[genes[it]] ?: Double.NaN
                if (field.startsWith("log10_")) -log10(maxOf(v, Double.MIN_VALUE)) else v
            }
        }
    }
}

private fun groupOrder(names: List<String>, order: List<String>?, source: String): List<Int> {
    if (order == null) {
        return names.indices.toList()
    }
    require(order.toSet() == names.toSet()) {
        "$source must list every group once; groups are $names, got $order"
    }
    return order.map(names::indexOf)
}

/** With a tree, brackets that are named after groups follow the groups. */
private fun geneOrder(choice: GeneChoice, groups: List<String>, tree: Dendrogram?): List<Int> {
    val labels = choice.brackets.map { it.label }
    if (tree == null || labels.isEmpty() || !groups.containsAll(labels)) {
        return choice.genes.indices.toList()
    }
    return choice.brackets.sortedBy { tree.order.indexOf(it.label) }.flatMap { (it.from..it.to).toList() }
}

private fun placedBrackets(choice: GeneChoice, genes: List<Int>): List<GeneBracket> =
    choice.brackets.map { b ->
        val from = genes.indexOf(b.from)
        GeneBracket(b.label, from, from + b.to - b.from)
    }

private fun reordered(values: Array<DoubleArray>, rows: List<Int>, columns: List<Int>): Array<DoubleArray> =
    Array(rows.size) { r -> DoubleArray(columns.size) { values[rows[r]][columns[it]] } }

private fun tableLimits(table: DotTable, vmin: Any?, vmax: Any?, vcenter: Any?): Limits {
    val all = table.colors.flatMap { it.asList() }.toDoubleArray()
    return Limits.of(all, vmin, vmax, vcenter, 0)
}
