package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.tableOf
import org.cellweave.dsl.slots.unsMap
import org.cellweave.integrate.anchors.AnchorSearchParams
import org.cellweave.integrate.anchors.AnchorTransfer
import org.cellweave.integrate.anchors.TransferAnchors
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.util.Check
import org.cellweave.integrate.anchors.AnchorTransfer.Params.DEFAULTS as TRANSFER
import org.cellweave.integrate.anchors.TransferAnchors.Params.DEFAULTS as FIND

private const val TRANSFER_KEY = "transfer_anchors"

/**
 * Anchors between new cells and a reference, as Seurat's `FindTransferAnchors`; nothing is corrected. See
 * [TransferAnchors].
 *
 * Reads `X` (or [layer]) of both, logarithms. Writes `obsm["transfer_anchors"]` of [adata], its cells by those of the
 * reference, with scores; the coordinates of its cells in `obsm["X_pcaproject"]` or `obsm["X_cca"]`; and
 * `uns["transfer_anchors"]`. `sc.tl.transferData` reads them.
 *
 * @param adataRef the reference
 * @param features genes to compare: names, or a boolean column of the reference's `var`; null for what
 *   `sc.pp.selectIntegrationFeatures` or `sc.pp.highlyVariableGenes` has marked there. Those that [adata] lacks are
 *   left out
 * @param reduction `pcaproject`: the reference's principal components; `cca`: canonical correlation
 * @param npcs principal components of the reference to compute
 * @param kFilter nearest reference cells by expression that an anchor must be among; null for no filter
 */
public fun Tools.findTransferAnchors(
    adata: AnnData,
    adataRef: AnnData,
    features: Any? = null,
    reduction: String = FIND.reduction().spelled(),
    npcs: Int = FIND.npcs(),
    l2Norm: Boolean = FIND.search().l2Norm(),
    dims: Int = FIND.search().dims(),
    kAnchor: Int = FIND.search().kAnchor(),
    kFilter: Int? = FIND.search().kFilter(),
    kScore: Int = FIND.search().kScore(),
    maxFeatures: Int = FIND.search().maxFeatures(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val search = AnchorSearchParams(dims, l2Norm, kAnchor, kFilter, kScore, maxFeatures)
    val space = Check.oneOf(reduction, TransferAnchors.Reduction::class.java, "reduction")
    val params = TransferAnchors.Params(space, npcs, search)
    val genes = commonGenes(target, adataRef, features)
    val theirs = adataRef.source(layer)
    val ours = target.source(layer)
    warnOfCounts("findTransferAnchors", ours)
    warnOfCounts("findTransferAnchors", Source("${theirs.slot} of adataRef", theirs.x))
    val result =
        Log.timed<TransferAnchors.Result>("finding transfer anchors", {
            "added\n    .obsm['$TRANSFER_KEY'], ${it.scores().size} anchors"
        }) {
            adataRef.running("findTransferAnchors", theirs) { progress ->
                val reference = theirs.x.takeCols(adataRef.integrationGenes(genes, "features"))
                val query = ours.x.takeCols(target.integrationGenes(genes, "features"))
                TransferAnchors.run(reference, query, params, progress)
            }
        }
    warnAll(result.warnings())
    val rep = if (space == TransferAnchors.Reduction.CCA) "X_cca" else "X_pcaproject"
    target.obsm.set(TRANSFER_KEY, scores(result, target.nObs, adataRef.nObs))
    target.obsm.set(rep, result.coordinates())
    target.uns[TRANSFER_KEY] =
        dict("use_rep" to rep) + recorded(params, "reduction", "npcs") +
        recorded(search, "dims", "l2Norm", "kAnchor", "kFilter", "kScore", "maxFeatures") +
        dict("features" to NdArray.of(*genes.toTypedArray()))
    return target
}

/** Names of the genes of the reference that both have. */
private fun commonGenes(adata: AnnData, adataRef: AnnData, features: Any?): List<String> {
    val marked = listOf(FEATURES_KEY, "highly_variable").firstOrNull { it in adataRef.`var`.keys }
    val asked = adataRef.integrationGenes(features ?: marked, "features").map { adataRef.varNames[it] }
    val known = adata.varNames.toSet()
    val common = asked.filter { it in known }
    require(common.isNotEmpty()) {
        "none of the ${asked.size} features of the reference is a gene of adata; the first is '${asked.first()}', " +
            "and adata's first gene '${adata.varNames.firstOrNull()}'. Give both the same kind of names"
    }
    val lacking = asked.size - common.size
    if (lacking > 0) Log.info("    $lacking features of the reference are not in adata")
    return common
}

private fun scores(found: TransferAnchors.Result, nCells: Int, nReference: Int): CsrMatrix {
    val byCell = found.scores().indices.groupBy { found.query()[it] }
    val out = CsrBuilder(nReference, DType.FLOAT64)
    for (i in 0 until nCells) {
        val own = byCell[i].orEmpty().sortedBy { found.reference()[it] }
        val at = IntArray(own.size) { found.reference()[own[it]] }
        out.addRow(at, DoubleArray(own.size) { found.scores()[own[it]] }, own.size)
    }
    return out.build()
}

/**
 * Labels or expression of a reference for new cells, as Seurat's `TransferData`. See [AnchorTransfer].
 *
 * Reads `obsm["transfer_anchors"]`, `uns["transfer_anchors"]` and the coordinates that this names; of the reference
 * `obs[refdata]`, and `X` (or [layer]) for [genes]. Writes for labels `obs["predicted_id"]`,
 * `obs["prediction_score_max"]` and `obsm["prediction_scores"]`, a column for each label; for genes
 * `obsm["transferred"]`, a column for each.
 *
 * @param refdata column of the reference's `obs`: its labels
 * @param genes of the reference, whose expression is to be carried over
 * @param kWeight cells with anchors that a cell looks at; fewer where there are fewer
 * @param l2Norm brings cells to length one before distances are taken
 */
public fun Tools.transferData(
    adata: AnnData,
    adataRef: AnnData,
    refdata: String? = null,
    genes: Collection<String>? = null,
    kWeight: Int = TRANSFER.kWeight(),
    sdWeight: Number = TRANSFER.sdWeight(),
    l2Norm: Boolean = TRANSFER.l2Norm(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    require(refdata != null || genes != null) { "transferData needs refdata, genes or both; got neither" }
    val target = adata.target(copy)
    val params = AnchorTransfer.Params(kWeight, sdWeight.toDouble(), l2Norm)
    val found = target.storedTransfer(adataRef)
    if (refdata != null) {
        val labels = adataRef.categories(refdata, "refdata")
        val result = AnchorTransfer.run(found, labels, params)
        tellWeight(result.kWeight(), kWeight)
        val names = labels.levels()
        target.obs.set("predicted_id", CategoricalColumn(result.predicted(), StringColumn.of(*names), false))
        target.obs.set("prediction_score_max", NumericColumn.of(*result.greatest()))
        target.obsm.set("prediction_scores", tableOf(target.obsNames, names.toList(), result.scores()))
    }
    if (genes != null) {
        val source = adataRef.source(layer)
        val result =
            adataRef.running("transferData", source) {
                val chosen = source.x.takeCols(adataRef.integrationGenes(genes, "genes"))
                AnchorTransfer.expression(found, chosen, params)
            }
        tellWeight(result.kWeight(), kWeight)
        target.obsm.set("transferred", tableOf(target.obsNames, genes.toList(), result.x()))
    }
    return target
}

private fun tellWeight(used: Int, wanted: Int) {
    if (used < wanted) Log.warning("$used cells have anchors, below kWeight = $wanted: that many were used")
}

private fun AnnData.storedTransfer(adataRef: AnnData): TransferAnchors.Result {
    val told = unsMap(TRANSFER_KEY)
    val graph = obsm.matrix(TRANSFER_KEY, remedy(TRANSFER_KEY, "obsm")).toCsr()
    require(graph.nCols() == adataRef.nObs) {
        "obsm['$TRANSFER_KEY'] is of a reference of ${graph.nCols()} cells, but adataRef has ${adataRef.nObs}; give " +
            "the reference that sc.tl.findTransferAnchors was run with, or run it again"
    }
    val n = graph.nnz().toInt()
    val (reference, query) = IntArray(n) to IntArray(n)
    val scores = DoubleArray(n)
    var at = 0
    for (i in 0 until graph.nRows()) {
        val row = graph.blockOf(i)
        for (p in row.start(i) until row.end(i)) {
            query[at] = i
            reference[at] = row.indices()[p]
            scores[at++] = row.value(p)
        }
    }
    val rep = told["use_rep"] as? String ?: "X_pcaproject"
    val coordinates = obsm.matrix(rep, remedy(rep, "obsm")).toDense()
    return TransferAnchors.Result(reference, query, scores, coordinates, emptyList())
}
