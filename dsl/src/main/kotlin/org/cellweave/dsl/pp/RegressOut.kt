package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.withThreads
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.RegressOut

/**
 * Subtracts what numbers known of the cells explain, or the mean of each category. See [RegressOut].
 *
 * Reads `X` (or `layer`) and `obs` columns named in [keys]. Writes `X` (or `layer`), dense.
 *
 * @param keys columns of numbers, one or a list, or a single categorical column
 * @param nJobs threads for this call; null for `sc.settings.nJobs`. The result is the same for any number
 */
public fun Preprocessing.regressOut(
    adata: AnnData,
    keys: Any,
    layer: String? = null,
    nJobs: Int? = null,
    copy: Boolean = false,
): AnnData {
    val columns = texts(keys, "keys")!!
    val regressors = regressors(adata, columns)
    val target = adata.target(copy)
    target.makeActual()
    val source = target.source(layer)
    val result =
        Log.timed<RegressOut.Result>("regressing out $columns", { null }) {
            if (source.x.isSparse) Log.info("    sparse input is densified and may lead to high memory use")
            withThreads(nJobs) { target.running("regressOut", source) { RegressOut.run(source.x, regressors, it) } }
        }
    target.putMatrix(layer, result.x())
    return target
}

/** What [keys] of `obs` hold, as [RegressOut] takes it. */
internal fun regressors(adata: AnnData, keys: List<String>): RegressOut.Regressors {
    requireColumns(adata.obs, "obs", keys)
    val columns = keys.map { adata.obsColumn(it) }
    val categorical = columns.indices.filter { columns[it] is CategoricalColumn || columns[it] is StringColumn }
    if (categorical.isNotEmpty()) {
        require(keys.size == 1) {
            "keys must be a single categorical column or any number of numeric ones, got $keys where " +
                "'${keys[categorical.first()]}' is categorical. Regress on them one after the other"
        }
        return RegressOut.Regressors.categories(adata.categories(keys.single(), "keys"))
    }
    for ((key, column) in keys.zip(columns)) {
        require(column is NumericColumn || column is BooleanColumn) {
            "keys must name numeric or categorical columns, but obs['$key'] is ${column.dtypeName()}"
        }
    }
    return RegressOut.Regressors.numeric(keys.toTypedArray(), Array(keys.size) { columns[it].toDoubles() })
}
