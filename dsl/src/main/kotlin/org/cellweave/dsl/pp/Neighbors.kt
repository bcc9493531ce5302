package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.representationOf
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.dict
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.RangeRunner
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.GaussGraph
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.MetricArguments
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.util.Check
import java.util.Locale

/**
 * The graph of nearest neighbours. See [NearestNeighbors], [FuzzyGraph], [GaussGraph].
 *
 * Reads `obsm[useRep]`, by default `X_pca` (or `X` when there are at most 50 genes). Writes `obsp["distances"]`,
 * `obsp["connectivities"]` and `uns["neighbors"]`; with [keyAdded] `obsp["{keyAdded}_distances"]` and so on. An
 * approximate search writes `search` and `recall` into the `params` of `uns["neighbors"]`: the share of the true
 * neighbours that it has found, as measured on some cells.
 *
 * McInnes, Healy and Melville 2018, doi:10.48550/arXiv.1802.03426.
 *
 * @param nNeighbors counts the cell itself, as in scanpy
 * @param nPcs how many columns of the representation to use; 0 for `X`
 * @param knn false weighs all pairs of cells, with method `gauss` only, and stores dense matrices
 * @param method `umap` or `gauss`
 * @param transformer `sklearn` for the exact search or `pynndescent` for the approximate one, as [search]
 * @param metric a name of scipy's or scikit-learn's: `euclidean` (`l2`), `cosine`, `correlation` and `manhattan` (`l1`,
 *   `cityblock`) are fast; `jaccard`, `minkowski`, `chebyshev` and the others look at every pair of cells;
 *   `precomputed` takes the representation for the distances themselves
 * @param metricKwds arguments of the metric: `p` and `w` of `minkowski`, `V` of `seuclidean`, `VI` of `mahalanobis`
 * @param search `exact`, `approximate` (of `euclidean`, `cosine` and `correlation`), or `auto` to choose by the number
 *   of cells
 * @param recall share of the true neighbours that the approximate search is to find, in (0, 1]
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
    metricKwds: Map<String, Any> = emptyMap(),
    recall: Double = NearestNeighbors.Params.DEFAULTS.recall(),
): AnnData {
    val target = adata.target(copy)
    val arguments = metricArguments(metricKwds)
    val kernel = Check.oneOf(method, Kernel::class.java, "method")
    val fitting = fittingNeighbors(nNeighbors, target.nObs)
    val params =
        NearestNeighbors.Params(
            fitting,
            Metric.named(metric),
            searchOf(transformer, search),
            randomState,
            recall,
        )
    require(knn || kernel == Kernel.GAUSS) {
        "knn = false goes with method = \"gauss\" only, got method = \"$method\""
    }
    val prefix = if (keyAdded == null) "" else "${keyAdded}_"
    val key = keyAdded ?: "neighbors"
    val added =
        "added to `.uns['$key']`\n    `.obsp['${prefix}distances']`, distances for each pair of neighbors\n" +
            "    `.obsp['${prefix}connectivities']`, weighted adjacency matrix"
    var found: Map<String, Any> = emptyMap()
    Log.timed<Unit>("computing neighbors", { added }) {
        val space = representationOf(target, useRep, nPcs)
        if (!knn) {
            val dense = target.namingCulprit("neighbors", space) {
                GaussGraph.dense(space.x, params.metric(), arguments, fitting)
            }
            target.obsp.set("${prefix}distances", dense.distances())
            target.obsp.set("${prefix}connectivities", dense.connectivities())
            return@timed
        }
        val lists = target.running("neighbors", space) {
            NearestNeighbors.run(space.x, params, arguments, runnerOf(target), it)
        }
        Log.debug("search: ${lists.search().spelled()}, recall: ${"%.3f".format(Locale.ROOT, lists.recall())}")
        if (lists.search() == NearestNeighbors.Search.APPROXIMATE) {
            found = mapOf("search" to lists.search().spelled(), "recall" to lists.recall())
        }
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
                    "n_neighbors" to fitting.toLong(),
                    "method" to kernel.spelled(),
                    "random_state" to randomState,
                    "metric" to metric,
                    metricKwds.takeIf { it.isNotEmpty() }?.let { "metric_kwds" to storedKwds(it, arguments) },
                    useRep?.let { "use_rep" to it },
                    nPcs?.let { "n_pcs" to it.toLong() },
                ).toMap() + found,
        )
    return target
}

/** Who works on the rows of `X` where they are; null for this process. */
private fun runnerOf(adata: AnnData): RangeRunner? =
    (adata.backed?.rows() ?: (adata.peekX() as? CsrMatrix)?.store())?.runner()

/** [nNeighbors], or as many as [nObs] cells allow, with scanpy's warning. */
internal fun fittingNeighbors(nNeighbors: Int, nObs: Int): Int {
    val fitting = NearestNeighbors.fitting(nNeighbors, nObs)
    if (fitting != nNeighbors) {
        Log.warning("n_obs too small: adjusting to `nNeighbors = $fitting`")
    }
    return fitting
}

/** Arguments of a metric by scipy's names, as users give them and as `uns["neighbors"]` keeps them. */
internal fun metricArguments(kwds: Map<String, Any?>): MetricArguments {
    val known = listOf("p", "w", "V", "VI")
    val strange = kwds.keys.firstOrNull { it !in known }
    require(strange == null) { "metricKwds may hold $known, got '$strange'" }
    val p = kwds["p"]
    require(p is Number?) { "metricKwds['p'] must be a number, got a ${p!!::class.simpleName}" }
    return MetricArguments(
        p?.toDouble(),
        numbersOf(kwds["w"], "metricKwds['w']"),
        numbersOf(kwds["V"], "metricKwds['V']"),
        tableOf(kwds["VI"]),
    )
}

/** A table that was given as an array of rows is kept as a matrix, which files can hold. */
private fun storedKwds(kwds: Map<String, Any>, arguments: MetricArguments): Map<String, Any> =
    kwds.mapValues { (_, value) -> if (value is Array<*>) DenseMatrix.ofRows(arguments.vi()) else value }

private fun numbersOf(value: Any?, name: String): DoubleArray? =
    if (value is NdArray) value.toDoubles() else numbers(value, name)

private fun tableOf(value: Any?): Array<DoubleArray>? {
    val matrix =
        when (value) {
            null -> return null
            is Matrix -> value.toDense()
            is Array<*> -> return Array(value.size) { numbersOf(value[it], "a row of metricKwds['VI']")!! }
            is NdArray -> value.toMatrix()
            else -> throw IllegalArgumentException(
                "metricKwds['VI'] must be a matrix, got a ${value::class.simpleName}",
            )
        }
    return Array(matrix.nRows()) { i -> DoubleArray(matrix.nCols()) { matrix.get(i, it) } }
}

private enum class Kernel { UMAP, GAUSS }

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
