package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.integrate.scanorama.Scanorama
import org.cellweave.matrix.DType
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.util.Check
import org.cellweave.integrate.scanorama.Scanorama.Params.DEFAULTS as SCANORAMA

/**
 * Joins batches by cells that are mutually nearest, in the order of how much they share. See [Scanorama].
 *
 * Reads `X` (logarithms), or `obsm[basis]`, and `obs[batchKey]`. Writes `obsm[adjustedBasis]` and `uns["scanorama"]`
 * (`params`, `batches`, `scores`, the joins in their order, the search's `recall`); with [correct] also
 * `layers["scanorama"]`.
 *
 * @param basis coordinates to join by as they are, such as `X_pca`; null for components of `X`
 * @param alpha share of a batch's cells in pairs that a join needs more than
 * @param hvg genes of largest dispersion to use, null for all; with [correct] they are in `obsm["scanorama_corrected"]`
 * @param metric `manhattan` or `euclidean`, on rows of length one
 * @param order `given`, that of the levels, or `size`, so that names of batches do not matter
 * @param search `exact`, `approximate` or `auto`, approximate for more than 4,096 cells; `recall` is what it has found
 * @param sketch joins large batches by [sketchMax] cells that cover each evenly; all others follow
 * @param svdSolver `randomized` as the original, by its random numbers of [seed], or `exact`
 */
public fun Preprocessing.scanorama(
    adata: AnnData,
    batchKey: String = "batch",
    basis: String? = null,
    adjustedBasis: String = "X_scanorama",
    batchSize: Int = SCANORAMA.batchSize(),
    dimred: Int = SCANORAMA.dimred(),
    sigma: Number = SCANORAMA.sigma(),
    alpha: Number = SCANORAMA.alpha(),
    knn: Int = SCANORAMA.knn(),
    hvg: Int? = SCANORAMA.hvg(),
    seed: Long = SCANORAMA.seed(),
    correct: Boolean = SCANORAMA.correct(),
    metric: String = SCANORAMA.metric().spelled(),
    order: String = SCANORAMA.order().spelled(),
    svdSolver: String = SCANORAMA.svdSolver().spelled(),
    search: String = SCANORAMA.search().spelled(),
    sketch: Boolean = SCANORAMA.sketch(),
    sketchMax: Int = SCANORAMA.sketchMax(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params =
        Scanorama.Params(
            knn, sigma.toDouble(), alpha.toDouble(), dimred, hvg, batchSize, Metric.named(metric),
            Check.oneOf(search, NearestNeighbors.Search::class.java, "search"),
            Check.oneOf(order, Scanorama.Order::class.java, "order"), correct,
            Check.oneOf(svdSolver, Scanorama.Solver::class.java, "svdSolver"), sketch, sketchMax, seed,
        )
    val method = if (basis == null) Scanorama.with(params) else Scanorama.onEmbedding(params)
    val batch = target.categories(batchKey, "batchKey")
    val source = target.sourceOf(method.reads(), basis.orEmpty())
    val result =
        Log.timed<Scanorama.Result>("running Scanorama", { joined(it, adjustedBasis) }) {
            target.integrate(method, "scanorama", source, listOf(batch))
        }
    target.store(result.integrated().first(), adjustedBasis)
    if (result.genes() != null && correct) {
        target.store(result.integrated()[1], "scanorama_corrected")
    } else if (correct) {
        target.putMatrix("scanorama", result.corrected())
    }
    target.uns["scanorama"] = told(params, result, source.slot, batchKey, target)
    return target
}

private fun joined(result: Scanorama.Result, key: String) =
    "added\n    '$key' (adata.obsm)\n    ${result.steps().size} joins of ${result.batches().size} batches"

private fun told(
    params: Scanorama.Params,
    result: Scanorama.Result,
    slot: String,
    batchKey: String,
    adata: AnnData,
): Map<String, Any?> {
    val n = result.batches().size
    val scores = result.scores().flatMap { it.asList() }.toDoubleArray()
    val steps = result.steps()

    fun named(batches: IntArray) = batches.joinToString("+") { result.batches()[it] }
    val told =
        dict(
            "params" to
                dict("batch_key" to batchKey, "reads" to slot) +
                recorded(
                    params, "knn", "sigma", "alpha", "dimred", "hvg", "batchSize", "metric", "search", "order",
                    "svdSolver", "sketch", "sketchMax", "seed",
                    called = mapOf("seed" to "seed"),
                ),
            "batches" to NdArray.of(*result.batches()),
            "search" to result.search().spelled(),
            "recall" to result.recall(),
            "n_sketch" to result.nSketch().toLong(),
            "scores" to NdArray(DType.FLOAT64, intArrayOf(n, n), scores),
            "moved" to NdArray.of(*Array(steps.size) { named(steps[it].moved()) }),
            "onto" to NdArray.of(*Array(steps.size) { named(steps[it].onto()) }),
            "score_of_join" to NdArray.of(*DoubleArray(steps.size) { steps[it].score() }),
            "matches" to NdArray.of(*LongArray(steps.size) { steps[it].matches().toLong() }),
        )
    val genes = result.genes() ?: return told
    return told + dict("genes" to NdArray.of(*Array(genes.size) { adata.varNames[genes[it]] }))
}
