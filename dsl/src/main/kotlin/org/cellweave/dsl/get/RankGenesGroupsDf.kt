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
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.RankedGenes
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.GeneNames
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.DType
import org.cellweave.util.MissingKeyException

/**
 * The result of `sc.tl.rankGenesGroups` as a table: one row per group and gene, best genes first. Genes that
 * `sc.tl.filterRankGenesGroups` dropped have no row.
 *
 * Reads `uns[key]`. Writes nothing.
 *
 * @param group the group or groups wanted, or null for all; with more than one there is a column `group`
 * @param pvalCutoff keeps genes whose adjusted p-value is below
 * @param geneSymbols column of `var` with other names, added as a column
 */
public fun Get.rankGenesGroupsDf(
    adata: AnnData,
    group: Any?,
    key: String = "rank_genes_groups",
    pvalCutoff: Number? = null,
    log2fcMin: Number? = null,
    log2fcMax: Number? = null,
    geneSymbols: String? = null,
): DataFrame {
    val stored = adata.unsMap(key)
    val ranked = RankedGenes(adata, key)
    val groups = ranked.groups(texts(group, "group"))
    if (!ranked.isTest && (pvalCutoff != null || log2fcMin != null || log2fcMax != null)) {
        Log.warning("pvalCutoff, log2fcMin and log2fcMax are not used: method = \"logreg\" has scores only")
    }
    val rows = groups.flatMap { g ->
        val all = rows(stored, key, g, ranked.present(g))
        if (ranked.isTest) {
            all.filter { it.passes(pvalCutoff?.toDouble(), log2fcMin?.toDouble(), log2fcMax?.toDouble()) }
        } else {
            all
        }
    }
    val genes = geneSymbols?.let { GeneNames(adata, ranked.useRaw && adata.raw != null, it) }
    return table(stored, rows, groups.size > 1, genes, geneSymbols)
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
        ?: throw MissingKeyException("uns['$key']", field, keys, Remedies.again("rank_genes_groups", "uns"))

private fun rows(stored: Map<String, Any?>, key: String, group: String, ranks: List<Int>): List<RankedGene> {
    fun numbers(field: String): NdArray? = (stored[field] as? RecordArray)?.get(group)
    val names = stored.records("names", key).get(group).texts()
    val scores = numbers("scores")
    val lfc = numbers("logfoldchanges")
    val p = numbers("pvals")
    val padj = numbers("pvals_adj")

    fun NdArray?.at(i: Int) = this?.number(i) ?: Double.NaN
    return ranks.map { RankedGene(group, names[it], scores.at(it), lfc.at(it), p.at(it), padj.at(it)) }
}

private fun table(
    stored: Map<String, Any?>,
    rows: List<RankedGene>,
    withGroup: Boolean,
    genes: GeneNames?,
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
    if (genes != null && geneSymbols != null) {
        out.set(geneSymbols, StringColumn.of(*Array(rows.size) { genes.symbolOf(rows[it].name) }))
    }
    return out
}

private fun fractions(table: DataFrame, rows: List<RankedGene>): Column {
    val position = NameIndex.of("var", table.names)
    val columns = table.keys.associateWith { table.get(it).toDoubles() }
    return NumericColumn.of(
        *DoubleArray(rows.size) { r ->
            val values = columns[rows[r].group].takeIf { position.contains(rows[r].name) }
            values?.get(position.at(rows[r].name)) ?: Double.NaN
        },
    )
}
