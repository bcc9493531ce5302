package org.cellweave.dsl

import org.cellweave.cluster.Leiden
import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.Clustering
import org.cellweave.dsl.glue.Communities
import org.cellweave.dsl.glue.asGiven
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.shown.restricted
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.graphOf
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/**
 * Leiden communities of the neighbour graph. See [Leiden].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`. Writes `obs[keyAdded]` (categorical) and `uns[keyAdded]`
 * (`params`, `modularity`). Unlike scanpy 1.11 the default is igraph's flavor with two iterations, which scanpy
 * recommends.
 *
 * @param restrictTo a column of `obs` and one or some of its categories: only their cells are clustered anew
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
    restrictTo: Pair<String, Any>? = null,
    randomState: Long = Leiden.Params.DEFAULTS.seed(),
    keyAdded: String = "leiden",
    useWeights: Boolean = Leiden.Params.DEFAULTS.useWeights(),
    nIterations: Int = Leiden.Params.DEFAULTS.nIterations(),
    neighborsKey: String? = null,
    obsp: String? = null,
    flavor: String = "igraph",
    directed: Boolean? = null,
    beta: Number = Leiden.Params.DEFAULTS.beta(),
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
        Leiden.Params(quality, resolution.toDouble(), nIterations, useWeights, beta.toDouble(), bySize, randomState)
    val graph = target.graphOf(adjacency, neighborsKey, obsp)
    val clustering = Clustering("Leiden", "leiden", keyAdded, restricted(restrictTo))
    val result =
        clustering.run(target, graph) { used, progress ->
            Leiden.run(used, params, progress).let { Communities(it.labels(), it.nCommunities(), it) }
        }
    val given = mapOf("resolution" to asGiven(resolution))
    target.uns[clustering.key] =
        dict(
            "params" to recorded(params, "resolution", "seed", "nIterations", resolved = given),
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
