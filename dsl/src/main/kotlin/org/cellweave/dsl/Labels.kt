package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.design.NumericCovariate

/** `obs[key]` as methods read it, every cell with a label; what they refuse is called by that name. */
internal fun AnnData.labels(key: String, argument: String): Categories = completeGroups(key, argument).labels(key)

internal fun CategoricalColumn.labels(key: String): Categories =
    Categories("obs['$key']", codes(), categoryNames().toTypedArray())

/** `obs[key]` as something that acts beside the batch: numbers linearly, other columns by their labels. */
internal fun AnnData.covariate(key: String): Covariate {
    val column = obsColumn(key)
    if (column is NumericColumn) return NumericCovariate("obs['$key']", *column.toDoubles())
    return column.asCategorical().removeUnused().labels(key)
}
