package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.anchors.AnchorSearchParams
import org.cellweave.integrate.anchors.IntegrationAnchors
import org.cellweave.util.Check
import org.cellweave.integrate.anchors.AnchorSearchParams.DEFAULTS as SEARCH
import org.cellweave.integrate.anchors.IntegrationAnchors.Params.DEFAULTS as ANCHORS

/**
 * Anchors between every two batches, as Seurat's `FindIntegrationAnchors`: pairs of cells that correspond, with a
 * score. See [IntegrationAnchors].
 *
 * Reads `X` (or [layer]), logarithms, `obs[batchKey]` and the genes of [anchorFeatures]. Writes `obsp[graphKey]`,
 * symmetric, with scores, of which those of 0 are stored too, and `uns[unsKey]`: how they were found, and between
 * which batches how many. `sc.pp.integrateData` and `integrateEmbeddings` read them, `sc.pl.anchors` draws them, and
 * `c2v.tl.align(unsKey = "integration_anchors")` takes them as any others.
 *
 * @param anchorFeatures genes: names, or a boolean column of `var`; null for `var["integration_features"]`
 * @param reference batches that others are mapped to, one or a list; null to search every two batches
 * @param reduction `cca`, or `rpca`: faster, and more careful with types that one batch lacks
 * @param dims dimensions of the space that two batches have in common
 * @param l2Norm brings every cell to length one there
 * @param kAnchor neighbours in the other batch that must be mutual
 * @param kFilter nearest cells by expression that an anchor must be among, null for no filter; `cca` only
 * @param kScore neighbours in each batch that the score compares
 * @param maxFeatures genes that the filter compares, about
 */
public fun Preprocessing.findIntegrationAnchors(
    adata: AnnData,
    batchKey: String = "batch",
    anchorFeatures: Any? = null,
    reference: Any? = null,
    reduction: String = ANCHORS.reduction().spelled(),
    l2Norm: Boolean = SEARCH.l2Norm(),
    dims: Int = SEARCH.dims(),
    kAnchor: Int = SEARCH.kAnchor(),
    kFilter: Int? = SEARCH.kFilter(),
    kScore: Int = SEARCH.kScore(),
    maxFeatures: Int = SEARCH.maxFeatures(),
    layer: String? = null,
    unsKey: String = ANCHORS_KEY,
    graphKey: String = "anchors",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val search = AnchorSearchParams(dims, l2Norm, kAnchor, kFilter, kScore, maxFeatures)
    val space = Check.oneOf(reduction, IntegrationAnchors.Reduction::class.java, "reduction")
    val batch = target.categories(batchKey, "batchKey").withoutUnused()
    val names = texts(reference, "reference")
    val levels = names?.let { positionsOf(it, batch.levels().toList(), "reference").sortedArray() }
    val genes = target.integrationGenes(anchorFeatures, "anchorFeatures")
    val source = target.source(layer)
    warnOfCounts("findIntegrationAnchors", source)
    val params = IntegrationAnchors.Params(space, search, levels)
    val found = { r: IntegrationAnchors.Result ->
        "added\n    .obsp['$graphKey'], ${r.anchors().graph().nnz() / 2} anchors between ${batch.nLevels()} batches\n" +
            "    .uns['$unsKey'], how they were found"
    }
    val result =
        Log.timed("finding integration anchors", found) {
            target.running("findIntegrationAnchors", source) {
                IntegrationAnchors.run(source.x, genes, batch, params, it)
            }
        }
    warnAll(result.warnings())
    target.obsp.set(graphKey, result.anchors().graph())
    val counts = result.anchors().counts()
    target.uns[unsKey] =
        dict(BATCH_KEY to batchKey, GRAPH_KEY to graphKey, "connectivities_key" to graphKey) +
        recorded(params, "reduction") +
        recorded(search, "dims", "l2Norm", "kAnchor", "kFilter", "kScore", "maxFeatures") +
        listOfNotNull(layer?.let { "layer" to it }, names?.let { "reference" to NdArray.of(*it.toTypedArray()) }) +
        dict(
            "anchor_features" to NdArray.of(*Array(genes.size) { target.varNames[genes[it]] }),
            "batches" to NdArray.of(*batch.levels()),
            "counts" to nodeTable(counts),
        )
    return target
}
