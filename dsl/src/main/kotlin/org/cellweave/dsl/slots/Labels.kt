package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.design.NumericCovariate
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

internal fun AnnData.obsColumn(key: String): Column =
    obs.find(key) ?: throw MissingKeyException("obs", key, obs.keys, remedy(key, "obs"))

/** Refuses columns that a table lacks, all in one message. */
internal fun requireColumns(table: DataFrame, slot: String, keys: Collection<String>) {
    val missing = keys.filterNot(table::contains).distinct()
    if (missing.isNotEmpty()) throw MissingKeyException(slot, missing, table.keys, remedy(missing.first(), slot))
}

/** A grouping column; text becomes categorical in place, as scanpy does. */
internal fun AnnData.groups(key: String, argument: String): CategoricalColumn =
    when (val column = obsColumn(key)) {
        is CategoricalColumn -> column
        is StringColumn -> column.toCategorical().also { obs.set(key, it) }
        else -> throw IllegalArgumentException(
            "$argument must name a categorical column, but obs['$key'] is ${column.dtypeName()}; " +
                "use adata.obs[\"$key\"] = adata.obs[\"$key\"].asCategorical()",
        )
    }

/** Positions of [names] among the categories of [column]. */
internal fun categoryPositions(column: CategoricalColumn, names: List<String>, argument: String): IntArray {
    val known = column.categoryNames()
    return IntArray(names.size) {
        val at = known.indexOf(names[it])
        require(at >= 0) {
            "$argument must be among $known, got '${names[it]}'.${Check.suggestion(names[it], known)}"
        }
        at
    }
}

/** A grouping of which every cell has a level. */
internal fun AnnData.completeGroups(key: String, argument: String): CategoricalColumn {
    val column = groups(key, argument)
    val missing = column.codes().indexOfFirst { it < 0 }
    require(missing < 0) {
        "obs['$key'] is missing for cell '${obsNames[missing]}' and perhaps others; " +
            "give every cell a level, or subset to the cells that have one"
    }
    return column
}

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
