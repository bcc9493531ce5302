package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.BoxPanel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.preprocess.HighestExpressed
import kotlin.math.log10

/**
 * Draws the genes that take the largest part of the counts, as boxes over cells of their percentages.
 *
 * See [HighestExpressed] for the numbers.
 *
 * Reads X or [layer], and `var[geneSymbols]`.
 *
 * @param nTop number of genes
 * @param geneSymbols column of var with other names
 * @param log logarithmic axis; cells without a gene are left out of its box
 */
public fun Plotting.highestExprGenes(
    adata: AnnData,
    nTop: Int = HighestExpressed.Params.DEFAULTS.nTop(),
    layer: String? = null,
    geneSymbols: String? = null,
    log: Boolean = false,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val params = HighestExpressed.Params
        .builder()
        .nTop(nTop)
        .build()
    val result = HighestExpressed.run(adata.matrixOf(layer), params)
    val symbols = geneSymbols?.let {
        adata.`var`
            .get(it)
            .texts()
            .asList()
    } ?: adata.varNames
    val values = result.percent().map { row ->
        val wide = DoubleArray(row.size) { row[it].toDouble() }
        if (log) wide.filter { it > 0 }.map { log10(it) }.toDoubleArray() else wide
    }
    require(values.any { it.isNotEmpty() }) { "adata has no counts to draw" }
    val panel = BoxPanel(result.genes().map { symbols[it] }, values, log, "% of total counts", sessionLook()).build()
    return finish(listOf(Placed(panel, 0, 0)), "highest_expr_genes", Output(save, show, ax, figsize, dpi))
}
