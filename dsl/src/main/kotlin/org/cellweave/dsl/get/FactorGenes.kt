package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.util.Check

/**
 * The genes that weigh most in each factor of `sc.tl.inmf`, `onlineInmf` or `uinmf`, the largest weight first: `factor`,
 * `names`, `loading`. Genes of weight 0 are left out.
 *
 * Reads `varm[key]` and `uns[key]`. Writes nothing.
 *
 * @param nGenes of each factor
 * @param factors numbers counted from 0, as in `obs["inmf_cluster"]`, one or a list; null for all
 * @param part data set whose own weights are asked for; null for those that all sets share
 */
public fun Get.factorGenes(
    adata: AnnData,
    nGenes: Int = 20,
    factors: Any? = null,
    part: String? = null,
    key: String = INMF_KEY,
): DataFrame {
    Check.positive(nGenes, "nGenes")
    val stored = StoredFactors(adata, key)
    val weights = stored.weights(part)
    val rows = stored.chosen(factors).flatMap { f -> weights.top(f, nGenes).map { f to it } }
    val out = DataFrame.ofNames(*Array(rows.size) { "$it" })
    out.set("factor", StringColumn.of(*Array(rows.size) { "${rows[it].first}" }))
    out.set("names", StringColumn.of(*Array(rows.size) { weights.names[rows[it].second] }))
    out.set("loading", NumericColumn.of(*DoubleArray(rows.size) { weights.of(rows[it].first)[rows[it].second] }))
    return out
}

/** As for an object of one modality. Reads the same. */
public fun Get.factorGenes(
    mdata: MuData,
    nGenes: Int = 20,
    factors: Any? = null,
    part: String? = null,
    key: String = INMF_KEY,
): DataFrame = factorGenes(mdata.shared, nGenes, factors, part, key)
