package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.preprocess.Pca
import org.cellweave.preprocess.PearsonResiduals.Params.DEFAULTS as PEARSON
import org.cellweave.preprocess.ResidualVariance.Params.DEFAULTS as RESIDUAL_VARIANCE

/** Namespace of `sc.experimental`: names that scanpy still keeps apart. */
public object Experimental {
    public val pp: ExperimentalPreprocessing get() = ExperimentalPreprocessing
}

/** Namespace of `sc.experimental.pp`: analytic Pearson residuals. */
public object ExperimentalPreprocessing

/** scanpy's `sc.experimental`. */
public val Cellweave.experimental: Experimental get() = Experimental

/**
 * Marks genes by the variance of their Pearson residuals: [Preprocessing.highlyVariableGenes] with flavor
 * `pearson_residuals`, which says what is read and written.
 *
 * @param flavor `pearson_residuals`, the only one here
 */
public fun ExperimentalPreprocessing.highlyVariableGenes(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    flavor: String = "pearson_residuals",
    checkValues: Boolean = true,
    layer: String? = null,
    subset: Boolean = false,
): AnnData {
    require(flavor == "pearson_residuals") {
        "flavor must be 'pearson_residuals' here, got '$flavor'; sc.pp.highlyVariableGenes has the others"
    }
    return sc.pp.highlyVariableGenes(
        adata,
        layer = layer,
        nTopGenes = nTopGenes,
        flavor = flavor,
        subset = subset,
        batchKey = batchKey,
        theta = theta,
        clip = clip,
        chunksize = chunksize,
        checkValues = checkValues,
    )
}

/**
 * The table of the same marks: [Preprocessing.highlyVariableGenes] with [inplace], which says what is written.
 */
public fun ExperimentalPreprocessing.highlyVariableGenes(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    flavor: String = "pearson_residuals",
    checkValues: Boolean = true,
    layer: String? = null,
): DataFrame {
    require(flavor == "pearson_residuals") {
        "flavor must be 'pearson_residuals' here, got '$flavor'; sc.pp.highlyVariableGenes has the others"
    }
    return sc.pp.highlyVariableGenes(
        adata, inplace, layer = layer, nTopGenes = nTopGenes, flavor = flavor, batchKey = batchKey, theta = theta,
        clip = clip, chunksize = chunksize, checkValues = checkValues,
    )
}

/** Replaces counts by analytic Pearson residuals: [Preprocessing.normalizePearsonResiduals] by its older name. */
public fun ExperimentalPreprocessing.normalizePearsonResiduals(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    checkValues: Boolean = true,
    layer: String? = null,
    copy: Boolean = false,
): AnnData =
    sc.pp.normalizePearsonResiduals(
        adata,
        theta = theta,
        clip = clip,
        checkValues = checkValues,
        layer = layer,
        copy = copy,
    )

/** The residuals: [Preprocessing.normalizePearsonResiduals] with [inplace], which says what is written. */
public fun ExperimentalPreprocessing.normalizePearsonResiduals(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    checkValues: Boolean = true,
    layer: String? = null,
): Residuals = sc.pp.normalizePearsonResiduals(adata, inplace, theta, clip, checkValues, layer)

/**
 * Principal components of analytic Pearson residuals: [Preprocessing.normalizePearsonResidualsPca] by its older name.
 */
public fun ExperimentalPreprocessing.normalizePearsonResidualsPca(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    maskVar: Any? = null,
    checkValues: Boolean = true,
    useHighlyVariable: Boolean? = null,
): AnnData =
    sc.pp.normalizePearsonResidualsPca(
        adata,
        theta = theta,
        clip = clip,
        nComps = nComps,
        randomState = randomState,
        maskVar = olderMask(useHighlyVariable, maskVar),
        checkValues = checkValues,
    )

/**
 * An object of the chosen genes' residuals with their principal components: [Preprocessing.normalizePearsonResidualsPca]
 * with [inplace], which says what is written.
 *
 * @param useHighlyVariable older form of [maskVar]
 */
public fun ExperimentalPreprocessing.normalizePearsonResidualsPca(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    maskVar: Any? = null,
    checkValues: Boolean = true,
    useHighlyVariable: Boolean? = null,
): AnnData =
    sc.pp.normalizePearsonResidualsPca(
        adata, inplace, theta, clip, nComps, randomState, olderMask(useHighlyVariable, maskVar), checkValues,
    )

/**
 * Selects genes by their Pearson residuals and takes principal components of these:
 * [Preprocessing.recipePearsonResiduals] by its older name.
 */
public fun ExperimentalPreprocessing.recipePearsonResiduals(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    checkValues: Boolean = true,
): AnnData =
    sc.pp.recipePearsonResiduals(
        adata,
        theta = theta,
        clip = clip,
        nTopGenes = nTopGenes,
        batchKey = batchKey,
        chunksize = chunksize,
        nComps = nComps,
        randomState = randomState,
        checkValues = checkValues,
    )

/**
 * The chosen genes' residuals with their principal components, and the table of all genes:
 * [Preprocessing.recipePearsonResiduals] by its older name.
 */
public fun ExperimentalPreprocessing.recipePearsonResiduals(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    checkValues: Boolean = true,
): PearsonRecipe =
    sc.pp.recipePearsonResiduals(
        adata, inplace, theta, clip, nTopGenes, batchKey, chunksize, nComps, randomState, checkValues,
    )
