package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.integrate.mosaic.FeatureLinks
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.LinkRecovery
import org.cellweave.integrate.mosaic.FeatureLinks.Params.DEFAULTS as LINKS
import org.cellweave.metrics.LinkRecovery.Params.DEFAULTS as RECOVERY

/**
 * How well `sc.tl.findLinks` finds links that are known and were hidden from it: of each hidden link, whether its
 * feature of [adata1] is among the [top] best for its feature of [adata2]. See [LinkRecovery].
 *
 * Reads `X` (or [layer]; logarithms) of both. Writes nothing.
 *
 * @param links that are known, as of `sc.tl.matchPivots`
 * @param partnerKey as of `sc.tl.findLinks`: cells are paired by it, or else by their names. Links are not used then
 * @param matched pairs cells anew for every split, by `sc.tl.matchPivots` on the links that are not hidden; the names
 *   of cells are not used then
 * @param hidden share of the links that is hidden
 * @return `recovered` (mean share of the hidden links over the splits), `sd` (over the splits), `chance` (what knowing
 *   nothing gives), `median_rank` (mean over the splits) and `n_hidden`
 */
public fun Metrics.linkRecovery(
    adata1: AnnData,
    adata2: AnnData,
    links: Any,
    partnerKey: String? = null,
    matched: Boolean = false,
    top: Int = RECOVERY.top(),
    hidden: Number = RECOVERY.hidden(),
    nSplits: Int = RECOVERY.nSplits(),
    association: String = LINKS.association().spelled(),
    nComps1: Int = LINKS.nCompsX(),
    nComps2: Int = LINKS.nCompsY(),
    nCanonical: Int = LINKS.nCanonical(),
    layer: String? = null,
    randomState: Long = RECOVERY.seed(),
): Map<String, Double> {
    require(!matched || partnerKey == null) { "matched = true finds partners itself; leave partnerKey out" }
    requireNames(adata1, adata2)
    val params = LinkRecovery.Params(top, hidden.toDouble(), nSplits, randomState)
    val finding = linkParams(association, nComps1, nComps2, nCanonical, LINKS.minScore())
    val pairs = featurePairs(adata1.varNames, adata2.varNames, links)

    fun scores(first: AnnData, second: AnnData, key: String?): DenseMatrix {
        val (x, y) = pairedValues("linkRecovery", first, second, key, layer, "adata1" to "adata2")
        return withProgress { FeatureLinks.run(x, y, finding, it) }.scores()
    }
    val finder: LinkRecovery.Finder =
        if (matched) {
            val (genes, others) = adata1.varNames to adata2.varNames
            val named = pairs.first.indices.map { genes[pairs.first[it]] to others[pairs.second[it]] }
            LinkRecovery.Finder { visible ->
                val (first, second) =
                    sc.tl.matchPivots(adata1, adata2, visible.map { named[it] }, layer = layer, copy = true)
                scores(first, second, "partner")
            }
        } else {
            val once = scores(adata1, adata2, partnerKey)
            LinkRecovery.Finder { once }
        }
    val result = LinkRecovery.run(finder, pairs.first, pairs.second, params)
    return mapOf(
        "recovered" to result.mean(),
        "sd" to result.deviation(),
        "chance" to result.chance(),
        "median_rank" to result.ranks().average(),
        "n_hidden" to result.nHidden().toDouble(),
    )
}
