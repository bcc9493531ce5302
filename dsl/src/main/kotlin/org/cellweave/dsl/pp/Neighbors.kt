package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.GaussGraph
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * The graph of nearest neighbours. See [NearestNeighbors], [FuzzyGraph], [GaussGraph].
 *
 * Reads `obsm[useRep]`, by default `X_pca` (or `X` when there are at most 50 genes). Writes `obsp["distances"]`,
 * `obsp["connectivities"]` and `uns["neighbors"]`; with [keyAdded] `obsp["{keyAdded}_distances"]` and so on.
 *
 * @param nNeighbors counts the cell itself, as in scanpy
 * @param nPcs how many columns of the representation to use; 0 for `X`
 * @param method `umap` or `gauss`
 * @param metric `euclidean`, `cosine`, `correlation` or `manhattan`
 * @param search `exact`, `approximate`, or `auto` to choose by the number of cells
 */
public fun Preprocessing.neighbors(
    adata: AnnData,
    nNeighbors: Int = NearestNeighbors.Params.DEFAULTS.nNeighbors(),
    nPcs: Int? = null,
    useRep: String? = null,
    knn: Boolean = true,
    method: String = "umap",
    metric: String = NearestNeighbors.Params.DEFAULTS
        .metric()
        .spelled(),
    randomState: Long = NearestNeighbors.Params.DEFAULTS.seed(),
    keyAdded: String? = null,
    search: String = NearestNeighbors.Params.DEFAULTS
        .search()
        .spelled(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val kernel = Check.oneOf(method, Kernel::class.java, "method")
    val params =
        NearestNeighbors.Params(
            nNeighbors,
            Check.oneOf(metric, Metric::class.java, "metric"),
            Check.oneOf(search, NearestNeighbors.Search::class.java, "search"),
            randomState,
        )
    val prefix = if (keyAdded == null) "" else "${keyAdded}_"
    val key = keyAdded ?: "neighbors"
    val added =
        "added to `.uns['$key']`\n    `.obsp['${prefix}distances']`, distances for each pair of neighbors\n" +
            "    `.obsp['${prefix}connectivities']`, weighted adjacency matrix"
    Log.timed<Unit>("computing neighbors", { added }) {
        val lists = withProgress { NearestNeighbors.run(representation(target, useRep, nPcs), params, it) }
        Log.debug("search: ${lists.search().spelled()}")
        val weights: CsrMatrix = if (kernel == Kernel.UMAP) FuzzyGraph.run(lists) else GaussGraph.run(lists, knn)
        target.obsp.set("${prefix}distances", lists.distanceMatrix())
        target.obsp.set("${prefix}connectivities", weights)
    }
    target.uns[key] =
        dict(
            "connectivities_key" to "${prefix}connectivities",
            "distances_key" to "${prefix}distances",
            "params" to
                listOfNotNull(
                    "n_neighbors" to nNeighbors.toLong(),
                    "method" to kernel.spelled(),
                    "random_state" to randomState,
                    "metric" to params.metric().spelled(),
                    useRep?.let { "use_rep" to it },
                    nPcs?.let { "n_pcs" to it.toLong() },
                ).toMap(),
        )
    return target
}

private enum class Kernel { UMAP, GAUSS }

/** At most this many genes are used as they are when no representation is named. */
private const val FEW_GENES = 50

/** What distances are taken on, as scanpy chooses it. */
internal fun representation(adata: AnnData, useRep: String?, nPcs: Int?): Matrix {
    if (useRep == "X" || (useRep == null && nPcs == 0)) {
        return adata.X
    }
    if (useRep == null && nPcs == null && adata.nVars <= FEW_GENES) {
        return adata.X
    }
    val key = useRep ?: "X_pca"
    if (useRep == null && "X_pca" !in adata.obsm.keys) {
        Log.warning("You're trying to run this on ${adata.nVars} dimensions of `.X`; computing PCA first.")
        sc.pp.pca(adata)
    }
    val rep = adata.embedding(key)
    if (nPcs == null || nPcs == rep.nCols()) {
        return rep
    }
    require(nPcs in 1 until rep.nCols()) {
        "nPcs must lie in 1..${rep.nCols()}, the columns of obsm['$key'], got $nPcs; " +
            "run sc.pp.pca(nComps = ...) with more"
    }
    return rep.takeCols(IntArray(nPcs) { it })
}

/** The graph under a key of `sc.pp.neighbors`. */
internal class NeighborGraph(
    val connectivities: CsrMatrix,
    val params: Map<String, Any?>,
)

@Suppress("UNCHECKED_CAST")
internal fun AnnData.neighborGraph(neighborsKey: String?, obspKey: String? = null): NeighborGraph {
    require(neighborsKey == null || obspKey == null) { "neighborsKey and obsp exclude each other" }
    if (obspKey != null) {
        return NeighborGraph(obsp.matrix(obspKey, "").toCsr(), emptyMap())
    }
    val key = neighborsKey ?: "neighbors"
    val stored =
        uns[key] as? Map<String, Any?>
            ?: throw MissingKeyException("uns", key, uns.keys, "Run sc.pp.neighbors() first.")
    val matrixKey = stored["connectivities_key"] as? String ?: "connectivities"
    val params = stored["params"] as? Map<String, Any?> ?: emptyMap()
    return NeighborGraph(obsp.matrix(matrixKey, "Run sc.pp.neighbors() first.").toCsr(), params)
}
