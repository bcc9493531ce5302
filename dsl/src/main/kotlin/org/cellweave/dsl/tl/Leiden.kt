package org.cellweave.dsl

import org.cellweave.cluster.Leiden
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NaturalOrder
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categoryPositions
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
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
 * @param directed of `leidenalg`; the graph is symmetric, so that it changes nothing
 * @param adjacency a graph to use in place of the stored one
 * @param partitionType of `leidenalg`: `RBConfigurationVertexPartition`, `ModularityVertexPartition`,
 *   `CPMVertexPartition` or `RBERVertexPartition`; short names such as `CPM` do
 * @param objectiveFunction of `igraph`: `modularity` or `CPM`
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
    directed: Boolean? = null,
    beta: Double = Leiden.Params.DEFAULTS.beta(),
    copy: Boolean = false,
    adjacency: Matrix? = null,
    partitionType: String? = null,
    objectiveFunction: String? = null,
): AnnData {
    val target = adata.target(copy)
    val bySize = Check.oneOf(flavor, LeidenFlavor::class.java, "flavor") == LeidenFlavor.LEIDENALG
    require(bySize || directed != true) {
        "directed = true goes with flavor = \"leidenalg\" only, got flavor = \"$flavor\"; leave directed out"
    }
    val quality = qualityOf(bySize, partitionType, objectiveFunction)
    val params =
        Leiden.Params(quality, resolution.toDouble(), nIterations, useWeights, beta, bySize, randomState)
    require(adjacency == null || (neighborsKey == null && obsp == null)) { "adjacency excludes neighborsKey and obsp" }
    val graph = adjacency?.toCsr() ?: target.neighborGraph(neighborsKey, obsp).connectivities
    require(graph.nRows() == target.nObs) { "adjacency must have ${target.nObs} rows, got ${graph.describe()}" }
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

/** The partition types of leidenalg, by their names and by what is before `VertexPartition`. */
private val PARTITIONS =
    mapOf(
        "RBConfiguration" to Leiden.Quality.MODULARITY,
        "Modularity" to Leiden.Quality.MODULARITY,
        "CPM" to Leiden.Quality.CPM,
        "RBER" to Leiden.Quality.RBER,
    )

/** The objective functions of igraph. */
private val OBJECTIVES = mapOf("modularity" to Leiden.Quality.MODULARITY, "cpm" to Leiden.Quality.CPM)

private fun qualityOf(leidenalg: Boolean, partitionType: String?, objectiveFunction: String?): Leiden.Quality {
    if (leidenalg) {
        require(objectiveFunction == null) {
            "objectiveFunction goes with flavor = \"igraph\", got $objectiveFunction; use partitionType"
        }
        val name = partitionType?.removeSuffix("VertexPartition") ?: "RBConfiguration"
        return PARTITIONS.entries.firstOrNull { it.key.equals(name, ignoreCase = true) }?.value
            ?: throw IllegalArgumentException(
                "partitionType must be one of ${PARTITIONS.keys.map { "${it}VertexPartition" }}, got '$partitionType'",
            )
    }
    require(partitionType == null) {
        "partitionType goes with flavor = \"leidenalg\", got $partitionType; use objectiveFunction"
    }
    val name = objectiveFunction ?: "modularity"
    return OBJECTIVES[name.lowercase()]
        ?: throw IllegalArgumentException(
            "objectiveFunction must be \"modularity\" or \"CPM\", got '$objectiveFunction'",
        )
}

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

/** `old,new` for the cells clustered anew, the old label elsewhere; cells without a label stay without. */
internal fun relabelled(
    adata: AnnData,
    restrictTo: Pair<String, List<String>>,
    cells: IntArray,
    labels: IntArray,
): CategoricalColumn {
    val column = adata.groups(restrictTo.first, "restrictTo")
    val texts: Array<String?> = Array(adata.nObs) { if (column.isMissing(it)) null else column.text(it) }
    val prefix = restrictTo.second.joinToString("-")
    cells.forEachIndexed { k, i -> texts[i] = "$prefix,${labels[k]}" }
    val names = texts.filterNotNull().distinct().sortedWith(NaturalOrder.INSTANCE)
    val position = names.withIndex().associate { (c, n) -> n to c }
    return CategoricalColumn(
        IntArray(texts.size) { i -> texts[i]?.let { position.getValue(it) } ?: -1 },
        StringColumn.of(*names.toTypedArray()),
        false,
    )
}
