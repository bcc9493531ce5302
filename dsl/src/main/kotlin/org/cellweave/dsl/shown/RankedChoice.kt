package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.NameIndex
import org.cellweave.dsl.session.Log
import org.cellweave.util.Check
import kotlin.math.log10

/** The genes that figures of `sc.tl.rankGenesGroups` show, and the statistics that may colour them. */
internal class RankedChoice(
    adata: AnnData,
    groups: Any?,
    nGenes: Int?,
    groupby: String?,
    varNames: Any?,
    private val geneSymbols: String?,
    minLogfoldchange: Double?,
    key: String?,
) {
    private val ranked: RankedGenes

    init {
        require(nGenes == null || varNames == null) { "nGenes and varNames exclude each other; give one of them" }
        require(nGenes != 0) { "nGenes must not be 0" }
        ranked = RankedGenes(adata, key ?: "rank_genes_groups", geneSymbols)
    }

    val groupby: String =
        groupby ?: requireNotNull(ranked.groupby) { "the result in uns does not name its groupby; pass groupby" }

    /** Genes, by group where they are the top ones. */
    val varNames: Any =
        varNames ?: topGenes(ranked.groups(texts(groups, "groups")), nGenes ?: DEFAULT_GENES, minLogfoldchange)

    private fun topGenes(groups: List<String>, n: Int, minimum: Double?): Map<String, List<String>> {
        if (minimum != null && !ranked.isTest) {
            Log.warning("minLogfoldchange is not used: method = \"logreg\" has scores only")
        }
        val out = LinkedHashMap<String, List<String>>()
        for (group in groups) {
            val change = minimum?.takeIf { ranked.isTest }?.let { ranked.numbers("logfoldchanges", group) }
            val kept = ranked.present(group).filter { change == null || change[it] > minimum }
            if (kept.isEmpty()) {
                Log.warning("No genes found for group $group")
            } else {
                out[group] = ranked.names(group, if (n > 0) kept.take(n) else kept.takeLast(-n))
            }
        }
        require(out.isNotEmpty() || minimum == null) {
            "no gene has a log fold change above minLogfoldchange $minimum; lower it"
        }
        return out
    }

    /** What is said when `sc.tl.filterRankGenesGroups` left no gene in any group; null when there are genes. */
    val nothing: String? = if (this.varNames is Map<*, *> && this.varNames.isEmpty()) ranked.nothing else null

    /** The statistic [field] of the plan's genes in its groups, both in drawing order; NaN where it is not known. */
    fun statistics(field: String, plan: TablePlan): Array<DoubleArray> {
        require(field in FIELDS) {
            "valuesToPlot must be one of $FIELDS, got '$field'." +
                Check.suggestion(field, FIELDS)
        }
        val tested = ranked.groups(null)
        val groups = plan.groups
        return Array(groups.size) { g ->
            if (groups[g] in tested) statistics(field, groups[g], plan.genes) else DoubleArray(plan.genes.size) { NONE }
        }
    }

    private fun statistics(field: String, group: String, genes: List<String>): DoubleArray {
        val values = ranked.numbers(field.removePrefix(LOGARITHM), group)
        val ranks = ranked.present(group)
        val index = NameIndex.of("ranked", ranked.names(group, ranks))
        return DoubleArray(genes.size) {
            val v = if (index.contains(genes[it])) values[ranks[index.at(genes[it])]] else NONE
            if (field.startsWith(LOGARITHM)) -log10(maxOf(v, Double.MIN_VALUE)) else v
        }
    }

    companion object {
        private const val DEFAULT_GENES = 10
        private const val NONE = Double.NaN
        private const val LOGARITHM = "log10_"
        private val FIELDS = listOf("scores", "logfoldchanges", "pvals", "pvals_adj", "log10_pvals", "log10_pvals_adj")

        /** A colour bar's title for [field]. */
        fun heading(field: String): String =
            when (field) {
                "logfoldchanges" -> "log fold change"
                else ->
                    (if (field.startsWith(LOGARITHM)) "-" else "") +
                        field.replace("_", " ").replace("pvals", "p-value").replace("adj", "adjusted")
            }
    }
}
