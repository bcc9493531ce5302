package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.dsl.glue.allOrNothing
import org.cellweave.dsl.session.spelled
import org.cellweave.preprocess.Pca
import org.cellweave.preprocess.VariationScores

private const val MAX_FRACTION = 0.05
private const val N_PCS = 50

/**
 * Normalises, selects genes by their coefficient of variation and takes principal components of their z-scores, as
 * Weinreb et al. 2017. See [VariationScores].
 *
 * Reads `X`: counts, or logarithms with [log] false. Writes `X` (normalised), `obsm["X_pca"]` and `uns["log1p"]`;
 * removes other genes. Sparse `X` is taken too, unlike scanpy's.
 *
 * @param nPcs number of components; at most the number of cells and of genes that are selected
 */
public fun Preprocessing.recipeWeinreb17(
    adata: AnnData,
    log: Boolean = true,
    meanThreshold: Number = VariationScores.Params.DEFAULTS.minMean(),
    cvThreshold: Number = VariationScores.Params.DEFAULTS.minCv(),
    nPcs: Int = N_PCS,
    svdSolver: String = Pca.Params.DEFAULTS
        .solver()
        .spelled(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    copy: Boolean = false,
): AnnData {
    val params = VariationScores.Params(meanThreshold.toDouble(), cvThreshold.toDouble())
    return adata.allOrNothing(copy) { target ->
        if (log) log1p(target)
        scored(target, params, nPcs, svdSolver, randomState)
    }
}

private fun Preprocessing.scored(
    target: AnnData,
    params: VariationScores.Params,
    nPcs: Int,
    svdSolver: String,
    randomState: Long,
) {
    val meanTotal = target.X.rowSums().average()
    normalizeTotal(target, targetSum = meanTotal, excludeHighlyExpressed = true, maxFraction = MAX_FRACTION)
    val result = VariationScores.run(target.X, params)
    val selected = result.selected().count { it }
    require(nPcs <= minOf(selected, target.nObs)) {
        "nPcs must be at most the number of cells (${target.nObs}) and of genes with a mean above " +
            "${params.minMean()} and a coefficient of variation above ${params.minCv()} ($selected), got $nPcs; " +
            "lower nPcs or cvThreshold"
    }
    target.subset(AxisIndex.ALL, AxisIndex.mask(*result.selected()))
    val scores = AnnData(result.scores())
    pca(scores, nComps = nPcs, svdSolver = svdSolver, randomState = randomState, maskVar = ALL_GENES, keyAdded = null)
    target.obsm.set("X_pca", scores.obsm.get("X_pca"))
}
