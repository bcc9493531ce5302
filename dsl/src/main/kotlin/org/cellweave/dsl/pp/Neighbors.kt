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
 * @param knn false weighs all pairs of cells, with method `gauss` only, and stores dense matrices
 * @param method `umap` or `gauss`
 * @param transformer `sklearn` for the exact search or `pynndescent` for the approximate one, as [search]
 * @param metric `euclidean` (`l2`), `cosine`, `correlation` or `manhattan` (`l1`, `cityblock`)
 * @param search `exact`, `approximate`, or `auto` to choose by the number of cells
 */
public fun Preprocessing.neighbors(
    adata: AnnData,
    nNeighbors: Int = NearestNeighbors.Params.DEFAULTS.nNeighbors(),
    nPcs: Int? = null,
    useRep: String? = null,
    knn: Boolean = true,
    method: String = "umap",
    transformer: String? = null,
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
            metricOf(metric),
            searchOf(transformer, search),
            randomState,
        )
    require(knn || kernel == Kernel.GAUSS) {
        "knn = false goes with method = \"gauss\" only, got method = \"$method\""
    }
    val prefix = if (keyAdded == null) "" else "${keyAdded}_"
    val key = keyAdded ?: "neighbors"
    val added =
        "added to `.uns['$key']`\n    `.obsp['${prefix}distances']`, distances for each pair of neighbors\n" +
            "    `.obsp['${prefix}connectivities']`, weighted adjacency matrix"
    Log.timed<Unit>("computing neighbors", { added }) {
        if (!knn) {
            val dense = GaussGraph.dense(representation(target, useRep, nPcs), params.metric(), nNeighbors)
            target.obsp.set("${prefix}distances", dense.distances())
            target.obsp.set("${prefix}connectivities", dense.connectivities())
            return@timed
        }
        val lists = withProgress { NearestNeighbors.run(representation(target, useRep, nPcs), params, it) }
        Log.debug("search: ${lists.search().spelled()}")
        val weights: CsrMatrix = if (kernel == Kernel.UMAP) FuzzyGraph.run(lists) else GaussGraph.run(lists)
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
                    "metric" to metric,
                    useRep?.let { "use_rep" to it },
                    nPcs?.let { "n_pcs" to it.toLong() },
                ).toMap(),
        )
    return target
}

private enum class Kernel { UMAP, GAUSS }

private val OTHER_NAMES =
    mapOf("l2" to Metric.EUCLIDEAN, "l1" to Metric.MANHATTAN, "cityblock" to Metric.MANHATTAN)

/** A metric by the names that scikit-learn knows it by. */
internal fun metricOf(name: String): Metric =
    OTHER_NAMES[name] ?: Metric.entries.firstOrNull { it.spelled() == name } ?: run {
        val known = Metric.entries.map { it.spelled() } + OTHER_NAMES.keys
        throw IllegalArgumentException(
            "metric must be one of $known, got '$name'.${Check.suggestion(name, known)}",
        )
    }

private fun searchOf(transformer: String?, search: String): NearestNeighbors.Search {
    val wanted = Check.oneOf(search, NearestNeighbors.Search::class.java, "search")
    val meant =
        when (transformer) {
            null -> return wanted
            "sklearn" -> NearestNeighbors.Search.EXACT
            "pynndescent" -> NearestNeighbors.Search.APPROXIMATE
            else -> throw IllegalArgumentException(
                "transformer must be null, 'sklearn' (exact) or 'pynndescent' (approximate), got '$transformer'",
            )
        }
    require(wanted == NearestNeighbors.Params.DEFAULTS.search() || wanted == meant) {
        "transformer = '$transformer' and search = '$search' contradict each other; give one of them"
    }
    return meant
}

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
    if (useRep == null && adata.obsmKey("X_pca") !in adata.obsm.keys) {
        Log.warning("You're trying to run this on ${adata.nVars} dimensions of `.X`; computing PCA first.")
        sc.pp.pca(adata)
    }
    val key = adata.obsmKey(useRep ?: "X_pca")
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
    return NeighborGraph(obsp.matrix(matrixKey, "Run sc.pp.neighbors() first.").toCsr(), stored.settings())
}
