package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DType
import org.cellweave.preprocess.QcMetrics
import org.cellweave.util.ShapeMismatchException

/**
 * Quality-control metrics of cells and genes. See [QcMetrics].
 *
 * Reads `X` (or `layer`, or raw) and boolean columns of `var` named in [qcVars]. Writes to `obs`:
 * `n_genes_by_counts`, `total_counts`, `pct_counts_in_top_{n}_genes`, `total_counts_{v}`, `pct_counts_{v}`; to `var`:
 * `n_cells_by_counts`, `mean_counts`, `pct_dropout_by_counts`, `total_counts`; with `log1p_` twins.
 *
 * scanpy's own default, `inplace = False`, would return tables; here metrics are always written.
 */
public fun Preprocessing.calculateQcMetrics(
    adata: AnnData,
    exprType: String = "counts",
    varType: String = "genes",
    qcVars: List<String> = emptyList(),
    percentTop: List<Int>? = QcMetrics.Params.DEFAULTS.percentTop(),
    layer: String? = null,
    useRaw: Boolean = false,
    log1p: Boolean = true,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val x = if (useRaw) rawMatrix(target) else target.matrixOf(layer)
    val masks = qcVars.associateWith { booleanMask(target, it) }
    val result = QcMetrics.run(x, masks, QcMetrics.Params(percentTop ?: emptyList()))
    writeCells(target, result, exprType, varType, log1p)
    writeGenes(target, result, exprType, log1p)
    return target
}

private fun rawMatrix(adata: AnnData) =
    requireNotNull(adata.raw) { "useRaw = true, but this object has no raw" }.x.also {
        if (it.nCols() != adata.nVars) {
            throw ShapeMismatchException("raw has ${it.nCols()} genes, X has ${adata.nVars}; use useRaw = false")
        }
    }

private fun booleanMask(adata: AnnData, key: String): BooleanArray =
    when (val column = adata.`var`.get(key)) {
        is BooleanColumn -> column.values()
        else -> throw IllegalArgumentException(
            "qcVars must name boolean columns of var, but var['$key'] is ${column.dtypeName()}",
        )
    }

private fun writeCells(adata: AnnData, r: QcMetrics.Result, expr: String, varType: String, log1p: Boolean) {
    val obs = adata.obs
    obs.set("n_${varType}_by_$expr", NumericColumn.of(*r.nGenes()))
    if (log1p) obs.set("log1p_n_${varType}_by_$expr", NumericColumn.of(*r.log1pNGenes()))
    obs.set("total_$expr", totals(r.totalsDType(), r.totalCounts()))
    if (log1p) obs.set("log1p_total_$expr", reals(r.totalsDType(), r.log1pTotalCounts()))
    r.percentTop().forEachIndexed { k, n ->
        obs.set("pct_${expr}_in_top_${n}_$varType", NumericColumn.of(*r.pctInTop()[k]))
    }
    r.geneSets().forEach { (name, set) ->
        obs.set("total_${expr}_$name", totals(r.totalsDType(), set.total()))
        if (log1p) obs.set("log1p_total_${expr}_$name", reals(r.totalsDType(), set.log1pTotal()))
        obs.set("pct_${expr}_$name", reals(r.totalsDType(), set.pct()))
    }
}

private fun writeGenes(adata: AnnData, r: QcMetrics.Result, expr: String, log1p: Boolean) {
    val genes = adata.`var`
    genes.set("n_cells_by_$expr", NumericColumn.of(*LongArray(r.nCells().size) { r.nCells()[it].toLong() }))
    genes.set("mean_$expr", NumericColumn.of(*r.meanCounts()))
    if (log1p) genes.set("log1p_mean_$expr", NumericColumn.of(*r.log1pMeanCounts()))
    genes.set("pct_dropout_by_$expr", NumericColumn.of(*r.pctDropout()))
    genes.set("total_$expr", totals(r.totalsDType(), r.geneTotals()))
    if (log1p) genes.set("log1p_total_$expr", reals(r.totalsDType(), r.log1pGeneTotals()))
}

private fun totals(dtype: DType, values: DoubleArray): Column =
    if (dtype.isInteger) {
        NumericColumn.of(*LongArray(values.size) { values[it].toLong() })
    } else {
        NumericColumn.reals(dtype, values)
    }

private fun reals(dtype: DType, values: DoubleArray): Column =
    NumericColumn.reals(if (dtype.isFloating) dtype else DType.FLOAT64, values)
