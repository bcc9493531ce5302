package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.trajectory.Paga
import org.cellweave.util.ShapeMismatchException

/**
 * How groups of cells hang together in the neighbour graph. See [Paga].
 *
 * Reads `obs[groups]`, `uns["neighbors"]` and `obsp["distances"]` (`obsp["connectivities"]` with model `v1.0`).
 * Writes `uns["paga"]` (`connectivities`, `connectivities_tree`, `groups`) and `uns["{groups}_sizes"]`, with a row for
 * every category: those without cells have no links.
 *
 * @param groups a categorical column; null for `leiden`, or else `louvain`
 * @param useRnaVelocity not supported
 * @param model `v1.2` or `v1.0`
 */
public fun Tools.paga(
    adata: AnnData,
    groups: String? = null,
    useRnaVelocity: Boolean = false,
    model: String = "v1.2",
    neighborsKey: String? = null,
    copy: Boolean = false,
): AnnData {
    require(!useRnaVelocity) {
        "useRnaVelocity = true is not supported: transitions need a velocity graph, which Cellweave does not " +
            "compute. Use sc.tl.paga(adata, groups) for connectivities"
    }
    val target = adata.target(copy)
    val kind = MODELS[model]
    require(kind != null) { "model must be one of ${MODELS.keys}, got '$model'" }
    val key = groups ?: listOf("leiden", "louvain").firstOrNull { it in target.obs.keys }
    require(key != null) {
        "groups must name a categorical column of obs, because there is neither 'leiden' nor 'louvain'. " +
            "Run sc.tl.leiden() first."
    }
    val neighbors = target.neighborGraph(neighborsKey)
    val all = target.groups(key, "groups")
    val used = all.usedCategories()
    val column = all.removeUnused()
    val graph = if (kind == Paga.Model.V1_2) distances(target, neighborsKey) else neighbors.connectivities
    val count = (neighbors.params["n_neighbors"] as? Number)?.toInt() ?: Paga.Params.DEFAULTS.nNeighbors()
    val params = Paga.Params(kind, count)
    val added =
        "added\n    'paga/connectivities', connectivities adjacency (adata.uns)\n" +
            "    'paga/connectivities_tree', connectivities subtree (adata.uns)"
    val result =
        Log.timed<Paga.Result>("running PAGA", { added }) {
            withProgress { Paga.run(graph, column.codes(), column.nCategories(), params, it) }
        }
    target.uns["paga"] =
        dict(
            "connectivities" to spread(result.connectivities(), used, all.nCategories()),
            "connectivities_tree" to spread(result.tree(), used, all.nCategories()),
            "groups" to key,
        )
    val sizes = all.counts()
    target.uns["${key}_sizes"] = NdArray.of(*LongArray(sizes.size) { sizes[it].toLong() })
    return target
}

/** Links between the groups of [column] that have cells, of a matrix with a row for each of these or every category. */
internal fun linksOfUsed(links: Matrix, column: CategoricalColumn, slot: String): CsrMatrix {
    val used = column.usedCategories()
    return when (links.nRows()) {
        used.size -> links.toCsr()
        column.nCategories() -> links.takeRows(used).takeCols(used).toCsr()
        else -> throw ShapeMismatchException(
            "uns['paga']['$slot'] has ${links.nRows()} groups, but its column of obs has ${column.nCategories()} " +
                "categories. Run sc.tl.paga() again",
        )
    }
}

/** The links of [used] among [n] groups. */
private fun spread(links: CsrMatrix, used: IntArray, n: Int): CsrMatrix {
    if (used.size == n) {
        return links
    }
    val out = CsrBuilder(n, links.dtype())
    for (group in 0 until n) {
        val row = used.indexOf(group)
        val columns = if (row < 0) emptyList() else used.indices.filter { links.get(row, it) != 0.0 }
        out.addRow(
            IntArray(columns.size) { used[columns[it]] },
            DoubleArray(columns.size) { links.get(row, columns[it]) },
            columns.size,
        )
    }
    return out.build()
}

private val MODELS = mapOf("v1.2" to Paga.Model.V1_2, "v1.0" to Paga.Model.V1_0)

private fun distances(adata: AnnData, neighborsKey: String?): CsrMatrix {
    val stored = adata.unsMap(neighborsKey ?: "neighbors")
    val key = stored["distances_key"] as? String ?: "distances"
    return adata.obsp.matrix(key, remedy("distances")).toCsr()
}
