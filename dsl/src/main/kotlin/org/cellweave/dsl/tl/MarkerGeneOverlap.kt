package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.diffexp.MarkerGeneOverlap
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.RankedGenes
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.diffexp.MarkerGeneOverlap.Params.DEFAULTS as OVERLAP

/**
 * How far marker genes known for some types overlap with those ranked for groups. See [MarkerGeneOverlap].
 *
 * Reads `uns[key]`, without the genes that `sc.tl.filterRankGenesGroups` dropped. Returns a table with a row per type
 * and a column per group; with [inplace] also writes it to `uns[keyAdded]`, which scanpy refuses to do.
 *
 * @param referenceMarkers by type a gene, a list or a set
 * @param method `overlap_count`, `overlap_coef` or `jaccard`
 * @param normalize `reference` or `data`: divides counts by the size of the one set or the other
 * @param topNMarkers how many genes of each ranking to use; wins over [adjPvalThreshold]
 * @param adjPvalThreshold uses the genes with a lower adjusted p-value
 */
public fun Tools.markerGeneOverlap(
    adata: AnnData,
    referenceMarkers: Map<String, Any>,
    key: String = "rank_genes_groups",
    method: String = OVERLAP.method().spelled(),
    normalize: String? = OVERLAP.normalize()?.spelled(),
    topNMarkers: Int? = null,
    adjPvalThreshold: Number? = null,
    keyAdded: String = "marker_gene_overlap",
    inplace: Boolean = false,
): DataFrame {
    val stored = adata.unsMap(key)
    val params =
        MarkerGeneOverlap.Params(
            Check.oneOf(method, MarkerGeneOverlap.Method::class.java, "method"),
            normalize?.let { Check.oneOf(it, MarkerGeneOverlap.Normalize::class.java, "normalize") },
            topNMarkers ?: OVERLAP.nTopMarkers(),
        )
    require(referenceMarkers.isNotEmpty()) { "referenceMarkers must not be empty" }
    if (adjPvalThreshold != null) {
        Check.inRange(adjPvalThreshold.toDouble(), 0.0, 1.0, "adjPvalThreshold")
        if (topNMarkers != null) {
            Log.warning("Both adjPvalThreshold and topNMarkers are set. adjPvalThreshold will be ignored.")
        }
    }
    val pvals = adjPvalThreshold?.takeIf { topNMarkers == null }?.let { records(stored, "pvals_adj", key) }
    val ranked = RankedGenes(adata, key)
    val groups = ranked.groups(null)
    val found =
        groups.map { group ->
            val present = ranked.present(group)
            if (present.isEmpty()) {
                Log.warning("No genes found for group $group")
            }
            val ranks = pvals?.get(group)?.let { below(it, present, adjPvalThreshold.toDouble(), group) }
            ranked.names(group, ranks ?: present.take(params.nTopMarkers())).toSet()
        }
    val markers = referenceMarkers.mapValues { texts(it.value, "referenceMarkers['${it.key}']")!!.toSet() }
    val values = MarkerGeneOverlap.run(markers.values.toList(), found, params)
    val table = DataFrame("markers", StringColumn.of(*referenceMarkers.keys.toTypedArray()), null)
    groups.forEachIndexed { d, group ->
        table.set(group, NumericColumn.of(*DoubleArray(values.size) { values[it][d] }))
    }
    if (inplace) {
        adata.uns[keyAdded] = table
        Log.hint("added\n    '$keyAdded', marker overlap scores (adata.uns)")
    }
    return table
}

/** As many of the best genes as there are adjusted p-values below the threshold. */
private fun below(pvals: NdArray, ranks: List<Int>, threshold: Double, group: String): List<Int> {
    val n = ranks.count { pvals.number(it) < threshold }
    if (n == 0) {
        Log.warning("No marker genes passed the significance threshold of $threshold for cluster '$group'.")
    }
    return ranks.take(n)
}

private fun records(stored: Map<String, Any?>, field: String, key: String): RecordArray =
    stored[field] as? RecordArray
        ?: throw MissingKeyException(
            "uns['$key']", field, stored.keys,
            Remedies.again("rank_genes_groups", "uns") +
                " Take a test, which has p-values; method = \"logreg\" has none.",
        )
