package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.Combinations
import org.cellweave.dsl.slots.axisNumber
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.dsl.slots.remedy
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Aggregate
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.preprocess.Aggregate.Params.DEFAULTS as AGGREGATE

/** Values of the groups of one column; see the overload for several columns and functions. */
public fun Get.aggregate(
    adata: AnnData,
    by: String,
    func: String,
    axis: Any? = null,
    mask: Any? = null,
    dof: Int = AGGREGATE.dof(),
    layer: String? = null,
    obsm: String? = null,
    varm: String? = null,
): AnnData = aggregate(adata, listOf(by), listOf(func), axis, mask, dof, layer, obsm, varm)

/** Several values of the groups of one column; see the overload for several columns and functions. */
public fun Get.aggregate(
    adata: AnnData,
    by: String,
    func: Collection<String>,
    axis: Any? = null,
    mask: Any? = null,
    dof: Int = AGGREGATE.dof(),
    layer: String? = null,
    obsm: String? = null,
    varm: String? = null,
): AnnData = aggregate(adata, listOf(by), func, axis, mask, dof, layer, obsm, varm)

/** One value of the groups of several columns; see the overload for several columns and functions. */
public fun Get.aggregate(
    adata: AnnData,
    by: Collection<String>,
    func: String,
    axis: Any? = null,
    mask: Any? = null,
    dof: Int = AGGREGATE.dof(),
    layer: String? = null,
    obsm: String? = null,
    varm: String? = null,
): AnnData = aggregate(adata, by, listOf(func), axis, mask, dof, layer, obsm, varm)

/**
 * Sums, means and the like of groups of cells (or genes), as an object with a row per group. See [Aggregate].
 *
 * Reads `X` (or [layer], [obsm], [varm]) and the columns [by] of `obs`, or of `var` with `axis = 1`. Writes nothing.
 * The new object has the groups in `obs` and one layer for each function; combinations without cells are left out,
 * and so are cells without a group. Of a table in [obsm] or [varm] the columns' names become those of the variables.
 *
 * @param func among `mean`, `sum`, `count_nonzero`, `var`, `median`
 * @param axis 0 or `obs` for groups of cells, 1 or `var` for groups of genes; null for genes when [varm] is given
 * @param mask cells (or genes) that take part: an array, or the name of a boolean column
 */
public fun Get.aggregate(
    adata: AnnData,
    by: Collection<String>,
    func: Collection<String>,
    axis: Any? = null,
    mask: Any? = null,
    dof: Int = AGGREGATE.dof(),
    layer: String? = null,
    obsm: String? = null,
    varm: String? = null,
): AnnData {
    require(by.isNotEmpty()) { "by must name a column" }
    require(listOfNotNull(layer, obsm, varm).size <= 1) {
        "layer, obsm and varm exclude each other, got layer = $layer, obsm = $obsm, varm = $varm"
    }
    val side = axis?.let(::axisNumber) ?: if (varm != null) 1 else 0
    require(varm == null || side == 1) { "varm goes with axis = 1, got axis = $side" }
    require(obsm == null || side == 0) { "obsm goes with axis = 0, got axis = $side" }
    val funcs = func.map { Check.oneOf(it, Aggregate.Func::class.java, "func") }.toSet()
    val groups = Combinations(if (side == 0) adata.obs else adata.`var`, by.toList(), if (side == 0) "obs" else "var")
    val taking = mask?.let { if (side == 0) adata.cellMask(it, "mask") else adata.geneMask(it, "mask") }
    val array =
        obsm?.let {
            adata.obsm.find(adata.obsmKey(it))
                ?: throw MissingKeyException("obsm", it, adata.obsm.keys, remedy(it, "obsm"))
        }
            ?: varm?.let {
                adata.varm.find(it) ?: throw MissingKeyException("varm", it, adata.varm.keys, remedy(it, "varm"))
            }
    val data: Matrix =
        when {
            array != null -> numbers(array, if (obsm != null) "obsm['$obsm']" else "varm['$varm']")
            side == 0 -> adata.matrixOf(layer)
            else -> columnsAsRows(adata.matrixOf(layer))
        }
    val result = Aggregate.run(data, groups.codes, groups.names.size, taking, Aggregate.Params(funcs, dof))
    val columns =
        when {
            array is DataFrame -> DataFrame.ofNames(*array.keys.toTypedArray())
            array != null -> DataFrame.ofNames(*Array(data.nCols()) { it.toString() })
            side == 0 -> adata.`var`.copy()
            else -> adata.obs.copy()
        }
    val out = AnnData(null, groups.table(), columns)
    for (f in funcs) {
        val values = result.values().getValue(f)
        if (f == Aggregate.Func.VAR) warnOfInfinity(values)
        out.layers.set(f.spelled(), values)
    }
    return if (side == 0) out else out.transpose()
}

/** Squares of values beyond 1e154 are beyond float64. */
private fun warnOfInfinity(variances: DenseMatrix) {
    val n = variances.doubleData().count { it.isInfinite() }
    if (n > 0) {
        Log.warning("$n variances are beyond the range of float64 and infinite; divide the values by a constant first")
    }
}

private fun numbers(values: AxisArray, name: String): Matrix =
    when (values) {
        is Matrix -> values
        is DataFrame -> {
            val columns = values.keys.map { key ->
                val column = values.get(key)
                require(column is NumericColumn || column is BooleanColumn) {
                    "$name must hold numbers, but its column '$key' is ${column.dtypeName()}"
                }
                column.toDoubles()
            }
            val out = DenseMatrix.zeros(values.nRows(), columns.size, DType.FLOAT64)
            for (i in 0 until values.nRows()) out.setRow(i, DoubleArray(columns.size) { columns[it][i] })
            out
        }
        else -> throw IllegalArgumentException("$name must be a matrix or a table, got ${values.described()}")
    }

private fun columnsAsRows(x: Matrix): Matrix = if (x is CscMatrix) x.columns() else x.transpose()
