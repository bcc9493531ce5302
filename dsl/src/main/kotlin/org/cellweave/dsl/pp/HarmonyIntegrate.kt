package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.util.Check

/**
 * Removes batch effects from an embedding with Harmony. See [Harmony].
 *
 * Reads `obsm[basis]` and the columns [key] of `obs`. Writes `obsm[adjustedBasis]` (float32) and `uns["harmony"]`
 * (`params`, `objective` by iteration, `n_iter`, `converged`).
 *
 * @param key a column of labels, or a list of them, each a covariate of its own; whole numbers count as labels
 * @param flavor `harmony2` or `harmony1`
 * @param maxIterClustering rounds in an iteration; null for the flavor's own, as with [tolClustering] and [tolHarmony]
 * @param theta one number, or a list with one per key or one per level
 * @param ridgeLambda as [theta]; -1 follows the expected counts; null for the flavor's own, -1 or 1
 * @param penalty of several keys: `sum` as in R, or `product`
 * @param rng `splittable`, or `r_compat` for R's random numbers
 */
public fun Preprocessing.harmonyIntegrate(
    adata: AnnData,
    key: Any,
    basis: String = "X_pca",
    adjustedBasis: String = "X_pca_harmony",
    flavor: String = HARMONY.flavor().spelled(),
    nClusters: Int? = HARMONY.nClusters(),
    maxIterHarmony: Int = HARMONY.maxIterHarmony(),
    maxIterClustering: Int? = null,
    tolHarmony: Double? = null,
    tolClustering: Double? = null,
    sigma: Double = HARMONY.sigma(),
    theta: Any = HARMONY.theta().toList(),
    tau: Double = HARMONY.tau(),
    ridgeLambda: Any? = HARMONY.lambda(),
    alpha: Double = HARMONY.alpha(),
    batchPruneThreshold: Double = HARMONY.batchPropCutoff(),
    blockProportion: Double = HARMONY.blockSize(),
    randomState: Long = HARMONY.seed(),
    minIterHarmony: Int = HARMONY.minIterHarmony(),
    penalty: String = HARMONY.penalty().spelled(),
    rng: String = HARMONY.rng().spelled(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val keys = harmonyKeys(key)
    val params = withUserNames {
        Harmony.Params
            .builder()
            .flavor(Check.oneOf(flavor, Harmony.Flavor::class.java, "flavor"))
            .nClusters(nClusters)
            .maxIterHarmony(maxIterHarmony)
            .maxIterClustering(maxIterClustering)
            .tolHarmony(tolHarmony)
            .tolClustering(tolClustering)
            .sigma(sigma)
            .theta(*numbers(theta, "theta")!!)
            .tau(tau)
            .also { builder -> numbers(ridgeLambda, "ridgeLambda")?.let { builder.lambda(*it) } }
            .alpha(alpha)
            .batchPropCutoff(batchPruneThreshold)
            .blockSize(blockProportion)
            .seed(randomState)
            .minIterHarmony(minIterHarmony)
            .penalty(Check.oneOf(penalty, Harmony.Penalty::class.java, "penalty"))
            .rng(Check.oneOf(rng, Harmony.Rng::class.java, "rng"))
            .build()
    }
    val method = Harmony.with(params)
    val points = target.source(method.reads(), basis)
    val batches = keys.map { target.batchLabels(it) }
    val result =
        Log.timed<Harmony.Result>("running Harmony", { harmonyOutcome(it, adjustedBasis) }) {
            withUserNames { target.integrate(method, "harmonyIntegrate", points, batches, words = ::userNamed) }
        }
    if (!result.converged() && result.iterations() > 0 && params.tolHarmony() > 0) {
        Log.warning("Harmony did not converge in ${result.iterations()} iterations; raise maxIterHarmony for more.")
    }
    target.store(result.integrated().first(), adjustedBasis)
    target.uns["harmony"] =
        dict(
            "params" to harmonyParams(params, result, keys, basis),
            "objective" to NdArray.of(*result.objective()),
            "n_iter" to result.iterations().toLong(),
            "converged" to result.converged(),
        )
    return target
}

/** What Harmony's own names of its parameters are called here; messages begin with them. */
private val USER_NAMES =
    mapOf(
        "lambda" to "ridgeLambda",
        "blockSize" to "blockProportion",
        "batchPropCutoff" to "batchPruneThreshold",
        "seed" to "randomState",
    )

/** Runs [body]; what it refuses is called by the names that the caller of the verb has used. */
internal inline fun <T> withUserNames(body: () -> T): T =
    try {
        body()
    } catch (e: IllegalArgumentException) {
        throw IllegalArgumentException(userNamed(e.message ?: ""), e)
    }

internal fun userNamed(message: String): String =
    USER_NAMES.entries.fold(message) { text, (own, users) -> text.replace(Regex("^$own\\b"), users) }

internal val HARMONY: Harmony.Params = Harmony.Params.DEFAULTS

private fun harmonyOutcome(result: Harmony.Result, adjustedBasis: String): String {
    val end = if (result.converged()) "converged after" else "stopped after"
    return "added\n    '$adjustedBasis', corrected coordinates (adata.obsm)\n    $end ${result.iterations()} iterations"
}

private fun harmonyParams(p: Harmony.Params, result: Harmony.Result, keys: List<String>, basis: String) =
    listOfNotNull(
        "key" to NdArray.of(*keys.toTypedArray()),
        "basis" to basis,
        "flavor" to p.flavor().spelled(),
        "n_clusters" to result.nClusters().toLong(),
        "max_iter_harmony" to p.maxIterHarmony().toLong(),
        "max_iter_clustering" to p.maxIterClustering().toLong(),
        "tol_harmony" to p.tolHarmony(),
        "tol_clustering" to p.tolClustering(),
        "sigma" to p.sigma(),
        "theta" to NdArray.of(*p.theta()),
        "tau" to p.tau(),
        p.lambda()?.let { "ridge_lambda" to NdArray.of(*it) },
        "alpha" to p.alpha(),
        "batch_prune_threshold" to p.batchPropCutoff(),
        "block_proportion" to p.blockSize(),
        "penalty" to p.penalty().spelled(),
        "rng" to p.rng().spelled(),
        "random_state" to p.seed(),
    ).toMap()

internal fun harmonyKeys(key: Any): List<String> {
    val keys = if (key is String) listOf(key) else (key as? Iterable<*>)?.toList()
    require(!keys.isNullOrEmpty() && keys.all { it is String }) {
        "key must be a column of obs or a list of columns, got $key"
    }
    return keys.map { it as String }
}

/** Few enough whole numbers to be labels: at most this share of the cells. */
private const val LABELS_PER_CELL = 0.1

internal fun AnnData.batchLabels(key: String): Categories {
    val column = obsColumn(key)
    val labels =
        when {
            column is NumericColumn && column.isInteger -> column.asCategorical()
            column is BooleanColumn -> column.asCategorical()
            else -> completeGroups(key, "key")
        }
    require(column !is NumericColumn || labels.nCategories() <= nObs * LABELS_PER_CELL) {
        "obs['$key'] has ${labels.nCategories()} different numbers for $nObs cells; Harmony needs labels that many " +
            "cells share. Cut it into classes first"
    }
    return labels.labels(key)
}

internal fun numbers(value: Any?, argument: String): DoubleArray? =
    when (value) {
        null -> null
        is Number -> doubleArrayOf(value.toDouble())
        is DoubleArray -> value
        is Iterable<*> -> {
            val items = value.toList()
            require(items.isNotEmpty() && items.all { it is Number }) {
                "$argument must hold numbers, got $items"
            }
            DoubleArray(items.size) { (items[it] as Number).toDouble() }
        }
        else -> throw IllegalArgumentException(
            "$argument must be a number or a list of numbers, got a ${value::class.simpleName}",
        )
    }
