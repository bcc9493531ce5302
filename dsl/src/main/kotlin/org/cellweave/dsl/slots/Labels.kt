package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
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
internal fun categoryPositions(column: CategoricalColumn, names: List<String>, argument: String): IntArray =
    positionsOf(names, column.categoryNames(), argument)

/** Positions of [names] among those [known]. */
internal fun positionsOf(names: List<String>, known: List<String>, argument: String): IntArray =
    IntArray(names.size) {
        val at = known.indexOf(names[it])
        require(at >= 0) {
            "$argument must be among $known, got '${names[it]}'.${Check.suggestion(names[it], known)}"
        }
        at
    }

/** Few enough whole numbers to be labels: at most this share of the cells. */
private const val LABELS_PER_CELL = 0.1

/**
 * `obs[key]` as methods read batches and labels, called by that name in what they refuse: categories, text, booleans,
 * and whole numbers that many cells share. Every verb that takes a batch column reads it by this.
 *
 * @param complete refuses cells without a label
 */
internal fun AnnData.categories(key: String, argument: String, complete: Boolean = true): Categories {
    val column = obsColumn(key)
    val isNumber = column is NumericColumn && column.isInteger
    val labels = if (isNumber || column is BooleanColumn) column.toLabels() else groups(key, argument)
    val read = labels.toCategories(key)
    if (complete) read.complete("cell") { "'${obsNames[it]}'" }
    require(!isNumber || labels.nCategories() <= nObs * LABELS_PER_CELL) {
        "obs['$key'] has ${labels.nCategories()} different numbers for $nObs cells; $argument needs labels that many " +
            "cells share. Cut it into classes first"
    }
    return read
}

/** `obs[key]` as something that acts beside the batch: numbers linearly, other columns by their labels. */
internal fun AnnData.covariate(key: String): Covariate {
    val column = obsColumn(key)
    if (column is NumericColumn) return NumericCovariate("obs['$key']", *column.toDoubles())
    return column.toLabels().removeUnused().toCategories(key)
}

/**
 * `obs[key]` as a column of a design of samples; one without a value is refused by the sample's name.
 *
 * @param labels takes numbers as labels
 */
internal fun AnnData.sampleCovariate(key: String, labels: Boolean): Covariate {
    val column = obsColumn(key)
    val missing = (0 until nObs).firstOrNull {
        column.isMissing(it) ||
            (column is NumericColumn && column.get(it).isNaN())
    }
    require(missing == null) {
        "obs['$key'] has no value for sample '${obsNames[missing!!]}'; give every sample one, or subset to those that have"
    }
    return if (labels) column.toLabels().toCategories(key) else covariate(key)
}

internal fun CategoricalColumn.toCategories(key: String): Categories =
    Categories("obs['$key']", codes(), categoryNames().toTypedArray())

/** Distinct values, naturally sorted, as categories. */
internal fun Column.toLabels(): CategoricalColumn =
    when (this) {
        is CategoricalColumn -> this
        is StringColumn -> toCategorical()
        else -> CategoricalColumn.ofTexts(*Array(size()) { if (isMissing(it)) null else text(it) })
    }
