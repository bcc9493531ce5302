package org.cellweave.dsl

import org.cellweave.clonal.embedding.Clone2vec
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.remedy
import org.cellweave.matrix.ColumnStack
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.clonal.embedding.Clone2vec.Params.DEFAULTS as C2V

/**
 * Coordinates of clones by which clones their cells lie among. See [Clone2vec].
 *
 * Reads `obsp[obspKey]`, counts as `c2v.tl.clonalNn` makes them, and `obsm[maskKey]`. Writes `obsm[obsmKey]` and
 * `uns[unsKey]`: weights and biases of the contexts, which place other clones ([projectClone2vec]), and the loss after
 * every step.
 *
 * The exact solver reaches the loss at which the original comes to rest in a few dozen steps. Lower is not better: the
 * loss falls on slowly and disturbs neighbourhoods that have settled. Therefore [maxIter] ends most runs, and need not
 * be raised. [heldOut] finds where the counts that were left out are foretold best, which is often after a third of
 * those steps.
 *
 * Isaev et al. 2026, doi:10.64898/2026.04.30.720820.
 *
 * @param maskKey counts in `obsm` of further contexts, such as `masked_nn`
 * @param solver `exact` (L-BFGS on the counts) or `sgd` (the original's batches of pairs, by Adam)
 * @param maxIter steps, or epochs of `sgd`; null for 100, or 500
 * @param tol `exact` ends when two steps in a row lower the loss by less than this share, `sgd` when it changes by less
 *   for [earlyStoppingPatience] epochs
 * @param init `svd`, `random`, or `custom` with [initObsm]
 * @param initObsm coordinates in `obsm` to start from
 * @param ridge half of it times the mean square of the coordinates is added to the loss; for `exact`
 * @param equalClones lets each clone weigh the same, not as its cells; for `exact`
 * @param withSelf whether a clone counts as met around itself
 * @param canonical turns the result so that dimensions are orthogonal, longest first: runs then differ by signs alone
 * @param heldOut share of the counts whose loss, in a first run without them, chooses the steps; for `exact`
 * @param batchSize pairs of a step; for `sgd`, as [learningRate] and [earlyStoppingPatience]
 */
public fun ClonalTools.clone2vec(
    clones: AnnData,
    zDim: Int = C2V.zDim(),
    obspKey: String = "gex_adjacency",
    maskKey: String? = null,
    solver: String = C2V.solver().spelled(),
    maxIter: Int? = null,
    tol: Number = C2V.tol(),
    init: String = C2V.start().spelled(),
    initObsm: String? = null,
    ridge: Number = C2V.ridge(),
    equalClones: Boolean = C2V.equalClones(),
    withSelf: Boolean = C2V.withSelf(),
    canonical: Boolean = C2V.canonical(),
    heldOut: Number = C2V.heldOut(),
    batchSize: Int = C2V.batchSize(),
    learningRate: Number = C2V.learningRate(),
    earlyStoppingPatience: Int = C2V.patience(),
    randomState: Long = C2V.seed(),
    obsmKey: String = "clone2vec",
    unsKey: String = "clone2vec",
): AnnData {
    val start = Check.oneOf(init, Clone2vec.Start::class.java, "init")
    require((start == Clone2vec.Start.CUSTOM) == (initObsm != null)) {
        "init = 'custom' and initObsm belong together, got init = '$init' and initObsm = $initObsm"
    }
    Check.positive(earlyStoppingPatience, "earlyStoppingPatience")
    requireOtherKey(obsmKey, "obsmKey", maskKey, "maskKey")
    val by = Check.oneOf(solver, Clone2vec.Solver::class.java, "solver")
    val ofPairs = batchSize == C2V.batchSize() && learningRate.toDouble() == C2V.learningRate()
    require(by == Clone2vec.Solver.SGD || ofPairs && earlyStoppingPatience == C2V.patience()) {
        "batchSize, learningRate and earlyStoppingPatience belong to solver sgd, got batchSize = $batchSize, " +
            "learningRate = $learningRate, earlyStoppingPatience = $earlyStoppingPatience with exact"
    }
    val params = Clone2vec.Params(
        zDim, by, start, maxIter, tol.toDouble(), ridge.toDouble(), equalClones,
        withSelf, canonical, heldOut.toDouble(), batchSize, learningRate.toDouble(), earlyStoppingPatience, randomState,
    )
    val context = clones.contextCounts(obspKey, maskKey)
    val input = Clone2vec.Input(context.counts, context.slot, initObsm?.let { clones.startOf(it, zDim) })
    val told = { r: Clone2vec.Result ->
        "loss %.4f after %d steps%s, added\n    '%s', coordinates (clones.obsm)\n    '%s', contexts and losses (clones.uns)"
            .format(r.loss(), r.lossHistory().size, endOf(r, params), obsmKey, unsKey)
    }
    val result = Log.timed("fitting clone2vec", told) {
        clones.namingClone("clone2vec", context.slot, context.names) {
            withProgress { Clone2vec.run(input, params, it) }
        }
    }
    clones.obsm.set(obsmKey, result.embedding())
    val unseen = result.heldOutHistory().takeIf { it.isNotEmpty() }
    clones.uns[unsKey] = dict(
        "type" to "fit",
        "init" to recorded(params, "zDim"),
        "output" to dict("weight" to result.context(), "bias" to NdArray.of(*result.bias())),
        "var_names" to NdArray.of(*context.names.toTypedArray()),
        "loss_history" to NdArray.of(*result.lossHistory()),
        "params" to recorded(params, "solver", "start", "maxIter", "tol", "ridge", "equalClones", "withSelf", "seed") +
            ranOn(obspKey, maskKey),
    ) + listOfNotNull(unseen?.let { "held_out_history" to NdArray.of(*it) })
    return clones
}

/** Why a fit has ended, where it was [maxIter][Clone2vec.Params.maxIter] that ended it. */
private fun endOf(result: Clone2vec.Result, params: Clone2vec.Params): String =
    when {
        result.converged() -> ""
        params.solver() == Clone2vec.Solver.SGD -> " (not at rest, as the original would be: raise maxIter or tol)"
        params.heldOut() > 0 -> " (counts held out are foretold best at the last: raise maxIter)"
        else -> " (maxIter; more lower the loss but need not be better: heldOut = 0.1 finds how many)"
    }

/** Coordinates in [zDim] columns to start from. */
private fun AnnData.startOf(initObsm: String, zDim: Int): DenseMatrix {
    val start = denseEmbedding(initObsm)
    require(start.nCols() == zDim) {
        "initObsm must name coordinates in zDim = $zDim columns, but obsm['$initObsm'] has ${start.nCols()}; give " +
            "others, or zDim = ${start.nCols()}"
    }
    namingCulprit("clone2vec", Source("obsm['$initObsm']", start), "clone") { Clone2vec.requireStart(start) }
    return start
}

/** Refuses to write over what is read. */
internal fun requireOtherKey(written: String, argument: String, read: String?, from: String) {
    require(written != read) { "$argument must differ from $from = '$read', which it would replace" }
}

/** Which slots a fit has read; without a key that is not there, as files have no empty values. */
internal fun ranOn(obspKey: String, maskKey: String?): Map<String, Any> =
    mapOf("obsp_key" to obspKey) + (maskKey?.let { mapOf("mask_key" to it) } ?: emptyMap())

/** Counts of contexts around clones, and what the contexts are called. */
internal class ContextSource(val counts: CsrMatrix, val slot: String, val names: List<String>)

/** `obsp[obspKey]`, and beside it the columns of `obsm[maskKey]`, which are called `{maskKey}:0` and so on. */
internal fun AnnData.contextCounts(obspKey: String, maskKey: String?): ContextSource {
    val counts = obsp.matrix(obspKey, remedy(obspKey, "obsp")).toCsr()
    if (maskKey == null) return ContextSource(counts, "obsp['$obspKey']", obsNames)
    val masked = obsm.matrix(maskKey, remedy(maskKey, "obsm")).toCsr()
    val names = obsNames + List(masked.nCols()) { "$maskKey:$it" }
    return ContextSource(ColumnStack.of(counts, masked), "obsp['$obspKey'] beside obsm['$maskKey']", names)
}
