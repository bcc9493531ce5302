package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.representationOf
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.firstRepeated
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.pivots.PivotMatching
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Scale
import org.cellweave.preprocess.ValueFacts
import org.cellweave.integrate.pivots.PivotMatching.Params.DEFAULTS as PIVOTS

/**
 * Matches cells of two modalities that were measured in different cells, by features that are linked. See
 * [PivotMatching].
 *
 * Reads `X` (or [layer]; logarithms) for the linked features and `obsm[useRep]` of both, by default `X_pca`, computed
 * where it is missing. Writes to both `obsm["X_pivots"]` (joint coordinates), `obs["partner"]` (name of the cell in
 * the other object), `obs["partner_score"]` (cosine with it) and `uns["pivots"]` (`cells`, `partners` and `scores` of
 * the best matches, `correlations`, `penalty`, the links used with their `weights`, `n_metacells`, `params`).
 *
 * @param links features that go together: null for equal names, pairs of names, a table whose first two columns are
 *   names (as `sc.tl.findLinks` makes it), or the path of such a table as CSV
 * @param nPcs1 how many columns of the first representation to use; null for all, of which [penalty] takes care
 * @param nPcs2 as [nPcs1], of the second
 * @param nNeighbors cells over which one is smoothed, itself included
 * @param smoothing share of a smoothed value that is the neighbours' mean
 * @param nCandidates partners that are considered for a cell, each way
 * @param dropped share of the matches, the worst ones, that are no pivots
 * @param penalty on canonical directions, in units of the mean variance along a component; null to choose one by
 *   cross-validation over the matches
 * @param linkedShare share of the linked features in what is matched after the first time
 * @param metacellSize cells that are matched as one, at most; 0 or 1 for none, null for as many as leave about 20,000
 *   metacells of each side
 * @return both objects
 */
public fun Tools.matchPivots(
    adata1: AnnData,
    adata2: AnnData,
    links: Any? = null,
    useRep: String? = null,
    nPcs1: Int? = null,
    nPcs2: Int? = null,
    nNeighbors: Int = PIVOTS.nNeighbors(),
    smoothing: Number = PIVOTS.smoothing(),
    nCandidates: Int = PIVOTS.nCandidates(),
    nIterations: Int = PIVOTS.nIterations(),
    nCanonical: Int = PIVOTS.nCanonical(),
    dropped: Number = PIVOTS.dropped(),
    penalty: Number? = null,
    linkedShare: Number = PIVOTS.linkedShare(),
    metacellSize: Int? = PIVOTS.metacellSize(),
    layer: String? = null,
    copy: Boolean = false,
): Pair<AnnData, AnnData> {
    require(penalty == null || penalty.toDouble() > 0) {
        "penalty must be above 0, or null to choose one, got $penalty"
    }
    val params =
        PivotMatching.Params(
            nNeighbors, smoothing.toDouble(), nCandidates, nIterations, nCanonical, dropped.toDouble(),
            penalty?.toDouble() ?: PIVOTS.penalty(),
            linkedShare.toDouble(), metacellSize,
        )
    val targets = listOf(adata1.target(copy), adata2.target(copy))
    val sources = targets.mapIndexed { i, it -> it.namedSource(layer, "adata${i + 1}") }
    val pairs = featurePairs(adata1.varNames, adata2.varNames, links)
    targets.zip(sources).forEach { (target, source) ->
        target.requireFinite("matchPivots", source)
        warnOfCounts("matchPivots", source)
    }
    if (useRep == null) {
        targets.zip(listOf(nPcs1, nPcs2)).forEachIndexed { i, (target, asked) -> target.requirePcs(asked, i + 1) }
    }
    warnOfRepeats(adata1, adata2)
    val chosen = listOf(pairs.first, pairs.second)
    val added = "added to both\n    'X_pivots', joint coordinates (.obsm)\n    'partner', 'partner_score' (.obs)"
    val result =
        Log.timed<PivotMatching.Result>("matching cells by pivots", { added }) {
            val sides =
                targets.indices.map { i ->
                    val linked = standardised(sources[i].x.takeCols(chosen[i]))
                    val facts = ValueFacts.of(linked)
                    require(facts.max() > facts.min()) {
                        "all linked features of adata${i + 1} are constant, so that nothing tells its cells apart"
                    }
                    val places = representationOf(targets[i], useRep, listOf(nPcs1, nPcs2)[i]).x
                    PivotMatching.Side(linked, places.toDense())
                }
            withProgress { PivotMatching.run(sides[0], sides[1], params, it) }
        }
    val told =
        recorded(
            params, "nNeighbors", "smoothing", "nCandidates", "nIterations", "nCanonical", "dropped", "linkedShare",
        ) + listOfNotNull(
            penalty?.toDouble()?.let { "penalty" to it }, metacellSize?.let { "metacell_size" to it.toLong() },
            useRep?.let { "use_rep" to it }, layer?.let { "layer" to it },
        )
    val pivots = result.pivots()
    targets[0].storePivots(targets[1], result.x(), result.partnerOfX(), result.scoreOfX())
    targets[1].storePivots(targets[0], result.y(), result.partnerOfY(), result.scoreOfY())
    for (side in 0..1) {
        val ours = if (side == 0) pivots.x() else pivots.y()
        val theirs = if (side == 0) pivots.y() else pivots.x()
        targets[side].uns["pivots"] =
            dict(
                "cells" to targets[side].namesOf(ours),
                "partners" to targets[1 - side].namesOf(theirs),
                "scores" to NdArray.of(*pivots.scores()),
                "correlations" to NdArray.of(*result.correlations()),
                "penalty" to result.penalty(),
                "n_metacells" to (if (side == 0) result.metacellOfX() else result.metacellOfY()).max() + 1L,
                "links" to NdArray.of(*chosen[side].map { targets[side].varNames[it] }.toTypedArray()),
                "links_of_partner" to
                    NdArray.of(*chosen[1 - side].map { targets[1 - side].varNames[it] }.toTypedArray()),
                "weights" to NdArray.of(*result.linkWeights()),
                "params" to told,
            )
    }
    return targets[0] to targets[1]
}

/** Before components are computed and written. */
private fun AnnData.requirePcs(asked: Int?, side: Int) {
    if (asked == null) return
    val most = if ("X_pca" in obsm.keys) obsm.matrix("X_pca", "").nCols() else minOf(nObs, nVars) - 1
    require(asked in 1..most) { "nPcs$side must lie in 1..$most, the components that adata$side can have, got $asked" }
}

private fun warnOfRepeats(vararg sides: AnnData) {
    sides.forEachIndexed { i, adata ->
        if (adata.obsNames.firstRepeated() != null) {
            Log.warning(
                "matchPivots: names of cells of adata${i + 1} repeat, so that obs['partner'] does not tell which is " +
                    "meant; run obsNamesMakeUnique() first",
            )
        }
    }
}

/** `X` or a layer, called by the object that it is of. */
internal fun AnnData.namedSource(layer: String?, called: String): Source =
    source(layer).let { Source("${it.slot} of $called", it.x, it.columns) }

/** Refuses values that are not finite, by cell and gene. */
internal fun AnnData.requireFinite(verb: String, source: Source): Unit =
    namingCulprit(verb, source) { Finite.require(source.x, source.slot, verb) }

/** A copy of which every feature has mean 0 and deviation 1. */
internal fun standardised(x: Matrix): DenseMatrix {
    val dense = x.toDense().toFloat32()
    val own = if (dense === x) dense.copy() else dense
    Scale.run(own, null, Scale.Params.DEFAULTS)
    return own
}

private fun AnnData.namesOf(cells: IntArray): NdArray = NdArray.of(*Array(cells.size) { obsNames[cells[it]] })

private fun AnnData.storePivots(other: AnnData, x: DenseMatrix, partners: IntArray, scores: DoubleArray) {
    obsm.set("X_pivots", x)
    obs.set("partner", StringColumn.of(*Array(partners.size) { other.obsNames[partners[it]] }))
    obs.set("partner_score", NumericColumn.of(*scores))
}
