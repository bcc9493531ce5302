package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.GeneSelection
import org.cellweave.util.Check
import org.cellweave.preprocess.GeneSelection.Params.DEFAULTS as SELECTION

/**
 * Marks genes that vary more within batches than the drawing of counts makes them, as LIGER does. See [GeneSelection].
 *
 * Reads counts from `X` (or [layer]) and `obs[batchKey]`. Writes `var["highly_variable"]`, which `sc.tl.inmf` reads, and
 * `var["highly_variable_nbatches"]`, how many batches choose a gene.
 *
 * @param batchKey null for one batch
 * @param thresh how far above that of counts the logarithm of the variance must be
 * @param alpha chance that one gene of all is beyond its interval by the drawing of counts
 * @param combine `union` or `intersection` of what the batches choose
 */
public fun Preprocessing.selectGenes(
    adata: AnnData,
    batchKey: String? = "batch",
    thresh: Number = SELECTION.thresh(),
    alpha: Number = SELECTION.alpha(),
    combine: String = SELECTION.combine().spelled(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val params = selection(thresh.toDouble(), alpha.toDouble(), combine)
    val target = adata.target(copy)
    val batch = target.batches(batchKey)
    marked(target, target.selected(batch, params, layer))
    return target
}

/**
 * As for an object of one modality, within each modality. Features that only some cells have been measured for, which
 * `sc.tl.uinmf` gives weights of their own, have a threshold of their own.
 *
 * Reads counts from `X` (or [layer]) of the modalities and `obs[batchKey]`. Writes `var["highly_variable"]` and
 * `var["highly_variable_nbatches"]` of each.
 *
 * @param unsharedThresh [thresh] for modalities that some cells lack
 * @param modalities names of those to mark; null for all
 */
public fun Preprocessing.selectGenes(
    mdata: MuData,
    batchKey: String? = "batch",
    thresh: Number = SELECTION.thresh(),
    alpha: Number = SELECTION.alpha(),
    unsharedThresh: Number = SELECTION.thresh(),
    combine: String = SELECTION.combine().spelled(),
    modalities: List<String>? = null,
    layer: String? = null,
    copy: Boolean = false,
): MuData {
    val shared = selection(thresh.toDouble(), alpha.toDouble(), combine)
    val unshared = selection(unsharedThresh.toDouble(), alpha.toDouble(), combine)
    val target = mdata.target(copy)
    val labels = batchKey?.let { target.labels(it, "batchKey") }
    val found =
        (modalities ?: target.mod.keys.toList()).map { name ->
            val adata = target.mod.get(name)
            val cells = target.cellsOf(name)
            val batch = labels?.subset(cells)?.withoutUnused() ?: adata.batches(null)
            adata to adata.selected(batch, if (cells.size == target.nObs) shared else unshared, layer)
        }
    found.forEach { (adata, result) -> marked(adata, result) }
    return target
}

private fun selection(thresh: Double, alpha: Double, combine: String) =
    GeneSelection.Params(thresh, alpha, Check.oneOf(combine, GeneSelection.Combine::class.java, "combine"))

/** Labels of [key], or one set of all cells. */
internal fun AnnData.batches(key: String?): Categories =
    key?.let { categories(it, "batchKey").withoutUnused() } ?: Categories("cells", IntArray(nObs), arrayOf("all"))

private fun AnnData.selected(batch: Categories, params: GeneSelection.Params, layer: String?): GeneSelection.Result {
    val source = source(layer)
    val result = running("selectGenes", source) { GeneSelection.run(source.x, batch, params) }
    result.nonInteger()?.let {
        Log.warning(
            "selectGenes expects counts, but found ${it.value()} in row ${it.row()}, column ${it.col()} of " +
                "${source.slot}; name the layer that holds the counts",
        )
    }
    val n = result.selected().count { it }
    if (n == 0) Log.warning("no gene is chosen; lower thresh") else Log.info("$n genes are chosen")
    return result
}

private fun marked(adata: AnnData, result: GeneSelection.Result) {
    adata.`var`.set("highly_variable", BooleanColumn.of(*result.selected()))
    adata.`var`.set("highly_variable_nbatches", NumericColumn.of(*result.nSets()))
}
