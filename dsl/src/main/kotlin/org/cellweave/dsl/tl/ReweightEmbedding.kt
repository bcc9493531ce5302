package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.integrate.mosaic.BlockWeights
import org.cellweave.matrix.Finite
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Gives the blocks of a StabMap embedding weights: how much the dimensions of a reference, or its discriminants, count
 * for distances. A block of weight one has a mean magnitude of one a cell, however many dimensions it has. See
 * [BlockWeights].
 *
 * Reads `obsm["X_stabmap"]` and `uns["stabmap"]` (with [key] those of that name). Writes both anew, with `weights` in
 * `uns["stabmap"]`; with [keyAdded] under that name.
 *
 * Ghazanfar et al. 2024, doi:10.1038/s41587-023-01766-z.
 *
 * @param weights by block, such as `p3_PC` or `p3_LD`, or by reference, `p3`, for both; 1 for those not named, 0 for
 *   blocks that are not to count
 * @param key that `sc.tl.stabmap` was given
 */
public fun Tools.reweightEmbedding(
    mdata: MuData,
    weights: Map<String, Double> = emptyMap(),
    key: String = "stabmap",
    keyAdded: String = key,
    copy: Boolean = false,
): MuData {
    val target = mdata.target(copy)
    val x = target.shared.denseEmbedding("X_$key")
    Finite.require(x, "obsm['X_$key']", "reweightEmbedding")
    val told = target.shared.unsMap(key)
    val dimensions = (told["dimensions"] as? NdArray)?.texts()?.toList()
        ?: throw MissingKeyException("uns['$key']", "dimensions", told.keys, remedy("stabmap", "uns"))
    require(dimensions.size == x.nCols()) {
        "uns['$key'] names ${dimensions.size} dimensions, but obsm['X_$key'] has ${x.nCols()}. " +
            "Run sc.tl.stabmap() again"
    }
    val blocks = dimensions.map { it.trimEnd(*DIGITS) }.distinct()
    val ofBlocks = weightsOf(blocks, weights)
    val block = IntArray(dimensions.size) { blocks.indexOf(dimensions[it].trimEnd(*DIGITS)) }
    target.obsm.set("X_$keyAdded", BlockWeights.run(x, block, ofBlocks))
    target.uns[keyAdded] = told + ("weights" to blocks.indices.associate { blocks[it] to ofBlocks[it] })
    Log.info("weighted ${blocks.size} blocks of 'X_$key', added\n    'X_$keyAdded' (mdata.obsm)")
    return target
}

private fun weightsOf(blocks: List<String>, weights: Map<String, Double>): DoubleArray {
    fun referenceOf(block: String) = block.substringBeforeLast('_')
    val known = (blocks + blocks.map(::referenceOf)).distinct()
    for ((name, weight) in weights) {
        require(name in known) {
            "weights must name blocks or references, which are $known, got '$name'.${Check.suggestion(name, known)}"
        }
        require(weight in 0.0..LARGEST) { "weights must be from 0 to $LARGEST, got $weight for '$name'" }
    }
    val out = DoubleArray(blocks.size) { weights[blocks[it]] ?: weights[referenceOf(blocks[it])] ?: 1.0 }
    require(out.any { it > 0 }) { "weights must leave a block above 0, got $weights" }
    return out
}

/** Larger ones leave nothing of the other blocks. */
private const val LARGEST = 1e12

private val DIGITS = ('0'..'9').toList().toCharArray()
