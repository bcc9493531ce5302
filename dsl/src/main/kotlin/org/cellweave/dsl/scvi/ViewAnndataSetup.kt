package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.slotName

/**
 * What the model reads of its cells, as `setupAnndata` was told, and what it knows of it: one row per part, by
 * scvi-tools' names. Columns: `place` in the AnnData, empty where there is none; `n`, the number of genes or of levels;
 * `levels`, in the order of the model. Print it.
 */
public fun GenerativeModel.viewAnndataSetup(): DataFrame {
    val levels = core.levels()
    val parts =
        listOf(Part("X", slotName(columns.layer), core.geneNames().toList())) +
            listOfNotNull(
                Part("batch", place(columns.batchKey), levels.getValue("batch")),
                columns.labelsKey?.let { Part("labels", place(it), levels["labels"].orEmpty()) },
                columns.unlabeledCategory?.let { Part("unlabeled_category", place(columns.labelsKey), listOf(it)) },
                columns.sizeFactorKey?.let { Part("size_factor", place(it), emptyList()) },
            ) +
            columns.categorical.mapIndexed { k, key ->
                Part("extra_categorical_covs", place(key), levels["category_$k"].orEmpty())
            } +
            columns.continuous.map { Part("extra_continuous_covs", place(it), emptyList()) }
    return DataFrame("setup", StringColumn.of(*parts.map { it.name }.toTypedArray()), null).also { table ->
        table.set("place", StringColumn.of(*parts.map { it.place }.toTypedArray()))
        table.set("n", NumericColumn.of(*parts.map { it.levels.size.toDouble() }.toDoubleArray()))
        table.set("levels", StringColumn.of(*parts.map { it.levels.joinToString(", ") }.toTypedArray()))
    }
}

private class Part(val name: String, val place: String, val levels: List<String>)

private fun place(key: String?): String = if (key == null) "" else "obs['$key']"
