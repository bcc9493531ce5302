package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.BatchTree
import org.cellweave.integrate.MergeOrder
import org.cellweave.integrate.mnn.BatchWeights
import org.cellweave.integrate.mnn.MergePlan
import org.cellweave.integrate.mnn.MnnMerge
import org.cellweave.integrate.mnn.ReducedMnn
import org.cellweave.matrix.DenseMatrix

internal val MERGE_PLAN: MergePlan = MergePlan.DEFAULTS

internal val REDUCED_MNN: ReducedMnn.Params = ReducedMnn.Params.DEFAULTS

/** What verbs that merge batches by mutual neighbours take alike. */
internal fun mergePlan(k: Int, propK: Double?, mergeOrder: Any?, autoMerge: Boolean): MergePlan =
    MergePlan(k, propK, mergeOrder?.let { BatchTree.of(it) }, autoMerge)

/** Cells that may be neighbours of others, or null for all. */
internal fun AnnData.restriction(restrict: Any?): BooleanArray? = restrict?.let { cellMask(it, "restrict") }

/** How much batches count: `true` or null the same, `false` by their cells, numbers, or a tree of names. */
internal fun batchWeights(weights: Any?, batches: Categories): BatchWeights =
    when (weights) {
        null, true -> BatchWeights.EQUAL
        false -> BatchWeights.BY_CELLS
        is Map<*, *> -> BatchWeights.of(*byName(weights, batches))
        is DoubleArray -> BatchWeights.of(*weights)
        is Iterable<*> ->
            if (weights.any { it is Number }) {
                BatchWeights.of(*numbers(weights, "weights")!!)
            } else {
                BatchWeights.of(BatchTree.of(weights))
            }
        else -> throw IllegalArgumentException(
            "weights must be true, false, one number for every batch, or nested lists of batches, got " +
                "a ${weights::class.simpleName}",
        )
    }

private fun byName(weights: Map<*, *>, batches: Categories): DoubleArray {
    val unknown = weights.keys - batches.levels().toSet()
    require(unknown.isEmpty()) {
        "${batches.name()} has no level '${unknown.first()}'; it has ${batches.levels().toList()}"
    }
    return DoubleArray(batches.nLevels()) {
        requireNotNull((weights[batches.level(it)] as? Number)?.toDouble()) {
            "weights must have a number for every level of ${batches.name()}, but lacks '${batches.level(it)}'"
        }
    }
}

/**
 * What merges tell, as `uns` keeps it: one entry for every merge, and the rows of the cells that were paired.
 *
 * @param batches without unused levels
 */
internal fun mergeReport(merges: List<MnnMerge>, order: MergeOrder, batches: Categories): Map<String, Any?> {
    fun called(levels: IntArray) = levels.joinToString("+") { batches.level(it) }

    fun pairs(cells: (MnnMerge) -> IntArray) = NdArray.of(*merges.flatMap { cells(it).asList() }.toIntArray())
    return dict(
        "merge_order" to storedOrder(order, batches),
        "merge_left" to NdArray.of(*Array(merges.size) { called(merges[it].left()) }),
        "merge_right" to NdArray.of(*Array(merges.size) { called(merges[it].right()) }),
        "n_pairs" to NdArray.of(*IntArray(merges.size) { merges[it].nPairs() }),
        "pairs_left" to pairs { it.leftCells() },
        "pairs_right" to pairs { it.rightCells() },
    )
}

/** What merges in an embedding tell besides. */
internal fun lossReport(merges: List<MnnMerge>): Map<String, Any?> =
    dict(
        "batch_size" to NdArray.of(*DoubleArray(merges.size) { merges[it].batchSize() }),
        "skipped" to NdArray.of(*BooleanArray(merges.size) { merges[it].skipped() }),
        "lost_var" to DenseMatrix.ofRows(Array(merges.size) { merges[it].lostVariance() }),
    )

internal fun recordedPlan(batchKey: String, plan: MergePlan): Map<String, Any?> =
    dict("batch_key" to batchKey) + recorded(plan, "k", "propK", "autoMerge")

internal fun recordedMerges(params: ReducedMnn.Params): Map<String, Any?> = recorded(params, "ndist", "minBatchSkip")
