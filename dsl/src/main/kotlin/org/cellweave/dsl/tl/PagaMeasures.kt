package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.linksOfUsed
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.trajectory.GroupEntropy
import org.cellweave.trajectory.PagaPaths
import org.cellweave.util.MissingKeyException

/**
 * How strongly each group is joined to all others: the sum of its connectivities, in the order of the groups that have
 * cells.
 *
 * Reads `uns["paga"]["connectivities"]`. Writes nothing.
 *
 * Wolf et al. 2019, doi:10.1186/s13059-019-1663-x.
 */
public fun Tools.pagaDegrees(
    adata: AnnData,
): List<Double> = adata.abstracted("connectivities").rowSums().toList()

/**
 * Entropy of the cells' median expression in each group, in the order of the groups. See [GroupEntropy].
 *
 * Reads `X`, `uns["paga"]["groups"]` and that column of `obs`. Writes nothing. NaN, with a warning, for a group whose
 * cells all have the same median, as in counts with more than half zeros.
 *
 * Wolf et al. 2019, doi:10.1186/s13059-019-1663-x.
 */
public fun Tools.pagaExpressionEntropies(
    adata: AnnData,
): List<Double> {
    val groups = adata.groups(adata.pagaGroups(), "groups").removeUnused()
    val found = GroupEntropy.run(adata.X, groups.codes(), groups.nCategories())
    val none = groups.categoryNames().filterIndexed { g, _ -> found[g].isNaN() }
    if (none.isNotEmpty()) Log.warning("no entropy of groups $none: their cells all have the same median expression")
    return found.toList()
}

/**
 * Compares the paths between leaves of two abstracted graphs of the same cells. See [PagaPaths].
 *
 * Reads `uns["paga"][adjacencyKey]`, `uns["paga"]["groups"]` and that column of `obs` of both. Writes nothing.
 *
 * @param adjacencyKey `connectivities` or `connectivities_tree`
 * @param adjacencyKey2 of [adata2], when it differs
 */
public fun Tools.pagaComparePaths(
    adata1: AnnData,
    adata2: AnnData,
    adjacencyKey: String = "connectivities",
    adjacencyKey2: String? = null,
): PagaPaths.Result {
    require(adata1.nObs == adata2.nObs) {
        "adata1 and adata2 must have the same cells, got ${adata1.nObs} and ${adata2.nObs}"
    }
    val groups1 = adata1.groups(adata1.pagaGroups(), "groups").removeUnused()
    val groups2 = adata2.groups(adata2.pagaGroups(), "groups").removeUnused()
    val graph1 = adata1.abstracted(adjacencyKey)
    val graph2 = adata2.abstracted(adjacencyKey2 ?: adjacencyKey)
    return PagaPaths.run(graph1, graph2, groups1.codes(), groups2.codes())
}

private fun AnnData.pagaGroups(): String = unsMap("paga").getValue("groups").toString()

/** Both directions of every edge: the tree is stored with each once. */
private fun AnnData.abstracted(key: String): CsrMatrix {
    val stored = unsMap("paga")
    val graph =
        stored[key] as? Matrix ?: throw MissingKeyException("uns['paga']", key, stored.keys, remedy("paga", "uns"))
    return PagaPaths.symmetric(linksOfUsed(graph, groups(pagaGroups(), "groups"), key))
}
