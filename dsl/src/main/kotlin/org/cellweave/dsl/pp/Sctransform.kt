package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.DenseMatrix
import org.cellweave.preprocess.Log1p
import org.cellweave.preprocess.RegressOut
import org.cellweave.preprocess.sctransform.GeneModels
import org.cellweave.preprocess.sctransform.SCTransform
import org.cellweave.util.Check
import org.cellweave.preprocess.sctransform.SCTransform.Params.DEFAULTS as SCT

/**
 * Stabilises the variance of counts by regularised negative-binomial regression on depth, as Seurat's `SCTransform`:
 * in place of `normalizeTotal`, `log1p`, `highlyVariableGenes` and `scale`. See [SCTransform].
 *
 * Reads counts from `X` (or [layer]), and `obs[batchKey]`, `obs[batchVar]`, [varsToRegress] of `obs`. Writes
 * `obsm["sct_residuals"]` (Pearson residuals of the genes that `var["sct_residuals"]` marks, for
 * `sc.pp.pca(adata, obsm = "sct_residuals")`), `layers["sct_counts"]` (counts at equal depth) and `layers["sct_data"]`
 * (their logarithms), `var["highly_variable"]`, `["sct_residual_variance"]`, `["sct_residual_mean"]`, `["sct_gmean"]`,
 * `["sct_theta"]`, `["sct_intercept"]`, `["sct_slope"]` and `uns["sct"]`; `X` stays. With [keyAdded] all but
 * `highly_variable` begin with that. Parameters of several batches or levels have their names behind them.
 *
 * @param vstFlavor `v2` or `v1`
 * @param batchVar labels whose levels have an intercept and, in `v1`, a slope of their own in one model
 * @param batchKey labels of batches that are fitted by themselves, as in Seurat's workflow on split objects; the genes
 *   of the residuals are chosen together
 * @param varsToRegress columns of numbers of `obs`, regressed out of the residuals
 * @param nCells of the first step; null for 5000 in `v1`, 2000 in `v2`
 * @param nGenes of the first step
 * @param clip bound of the residuals; null for the root of a thirtieth of the cells, as in Seurat
 * @param resClipRange bound of those of which the variance is taken; null for the root of the number of cells
 * @param returnOnlyVarGenes false for residuals of all genes, a dense matrix of cells by genes
 */
public fun Preprocessing.sctransform(
    adata: AnnData,
    vstFlavor: String = SCT.flavor().spelled(),
    batchVar: String? = null,
    batchKey: String? = null,
    varsToRegress: List<String> = emptyList(),
    nTopGenes: Int = SCT.nTopGenes(),
    nCells: Int? = SCT.nCells(),
    nGenes: Int = SCT.nGenes(),
    minCells: Int = SCT.minCells(),
    bwAdjust: Number = SCT.bwAdjust(),
    clip: Number? = SCT.clip(),
    resClipRange: Number? = SCT.resClipRange(),
    returnOnlyVarGenes: Boolean = SCT.returnOnlyVarGenes(),
    doCorrectCounts: Boolean = SCT.doCorrectCounts(),
    doCenter: Boolean = SCT.doCenter(),
    randomState: Long = SCT.seed(),
    layer: String? = null,
    keyAdded: String = "sct",
    copy: Boolean = false,
): AnnData {
    val flavor = Check.oneOf(vstFlavor, SCTransform.Flavor::class.java, "vstFlavor")
    val params =
        SCTransform.Params(
            flavor, nCells, nGenes, minCells, bwAdjust.toDouble(), clip?.toDouble(), resClipRange?.toDouble(),
            nTopGenes, returnOnlyVarGenes,
            doCorrectCounts, doCenter, randomState,
        )
    val target = adata.target(copy)
    val batches = batchKey?.let { target.categories(it, "batchKey").withoutUnused() }
    val covariate = batchVar?.let { target.categories(it, "batchVar").withoutUnused() }
    val explained = varsToRegress.takeIf { it.isNotEmpty() }?.let { regressors(target, it) }
    val source = target.source(layer)
    val told = { r: SCTransform.Result ->
        "added\n    .obsm['${keyAdded}_residuals'], Pearson residuals of ${r.genes().size} genes\n" +
            "    .var['highly_variable'], ${r.chosen().selected().count { it }} genes"
    }
    val result =
        Log.timed("running SCTransform", told) {
            target.running("sctransform", source) { SCTransform.run(source.x, batches, covariate, params, it) }
        }
    val residuals = explained?.let { RegressOut.run(result.residuals(), it).x() } ?: result.residuals()
    target.putTransformed(result, residuals, keyAdded)
    target.putModels(result.models(), batches, covariate, keyAdded)
    target.uns[keyAdded] =
        dict("vst_flavor" to flavor.spelled()) + listOfNotNull(
            batchVar?.let { "batch_var" to it },
            batchKey?.let { "batch_key" to it },
            layer?.let { "layer" to it },
            varsToRegress.takeIf { it.isNotEmpty() }?.let { "vars_to_regress" to NdArray.of(*it.toTypedArray()) },
        ) + recorded(
            params, "nTopGenes", "nCells", "nGenes", "minCells", "bwAdjust", "clip", "resClipRange",
            "returnOnlyVarGenes", "doCorrectCounts", "doCenter", "seed",
        )
    return target
}

private fun AnnData.putTransformed(result: SCTransform.Result, residuals: DenseMatrix, key: String) {
    val shown = BooleanArray(nVars)
    result.genes().forEach { shown[it] = true }
    obsm.set("${key}_residuals", residuals)
    `var`.set("${key}_residuals", BooleanColumn(shown, null))
    `var`.set("highly_variable", BooleanColumn(result.chosen().selected(), null))
    `var`.set("${key}_residual_mean", NumericColumn.of(*result.residualMean()))
    `var`.set("${key}_residual_variance", NumericColumn.of(*result.residualVariance()))
    result.corrected()?.let {
        layers.set("${key}_counts", it)
        layers.set("${key}_data", it.own().also { logs -> Log1p.run(logs, Log1p.Params.DEFAULTS) })
    }
}

/** A column per parameter; of several batches or levels one for each, with their names. */
private fun AnnData.putModels(models: List<GeneModels>, batches: Categories?, covariate: Categories?, key: String) {
    val members = batches?.members()
    models.forEachIndexed { b, model ->
        val of = if (batches == null || models.size == 1) "" else "_${batches.level(b)}"
        val levels = covariate?.let { c -> (members?.let { c.subset(it[b]) } ?: c).withoutUnused().levels() }
        `var`.set("${key}_gmean$of", NumericColumn.of(*model.geometricMean()))
        `var`.set("${key}_theta$of", NumericColumn.of(*model.theta()))
        model.intercept().indices.forEach { l ->
            val level = if (levels == null || levels.size == 1) "" else "_${levels[l]}"
            `var`.set("${key}_intercept$of$level", NumericColumn.of(*model.intercept()[l]))
            `var`.set("${key}_slope$of$level", NumericColumn.of(*model.slope()[l]))
        }
    }
}
