package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.diffexp.FilterRankGenesGroups
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.RankedGenes.Companion.GAP
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.MissingKeyException
import org.cellweave.diffexp.FilterRankGenesGroups.Params.DEFAULTS as FILTER

/**
 * Drops ranked genes that too few cells of the group, or too many others, express, or that differ too little. See
 * [FilterRankGenesGroups].
 *
 * Reads `uns[key]`; where it lacks fold changes or fractions against all other cells, also `obs[groupby]` and `X` (or
 * `raw`, as the ranking did). Writes `uns[keyAdded]`: a copy whose `names` are `nan` where a gene was dropped.
 *
 * @param groupby null for the column of the ranking
 * @param minInGroupFraction any number; one below 0 keeps all genes, as does [maxOutGroupFraction] above 1
 * @param minFoldChange to the base 2
 * @param compareAbs keeps genes that are lower in the group too
 */
public fun Tools.filterRankGenesGroups(
    adata: AnnData,
    key: String = "rank_genes_groups",
    groupby: String? = null,
    useRaw: Boolean? = null,
    keyAdded: String = "rank_genes_groups_filtered",
    minInGroupFraction: Number = FILTER.minInGroupFraction(),
    minFoldChange: Number = FILTER.minFoldChange(),
    maxOutGroupFraction: Number = FILTER.maxOutGroupFraction(),
    compareAbs: Boolean = FILTER.compareAbs(),
): AnnData {
    val bounds = FilterRankGenesGroups.Params(
        minInGroupFraction.toDouble(), minFoldChange.toDouble(), maxOutGroupFraction.toDouble(), compareAbs,
    )
    val stored = adata.unsMap(key)
    val again = Remedies.again("rank_genes_groups", "uns")
    val names =
        stored["names"] as? RecordArray ?: throw MissingKeyException("uns['$key']", "names", stored.keys, again)
    val params =
        stored["params"] as? Map<*, *> ?: throw MissingKeyException("uns['$key']", "params", stored.keys, again)
    val column = groupby ?: params["groupby"] as String
    val raw = useRaw ?: (params["use_raw"] == true)
    val same = params["groupby"] == column && params["reference"] == "rest" && (params["use_raw"] == true) == raw
    Log.info(
        "Filtering genes using: min_in_group_fraction: $minInGroupFraction min_fold_change: $minFoldChange, " +
            "max_out_group_fraction: $maxOutGroupFraction",
    )
    val changes = (stored["logfoldchanges"] as? RecordArray).takeIf { same }
    val inside = (stored["pts"] as? DataFrame).takeIf { same && stored["pts_rest"] is DataFrame }
    val outside = stored["pts_rest"] as? DataFrame
    val fresh by lazy { GroupFacts(adata, column, raw) }
    val kept = RecordArray(names.length())
    for ((group, field) in names.fields()) {
        val genes = field.texts().map { it ?: GAP }
        val facts =
            FilterRankGenesGroups.Facts(
                inside?.let { byName(it, group, genes) } ?: fresh.of(group, genes) { it.inside() },
                inside?.let { byName(outside!!, group, genes) } ?: fresh.of(group, genes) { it.outside() },
                changes?.get(group)?.toDoubles() ?: fresh.of(group, genes) { it.foldChanges() },
            )
        val keep = FilterRankGenesGroups.run(facts, bounds)
        kept.with(group, NdArray.of(*Array(genes.size) { if (keep[it]) genes[it] else GAP }))
    }
    adata.uns[keyAdded] = stored + ("names" to kept)
    return adata
}

private fun byName(table: DataFrame, group: String, genes: List<String>): DoubleArray {
    val values = table.get(group).toDoubles()
    return NameIndex.of("var", table.names).values(values, genes)
}

/** The entries of [values] for the genes; NaN where there is none. */
private fun NameIndex.values(values: DoubleArray, genes: List<String>): DoubleArray =
    DoubleArray(genes.size) { if (contains(genes[it])) values[at(genes[it])] else Double.NaN }

/** Fractions and fold changes of every group against all other cells. */
private class GroupFacts(
    adata: AnnData,
    groupby: String,
    raw: Boolean,
) {
    private val groups: List<String>
    private val facts: Array<FilterRankGenesGroups.Facts>
    private val position: NameIndex

    init {
        val column = adata.groups(groupby, "groupby")
        val base = ((adata.uns["log1p"] as? Map<*, *>)?.get("base") as? Number)?.toDouble()
        val source = adata.expression(raw)
        groups = column.categoryNames()
        facts = FilterRankGenesGroups.facts(source.x, column.codes(), groups.size, base)
        position = source.index
    }

    fun of(group: String, genes: List<String>, pick: (FilterRankGenesGroups.Facts) -> DoubleArray): DoubleArray {
        require(group in groups) { "groupby must have the groups of the ranking, but '$group' is not in $groups" }
        return position.values(pick(facts[groups.indexOf(group)]), genes)
    }
}
