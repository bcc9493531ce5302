package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Columns whose smallest values come first. */
private val SMALLEST_FIRST = setOf("pvalue", "padj", "lfcSE", "dispersion")

/**
 * The result of `sc.tl.pseudobulkDe` as a table: one row per group and gene, sorted within groups.
 *
 * Reads `uns[key]`. Writes nothing. Columns are `group` where the test was made by group, `names`, `baseMean`,
 * `log2FoldChange`, `lfcSE`, `stat`, `pvalue`, `padj`, `dispersion`, `outlier`.
 *
 * @param group the group or groups wanted, or null for all
 * @param pvalCutoff keeps genes whose adjusted p-value is below
 * @param log2fcMin keeps genes whose fold change is above, as [log2fcMax] keeps those below
 * @param sortBy a column of numbers; p-values and errors from the smallest, others from the largest, genes without one
 *   last
 */
public fun Get.pseudobulkDf(
    adata: AnnData,
    group: Any? = null,
    key: String = "pseudobulk_de",
    pvalCutoff: Number? = null,
    log2fcMin: Number? = null,
    log2fcMax: Number? = null,
    sortBy: String = "pvalue",
): DataFrame {
    val stored = adata.unsMap(key)
    val table = stored["results"] as? DataFrame
        ?: throw MissingKeyException("uns['$key']", "results", stored.keys, Remedies.again("pseudobulk_de", "uns"))
    val sorted = table.keys - setOf("group", "names", "outlier")
    require(sortBy in sorted) { "sortBy must be among $sorted, got '$sortBy'.${Check.suggestion(sortBy, sorted)}" }
    val padj = table.get("padj").toDoubles()
    val change = table.get("log2FoldChange").toDoubles()
    val groups = groupsOf(table)
    val wanted = texts(group, "group")?.also {
        require(groups.isNotEmpty()) { "group is for tests made by group; run sc.tl.pseudobulkDe(groupBy = ...) first" }
        positionsOf(it, groups.distinct(), "group")
    }
    val rows = (0 until table.nRows()).filter { i ->
        (wanted == null || groups[i] in wanted) && (pvalCutoff == null || padj[i] < pvalCutoff.toDouble()) &&
            (log2fcMin == null || change[i] > log2fcMin.toDouble()) &&
            (log2fcMax == null || change[i] < log2fcMax.toDouble())
    }
    val values = table.get(sortBy).toDoubles()
    val sign = if (sortBy in SMALLEST_FIRST) 1 else -1
    val place = groups.distinct().withIndex().associate { it.value to it.index }
    val order = rows.sortedWith(
        compareBy({ if (groups.isEmpty()) 0 else place[groups[it]] }, { values[it].isNaN() }, { sign * values[it] }),
    )
    return table.takeRows(order.toIntArray()).also { it.names = List(order.size) { i -> "$i" } }
}

private fun groupsOf(table: DataFrame): List<String> =
    table.find("group")?.let { column -> List(column.size()) { column.text(it) } } ?: emptyList()
