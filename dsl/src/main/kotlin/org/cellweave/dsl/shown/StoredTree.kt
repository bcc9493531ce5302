package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Remedies
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import java.util.concurrent.CancellationException

/** `uns["dendrogram_{groupby}"]`, which is read, or worked out where it is not there. */
internal object StoredTree {
    /**
     * The tree over the groups of [keys]: that in `uns`, or, with a warning, one worked out anew where there is
     * none or it is over other groups. Null, with a warning, when nobody asked for it and none is to be had.
     *
     * @param cells the groups, all with cells
     * @param choice true, the tree's key in `uns`, or null when nobody asked for it
     */
    fun of(adata: AnnData, keys: List<String>, cells: Categories, choice: Any?): Dendrogram? {
        val usual = GroupTree.key(keys)
        val key = choice as? String ?: usual
        val entry = adata.uns[key] as? Map<*, *>
        if (entry == null) {
            Log.warning(
                "dendrogram data not found (using key=$key). Running `sc.tl.dendrogram` with default parameters. " +
                    "For fine tuning it is recommended to run `sc.tl.dendrogram` independently.",
            )
            return grown(adata, keys, cells, GroupTree(), key, choice != null)
        }
        val stored = read(entry, key)
        if (stored.isOver(cells)) {
            return stored
        }
        Log.warning(
            "the tree in uns['$key'] is over ${stored.order}, but the groups of '${keys.joinToString("_")}' are " +
                "${cells.names}; it is worked out anew",
        )
        val same = key == usual || textList(entry["groupby"] ?: usual, key) == keys
        return if (same) {
            grown(adata, keys, cells, GroupTree.like(adata, entry), key, choice != null)
        } else {
            of(adata, keys, cells, true)
        }
    }

    /** The tree in `uns`; null where there is none or it is over other groups. */
    fun stored(adata: AnnData, keys: List<String>, cells: Categories, choice: Any?): Dendrogram? {
        val key = choice as? String ?: GroupTree.key(keys)
        return (adata.uns[key] as? Map<*, *>)?.let { read(it, key) }?.takeIf { it.isOver(cells) }
    }

    private fun Dendrogram.isOver(cells: Categories) =
        order.size == cells.names.size && order.toSet() == cells.names.toSet()

    private fun grown(
        adata: AnnData,
        keys: List<String>,
        cells: Categories,
        kind: GroupTree,
        key: String,
        required: Boolean,
    ): Dendrogram? {
        try {
            kind.store(adata, keys, cells, key)
        } catch (e: RuntimeException) {
            if (required || e is CancellationException) throw e
            Log.warning("no dendrogram is drawn: ${e.message}")
            return null
        }
        return read(adata.uns[key] as Map<*, *>, key)
    }

    private fun read(entry: Map<*, *>, key: String): Dendrogram {
        val order = textList(entry["categories_ordered"], key)
        val linkage = rows(entry["linkage"], key)
        if (linkage.size != order.size - 1) {
            throw ShapeMismatchException(
                "uns['$key'] has a tree of ${linkage.size + 1} groups, but categories_ordered lists ${order.size}",
            )
        }
        return Dendrogram(order, linkage, entry["correlation_matrix"]?.let { rows(it, key) })
    }

    private fun textList(value: Any?, key: String): List<String> =
        when (value) {
            is NdArray -> value.texts().asList()
            is Column -> value.texts().asList()
            is Iterable<*> -> value.map { it.toString() }
            is Array<*> -> value.map { it.toString() }
            is String -> listOf(value)
            else -> throw MissingKeyException(
                "uns['$key']", "categories_ordered", emptyList(), Remedies.again("dendrogram_*", "uns"),
            )
        }

    private fun rows(value: Any?, key: String): Array<DoubleArray> =
        when (value) {
            is NdArray -> rows(value.toMatrix(), key)
            is DenseMatrix -> Array(value.nRows()) { r -> DoubleArray(value.nCols()) { value.get(r, it) } }
            is Array<*> -> Array(value.size) { value[it] as DoubleArray }
            else -> throw MissingKeyException(
                "uns['$key']", "linkage", emptyList(), Remedies.again("dendrogram_*", "uns"),
            )
        }
}
