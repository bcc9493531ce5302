package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.bbknn.Bbknn
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.util.Check
import org.cellweave.integrate.bbknn.Bbknn.Params.DEFAULTS as BBKNN

/**
 * The graph of neighbours that has as many of them in every batch, in place of `sc.pp.neighbors`. See [Bbknn].
 *
 * Reads `obsm[useRep]` and `obs[batchKey]`. Writes `obsp["distances"]`, `obsp["connectivities"]` and
 * `uns["neighbors"]`; with [keyAdded] `obsp["{keyAdded}_distances"]` and so on. The approximate search writes `search`
 * and `recall` into its `params`: the share of the true neighbours that some cells found.
 *
 * @param nPcs columns of the representation to use at most
 * @param trim strongest connectivities that a cell keeps, 0 for all; null for ten times the number of its neighbours
 * @param metric as of `sc.pp.neighbors`, those without arguments
 * @param search `exact`, `approximate` (of `euclidean`, `cosine`, `correlation`), or `auto`: exact up to 30,000 cells
 * @param setOpMixRatio 1 joins the two directions of an edge as a union, 0 as an intersection
 * @param localConnectivity nearest neighbours whose connectivity is one
 */
public fun Preprocessing.bbknn(
    adata: AnnData,
    batchKey: String = "batch",
    useRep: String = "X_pca",
    nPcs: Int = BBKNN.nPcs(),
    neighborsWithinBatch: Int = BBKNN.neighborsWithinBatch(),
    trim: Int? = BBKNN.trim(),
    metric: String = BBKNN.metric().spelled(),
    search: String = BBKNN.search().spelled(),
    setOpMixRatio: Number = BBKNN.setOpMixRatio(),
    localConnectivity: Number = BBKNN.localConnectivity(),
    keyAdded: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params =
        Bbknn.Params(
            neighborsWithinBatch, nPcs, trim, Metric.named(metric),
            Check.oneOf(search, NearestNeighbors.Search::class.java, "search"), setOpMixRatio.toDouble(),
            localConnectivity.toDouble(),
        )
    val method = Bbknn.with(params)
    val batch = target.categories(batchKey, "batchKey")
    val source = target.sourceOf(method.reads(), useRep)
    val result =
        Log.timed<Bbknn.Result>("computing batch balanced neighbors", { null }) {
            target.integrate(method, "bbknn", source, listOf(batch))
        }
    val used = mapOf("nPcs" to minOf(nPcs, source.x.nCols()), "trim" to result.trim())
    val balance = recorded(params, "neighborsWithinBatch", "trim", resolved = used)
    val computation = result.search().spelled()
    val found =
        if (result.search() == NearestNeighbors.Search.APPROXIMATE) {
            mapOf("search" to computation, "recall" to result.recall())
        } else {
            emptyMap()
        }
    val told =
        dict("n_neighbors" to result.nNeighbors().toLong(), "method" to "umap") +
            recorded(params, "metric", "nPcs", "setOpMixRatio", "localConnectivity", resolved = used) +
            found +
            dict("use_rep" to useRep, "bbknn" to balance + dict("computation" to computation, "batch_key" to batchKey))
    target.store(result.integrated().first(), keyAdded ?: "neighbors", told)
    return target
}
