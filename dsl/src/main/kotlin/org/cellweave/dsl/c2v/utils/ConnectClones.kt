package org.cellweave.dsl

import org.cellweave.clonal.CloneLinks
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.toLabels
import org.cellweave.matrix.CsrMatrix
import org.cellweave.util.Check

/**
 * Links clones that belong together, such as those of one barcode at several times. See [CloneLinks].
 *
 * Reads `obs[groupby]` and `obs[orientCol]`. Writes `obsp[graphKeyAdded]`, float32: both directions between all clones
 * of a group, or along [orientCol] those that [orientRule] names, from the first to the second.
 *
 * @param orientCol numbers, or categories in their order; among equal ones the first row comes first
 * @param orientRule `increase` (each with the next above it), `decrease`, `all_increase` (each with all above it) or
 *   `all_decrease`; null for `increase`
 * @param ignoreNames groups that are left without links, one or a list
 * @param weightEdges gives an edge 1 over the size of its group, instead of 1
 * @param orientBy names pairs itself, from the rows of `obs` of a group, instead of the two arguments above; a function
 *   that the Python package takes as its `orient_rule`
 */
public fun ClonalUtilities.connectClones(
    clones: AnnData,
    groupby: String,
    graphKeyAdded: String = "connected",
    orientCol: String? = null,
    orientRule: String? = null,
    ignoreNames: Any? = null,
    weightEdges: Boolean = false,
    orientBy: ((DataFrame) -> Iterable<Pair<String, String>>)? = null,
): AnnData {
    require(orientRule == null || orientCol != null) {
        "orientRule = '$orientRule' needs orientCol, which says by what"
    }
    require(orientBy == null || orientCol == null) { "orientBy excludes orientCol; give one of them" }
    val rule = Check.oneOf(orientRule ?: "increase", CloneLinks.Rule::class.java, "orientRule")
    val groups = clones.linkedGroups(groupby, texts(ignoreNames, "ignoreNames").orEmpty())
    val told = { graph: CsrMatrix -> "added\n    '$graphKeyAdded', ${graph.nnz()} edges (clones.obsp)" }
    Log.timed("connecting clones of one obs['$groupby']", told) {
        val graph = when {
            orientBy != null -> chosen(clones, groups, orientBy, weightEdges)
            orientCol == null -> CloneLinks.pairs(groups, weightEdges)
            else -> CloneLinks.ordered(groups, clones.order(orientCol), "obs['$orientCol']", rule, weightEdges)
        }
        clones.obsp.set(graphKeyAdded, graph)
        graph
    }
    return clones
}

private fun AnnData.linkedGroups(key: String, ignored: List<String>): Categories {
    val labels = obsColumn(key).toLabels()
    val names = labels.categoryNames()
    val codes = labels.codes().map { if (it >= 0 && names[it] in ignored) Categories.MISSING else it }.toIntArray()
    require(codes.any { it >= 0 }) { "groupby needs a column of groups, but all of obs['$key'] is missing or ignored" }
    return Categories("obs['$key']", codes, names.toTypedArray())
}

private fun AnnData.order(key: String): DoubleArray {
    val column = obsColumn(key)
    if (column is NumericColumn) return column.toDoubles()
    return column
        .toLabels()
        .codes()
        .map { if (it < 0) Double.NaN else it.toDouble() }
        .toDoubleArray()
}

private fun chosen(
    clones: AnnData,
    groups: Categories,
    orientBy: (DataFrame) -> Iterable<Pair<String, String>>,
    weightEdges: Boolean,
): CsrMatrix {
    val names = clones.obsNames
    val rows = names.withIndex().associate { (row, name) -> name to row }
    require(rows.size == names.size) { "names of clones must be distinct; run clones.obsNamesMakeUnique() first" }
    val (from, to) = List(2) { mutableListOf<Int>() }
    for (members in groups.members().filter { it.size > 1 }) {
        val known = members.map { names[it] }
        for (pair in orientBy(clones.obs.takeRows(members))) {
            for (name in pair.toList()) {
                require(name in known) {
                    "orientBy must name clones of the group that it is given, got '$name' for " +
                        "'${groups.level(groups.code(members[0]))}'.${Check.suggestion(name, known)}"
                }
            }
            from += rows.getValue(pair.first)
            to += rows.getValue(pair.second)
        }
    }
    return CloneLinks.chosen(groups, from.toIntArray(), to.toIntArray(), weightEdges)
}
