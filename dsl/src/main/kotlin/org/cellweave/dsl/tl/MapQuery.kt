package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NameIndex
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.float32
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.tableOf
import org.cellweave.dsl.slots.toCategories
import org.cellweave.integrate.harmony.QueryClusters
import org.cellweave.integrate.harmony.Symphony
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.CrossNeighbors
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.MetricArguments
import org.cellweave.neighbors.NearestNeighbors.Search
import org.cellweave.neighbors.NeighborVotes
import org.cellweave.preprocess.ValueFacts
import org.cellweave.integrate.harmony.QueryClusters.Params.DEFAULTS as CLUSTERS
import org.cellweave.integrate.harmony.Symphony.Params.DEFAULTS as SYMPHONY
import org.cellweave.neighbors.NeighborVotes.Params.DEFAULTS as VOTES

/** A reference whose genes are missing by more than this share is warned of. */
private const val MISSING_SHARE = 0.2

/**
 * Maps new cells on a reference with Symphony, which takes the query's own batches out and leaves the reference as it
 * is. See [Symphony], [NeighborVotes], [QueryClusters].
 *
 * Reads `X` (or [layer]), normalised as the reference's, and of `obs` the columns [batchKey] and [clusterKey]. Writes,
 * with `reference` for [keyAdded], `obsm["X_pca_reference"]` (before the correction), `obsm["X_reference"]` (after it),
 * `obsm["X_umap_reference"]` where the reference has a map, `obs["reference_distance"]` (large where the reference has
 * nothing alike), for each label `obs[label]`, `obs[label + "_score"]` (share of the neighbours) and
 * `obsm[label + "_shares"]`, all with [suffix] behind the label; with [clusterKey]
 * `obs["reference_cluster_distance"]`; and `uns["reference"]`.
 *
 * @param reference of `sc.tl.buildReference`; genes are found by name, and those that [adata] lacks lie at their mean
 * @param batchKey a column of labels, or a list of them; null for cells of one batch
 * @param labels columns of the reference to transfer; null for all
 * @param k neighbours that vote
 * @param ridgeLambda penalty of what a batch adds to a cluster
 * @param suffix behind the names of labels, where `obs` has columns of these names that are to stay
 * @param clusterKey clusters of the query, to be told how far each is from the reference
 * @param cellsPerDim a cluster needs this many cells for every component
 */
public fun Tools.mapQuery(
    adata: AnnData,
    reference: ReferenceMap,
    batchKey: Any? = null,
    labels: Collection<String>? = null,
    k: Int = VOTES.nNeighbors(),
    ridgeLambda: Number = SYMPHONY.lambda(),
    layer: String? = null,
    keyAdded: String = "reference",
    suffix: String = "",
    clusterKey: String? = null,
    cellsPerDim: Number = CLUSTERS.cellsPerDim(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val asked = reference.labelsAsked(labels)
    val keys = batchKey?.let { harmonyKeys(it) }.orEmpty()
    val batches = keys.map { target.categories(it, "batchKey") }
    val clusters = clusterKey?.let { target.categories(it, "clusterKey", complete = false) }
    val params = withUserNames { Symphony.Params(ridgeLambda.toDouble()) }
    val votes = NeighborVotes.Params(k)
    val confidence = QueryClusters.Params(cellsPerDim.toDouble())
    val source = target.source(layer)
    val genes = queryGenes(target, reference)
    val placed =
        Log
            .timed<Placed>("mapping on the reference", {
                "added\n    'X_$keyAdded', places among the reference's (adata.obsm)"
            }) {
                val projected =
                    target.running("mapQuery", source) { reference.core.project(source.x, genes) }
                requireSameScale(source, reference)
                val mapped = withProgress { Symphony.run(projected, reference.core, batches, params, it) }
                Placed(projected, mapped, neighborsIn(reference, mapped.corrected(), votes.nNeighbors()))
            }
    val far = clusters?.let { QueryClusters.run(placed.projected, it, reference.core, confidence) }
    val layout = if (reference.hasLayout) transformed(reference.cells, placed.lists) else null
    if (placed.mapped.unmeasured() > 0) {
        Log.warning(
            "${placed.mapped.unmeasured()} of ${reference.nClusters} clusters of the reference have too few cells to " +
                "measure distances by, and are left out of obs['${keyAdded}_distance']",
        )
    }
    target.obsm.set("X_pca_$keyAdded", placed.projected.float32())
    target.obsm.set("X_$keyAdded", placed.mapped.corrected().float32())
    layout?.let { target.obsm.set("X_umap_$keyAdded", it) }
    target.obs.set("${keyAdded}_distance", NumericColumn.of(*placed.mapped.distance()))
    asked.forEach { target.vote(it, reference, placed.lists, votes, suffix) }
    val report =
        dict(
            "method" to reference.method,
            "batch_key" to NdArray.of(*keys.toTypedArray()),
            "labels" to NdArray.of(*asked.toTypedArray()),
            "k" to k.toLong(),
            "ridge_lambda" to ridgeLambda.toDouble(),
            "n_genes" to reference.genes.size.toLong(),
            "n_genes_missing" to (reference.genes.size - genes.count { it >= 0 }).toLong(),
        )
    target.uns[keyAdded] = report + target.tellClusters(clusterKey, far, keyAdded)
    return target
}

/**
 * As above, on a reference that is read from the file [reference]. Reads and writes the same.
 */
public fun Tools.mapQuery(
    adata: AnnData,
    reference: String,
    batchKey: Any? = null,
    labels: Collection<String>? = null,
    k: Int = VOTES.nNeighbors(),
    ridgeLambda: Number = SYMPHONY.lambda(),
    layer: String? = null,
    keyAdded: String = "reference",
    suffix: String = "",
    clusterKey: String? = null,
    cellsPerDim: Number = CLUSTERS.cellsPerDim(),
    copy: Boolean = false,
): AnnData =
    mapQuery(
        adata, ReferenceMap.load(reference), batchKey, labels, k, ridgeLambda.toDouble(), layer, keyAdded, suffix,
        clusterKey,
        cellsPerDim.toDouble(), copy,
    )

private class Placed(
    val projected: DenseMatrix,
    val mapped: Symphony.Result,
    val lists: CrossNeighbors.Result,
)

/** The reference's gene for every gene of the query, -1 for none. */
private fun queryGenes(adata: AnnData, reference: ReferenceMap): IntArray {
    val index = NameIndex.of("var", adata.varNames)
    val out = IntArray(adata.nVars) { -1 }
    val missing = ArrayList<String>()
    reference.genes.forEachIndexed { gene, name ->
        if (name in index) out[index.at(name)] = gene else missing.add(name)
    }
    val share = missing.size.toDouble() / reference.genes.size
    require(share < 1) {
        "query and reference have no gene in common; the reference's first gene is '${reference.genes[0]}', and " +
            "adata's '${adata.varNames.firstOrNull()}'. Use the same kind of gene names in both"
    }
    val text = "${missing.size} of ${reference.genes.size} genes of the reference are not in adata and lie at the mean"
    when {
        share > MISSING_SHARE ->
            Log.warning("$text (${Math.round(100 * share)} %), such as '${missing[0]}'; labels are less sure")
        missing.isNotEmpty() -> Log.info("    $text")
    }
    return out
}

private fun requireSameScale(source: Source, reference: ReferenceMap) {
    if (!reference.isOfLogarithms) return
    val facts = ValueFacts.of(source.x)
    require(!(facts.looksLikeCounts() && facts.max() > 0)) {
        "the reference is of logarithms of normalised counts, but ${source.slot} holds whole numbers; run " +
            "sc.pp.normalizeTotal(adata) and sc.pp.log1p(adata) as for the reference"
    }
    if (!facts.looksLogged()) {
        Log.warning(
            "the reference is of logarithms of normalised counts, but ${source.slot} has values from ${facts.min()} " +
                "to ${facts.max()}; do not scale or correct a query before it is mapped",
        )
    }
}

private fun neighborsIn(reference: ReferenceMap, corrected: DenseMatrix, k: Int): CrossNeighbors.Result {
    require(k <= reference.nCells) { "k must be at most the ${reference.nCells} cells of the reference, got $k" }
    val forLayout = if (reference.hasLayout) reference.layoutNeighbors ?: k else k
    val count = minOf(reference.nCells, maxOf(k, forLayout))
    return withProgress {
        CrossNeighbors.run(
            reference.places, corrected, count, Metric.EUCLIDEAN, MetricArguments.NONE, Search.AUTO, it,
        )
    }
}

private fun AnnData.vote(
    label: String,
    reference: ReferenceMap,
    lists: CrossNeighbors.Result,
    params: NeighborVotes.Params,
    suffix: String,
) {
    val known = (reference.cells.obs.get(label) as CategoricalColumn).toCategories(label)
    val result = NeighborVotes.run(lists, known, params)
    setLabels(label + suffix, result.predicted(), known.levels(), result.score())
    obsm.set("$label${suffix}_shares", tableOf(obsNames, known.levels().toList(), result.shares()))
}

/** `obs[key]` and `obs[key + "_score"]`. */
internal fun AnnData.setLabels(key: String, codes: IntArray, levels: Array<String>, score: DoubleArray) {
    if (obs.contains(key)) Log.warning("mapQuery replaces obs['$key']; pass suffix to keep what was there")
    obs.set(key, CategoricalColumn(codes, StringColumn.of(*levels), false))
    obs.set("${key}_score", NumericColumn.of(*score))
}

private fun AnnData.tellClusters(key: String?, far: QueryClusters.Result?, keyAdded: String): Map<String, Any?> {
    if (key == null || far == null) return emptyMap()
    val clusters = categories(key, "clusterKey", complete = false)
    val ofCell = DoubleArray(nObs) { clusters.code(it).let { c -> if (c < 0) Double.NaN else far.distance()[c] } }
    obs.set("${keyAdded}_cluster_distance", NumericColumn.of(*ofCell))
    return dict(
        "cluster_key" to key,
        "clusters" to NdArray.of(*clusters.levels()),
        "cluster_distance" to NdArray.of(*far.distance()),
    )
}
