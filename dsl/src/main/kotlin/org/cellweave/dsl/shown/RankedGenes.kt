package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.GeneNames
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException

/** What `sc.tl.rankGenesGroups` wrote. Genes that `sc.tl.filterRankGenesGroups` dropped are gaps. */
internal class RankedGenes(
    private val adata: AnnData,
    private val key: String,
    geneSymbols: String? = null,
) {
    private val result: Map<*, *> = adata.uns[key] as? Map<*, *>
        ?: throw MissingKeyException(
            "uns", key, adata.uns.keys,
            remedy(if (key.endsWith("_filtered")) FILTERED else "rank_genes_groups"),
        )
    private val params = result["params"] as? Map<*, *> ?: emptyMap<String, Any>()

    val reference: String = params["reference"]?.toString() ?: "rest"
    val groupby: String? = params["groupby"]?.toString()
    val useRaw: Boolean = params["use_raw"] == true

    /** Whether there are tests, and so fold changes and p-values. */
    val isTest: Boolean = params["method"] != "logreg"

    private val genes: GeneNames by lazy { GeneNames(adata, useRaw && adata.raw != null, geneSymbols) }
    private val withSymbols = geneSymbols != null

    /** Groups of the result in their order, or those [chosen]. */
    fun groups(chosen: List<String>?): List<String> {
        val present = record("names").fields().keys.toList()
        if (chosen == null || chosen == listOf("all") && "all" !in present) {
            return present
        }
        val missing = chosen.filter { it !in present }
        if (missing.isNotEmpty()) {
            throw MissingKeyException("uns['$key']['names']", missing, present, "")
        }
        return chosen
    }

    /** As [groups], without those that have no gene left; a warning names them. */
    fun groupsWithGenes(chosen: List<String>?): List<String> {
        val (full, empty) = groups(chosen).partition { present(it).isNotEmpty() }
        empty.forEach { Log.warning("No genes found for group $it") }
        return full
    }

    /** What is said when no group has a gene left. */
    val nothing: String get() = "No genes found in uns['$key']"

    /** Ranks, from 0, at which a group has a gene. */
    fun present(group: String): List<Int> {
        val names = record("names").get(group).texts()
        return names.indices.filter { !isGap(names[it]) }
    }

    private fun isGap(name: String?) = name == null || (name == GAP || name == "NaN") && name !in genes

    /** Names of the genes at [ranks]: their symbols where they have one. */
    fun names(group: String, ranks: List<Int>): List<String> {
        val names = record("names").get(group).texts()
        return ranks.map { if (withSymbols) genes.symbolOf(names[it]) ?: names[it] else names[it] }
    }

    fun numbers(field: String, group: String): DoubleArray = record(field).get(group).toDoubles()

    private fun record(field: String): RecordArray =
        when (val value = result[field]) {
            is RecordArray -> value
            is Map<*, *> -> {
                val columns = value.entries.associate { it.key.toString() to it.value as NdArray }
                RecordArray(columns.values.first().size()).also { a -> columns.forEach { (k, v) -> a.with(k, v) } }
            }
            else -> throw MissingKeyException(
                "uns['$key']", field, result.keys.map { it.toString() },
                if (isTest) Remedies.again("rank_genes_groups", "uns") else "method = \"logreg\" has scores only.",
            )
        }

    companion object {
        /** What stands in place of a dropped gene, in memory and on disk. */
        const val GAP = "nan"
        private const val FILTERED = "rank_genes_groups_filtered"
    }
}
