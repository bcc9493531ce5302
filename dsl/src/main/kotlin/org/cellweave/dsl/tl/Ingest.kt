package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.representationOf
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.embedding
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.loadingsKey
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.settings
import org.cellweave.dsl.slots.unsMap
import org.cellweave.embed.umap.UmapTransform
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.neighbors.CrossNeighbors
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors.Search
import org.cellweave.preprocess.PcaProjection
import org.cellweave.embed.umap.UmapTransform.Params.DEFAULTS as TRANSFORM

/**
 * Maps new cells on a reference: its principal components, its layout and its labels. See [PcaProjection],
 * [CrossNeighbors], [UmapTransform].
 *
 * Reads of [adataRef] `varm["PCs"]`, `uns["pca"]`, `uns["neighbors"]`, the representation that the neighbours came
 * from, `obsm["X_umap"]`, `uns["umap"]` and the columns [obs]. Writes `obsm["X_pca"]`, `obsm["X_umap"]` and
 * `obs[obs]` (categorical) of [adata]. As in scanpy the new cells are centred by their own mean.
 *
 * McInnes, Healy and Melville 2018, doi:10.48550/arXiv.1802.03426.
 *
 * @param obs one column or a list: labels of the reference to transfer, by majority of the nearest cells; the first of equals wins
 * @param embeddingMethod `umap`, `pca` or both
 * @param labelingMethod `knn`
 * @param inplace false to leave [adata] as it is and return a copy
 */
public fun Tools.ingest(
    adata: AnnData,
    adataRef: AnnData,
    obs: Any? = null,
    embeddingMethod: Any = listOf("umap", "pca"),
    labelingMethod: String = "knn",
    neighborsKey: String? = null,
    inplace: Boolean = true,
): AnnData {
    require(labelingMethod == "knn") { "labelingMethod must be 'knn', got '$labelingMethod'" }
    val labels = texts(obs, "obs").orEmpty()
    val embeddings = texts(embeddingMethod, "embeddingMethod").orEmpty()
    require(embeddings.all { it in EMBEDDINGS }) {
        "embeddingMethod must be among ['umap', 'pca'], got $embeddings"
    }
    requireSameGenes(adata, adataRef)
    val target = adata.target(!inplace)
    Log.timed<Unit>("running ingest", { null }) {
        val mapping = Ingest(adataRef, neighborsKey)
        mapping.fit(target)
        embeddings.forEach { mapping.mapEmbedding(it) }
        labels.forEach { mapping.mapLabels(it, labelingMethod) }
        mapping.toAdata(inplace = true)
    }
    return target
}

private val EMBEDDINGS = setOf("umap", "pca")

/**
 * Maps labels and embeddings of a reference to new cells, step by step: [fit], then [mapEmbedding] and [mapLabels], then
 * [toAdata] or [toAdataJoint]. [Tools.ingest] does all in one call. See [PcaProjection], [CrossNeighbors],
 * [UmapTransform].
 *
 * @param adata the reference, with neighbours and what is to be mapped
 * @param neighborsKey key of `uns` with the neighbours; `neighbors` by default
 */
public class Ingest(private val adata: AnnData, neighborsKey: String? = null) {
    private val stored = adata.neighborGraph(neighborsKey).params
    private var new: AnnData? = null
    private var found: CrossNeighbors.Result? = null
    private val embeddings = linkedMapOf<String, DenseMatrix>()
    private val labels = linkedMapOf<String, CategoricalColumn>()

    /**
     * Takes the new cells; what was mapped before is dropped.
     *
     * @throws IllegalArgumentException when the genes are not those of the reference, in the same order
     */
    public fun fit(adataNew: AnnData): Ingest {
        requireSameGenes(adataNew, adata)
        new = adataNew
        found = null
        embeddings.clear()
        labels.clear()
        return this
    }

    /**
     * Finds the nearest reference cells of every new cell, exactly in a reference of up to 100,000 cells and as
     * [CrossNeighbors] tells in a larger one; mapping does so when it was not done.
     *
     * @param k how many; null for as many as the reference's neighbours were computed with
     */
    @Suppress("UNCHECKED_CAST")
    public fun neighbors(k: Int? = null): CrossNeighbors.Result {
        val metric = Metric.named(stored["metric"] as? String ?: "euclidean")
        require(metric != Metric.PRECOMPUTED) {
            "the reference's neighbours come from precomputed distances, which new cells do not have; " +
                "run sc.pp.neighbors(adataRef) with another metric"
        }
        val (theirs, ours) = commonSpace(fitted(), adata, stored)
        val arguments = metricArguments((stored["metric_kwds"] as? Map<String, Any?>).orEmpty())
        val count = k ?: (stored["n_neighbors"] as Number).toInt()
        return withProgress { CrossNeighbors.run(theirs, ours, count, metric, arguments, Search.AUTO, it) }
            .also { found = it }
    }

    /** @param method `umap` or `pca`; kept until [toAdata] */
    public fun mapEmbedding(method: String): DenseMatrix {
        require(method in EMBEDDINGS) { "method must be 'umap' or 'pca', got '$method'" }
        val mapped = if (method == "umap") transformed(adata, found ?: neighbors()) else projected(fitted(), adata)
        embeddings["X_$method"] = mapped
        return mapped
    }

    /**
     * @param labels a column of the reference's `obs`
     * @param method `knn`: the majority of the nearest cells, the first of equals
     */
    public fun mapLabels(labels: String, method: String = "knn"): CategoricalColumn {
        require(method == "knn") { "method must be 'knn', got '$method'" }
        val mapped = voted(adata.groups(labels, "labels"), found ?: neighbors())
        this.labels[labels] = mapped
        return mapped
    }

    /** The new cells with what was mapped, in `obsm` and `obs`; with [inplace] the object that was given to [fit]. */
    public fun toAdata(inplace: Boolean = false): AnnData {
        val target = fitted().target(!inplace)
        embeddings.forEach { (key, value) -> target.obsm.set(key, value) }
        labels.forEach { (key, value) -> target.obs.set(key, value) }
        return target
    }

    /**
     * Reference and new cells as one object: what both have, `obs[batchKey]`, and the reference's `uns["umap"]`,
     * `uns["pca"]` and `varm["PCs"]` where they were used.
     *
     * @param batchCategories two names, `0` (reference) and `1` by default
     * @param indexUnique stands between the name of a cell and its batch; null to keep the names
     */
    public fun toAdataJoint(
        batchKey: String = "batch",
        batchCategories: List<String>? = null,
        indexUnique: String? = "-",
    ): AnnData {
        val names = batchCategories ?: listOf("0", "1")
        require(names.size == 2) { "batchCategories must be two names, reference first, got $names" }
        val both = listOf(adata, toAdata())
        val joint = sc.concat(both, label = batchKey, keys = names, indexUnique = indexUnique, merge = "same")
        for ((key, place) in listOf("X_umap" to "umap", "X_pca" to "pca")) {
            if (key in embeddings) adata.uns[place]?.let { joint.uns[place] = it }
        }
        if ("X_pca" in embeddings) {
            joint.varm.set("PCs", adata.varm.get(loadingsKey(adata)))
        }
        return joint
    }

    private fun fitted(): AnnData = new ?: throw IllegalStateException("no new cells yet; call fit(adataNew) first")
}

private fun requireSameGenes(adata: AnnData, adataRef: AnnData) {
    val ours = adata.varNames
    val theirs = adataRef.varNames
    val at = (0 until minOf(ours.size, theirs.size)).firstOrNull { !ours[it].equals(theirs[it], ignoreCase = true) }
    require(at == null && ours.size == theirs.size) {
        val where = if (at ==
            null
        ) {
            "${ours.size} and ${theirs.size} genes"
        } else {
            "'${ours[at]}' and '${theirs[at]}' at $at"
        }
        "adata and adataRef must have the same genes in the same order, got $where; " +
            "use adata[all, adataRef.varNames].copy()"
    }
}

/** Reference and new cells in the representation that the reference's neighbours came from. */
private fun commonSpace(adata: AnnData, adataRef: AnnData, params: Map<String, Any?>): Pair<Matrix, Matrix> {
    val useRep = params["use_rep"] as? String
    val nPcs = (params["n_pcs"] as? Number)?.toInt()
    val theirs = representationOf(adataRef, useRep, nPcs)
    if (theirs.key == null) {
        return theirs.x to adata.X
    }
    if (useRep == null || useRep == "X_pca" || useRep == "pca") {
        val all = projected(adata, adataRef)
        return theirs.x to all.takeCols(IntArray(theirs.x.nCols()) { it })
    }
    require(useRep in adata.obsm.keys) {
        "the reference's neighbours were computed on obsm['$useRep'], which adata lacks; " +
            "compute it for the new cells, or run sc.pp.neighbors(adataRef) on X_pca"
    }
    return theirs.x to adata.embedding(useRep)
}

private fun projected(adata: AnnData, adataRef: AnnData): DenseMatrix {
    val center = adataRef.unsMap("pca").settings()["zero_center"] as? Boolean ?: true
    val loadings = adataRef.varm.matrix(loadingsKey(adataRef), remedy("PCs", "varm")).toDense()
    return PcaProjection.run(adata.X, loadings, center)
}

internal fun transformed(adataRef: AnnData, lists: CrossNeighbors.Result): DenseMatrix {
    val layout = adataRef.embedding("X_umap").toDense()
    val curve = adataRef.unsMap("umap").settings()
    val params =
        UmapTransform.Params
            .builder()
            .a(number(curve["a"]) ?: TRANSFORM.a())
            .b(number(curve["b"]) ?: TRANSFORM.b())
            .build()
    return withProgress { UmapTransform.run(lists, layout, params, it) }.coordinates()
}

private fun number(value: Any?): Double? =
    when (value) {
        is Number -> value.toDouble()
        is NdArray -> value.number(0)
        else -> null
    }

private fun voted(labels: CategoricalColumn, lists: CrossNeighbors.Result): CategoricalColumn {
    val k = lists.nNeighbors()
    val codes =
        IntArray(lists.nCells()) { i ->
            val votes = IntArray(labels.nCategories())
            for (p in i * k until (i + 1) * k) {
                val code = labels.codes()[lists.indices()[p]]
                if (code >= 0) votes[code]++
            }
            val best = votes.indices.maxByOrNull { votes[it] }
            if (best == null || votes[best] == 0) -1 else best
        }
    return CategoricalColumn(codes, labels.categories(), labels.isOrdered())
}
