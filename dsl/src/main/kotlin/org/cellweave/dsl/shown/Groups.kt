package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.StringColumn
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.dsl.slots.Remedies
import org.cellweave.util.MissingKeyException
import kotlin.math.abs

/** Groups of cells by columns, crossed if there are several; numbers are cut into [bins] equal intervals. */
internal fun groupsOf(adata: AnnData, keys: List<String>, bins: Int = 7): Categories {
    require(keys.isNotEmpty()) { "groupby must name a column of obs, got an empty list" }
    val missing = keys.distinct().filter { it !in adata.obs.keys && !isIndex(adata, it) }
    if (missing.isNotEmpty()) {
        throw MissingKeyException("obs", missing, adata.obs.keys, Remedies.column(missing[0]))
    }
    val groups = keys
        .map { key ->
            val column = adata.obs.find(key) ?: StringColumn.of(*adata.obsNames.toTypedArray())
            when (val values = columnValues(column)) {
                is Categories -> values
                is Numbers -> intervals(values.values, bins)
            }
        }.reduce(Categories::crossed)
    require(groups.codes.any { it >= 0 }) {
        "groupby must give at least one cell a group, but ${keys.joinToString(" and ") { "obs['$it']" }} gives none"
    }
    return groups
}

internal fun groupsOf(adata: AnnData, groupby: String): Categories = groupsOf(adata, listOf(groupby))

/** Whether [key] stands for the names of the cells: `index`, or what the index calls itself. */
private fun isIndex(adata: AnnData, key: String) = key == "index" || key == adata.obs.indexName

/** Equal intervals, open at their lower ends; the first begins a thousandth of the range below the least value. */
private fun intervals(values: DoubleArray, bins: Int): Categories {
    require(bins > 0) { "numCategories must be positive, got $bins" }
    val finite = values.filter { it.isFinite() }
    require(finite.isNotEmpty()) { "groupby must have a finite value" }
    val low = finite.min()
    val high = finite.max()
    val margin = BELOW * if (high > low) high - low else abs(low).takeIf { it > 0 } ?: 1.0
    val (from, to) = if (high > low) low to high else low - margin to high + margin
    val edges = DoubleArray(bins + 1) { if (it == bins) to else from + it * ((to - from) / bins) }
    if (high > low) edges[0] -= margin
    val codes = IntArray(values.size) { i ->
        if (values[i].isFinite()) (1..bins).first { values[i] <= edges[it] } - 1 else -1
    }
    val labels = edgeLabels(edges)
    return Categories(codes, List(bins) { "(${labels[it]}, ${labels[it + 1]}]" })
}

/** With as few digits as tell the edges apart. */
private fun edgeLabels(edges: DoubleArray): List<String> =
    (4..17)
        .map { digits -> edges.map { tickLabel(it, digits) } }
        .run { firstOrNull { it.distinct().size == edges.size } ?: last() }

private const val BELOW = 0.001
