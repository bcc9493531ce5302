package org.cellweave.dsl

import org.cellweave.cluster.Leiden
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NaturalOrder
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.util.Check

/**
 * Leiden communities of the neighbour graph. See [Leiden].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`. Writes `obs[keyAdded]` (categorical) and `uns[keyAdded]`
 * (`params`, `modularity`). Unlike scanpy 1.11 the default is igraph's flavor with two iterations, which scanpy
 * recommends.
 *
 * @param restrictTo a column of `obs` and some of its categories: only their cells are clustered anew
 * @param nIterations passes; negative repeats until nothing changes
 * @param flavor `igraph` numbers clusters by first appearance, `leidenalg` by size
 */
public fun Tools.leiden(
    adata: AnnData,
    resolution: Number = Leiden.Params.DEFAULTS.resolution(),
    restrictTo: Pair<String, List<String>>? = null,
    randomState: Long = Leiden.Params.DEFAULTS.seed(),
    keyAdded: String = "leiden",
    useWeights: Boolean = Leiden.Params.DEFAULTS.useWeights(),
    nIterations: Int = Leiden.Params.DEFAULTS.nIterations(),
    neighborsKey: String? = null,
    obsp: String? = null,
    flavor: String = "igraph",
    directed: Boolean = false,
    beta: Double = Leiden.Params.DEFAULTS.beta(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    require(!directed) { "directed must be false: the neighbour graph is symmetric, got directed = true" }
    val bySize = Check.oneOf(flavor, LeidenFlavor::class.java, "flavor") == LeidenFlavor.LEIDENALG
    val params =
        Leiden.Params(
            Leiden.Params.DEFAULTS.quality(), resolution.toDouble(), nIterations, useWeights, beta, bySize, randomState,
        )
    val graph = target.neighborGraph(neighborsKey, obsp).connectivities
    val key = if (restrictTo != null && keyAdded == "leiden") "leiden_R" else keyAdded
    val found = { r: Leiden.Result ->
        "found ${r.nCommunities()} clusters and added\n    '$key', the cluster labels (adata.obs, categorical)"
    }
    val result =
        Log.timed("running Leiden clustering", found) {
            val part = restrictTo?.let { restricted(target, it) }
            val used = if (part == null) graph else subgraph(graph, part)
            val r = withProgress { Leiden.run(used, params, it) }
            val labels = restrictTo?.let { relabelled(target, it, part!!, r.labels()) }
            target.obs.set(key, labels ?: CategoricalColumn.ofLabels(r.labels(), r.nCommunities()))
            r
        }
    val stored: Any = if (resolution is Int || resolution is Long) resolution.toLong() else resolution.toDouble()
    target.uns[key] =
        dict(
            "params" to
                dict("resolution" to stored, "random_state" to randomState, "n_iterations" to nIterations.toLong()),
            "modularity" to result.modularity(),
        )
    return target
}

private enum class LeidenFlavor { IGRAPH, LEIDENALG }

internal fun restricted(adata: AnnData, restrictTo: Pair<String, List<String>>): IntArray {
    val column = adata.groups(restrictTo.first, "restrictTo")
    val wanted = categoryPositions(column, restrictTo.second, "restrictTo").toSet()
    return column
        .codes()
        .indices
        .filter { column.codes()[it] in wanted }
        .toIntArray()
}

internal fun subgraph(graph: CsrMatrix, cells: IntArray): CsrMatrix = graph.takeRows(cells).takeCols(cells)

/** `old,new` for the cells clustered anew, the old label elsewhere. */
internal fun relabelled(
    adata: AnnData,
    restrictTo: Pair<String, List<String>>,
    cells: IntArray,
    labels: IntArray,
): CategoricalColumn {
    val texts = adata.groups(restrictTo.first, "restrictTo").texts()
    val prefix = restrictTo.second.joinToString("-")
    cells.forEachIndexed { k, i -> texts[i] = "$prefix,${labels[k]}" }
    val names = texts.distinct().sortedWith(NaturalOrder.INSTANCE)
    val position = names.withIndex().associate { (c, n) -> n to c }
    return CategoricalColumn(
        IntArray(texts.size) { position.getValue(texts[it]) },
        StringColumn.of(*names.toTypedArray()),
        false,
    )
}
