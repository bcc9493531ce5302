package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** The result of `sc.tl.rankGenesGroups` as a table; see the overload for several groups. */
public fun Get.rankGenesGroupsDf(
    adata: AnnData,
    group: String,
    key: String = "rank_genes_groups",
    pvalCutoff: Double? = null,
    log2fcMin: Double? = null,
    log2fcMax: Double? = null,
    geneSymbols: String? = null,
): DataFrame =
    rankGenesGroupsDf(adata, listOf(group), key, pvalCutoff, log2fcMin, log2fcMax, geneSymbols)

/**
 * The result of `sc.tl.rankGenesGroups` as a table: one row per group and gene, best genes first.
 *
 * Reads `uns[key]`. Writes nothing.
 *
 * @param group the groups wanted, or null for all; with more than one there is a column `group`
 * @param pvalCutoff keeps genes whose adjusted p-value is below
 * @param geneSymbols column of `var` with other names, added as a column
 */
public fun Get.rankGenesGroupsDf(
    adata: AnnData,
    group: List<String>?,
    key: String = "rank_genes_groups",
    pvalCutoff: Double? = null,
    log2fcMin: Double? = null,
    log2fcMax: Double? = null,
    geneSymbols: String? = null,
): DataFrame {
    val stored = adata.unsMap(key)
    val names = stored.records("names", key)
    val groups = group ?: names.fields().keys.toList()
    groups.forEach {
        require(names.get(it) != null) {
            "group must be among ${names.fields().keys}, got '$it'.${Check.suggestion(it, names.fields().keys)}"
        }
    }
    val rows = groups.flatMap { g -> rows(stored, key, g) }.filter { it.passes(pvalCutoff, log2fcMin, log2fcMax) }
    return table(adata, stored, rows, groups.size > 1, geneSymbols)
}

private class RankedGene(
    val group: String,
    val name: String,
    val score: Double,
    val lfc: Double,
    val p: Double,
    val padj: Double,
) {
    fun passes(pvalCutoff: Double?, low: Double?, high: Double?): Boolean =
        (pvalCutoff == null || padj < pvalCutoff) && (low == null || lfc > low) && (high == null || lfc < high)
}

private fun Map<String, Any?>.records(field: String, key: String): RecordArray =
    this[field] as? RecordArray
        ?: throw MissingKeyException("uns['$key']", field, keys, "Run sc.tl.rankGenesGroups() again.")

private fun rows(stored: Map<String, Any?>, key: String, group: String): List<RankedGene> {
    fun numbers(field: String): NdArray? = (stored[field] as? RecordArray)?.get(group)
    val names = stored.records("names", key).get(group).texts()
    val scores = numbers("scores")
    val lfc = numbers("logfoldchanges")
    val p = numbers("pvals")
    val padj = numbers("pvals_adj")

    fun NdArray?.at(i: Int) = this?.number(i) ?: Double.NaN
    return names.indices.map { RankedGene(group, names[it], scores.at(it), lfc.at(it), p.at(it), padj.at(it)) }
}

private fun table(
    adata: AnnData,
    stored: Map<String, Any?>,
    rows: List<RankedGene>,
    withGroup: Boolean,
    geneSymbols: String?,
): DataFrame {
    val out = DataFrame.ofNames(*Array(rows.size) { it.toString() })
    if (withGroup) {
        val order = rows.map { it.group }.distinct().toTypedArray()
        out.set("group", CategoricalColumn.ofTexts(Array(rows.size) { rows[it].group }, order, false))
    }

    fun reals(dtype: DType, value: (RankedGene) -> Double): Column =
        NumericColumn.reals(dtype, DoubleArray(rows.size) { value(rows[it]) })
    out.set("names", StringColumn.of(*Array(rows.size) { rows[it].name }))
    out.set("scores", reals(DType.FLOAT32) { it.score })
    out.set("logfoldchanges", reals(DType.FLOAT32) { it.lfc })
    out.set("pvals", reals(DType.FLOAT64) { it.p })
    out.set("pvals_adj", reals(DType.FLOAT64) { it.padj })
    for ((field, title) in listOf("pts" to "pct_nz_group", "pts_rest" to "pct_nz_reference")) {
        (stored[field] as? DataFrame)?.let { out.set(title, fractions(it, rows)) }
    }
    if (geneSymbols != null) {
        val symbols = adata.`var`.get(geneSymbols).texts()
        val places = NameIndex.of(adata.`var`).find(rows.map { it.name })
        out.set(geneSymbols, StringColumn.of(*Array(rows.size) { if (places[it] < 0) null else symbols[places[it]] }))
    }
    return out
}

private fun fractions(table: DataFrame, rows: List<RankedGene>): Column {
    val places = NameIndex.of("var", table.names).find(rows.map { it.name })
    val columns = table.keys.associateWith { table.get(it).toDoubles() }
    return NumericColumn.of(
        *DoubleArray(rows.size) { r ->
            if (places[r] < 0) Double.NaN else columns[rows[r].group]?.get(places[r]) ?: Double.NaN
        },
    )
}
