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
import org.cellweave.dsl.slots.embedding
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.util.Check
import org.cellweave.util.ShapeMismatchException

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
    tolHarmony: Number? = null,
    tolClustering: Number? = null,
    sigma: Number = HARMONY.sigma(),
    theta: Any = HARMONY.theta().toList(),
    tau: Number = HARMONY.tau(),
    ridgeLambda: Any? = HARMONY.lambda(),
    alpha: Number = HARMONY.alpha(),
    batchPruneThreshold: Number = HARMONY.batchPropCutoff(),
    blockProportion: Number = HARMONY.blockSize(),
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
            .spelled(flavor, penalty, rng)
            .nClusters(nClusters)
            .maxIterHarmony(maxIterHarmony)
            .maxIterClustering(maxIterClustering)
            .tolHarmony(tolHarmony?.toDouble())
            .tolClustering(tolClustering?.toDouble())
            .sigma(sigma.toDouble())
            .tau(tau.toDouble())
            .perLevel(theta, ridgeLambda)
            .alpha(alpha.toDouble())
            .batchPropCutoff(batchPruneThreshold.toDouble())
            .blockSize(blockProportion.toDouble())
            .seed(randomState)
            .minIterHarmony(minIterHarmony)
            .build()
    }
    val method = Harmony.with(params)
    val batches = keys.map { target.categories(it, "key") }
    val points = target.sourceOf(method.reads(), basis)
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
    } catch (e: ShapeMismatchException) {
        throw ShapeMismatchException(userNamed(e.message ?: "")).apply { initCause(e) }
    }

internal fun userNamed(message: String): String =
    USER_NAMES.entries.fold(message) { text, (own, users) -> text.replace(Regex("^$own\\b"), users) }

/** The choices that users spell. */
internal fun Harmony.Params.Builder.spelled(flavor: String, penalty: String, rng: String): Harmony.Params.Builder =
    flavor(Check.oneOf(flavor, Harmony.Flavor::class.java, "flavor"))
        .penalty(Check.oneOf(penalty, Harmony.Penalty::class.java, "penalty"))
        .rng(Check.oneOf(rng, Harmony.Rng::class.java, "rng"))

/** One number each, or one per key or level; null leaves the flavor its own. */
internal fun Harmony.Params.Builder.perLevel(theta: Any, ridgeLambda: Any?): Harmony.Params.Builder {
    theta(*numbers(theta, "theta")!!)
    numbers(ridgeLambda, "ridgeLambda")?.let { lambda(*it) }
    return this
}

internal val HARMONY: Harmony.Params = Harmony.Params.DEFAULTS

private fun harmonyOutcome(result: Harmony.Result, adjustedBasis: String): String {
    val end = if (result.converged()) "converged after" else "stopped after"
    return "added\n    '$adjustedBasis', corrected coordinates (adata.obsm)\n    $end ${result.iterations()} iterations"
}

private fun harmonyParams(p: Harmony.Params, result: Harmony.Result, keys: List<String>, basis: String) =
    dict("key" to NdArray.of(*keys.toTypedArray()), "basis" to basis) +
        recorded(
            p, "flavor", "nClusters", "maxIterHarmony", "maxIterClustering", "tolHarmony", "tolClustering", "sigma",
            "theta", "tau", "lambda", "alpha", "batchPropCutoff", "blockSize", "penalty", "rng", "seed",
            resolved = mapOf("nClusters" to result.nClusters()),
            called = USER_NAMES,
        )

internal fun harmonyKeys(key: Any): List<String> {
    val keys = if (key is String) listOf(key) else (key as? Iterable<*>)?.toList()
    require(!keys.isNullOrEmpty() && keys.all { it is String }) {
        "key must be a column of obs or a list of columns, got $key"
    }
    return keys.map { it as String }
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
