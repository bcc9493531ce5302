package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.toCategories
import org.cellweave.neighbors.NeighborVotes
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

private enum class MappingMethod { SYMPHONY, SEURAT, INGEST }

/**
 * Maps new cells on a reference by one of three methods; `docs/reference-mapping.md` says when to take which. Arguments
 * that a method has beyond these are those of [buildReference] and [mapQuery], [findTransferAnchors] and
 * [transferData], or [ingest].
 *
 * Reads `X` of both and `obs[labels]` of [adataRef]; `symphony` the batch columns of both; `seurat` the marked genes of
 * [adataRef]; `ingest` its `varm["PCs"]`, `uns["neighbors"]` and `obsm["X_umap"]`. Writes for each label `obs[label]`
 * and `obs[label + "_score"]`, with [suffix] behind the label; `obsm["X_pca_reference"]` with `reference` for
 * [keyAdded]; `symphony` all that it writes besides, `ingest` `obsm["X_umap_reference"]`; and `uns["reference"]`.
 *
 * @param labels columns of the reference's `obs` to transfer
 * @param method `symphony`, `seurat` or `ingest`
 * @param batchKey batches of [adata], taken out by `symphony` alone
 * @param refBatchKey batches of [adataRef], likewise
 */
public fun Tools.mapQuery(
    adata: AnnData,
    adataRef: AnnData,
    labels: Collection<String>,
    method: String = "symphony",
    batchKey: Any? = null,
    refBatchKey: Any? = null,
    keyAdded: String = "reference",
    suffix: String = "",
    copy: Boolean = false,
): AnnData {
    val chosen = Check.oneOf(method, MappingMethod::class.java, "method")
    require(chosen == MappingMethod.SYMPHONY || (batchKey == null && refBatchKey == null)) {
        "method = '$method' does not take batches out; leave out batchKey and refBatchKey, or use method = 'symphony'"
    }
    require(labels.isNotEmpty()) { "labels must name columns of the reference's obs, got none" }
    labels.forEach { adataRef.groups(it, "labels") }
    if (chosen == MappingMethod.INGEST) requireIngestible(adataRef)
    val target = adata.target(copy)
    when (chosen) {
        MappingMethod.SYMPHONY -> {
            val reference = buildReference(adataRef, refBatchKey, labels)
            mapQuery(target, reference, batchKey, labels, keyAdded = keyAdded, suffix = suffix)
        }
        MappingMethod.SEURAT -> bySeurat(target, adataRef, labels, keyAdded, suffix)
        MappingMethod.INGEST -> byIngest(target, adataRef, labels, keyAdded, suffix)
    }
    return target
}

/** Ingest places cells among components and in a map that the reference has; nothing is computed in it. */
private fun requireIngestible(ref: AnnData) {
    for (key in listOf("X_pca", "X_umap")) {
        if (!ref.obsm.contains(key)) {
            val verb = if (key ==
                "X_pca"
            ) {
                "sc.pp.pca(adataRef)"
            } else {
                "sc.pp.neighbors(adataRef) and sc.tl.umap(adataRef)"
            }
            throw MissingKeyException("obsm of the reference", key, ref.obsm.keys, "Run $verb first.")
        }
    }
}

/** The same expression and names, so that what a verb writes does not lie among the user's slots. */
private fun expressionOf(adata: AnnData): AnnData =
    AnnData(
        adata.x,
        DataFrame.ofNames(*adata.obsNames.toTypedArray()),
        DataFrame.ofNames(*adata.varNames.toTypedArray()),
    )

private fun bySeurat(target: AnnData, ref: AnnData, labels: Collection<String>, keyAdded: String, suffix: String) {
    val work = expressionOf(target)
    sc.tl.findTransferAnchors(work, ref)
    val found =
        labels.associateWith { label ->
            sc.tl.transferData(work, ref, label)
            (work.obs.get("predicted_id") as CategoricalColumn) to
                (work.obs.get("prediction_score_max") as NumericColumn).toDoubles()
        }
    found.forEach { (label, made) ->
        target.setLabels(label + suffix, made.first.codes(), made.first.categoryNames().toTypedArray(), made.second)
    }
    target.obsm.set("X_pca_$keyAdded", work.obsm.get("X_pcaproject"))
    target.uns[keyAdded] = dict("method" to "seurat")
}

private fun byIngest(target: AnnData, ref: AnnData, labels: Collection<String>, keyAdded: String, suffix: String) {
    val mapping = Ingest(ref).fit(expressionOf(target))
    val lists = mapping.neighbors()
    val places = mapping.mapEmbedding("pca")
    val layout = mapping.mapEmbedding("umap")
    val params = NeighborVotes.Params(lists.nNeighbors())
    for (label in labels) {
        val made = mapping.mapLabels(label)
        val shares = NeighborVotes.run(lists, ref.groups(label, "labels").toCategories(label), params).shares()
        val codes = made.codes()
        val score = DoubleArray(codes.size) { if (codes[it] < 0) 0.0 else shares.get(it, codes[it]) }
        target.setLabels(label + suffix, codes, made.categoryNames().toTypedArray(), score)
    }
    target.obsm.set("X_pca_$keyAdded", places)
    target.obsm.set("X_umap_$keyAdded", layout)
    target.uns[keyAdded] = dict("method" to "ingest")
}
