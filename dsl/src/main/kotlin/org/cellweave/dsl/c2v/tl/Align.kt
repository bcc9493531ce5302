package org.cellweave.dsl

import org.cellweave.clonal.alignment.AnchorAlignment
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check
import org.cellweave.util.Quoted
import java.util.Locale
import org.cellweave.clonal.alignment.AnchorAlignment.Params.DEFAULTS as ALIGN

/**
 * Lays the embeddings of several batches of clones over each other by anchors between them. See [AnchorAlignment].
 *
 * Reads `obsm[useRep]` and the anchors that `uns[unsKey]` tells of: `batch_key` and `graph_key` name a column of `obs`
 * and a symmetric graph in `obsp`, by `c2v.tl.findMnn` or another program, whose scores count as weights. Without a
 * `merge_order` in arrays the numbers of anchors decide how batches join. Writes `obsm[adjRep]` and, what each step was
 * like, `uns[unsKey]["alignment"]`.
 *
 * With the default arguments and enough anchors the map of a step is that of the Python package. Where anchors are too
 * few the package lets directions collapse, which [ridge] prevents, and of four and more batches it may leave some
 * where they are.
 *
 * Isaev et al. 2026, doi:10.64898/2026.04.30.720820; Schoenemann 1966, doi:10.1007/BF02289451; Huber 1964,
 * doi:10.1214/aoms/1177703732.
 *
 * @param weighted anchors count by their weights; otherwise each counts the same
 * @param scale `none` leaves the side that moves as least squares shrink it, which predicts labels best; `restore`
 *   gives it the covariance of the reference, for a joint map or clustering
 * @param symmetric takes neither side for free of error
 * @param robustRounds times that anchors are weighed again, those far off less
 * @param robustCut multiple of the median distance beyond which an anchor is far off
 * @param minAnchors anchors with weight that each step must have
 * @param anchorsPerUnknown of them for each row of a map, or the map is drawn towards a rotation
 * @param rankTolerance singular values of the anchors below this share of the largest count as zero
 * @param ridge how strongly; 0 for the solution of least norm, as in the Python package
 */
public fun ClonalTools.align(
    clones: AnnData,
    useRep: String = "clone2vec",
    adjRep: String = "clone2vec_pa",
    unsKey: String = "simple_mnn",
    weighted: Boolean = ALIGN.weighted(),
    scale: String = ALIGN.scale().spelled(),
    symmetric: Boolean = ALIGN.symmetric(),
    robustRounds: Int = ALIGN.robustRounds(),
    robustCut: Number = ALIGN.robustCut(),
    minAnchors: Int = ALIGN.minAnchors(),
    anchorsPerUnknown: Int = ALIGN.anchorsPerUnknown(),
    rankTolerance: Number = ALIGN.rankTolerance(),
    ridge: Number = ALIGN.ridge(),
    copy: Boolean = false,
): AnnData {
    val target = clones.target(copy)
    val kind = Check.oneOf(scale, AnchorAlignment.Scale::class.java, "scale")
    val params =
        AnchorAlignment.Params(
            weighted,
            kind,
            symmetric,
            robustRounds,
            robustCut.toDouble(),
            minAnchors,
            anchorsPerUnknown,
            rankTolerance.toDouble(),
            ridge.toDouble(),
        )
    requireOtherKey(adjRep, "adjRep", useRep, "useRep")
    val stored = target.storedAnchors(unsKey)
    val source = target.source(null, useRep)
    val result =
        Log.timed("aligning representation by anchors", { "added\n    .obsm['$adjRep'], aligned representation" }) {
            target.running("align", source, "clone") {
                AnchorAlignment.run(source.x, stored.anchors, stored.order, params, it)
            }
        }
    result.steps().forEach { tell(it, stored, source.x.nCols()) }
    target.obsm.set(adjRep, result.aligned())
    val told = dict("use_rep" to useRep, "adj_rep" to adjRep) +
        recorded(
            params,
            *ALIGN.javaClass.recordComponents
                .map { it.name }
                .toTypedArray(),
        )
    target.uns[unsKey] = target.unsMap(unsKey) + mapOf("alignment" to told + report(result.steps(), stored))
    return target
}

private fun tell(step: AnchorAlignment.Step, stored: StoredAnchors, nCols: Int) {
    val batches = stored.anchors.batches()

    fun names(node: Int) = stored.order.batches(node).joinToString(" + ") { Quoted.of(batches.level(it)) }

    fun percent(share: Double) = "%.0f %%".format(Locale.ROOT, 100 * share)

    val line = "    %s onto %s: %d anchors, with %s and %s of the clones; R2 %.2f, variance %.2f of the reference's"
    val (query, reference) = listOf(names(step.query()), names(step.reference()))
    val (ofQuery, ofReference) = listOf(percent(step.queryShare()), percent(step.referenceShare()))
    val (explained, ratio) = listOf(step.explained(), step.varianceRatio())
    Log.info(line.format(Locale.ROOT, query, reference, step.anchors(), ofQuery, ofReference, explained, ratio))
    if (step.rank() <= nCols && !step.drawn()) {
        Log.warning("the anchors of $query and $reference leave directions that collapse; a ridge above 0 keeps them")
    } else if (step.drawn()) {
        Log.warning(
            "${step.anchors()} anchors are few for a map of $nCols columns of $query onto $reference, which was " +
                "drawn towards a rotation; a larger k of c2v.tl.findMnn finds more",
        )
    }
}

/** One entry for each step of what it was like. */
private fun report(steps: List<AnchorAlignment.Step>, stored: StoredAnchors): Map<String, Any?> {
    fun numbers(of: (AnchorAlignment.Step) -> Double) = NdArray.of(*steps.map(of).toDoubleArray())

    fun counts(of: (AnchorAlignment.Step) -> Int) = NdArray.of(*steps.map { of(it).toLong() }.toLongArray())
    return dict(
        "batches" to NdArray.of(*stored.anchors.batches().levels()),
        "reference_query" to nodePairs(steps.flatMap { listOf(it.reference(), it.query()) }),
        "anchors" to counts { it.anchors() },
        "reference_share" to numbers { it.referenceShare() },
        "query_share" to numbers { it.queryShare() },
        "r2" to numbers { it.explained() },
        "variance_ratio" to numbers { it.varianceRatio() },
        "rank" to counts { it.rank() },
        "drawn" to NdArray.of(*steps.map { it.drawn() }.toBooleanArray()),
    )
}
