package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.embed.UmapTransform
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.neighbors.CrossNeighbors
import org.cellweave.preprocess.PcaProjection
import org.cellweave.embed.UmapTransform.Params.DEFAULTS as TRANSFORM

/**
 * Maps new cells on a reference: its principal components, its layout and its labels. See [PcaProjection],
 * [CrossNeighbors], [UmapTransform].
 *
 * Reads of [adataRef] `varm["PCs"]`, `uns["pca"]`, `uns["neighbors"]`, the representation that the neighbours came
 * from, `obsm["X_umap"]`, `uns["umap"]` and the columns [obs]. Writes `obsm["X_pca"]`, `obsm["X_umap"]` and
 * `obs[obs]` (categorical) of [adata]. As in scanpy the new cells are centred by their own mean.
 *
 * @param obs labels of the reference to transfer, by majority of the nearest cells; the first of equals wins
 * @param embeddingMethod `umap`, `pca` or both
 * @param labelingMethod `knn`
 * @param inplace false to leave [adata] as it is and return a copy
 */
public fun Tools.ingest(
    adata: AnnData,
    adataRef: AnnData,
    obs: List<String> = emptyList(),
    embeddingMethod: List<String> = listOf("umap", "pca"),
    labelingMethod: String = "knn",
    neighborsKey: String? = null,
    inplace: Boolean = true,
): AnnData {
    require(labelingMethod == "knn") { "labelingMethod must be 'knn', got '$labelingMethod'" }
    require(embeddingMethod.all { it == "umap" || it == "pca" }) {
        "embeddingMethod must be among ['umap', 'pca'], got $embeddingMethod"
    }
    requireSameGenes(adata, adataRef)
    val target = adata.target(!inplace)
    Log.timed<Unit>("running ingest", { null }) {
        val stored = adataRef.neighborGraph(neighborsKey).params
        val (theirs, ours) = commonSpace(target, adataRef, stored)
        val count = (stored["n_neighbors"] as Number).toInt()
        val metric = metricOf(stored["metric"] as? String ?: "euclidean")
        val lists = withProgress { CrossNeighbors.run(theirs, ours, count, metric, it) }
        if ("umap" in embeddingMethod) {
            target.obsm.set("X_umap", transformed(adataRef, lists))
        }
        if ("pca" in embeddingMethod) {
            target.obsm.set("X_pca", projected(target, adataRef))
        }
        for (key in obs) {
            target.obs.set(key, voted(adataRef.groups(key, "obs"), lists))
        }
    }
    return target
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
    val theirs = representation(adataRef, useRep, nPcs)
    if (theirs === adataRef.X) {
        return theirs to adata.X
    }
    if (useRep == null || useRep == "X_pca" || useRep == "pca") {
        val all = projected(adata, adataRef)
        return theirs to all.takeCols(IntArray(theirs.nCols()) { it })
    }
    require(useRep in adata.obsm.keys) {
        "the reference's neighbours were computed on obsm['$useRep'], which adata lacks; " +
            "compute it for the new cells, or run sc.pp.neighbors(adataRef) on X_pca"
    }
    return theirs to adata.embedding(useRep)
}

private fun projected(adata: AnnData, adataRef: AnnData): DenseMatrix {
    val params = adataRef.unsMap("pca")["params"] as? Map<*, *>
    val center = params?.get("zero_center") as? Boolean ?: true
    return PcaProjection.run(adata.X, adataRef.varm.matrix(loadingsKey(adataRef), remedy("pca")).toDense(), center)
}

private fun transformed(adataRef: AnnData, lists: CrossNeighbors.Result): DenseMatrix {
    val layout = adataRef.embedding("X_umap").toDense()
    val curve = adataRef.unsMap("umap")["params"] as? Map<*, *>
    val params =
        UmapTransform.Params
            .builder()
            .a(number(curve?.get("a")) ?: TRANSFORM.a())
            .b(number(curve?.get("b")) ?: TRANSFORM.b())
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
