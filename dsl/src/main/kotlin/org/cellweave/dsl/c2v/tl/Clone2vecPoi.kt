package org.cellweave.dsl

import org.cellweave.clonal.embedding.PoissonFactors
import org.cellweave.clonal.embedding.PoissonProjection
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.namingClone
import org.cellweave.clonal.embedding.PoissonFactors.Params.DEFAULTS as POISSON
import org.cellweave.clonal.embedding.PoissonProjection.Params.DEFAULTS as PLACED

/**
 * Coordinates of clones from a Poisson model of their neighbourhoods, an alternative to [clone2vec]. See
 * [PoissonFactors].
 *
 * Reads `obsp[obspKey]`, counts as `c2v.tl.clonalNn` makes them, and `obsm[maskKey]`. Writes `obsm[obsmKey]` and
 * `uns[unsKey]`: weights `V` (orthonormal), lengths `d` and offsets, and the loss after every turn: the negative
 * log-likelihood without the logarithms of factorials, which falls and may be below 0.
 *
 * The coordinates are scaled by the square roots of the lengths, so that distances count as they do in the model; the
 * original leaves them out.
 *
 * @param maskKey counts in `obsm` of further contexts, such as `masked_nn`
 * @param tol a turn that raises the likelihood by less than this share of all that was gained is the last
 * @param colSizeFactor lets contexts have offsets of their own size
 * @param rowIntercept lets clones have offsets of their own size
 * @param ridge half of it times the squares of all factors is taken off the likelihood; above 0, as that of
 *   [projectClone2vec]
 * @param withSelf whether a clone counts as met around itself
 */
public fun ClonalTools.clone2vecPoi(
    clones: AnnData,
    zDim: Int = POISSON.zDim(),
    obspKey: String = "gex_adjacency",
    maskKey: String? = null,
    maxIter: Int = POISSON.maxIter(),
    tol: Number = POISSON.tol(),
    colSizeFactor: Boolean = POISSON.columnOffset(),
    rowIntercept: Boolean = POISSON.rowOffset(),
    ridge: Number = POISSON.ridge(),
    withSelf: Boolean = POISSON.withSelf(),
    randomState: Long = POISSON.seed(),
    obsmKey: String = "clone2vec_Poi",
    unsKey: String = "clone2vec_Poi",
): AnnData {
    val params = PoissonFactors.Params(
        zDim, colSizeFactor, rowIntercept, ridge.toDouble(), maxIter, tol.toDouble(), withSelf, randomState,
    )
    requireOtherKey(obsmKey, "obsmKey", maskKey, "maskKey")
    val context = clones.contextCounts(obspKey, maskKey)
    val told = { r: PoissonFactors.Result ->
        val end = if (r.converged()) "" else " (not at rest: raise maxIter or tol)"
        "log-likelihood %.1f after %d turns%s, added\n    '%s', coordinates (clones.obsm)\n    '%s', contexts (clones.uns)"
            .format(r.history().last(), r.history().size, end, obsmKey, unsKey)
    }
    val result = Log.timed("fitting clone2vec by a Poisson model", told) {
        clones.namingClone("clone2vecPoi", context.slot, context.names) {
            withProgress { PoissonFactors.run(PoissonFactors.Input(context.counts, context.slot), params, it) }
        }
    }
    clones.obsm.set(obsmKey, result.embedding())
    clones.uns[unsKey] = dict(
        "type" to "fit",
        "init" to recorded(params, "zDim"),
        "weights" to dict(
            "V" to result.context(),
            "d" to NdArray.of(*result.lengths()),
            "col_offset" to NdArray.of(*result.columnOffset()),
            "row_offset" to NdArray.of(*result.rowOffset()),
        ),
        "var_names" to NdArray.of(*context.names.toTypedArray()),
        "loss_history" to losses(result.history()),
        "params" to recorded(params, "columnOffset", "rowOffset", "ridge", "maxIter", "tol", "withSelf", "seed") +
            ranOn(obspKey, maskKey),
    )
    return clones
}

/**
 * Places clones in the Poisson embedding of others. See [PoissonProjection] and [projectClone2vec].
 *
 * Reads `obsm[obsmKeyQuery]` of [clonesQuery] and `uns[unsKeyRef]` of [clonesRef]. Writes `obsm[obsmKey]` and
 * `uns[unsKeyQuery]` of [clonesQuery], with the loss after every step, as [clone2vecPoi] has it.
 *
 * Townes et al. 2019, doi:10.1186/s13059-019-1861-6.
 *
 * @param maskKey counts in `obsm` of the query for further contexts of the reference, such as `masked_nn`
 * @param ridge half of it times the square of the coordinates is taken off a clone's likelihood; above 0, as that of
 *   [projectClone2vec]
 * @param tol a step that raises the likelihood by less than this share of all that was gained is the last
 */
public fun ClonalTools.projectClone2vecPoi(
    clonesQuery: AnnData,
    clonesRef: AnnData,
    obsmKeyQuery: String = "ref_gex_adjacency",
    unsKeyQuery: String = "clone2vec_Poi_project",
    unsKeyRef: String = "clone2vec_Poi",
    obsmKey: String = "clone2vec_Poi",
    maskKey: String? = null,
    ridge: Number = PLACED.ridge(),
    maxIter: Int = PLACED.maxIter(),
    tol: Number = PLACED.tol(),
): AnnData {
    val params = PoissonProjection.Params(ridge.toDouble(), maxIter, tol.toDouble())
    requireOtherKey(obsmKey, "obsmKey", obsmKeyQuery, "obsmKeyQuery")
    requireOtherKey(obsmKey, "obsmKey", maskKey, "maskKey")
    val fitted = FittedContext.of(clonesRef, unsKeyRef, "weights")
    val counts = fitted.countsOf(clonesQuery, obsmKeyQuery, maskKey)
    val input = PoissonProjection.Input(
        counts, "obsm['$obsmKeyQuery']", fitted.weight, fitted.array("d", fitted.weight.nCols()),
        fitted.array("col_offset"),
    )
    requireOtherFit(clonesQuery, clonesRef, unsKeyQuery, unsKeyRef)
    val told = { _: PoissonProjection.Result -> "added\n    '$obsmKey', coordinates (clones.obsm)" }
    val result = Log.timed("projecting clones by a Poisson model", told) {
        clonesQuery.namingClone("projectClone2vecPoi", "obsm['$obsmKeyQuery']", fitted.names) {
            withProgress { PoissonProjection.run(input, params, it) }
        }
    }
    warnOfEmpty(result.withoutCounts())
    clonesQuery.obsm.set(obsmKey, result.embedding())
    clonesQuery.uns[unsKeyQuery] = dict(
        "type" to "project",
        "var_names" to NdArray.of(*fitted.names.toTypedArray()),
        "row_offset" to NdArray.of(*result.rowOffset()),
        "loss_history" to losses(result.history()),
        "params" to recorded(params, "ridge", "maxIter", "tol"),
    )
    return clonesQuery
}

/** As the original keeps them: what falls. */
private fun losses(logLikelihoods: DoubleArray) = NdArray.of(*DoubleArray(logLikelihoods.size) { -logLikelihoods[it] })
