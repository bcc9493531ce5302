package org.cellweave.dsl

import org.cellweave.clonal.ResponseTransform
import org.cellweave.clonal.prediction.BoostedTrees
import org.cellweave.clonal.prediction.FeatureTable
import org.cellweave.clonal.prediction.ShapSummary
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.design.NumericCovariate
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.GeneSource
import org.cellweave.dsl.slots.LayerMask
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.toLabels
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.Finite
import org.cellweave.matrix.NanRows
import org.cellweave.util.Check
import org.cellweave.clonal.prediction.BoostedTrees.Params.DEFAULTS as TREES

/**
 * Foretells fates, or other columns of clones, from their expression by gradient-boosted trees, and says how much each
 * gene adds to each prediction (SHAP values). See [BoostedTrees]. The Python package's name is `catboost`, after the
 * trees that it grows; these are XGBoost's, each response has its own, and numbers differ.
 *
 * Reads `X` (or [layer], or raw where there is one), `obsm[obsmKey]`, the columns [features] of `obs`, and which clones
 * are for validation: `obs[validationKey]`, or what [gs] has left in `uns[gsKey]`. Writes nothing to [adata]. The new
 * object has clones by the features that some tree uses: in `X` the length of their SHAP values over responses, in
 * `layers` the values of each response, in `varm` the tables `mean_shap` and `gex_r` (correlation of SHAP value and
 * feature), in `obsm` the response and `"{obsmKey}:{predictionKeyAdded}"`, and `obs["validation"]`, `var["mean_shap"]`,
 * `uns["catboost_info"]`. Clones with NaN in their expression are left out, with a warning, and so are responses of
 * which fewer than [minSize] clones have some, in training or validation.
 *
 * @param validationValue what the column says of validation clones
 * @param features columns of `obs` that are features too; all but numbers are taken for labels
 * @param model `regressor`, or `classifier` of fates by their shares or counts
 * @param responseTransform `logit`, `log1p`, `sqrt` or `clr`
 * @param maskKey table of `obsm` that says in a column for every layer which clones it has, null for the one that
 *   `uns["mask_key"]` names, an empty text for none; without [layer] a boolean column of `obs`
 */
public fun ClonalTools.boostedTrees(
    adata: AnnData,
    obsmKey: String,
    gsKey: String = "gs",
    validationKey: String? = null,
    validationValue: String? = null,
    features: List<String> = emptyList(),
    useRaw: Boolean? = null,
    layer: String? = null,
    minSize: Int = TREES.minSize(),
    model: String = TREES.model().spelled(),
    numTrees: Int = TREES.nTrees(),
    earlyStoppingRounds: Int = TREES.earlyStoppingRounds(),
    responseTransform: String? = null,
    randomState: Long = TREES.seed(),
    predictionKeyAdded: String = "predicted",
    maskKey: String? = null,
    clrPseudocount: Number = ResponseTransform.PSEUDOCOUNT,
    learningRate: Number = TREES.learningRate(),
    maxDepth: Int = TREES.maxDepth(),
    ridge: Number = TREES.ridge(),
    minChildWeight: Number = TREES.minChildWeight(),
    rowShare: Number = TREES.rowShare(),
): AnnData {
    val kind = Check.oneOf(model, BoostedTrees.Model::class.java, "model")
    Check.atMost(Check.positive(numTrees, "numTrees"), BoostedTrees.MOST_TREES, "numTrees")
    val params = BoostedTrees.Params(
        kind, numTrees, earlyStoppingRounds, learningRate.toDouble(), maxDepth, ridge.toDouble(),
        minChildWeight.toDouble(), rowShare.toDouble(), minSize,
        randomState,
    )
    val transform = responseTransform?.let { Check.oneOf(it, ResponseTransform::class.java, "responseTransform") }
    val held = HeldOut.of(adata, gsKey, validationKey, validationValue)
    val source = adata.expression(useRaw, layer)
    val rows = adata.completeClones(source, layer, maskKey)
    val response = ResponseColumns.of(adata, obsmKey).rows(rows)
    val covariates = features.map { adata.feature(it, rows) }
    val told = { shap: AnnData -> "created ${shap.nObs} clones by ${shap.nVars} features with SHAP values" }
    return Log.timed("growing boosted trees from ${source.slot} to obsm['$obsmKey']", told) {
        val x = if (rows.size == adata.nObs) source.x else source.x.takeRows(rows)
        val table = adata.namingClone("boostedTrees", source.slot, source.genes.names, rows) {
            FeatureTable(x, covariates)
        }
        val validation = BooleanArray(rows.size) { held.rows[rows[it]] }
        val (values, result) = adata.namingClone("boostedTrees", response.slot, response.names, rows) {
            Finite.require(response.values, response.slot, "boostedTrees")
            val values = (transform ?: ResponseTransform.NONE).apply(
                response.values, clrPseudocount.toDouble(), response.slot,
            )
            val input = BoostedTrees.Input(table, response.values, values, response.slot, validation)
            values to withProgress { BoostedTrees.run(input, params, it) }
        }
        response.warnOfDropped(result.responses(), minSize)
        val grown = Grown(response.columns(result.responses()), result, ShapSummary.of(table, result.shap()))
        val shap = grown.shapdata(rows.map { adata.obsNames[it] }, source.genes.names + features)
        shap.obs.set("validation", BooleanColumn.of(*validation))
        shap.obsm.set(obsmKey, grown.response.table(shap.obsNames, values.takeCols(result.responses())))
        shap.obsm.set("$obsmKey:$predictionKeyAdded", grown.response.table(shap.obsNames, grown.predictions(kind)))
        val asked = dict(
            "obsm_key" to obsmKey,
            "validation_key" to held.key,
            "validation_value" to held.value,
            "features" to NdArray.of(*features.toTypedArray()),
            "response_transform" to responseTransform,
            "clr_pseudocount" to clrPseudocount.toDouble(),
            "layer" to layer,
            "use_raw" to source.isRaw,
        )
        shap.uns["catboost_info"] = asked.filterValues { it != null } + grown.told(params)
        shap
    }
}

/** Which clones are for validation. */
private class HeldOut(val key: String, val value: String, val rows: BooleanArray) {
    companion object {
        fun of(adata: AnnData, gsKey: String, validationKey: String?, validationValue: String?): HeldOut {
            require((validationKey == null) == (validationValue == null)) {
                "validationKey and validationValue go together, got one of them"
            }
            val sketch = if (validationKey == null) adata.unsMap(gsKey) else emptyMap()
            val key = validationKey ?: sketch["obs_key"] as? String
            val value = validationValue ?: (sketch["keys"] as? Map<*, *>)?.get("validation") as? String
            require(key != null && value != null) {
                "uns['$gsKey'] must say 'obs_key' and 'keys' as c2v.utils.gs() does; run it, or give validationKey " +
                    "and validationValue"
            }
            val labels = adata.obsColumn(key).toLabels().texts()
            require(value in labels) {
                "no clone of obs['$key'] is '$value'.${Check.suggestion(value, labels.filterNotNull().distinct())}"
            }
            return HeldOut(key, value, BooleanArray(labels.size) { labels[it] == value })
        }
    }
}

/** Rows that the mask grants and that have no NaN. */
private fun AnnData.completeClones(source: GeneSource, layer: String?, maskKey: String?): IntArray {
    val granted = when {
        layer != null -> LayerMask.of(this, maskKey)?.rows(layer)
        maskKey.isNullOrEmpty() -> null
        else -> cellMask(maskKey, "maskKey")
    }
    val nan = NanRows.of(source.x)
    val (lost, rows) = (0 until nObs).filter { granted?.get(it) != false }.partition { nan[it] }
    if (lost.isNotEmpty()) {
        Log.warning("${lost.size} clones with NaN in ${source.slot} are left out, such as '${obsNames[lost.first()]}'")
    }
    require(rows.isNotEmpty()) { "no clone is left: each has NaN in ${source.slot} or is masked" }
    return rows.toIntArray()
}

private fun AnnData.feature(key: String, rows: IntArray): Covariate {
    val column = obsColumn(key)
    if (column is NumericColumn) {
        val values = column.toDoubles()
        val wrong = rows.find { !values[it].isFinite() }
        require(wrong == null) {
            "features must be labels or finite numbers, but obs['$key'] is ${values[wrong!!]} for " +
                "'${obsNames[wrong]}'; fill it, or leave that clone out"
        }
        return NumericCovariate("obs['$key']", *DoubleArray(rows.size) { values[rows[it]] })
    }
    val labels = column.toLabels()
    return Categories("obs['$key']", labels.codes(), labels.categoryNames().toTypedArray()).subset(rows)
}
