package org.cellweave.dsl

import org.cellweave.clonal.alignment.AnchorAlignment
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.slots.cloneGroups
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.integrate.MergeOrder
import org.cellweave.integrate.anchors.Anchors
import org.cellweave.matrix.DType
import org.cellweave.matrix.Finite
import org.cellweave.util.MissingKeyException
import org.cellweave.util.RefusedValueException

private const val FIND = "Run c2v.tl.findMnn() first."

/** What every producer of anchors writes to `uns[unsKey]`; see [storedAnchors]. */
internal const val BATCH_KEY = "batch_key"
internal const val GRAPH_KEY = "graph_key"

/** Not `order`: under that key the Python package looks for a text of its own form, and ends when it is none. */
internal const val ORDER = "merge_order"

/** Anchors between batches of clones and, where it was stored, the order in which these join. */
internal class StoredAnchors(
    val anchors: Anchors,
    val order: MergeOrder,
)

/**
 * The batch of every clone, of batches that have any, in the order of their names as text. The column stays as it is.
 */
internal fun AnnData.cloneBatches(key: String): Categories {
    val all = cloneGroups(key, "a search for anchors")
    val used = (0 until all.nLevels()).filter { all.size(it) > 0 }.sortedBy { all.level(it) }
    val place = IntArray(all.nLevels()).also { places -> used.forEachIndexed { at, level -> places[level] = at } }
    val batches = IntArray(nObs) { place[all.code(it)] }
    return Categories(all.name(), batches, Array(used.size) { all.level(used[it]) })
        .atLeastTwo("anchors join clones of different batches")
}

/**
 * The anchors that `uns[unsKey]` tells of, whoever found them: `batch_key` and `graph_key` name a column of `obs` and a
 * symmetric graph in `obsp`. Without a `merge_order` as [storedOrder] writes it, the anchors decide.
 */
internal fun AnnData.storedAnchors(unsKey: String): StoredAnchors {
    val told = uns[unsKey] as? Map<*, *> ?: throw MissingKeyException("uns", unsKey, uns.keys, FIND)

    fun text(key: String) =
        told[key] as? String
            ?: throw MissingKeyException("uns['$unsKey']", key, told.keys.map { it.toString() }, FIND)

    val batches = cloneBatches(text(BATCH_KEY))
    val graphKey = text(GRAPH_KEY)
    val anchors = anchorsOf(graphKey, batches)
    val order = (told[ORDER] as? Map<*, *>)?.let { ordered(it, batches, "uns['$unsKey']['$ORDER']") }
    return StoredAnchors(anchors, order ?: anchors.order())
}

/** `obsp[key]`; weights that are no weights, or differ from those back, are told by the names of the clones. */
private fun AnnData.anchorsOf(key: String, batches: Categories): Anchors {
    val graph = weightedGraph(key, known = "mnn")
    Finite.firstBeyond(graph, AnchorAlignment.LARGEST)?.let {
        throw IllegalArgumentException(
            "weights of obsp['$key'] must be at most ${AnchorAlignment.LARGEST}, but that from " +
                "'${obsNames[it.row()]}' to '${obsNames[it.col()]}' is ${it.value()}; rescale them first",
        )
    }
    return try {
        Anchors("obsp['$key']", graph, batches)
    } catch (e: RefusedValueException) {
        val from = obsNames[e.row()]
        val what = if (e.column() < 0) {
            "'$from' has other entries in its row than in its column"
        } else {
            val (to, back) = obsNames[e.column()] to graph.get(e.column(), e.row())
            "the weight from '$from' to '$to' is ${e.value()} and that back is $back"
        }
        throw IllegalArgumentException("obsp['$key'] must be symmetric, but $what", e)
    }
}

/** [order] as files keep it: names of batches, and the two nodes of every step, numbered as scipy's `linkage` does. */
internal fun storedOrder(order: MergeOrder, batches: Categories): Map<String, Any?> {
    val nodes = order.steps().flatMap { listOf(it.left(), it.right()) }
    return dict("batches" to NdArray.of(*batches.levels()), "steps" to nodePairs(nodes))
}

/** Node numbers, two in a row. */
internal fun nodePairs(nodes: List<Int>): NdArray =
    NdArray(DType.INT64, intArrayOf(nodes.size / 2, 2), LongArray(nodes.size) { nodes[it].toLong() })

/** Numbers of every two batches. */
internal fun nodeTable(counts: Array<IntArray>): NdArray =
    NdArray(DType.INT64, intArrayOf(counts.size, counts.size), counts.flatMap { it.map(Int::toLong) }.toLongArray())

private fun ordered(stored: Map<*, *>, batches: Categories, slot: String): MergeOrder {
    val names = (stored["batches"] as? NdArray)?.takeIf { it.isText }?.texts()
    val steps = (stored["steps"] as? NdArray)?.takeIf { !it.isText && it.nDims() == 2 && it.shape()[1] == 2 }
    require(names != null && steps != null) {
        "$slot must hold 'batches', text, and 'steps', two node numbers in a row, got ${stored.keys}; remove it to " +
            "let the anchors decide"
    }
    val levels = batches.levels()
    require(names.sorted() == levels.sorted() && steps.size() == 2 * (names.size - 1)) {
        "$slot is of ${names.size} batches ${names.toList()}, but ${batches.name()} has ${levels.toList()}; run " +
            "c2v.tl.findMnn() again, or remove it to let the anchors decide"
    }
    val now = IntArray(names.size) { levels.indexOf(names[it]) }

    fun node(at: Int) = steps.number(at).toInt().let { if (it in now.indices) now[it] else it }
    return MergeOrder(List(names.size - 1) { MergeOrder.Step(node(2 * it), node(2 * it + 1)) })
}
