package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.doublets.Scrublet
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.preprocess.ValueFacts
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.doublets.Scrublet.Params.DEFAULTS as SCRUBLET

/**
 * Scores cells by how much they look like doublets, and calls them. See [Scrublet].
 *
 * Reads raw counts in `X` and `obs[batchKey]`; or, with [adataSim], what [scrubletSimulateDoublets] made from the same
 * genes, both preprocessed alike. Writes `obs["doublet_score"]`, `obs["predicted_doublet"]` and `uns["scrublet"]`
 * (`doublet_scores_sim`, `doublet_parents`, `parameters`, `threshold`; with batches one of these for each under
 * `batches`, and `batched_by`). A cell that the filters leave out has missing values.
 *
 * @param adataSim simulated doublets with `obsm["doublet_parents"]`; with [batchKey] all of them score every batch
 * @param useApproxNeighbors null searches exactly, which is faster for lists as long as these
 * @param getDoubletNeighborParents adds `doublet_neighbor_parents`: `indptr` per cell into `indices` of cells
 * @param nNeighbors null for half the square root of the number of cells
 * @param threshold null to find it between the modes of the simulated doublets' scores
 */
public fun Preprocessing.scrublet(
    adata: AnnData,
    adataSim: AnnData? = null,
    batchKey: String? = null,
    simDoubletRatio: Number = SCRUBLET.simDoubletRatio(),
    expectedDoubletRate: Number = SCRUBLET.expectedDoubletRate(),
    stdevDoubletRate: Number = SCRUBLET.stdevDoubletRate(),
    syntheticDoubletUmiSubsampling: Number = SCRUBLET.umiSubsampling(),
    knnDistMetric: String = SCRUBLET.metric().spelled(),
    normalizeVariance: Boolean = SCRUBLET.normalizeVariance(),
    logTransform: Boolean = SCRUBLET.logTransform(),
    meanCenter: Boolean = SCRUBLET.meanCenter(),
    nPrinComps: Int = SCRUBLET.nPrinComps(),
    useApproxNeighbors: Boolean? = null,
    getDoubletNeighborParents: Boolean = SCRUBLET.neighborParents(),
    nNeighbors: Int? = SCRUBLET.nNeighbors(),
    threshold: Number? = SCRUBLET.threshold(),
    verbose: Boolean = true,
    copy: Boolean = false,
    randomState: Long = SCRUBLET.seed(),
): AnnData {
    val target = adata.target(copy)
    val search =
        when (useApproxNeighbors) {
            null -> SCRUBLET.search()
            true -> NearestNeighbors.Search.APPROXIMATE
            false -> NearestNeighbors.Search.EXACT
        }
    val metric = Check.oneOf(knnDistMetric, Metric::class.java, "knnDistMetric")
    val params =
        Scrublet.Params(
            simDoubletRatio.toDouble(), expectedDoubletRate.toDouble(), stdevDoubletRate.toDouble(),
            syntheticDoubletUmiSubsampling.toDouble(), metric,
            normalizeVariance, logTransform, meanCenter, nPrinComps, search, getDoubletNeighborParents, nNeighbors,
            threshold?.toDouble(), randomState,
        )
    if (adataSim == null && !ValueFacts.of(target.X).looksLikeCounts()) {
        Log.warning("scrublet expects raw counts in X, but not all values are whole; run it before normalizeTotal()")
    }
    adataSim?.let { checkParents(doubletParents(it), target.nObs) }
    val batchesOf = batchKey?.let { batchRows(target, it) }
    val cells = DoubletColumns(target.nObs)
    Log.timed<Unit>("Running Scrublet", { null }) {
        target.uns["scrublet"] = target.namingCulprit("scrublet", target.source(null)) {
            if (batchesOf == null) {
                val result = scored(target.X, adataSim, params, verbose)
                cells.put(result, IntArray(target.nObs) { it })
                stored(result, adataSim, params)
            } else {
                val batches = linkedMapOf<String, Any?>()
                for ((batch, rows) in batchesOf) {
                    val result = scored(target.X.takeRows(rows), adataSim, params, verbose)
                    cells.put(result, rows)
                    batches[batch] = stored(result, adataSim, params)
                }
                dict("batches" to batches, "batched_by" to batchKey)
            }
        }
    }
    target.obs.set("doublet_score", NumericColumn.of(*cells.scores))
    target.obs.set("predicted_doublet", cells.predicted())
    return target
}

/** Scores and calls of all cells; those no batch has scored are missing. */
private class DoubletColumns(
    size: Int,
) {
    val scores = DoubleArray(size) { Double.NaN }
    private val called = BooleanArray(size)
    private val missing = BooleanArray(size) { true }

    fun put(result: Scrublet.Result, rows: IntArray) {
        var at = 0
        for (i in rows.indices) {
            if (result.keptCells()[i]) {
                scores[rows[i]] = result.scores()[at]
                called[rows[i]] = result.predicted()?.get(at) ?: false
                missing[rows[i]] = false
                at++
            }
        }
    }

    fun predicted() = BooleanColumn(called, missing.takeIf { any -> any.any { it } })
}

private fun batchRows(adata: AnnData, batchKey: String): Map<String, IntArray> {
    val batches = adata.categories(batchKey, "batchKey").withoutUnused()
    val members = batches.members()
    return batches
        .levels()
        .withIndex()
        .associate { (level, name) -> name to members[level] }
        .toSortedMap()
}

private fun scored(x: Matrix, sim: AnnData?, params: Scrublet.Params, verbose: Boolean): Scrublet.Result {
    val result =
        withProgress {
            if (sim == null) Scrublet.run(x, params, it) else Scrublet.score(x, sim.X, doubletParents(sim), params, it)
        }
    fittingNeighbors(result.adjustedNeighbors(), result.scores().size + result.simScores().size)
    if (result.threshold() == null) {
        Log.warning(
            "Failed to automatically identify doublet score threshold. Run scrublet with a threshold of your own.",
        )
    } else if (verbose) {
        fun percent(part: Double) = "%.1f%%".format(java.util.Locale.ROOT, 100 * part)
        if (params.threshold() == null) {
            Log
                .info(
                    "Automatically set threshold at doublet score = %.2f"
                        .format(java.util.Locale.ROOT, result.threshold()),
                )
        }
        Log.info(
            "Detected doublet rate = ${percent(result.detectedRate())}\n" +
                "Estimated detectable doublet fraction = ${percent(result.detectableFraction())}\n" +
                "Overall doublet rate:\n\tExpected   = ${percent(params.expectedDoubletRate())}\n" +
                "\tEstimated  = ${percent(result.overallRate())}",
        )
    }
    return result
}

private fun doubletParents(sim: AnnData): IntArray {
    val remedy = "Make adataSim with sc.pp.scrubletSimulateDoublets()."
    val parents =
        sim.obsm.find("doublet_parents")
            ?: throw MissingKeyException("adataSim.obsm", "doublet_parents", sim.obsm.keys, remedy)
    val values: DoubleArray =
        when (parents) {
            is NdArray -> parents.toDoubles()
            is Matrix -> parents.toDense().toFloat64().doubleData()
            else -> throw IllegalArgumentException("obsm['doublet_parents'] must be an array. $remedy")
        }
    return IntArray(values.size) { values[it].toInt() }
}

private fun checkParents(parents: IntArray, nObs: Int) {
    val stray = parents.indexOfFirst { it !in 0 until nObs }
    require(stray < 0) {
        "obsm['doublet_parents'] of adataSim names cell ${parents[stray]}, but there are $nObs cells; " +
            "simulate from this object with sc.pp.scrubletSimulateDoublets()"
    }
}

private fun stored(result: Scrublet.Result, sim: AnnData?, params: Scrublet.Params): Map<String, Any?> {
    val ratio: Any? = if (sim == null) params.simDoubletRatio() else simulatedRatio(sim)
    return dict(
        "doublet_scores_sim" to NdArray.of(*result.simScores()),
        "doublet_parents" to pairs(result.parents()),
        "parameters" to
            dict(
                "expected_doublet_rate" to params.expectedDoubletRate(),
                "sim_doublet_ratio" to ratio,
                "n_neighbors" to result.nNeighbors().toLong(),
                "random_state" to params.seed(),
            ),
    ) +
        listOfNotNull(
            result.threshold()?.let { "threshold" to it },
            result.neighborParents()?.let { "doublet_neighbor_parents" to ragged(it) },
        )
}

private fun simulatedRatio(sim: AnnData): Any? =
    ((sim.uns["scrublet"] as? Map<*, *>)?.get("parameters") as? Map<*, *>)?.get("sim_doublet_ratio")

internal fun pairs(parents: IntArray): NdArray =
    NdArray(DType.INT64, intArrayOf(parents.size / 2, 2), LongArray(parents.size) { parents[it].toLong() })

private fun ragged(lists: Array<IntArray>): Map<String, Any?> {
    val ends = lists.runningFold(0L) { sum, list -> sum + list.size }
    return dict(
        "indptr" to NdArray.of(*ends.toLongArray()),
        "indices" to NdArray.of(*lists.flatMap { it.asList() }.toIntArray()),
    )
}
