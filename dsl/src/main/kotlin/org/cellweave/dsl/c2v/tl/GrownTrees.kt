package org.cellweave.dsl

import org.cellweave.clonal.prediction.BoostedTrees
import org.cellweave.clonal.prediction.ShapSummary
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.numericObsm
import org.cellweave.dsl.slots.tableOf
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix
import kotlin.math.round

/** What is foretold: columns of a table of `obsm`, or of a matrix, where they are called by their number. */
internal class ResponseColumns(
    val slot: String,
    val names: List<String>,
    val values: DenseMatrix,
    private val isTable: Boolean,
) {
    fun rows(wanted: IntArray) = ResponseColumns(slot, names, values.takeRows(wanted), isTable)

    fun columns(wanted: IntArray) = ResponseColumns(slot, wanted.map { names[it] }, values.takeCols(wanted), isTable)

    /** Numbers of these columns as `obsm` keeps the response. */
    fun table(rows: List<String>, numbers: DenseMatrix): AxisArray = if (isTable) named(rows, numbers) else numbers

    /** A table with a column for each response. */
    fun named(rows: List<String>, numbers: DenseMatrix): DataFrame = tableOf(rows, names, numbers)

    fun warnOfDropped(kept: IntArray, minSize: Int) {
        val dropped = names.indices.filterNot { it in kept }.map { names[it] }
        if (dropped.isNotEmpty()) {
            val few = "fewer than $minSize clones in training or validation"
            Log.warning("left out, with $few: ${dropped.joinToString()}")
        }
    }

    companion object {
        fun of(adata: AnnData, key: String): ResponseColumns {
            val read = adata.numericObsm(key)
            val isTable = adata.obsm.find(key) is DataFrame
            val names = if (isTable) read.names else List(read.values.nCols()) { "$it" }
            val slash = names.find { '/' in it }
            require(slash == null) {
                "columns of ${read.slot} become layers, whose names must not contain '/', got '$slash'; rename it first"
            }
            return ResponseColumns(read.slot, names, read.values.toDense().toFloat64(), isTable)
        }
    }
}

/** Trees that are grown, told in the slots of the original. */
internal class Grown(
    val response: ResponseColumns,
    private val result: BoostedTrees.Result,
    private val summary: ShapSummary.Result,
) {
    /** Clones by the features that are used. */
    fun shapdata(clones: List<String>, features: List<String>): AnnData {
        val used = summary.features().map { features[it] }
        val obs = DataFrame.ofNames(*clones.toTypedArray())
        val shap = AnnData(summary.norms(), obs, DataFrame.ofNames(*used.toTypedArray()))
        response.names.forEachIndexed { r, name -> shap.layers.set(name, summary.layers()[r]) }
        shap.varm.set("mean_shap", response.named(used, summary.meanShap()))
        shap.varm.set("gex_r", response.named(used, summary.correlation()))
        val sums = summary.norms().colSums()
        shap.`var`.set("mean_shap", NumericColumn.of(*DoubleArray(used.size) { sums[it] / clones.size }))
        return shap
    }

    /** Chances become expected counts where the response is counts. */
    fun predictions(model: BoostedTrees.Model): DenseMatrix {
        val out = result.predictions().copy()
        val counts = response.values
        if (model != BoostedTrees.Model.CLASSIFIER || counts.doubleData().any { it != round(it) }) return out
        val totals = counts.rowSums()
        for (i in 0 until out.nRows()) {
            for (r in 0 until out.nCols()) out.set(i, r, out.get(i, r) * totals[i])
        }
        return out
    }

    fun told(params: BoostedTrees.Params): Map<String, Any?> =
        linkedMapOf<String, Any?>(
            "fates_used" to NdArray.of(*response.names.toTypedArray()),
            "loss" to lossName(params.model()),
            "eval_metric" to lossName(params.model()),
            "loss_history" to NdArray.of(*result.trainLoss()),
            "validation_history" to NdArray.of(*result.validationLoss()),
            "trees_kept" to result.nTrees().toLong(),
            "bias" to NdArray.of(*result.bias()),
        ) + recorded(
            params,
            "model",
            "nTrees",
            "earlyStoppingRounds",
            "learningRate",
            "maxDepth",
            "ridge",
            "minChildWeight",
            "rowShare",
            "minSize",
            "seed",
            called = mapOf("nTrees" to "numTrees"),
        )

    private fun lossName(model: BoostedTrees.Model) =
        when {
            model == BoostedTrees.Model.CLASSIFIER -> "MultiClass"
            response.names.size > 1 -> "MultiRMSE"
            else -> "RMSE"
        }
}
