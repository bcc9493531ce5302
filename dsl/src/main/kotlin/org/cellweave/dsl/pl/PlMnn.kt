package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Arrows
import org.cellweave.dsl.plot.Edges
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.Coordinates
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.MissingKeyException

/**
 * Draws how batches were merged by mutual nearest neighbours, in panels with the same axes: pairs as lines between
 * their cells; shifts of paired cells as arrows to the middle of their partners; and with [adjustedBasis] the shifts of
 * all cells as the merges smoothed them, and where the cells came to lie.
 *
 * Reads `obsm[X_basis]`, `obsm[adjustedBasis]` and `uns[unsKey]` of `sc.pp.mnnCorrect`, `sc.pp.fastMnn` or
 * `sc.pp.reducedMnn`, whose rows are cells of this very object. Writes `uns[{key}_colors]`.
 *
 * @param basis an embedding before the merges, with or without its `X_`
 * @param adjustedBasis the same coordinates after them
 * @param color column of `obs`; null for the batches
 * @param merge whose pairs are drawn, counted from 0
 * @param linewidth of pairs in pixels; [arrowWidth] of shifts
 * @param legendLoc of the last panel; the others have none
 */
public fun Plotting.mnn(
    adata: AnnData,
    basis: String = "umap",
    adjustedBasis: String? = null,
    color: String? = null,
    unsKey: String = "mnn",
    merge: Int = 0,
    linewidth: Number = 0.4,
    arrowWidth: Number = 0.8,
    palette: Any? = null,
    size: Any? = null,
    alpha: Number = 1.0,
    legendLoc: String? = "right margin",
    ncols: Int = 4,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val drawn = MergeOnMap(adata, basis, adjustedBasis, StoredMerge(adata, unsKey, merge))
    val count = if (adjustedBasis == null) 2 else 4

    fun options(title: String, at: Int) =
        EmbeddingOptions(
            color = color ?: drawn.batchKey, palette = palette, size = size, alpha = alpha.toDouble(), title = title,
            legendLoc = if (at == count - 1) legendLoc else "none",
        )
    return finish(
        grid(drawn.panels(linewidth.toDouble(), arrowWidth.toDouble(), ::options), ncols), "mnn",
        Output(save, show, ax, figsize, dpi),
    )
}

/** The pairs of one merge, by rows. */
private class StoredMerge(
    adata: AnnData,
    unsKey: String,
    merge: Int,
) {
    val batchKey: String
    val left: IntArray
    val right: IntArray

    init {
        if (unsKey !in adata.uns.keys) throw MissingKeyException("uns", unsKey, adata.uns.keys, remedy("mnn", "uns"))
        val told = adata.unsMap(unsKey)
        require("meta_cluster" !in told) {
            "uns['$unsKey'] holds pairs of clusters, not of cells, as sc.pp.clusterMnn merges them; name a merge of cells"
        }

        fun rows(key: String): IntArray {
            val stored = told[key] as? NdArray
                ?: throw MissingKeyException("uns['$unsKey']", key, told.keys, remedy("mnn", "uns"))
            return stored.toDoubles().let { n -> IntArray(n.size) { n[it].toInt() } }
        }
        val sizes = rows("n_pairs")
        require(merge in sizes.indices) {
            "merge must lie in 0..${sizes.size - 1}, the merges of uns['$unsKey'], got $merge"
        }
        val from = sizes.take(merge).sum()
        left = rows("pairs_left").copyOfRange(from, from + sizes[merge])
        right = rows("pairs_right").copyOfRange(from, from + sizes[merge])
        val last = intArrayOf(*left, *right).maxOrNull() ?: -1
        require(last < adata.nObs) {
            "uns['$unsKey'] pairs the cell in row $last, but there are ${adata.nObs} cells; draw the object that " +
                "was merged"
        }
        batchKey = (told["params"] as? Map<*, *>)?.get("batch_key") as? String
            ?: throw MissingKeyException("uns['$unsKey']", "params", told.keys, remedy("mnn", "uns"))
    }
}

private class MergeOnMap(
    private val adata: AnnData,
    private val basis: String,
    private val adjustedBasis: String?,
    private val stored: StoredMerge,
) {
    private val before = Coordinates(adata, basis)
    private val after = adjustedBasis?.let { Coordinates(adata, it) }
    private val x = before.column(0)
    private val y = before.column(1)
    private val axes: SharedAxes

    val batchKey: String get() = stored.batchKey

    init {
        val allX = doubleArrayOf(*x, *(after?.column(0) ?: DoubleArray(0)))
        val allY = doubleArrayOf(*y, *(after?.column(1) ?: DoubleArray(0)))
        axes = SharedAxes(PointPanel.padded(allX, allX, allY) to PointPanel.padded(allY, allX, allY), before)
    }

    fun panels(
        linewidth: Double,
        arrowWidth: Double,
        options: (String, Int) -> EmbeddingOptions,
    ): List<Panel> {
        val edges = Edges(stored.left, stored.right, linewidth, listOf(PAIRS))
        val out = ArrayList<Panel>()

        fun add(title: String, shown: String, edges: Edges? = null, moves: Arrows? = null) {
            val figure = EmbeddingFigure(
                adata, shown, options(title, out.size), "mnn", given = edges, moves = moves, axes = axes,
            )
            out += figure.place().single().panel
        }
        add("${stored.left.size} mutual pairs", basis, edges = edges)
        add("shifts of paired cells", basis, moves = ofPairs(arrowWidth))
        if (adjustedBasis != null && after != null) {
            val moves = arrows(minus(after.column(0), x), minus(after.column(1), y), arrowWidth)
            add("shifts of all cells", basis, moves = moves)
            add("corrected", adjustedBasis)
        }
        return out
    }

    /** From each cell that moves to the middle of its partners. */
    private fun ofPairs(width: Double): Arrows {
        val dx = DoubleArray(x.size)
        val dy = DoubleArray(x.size)
        val partners = IntArray(x.size)
        for (p in stored.left.indices) {
            val (stays, moves) = stored.left[p] to stored.right[p]
            dx[moves] += x[stays] - x[moves]
            dy[moves] += y[stays] - y[moves]
            partners[moves]++
        }
        for (i in partners.indices) {
            if (partners[i] > 1) {
                dx[i] /= partners[i].toDouble()
                dy[i] /= partners[i].toDouble()
            }
        }
        return arrows(dx, dy, width)
    }

    private fun arrows(dx: DoubleArray, dy: DoubleArray, width: Double) =
        Arrows(dx, dy, MOVES, scale = null, width = width, exact = true)

    private fun minus(to: DoubleArray, from: DoubleArray) = DoubleArray(from.size) { to[it] - from[it] }

    private companion object {
        const val PAIRS = "#808080"
        const val MOVES = "#000000"
    }
}
