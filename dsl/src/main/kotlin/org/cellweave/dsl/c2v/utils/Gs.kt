package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.representation
import org.cellweave.preprocess.GeometricSketch
import org.cellweave.preprocess.GeometricSketch.Params.DEFAULTS as SKETCH

/**
 * Draws cells or clones that cover their space evenly, as a validation set for a model. See [GeometricSketch].
 *
 * Reads `obsm[useRep]`, or `X`, and `obs[batchKey]`. Writes `obs[obsKey]`, which is `sketch` for those drawn and `full`
 * for others, and `uns["gs"]`, by which [boostedTrees] finds them. Other cells than the package geosketch draws for the
 * same seed.
 *
 * @param batchKey column whose groups are each drawn from, in the same share; groups too small for it give nothing
 * @param n share of the rows up to 1, above 1 their number
 */
public fun ClonalUtilities.gs(
    adata: AnnData,
    useRep: String = "X_pca",
    batchKey: String? = null,
    n: Number = SKETCH.n(),
    obsKey: String = "gs",
    randomState: Long = SKETCH.seed(),
): AnnData {
    val builder = GeometricSketch.Params.builder().seed(randomState)
    val params = builder.n(n.toDouble()).build()
    val size = params.size(adata.nObs)
    val source = adata.representation(useRep, null) {}
    val batches = batchKey?.let { adata.categories(it, "batchKey").withoutUnused().members() }
    val told = { drawn: Int -> "drew $drawn of ${adata.nObs}, added\n    '$obsKey' (adata.obs)\n    'gs' (adata.uns)" }
    Log.timed("drawing a geometric sketch from ${source.slot}", told) {
        val drawn = BooleanArray(adata.nObs)
        val each = if (batches == null) params else builder.n(share(params, size, adata.nObs)).build()
        for (rows in batches?.asList() ?: listOf(IntArray(adata.nObs) { it })) {
            val cells = adata.namingCulprit("gs", source) {
                withProgress { GeometricSketch.run(source.x.takeRows(rows), each, it) }.cells()
            }
            cells.forEach { drawn[rows[it]] = true }
        }
        val labels = Array(adata.nObs) { if (drawn[it]) "sketch" else "full" }
        adata.obs.set(obsKey, CategoricalColumn.ofTexts(labels, arrayOf("full", "sketch"), false))
        drawn.count { it }
    }
    val settings = dict(
        "use_rep" to useRep,
        "batch_key" to batchKey,
        "n" to if (n is Int) n.toLong() else n,
        "obs_key" to obsKey,
        "random_state" to randomState,
        "keys" to dict("validation" to "sketch", "train" to "full"),
    )
    adata.uns["gs"] = settings.filterValues { it != null }
    return adata
}

/** What each batch gives. */
private fun share(params: GeometricSketch.Params, size: Int, nCells: Int): Double =
    if (params.n() > 1) size.toDouble() / nCells else params.n()
