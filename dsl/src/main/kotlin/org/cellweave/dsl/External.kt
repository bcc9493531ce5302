package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.doublets.Scrublet.Params.DEFAULTS as SCRUBLET
import org.cellweave.integrate.bbknn.Bbknn.Params.DEFAULTS as BBKNN
import org.cellweave.integrate.scanorama.Scanorama.Params.DEFAULTS as SCANORAMA

/** Namespace of `sc.external`: where scanpy keeps its wrappers of other programs. */
public object External {
    public val pp: ExternalPreprocessing get() = ExternalPreprocessing
}

/** Namespace of `sc.external.pp`. */
public object ExternalPreprocessing

/** scanpy's `sc.external`. */
public val Cellweave.external: External get() = External

/** `sc.external` by the name that `import scanpy.external as sce` gives it. */
public val sce: External get() = External

/** Removes batch effects with Harmony: [Preprocessing.harmonyIntegrate], which has all arguments, by scanpy's name. */
public fun ExternalPreprocessing.harmonyIntegrate(
    adata: AnnData,
    key: Any,
    basis: String = "X_pca",
    adjustedBasis: String = "X_pca_harmony",
): AnnData = sc.pp.harmonyIntegrate(adata, key, basis = basis, adjustedBasis = adjustedBasis)

/**
 * Balances neighbours between batches: [Preprocessing.bbknn], which has all arguments, by scanpy's name.
 *
 * @param approx false for the exact search; otherwise it depends on the number of cells. [useAnnoy], [annoyNTrees],
 *   [pynndescentNNeighbors], [pynndescentRandomState] and [useFaiss] choose among searches of other programs and change
 *   nothing
 */
public fun ExternalPreprocessing.bbknn(
    adata: AnnData,
    batchKey: String = "batch",
    useRep: String = "X_pca",
    approx: Boolean? = null,
    useAnnoy: Boolean? = null,
    metric: String = BBKNN.metric().spelled(),
    copy: Boolean = false,
    neighborsWithinBatch: Int = BBKNN.neighborsWithinBatch(),
    nPcs: Int = BBKNN.nPcs(),
    trim: Int? = BBKNN.trim(),
    annoyNTrees: Int? = null,
    pynndescentNNeighbors: Int? = null,
    pynndescentRandomState: Int? = null,
    useFaiss: Boolean? = null,
    setOpMixRatio: Number = BBKNN.setOpMixRatio(),
    localConnectivity: Number = BBKNN.localConnectivity(),
): AnnData {
    val others = listOf(useAnnoy, annoyNTrees, pynndescentNNeighbors, pynndescentRandomState, useFaiss)
    if (others.any { it != null }) Log.debug("arguments of other searches change nothing")
    val search = if (approx == false) NearestNeighbors.Search.EXACT else BBKNN.search()
    return sc.pp.bbknn(
        adata, batchKey, useRep, nPcs, neighborsWithinBatch, trim, metric, search.spelled(), setOpMixRatio,
        localConnectivity, copy = copy,
    )
}

/**
 * Corrects stored components with Scanorama: [Preprocessing.scanorama], which has all arguments, by scanpy's name.
 *
 * @param approx whether neighbours are searched approximately; null for what is best for the number of cells
 */
public fun ExternalPreprocessing.scanoramaIntegrate(
    adata: AnnData,
    key: String,
    basis: String = "X_pca",
    adjustedBasis: String = "X_scanorama",
    knn: Int = SCANORAMA.knn(),
    sigma: Number = SCANORAMA.sigma(),
    approx: Boolean? = null,
    alpha: Number = SCANORAMA.alpha(),
    batchSize: Int = SCANORAMA.batchSize(),
): AnnData {
    val search = approx?.let { if (it) "approximate" else "exact" } ?: SCANORAMA.search().spelled()
    return sc.pp.scanorama(
        adata, key, basis, adjustedBasis, batchSize, sigma = sigma, alpha = alpha, knn = knn, search = search,
    )
}

/** Finds doublets: [Preprocessing.scrublet], where scanpy has moved it, by its older name. */
public fun ExternalPreprocessing.scrublet(
    adata: AnnData,
    adataSim: AnnData? = null,
    batchKey: String? = null,
    simDoubletRatio: Number = SCRUBLET.simDoubletRatio(),
    expectedDoubletRate: Number = SCRUBLET.expectedDoubletRate(),
    stdevDoubletRate: Number = SCRUBLET.stdevDoubletRate(),
    nPrinComps: Int = SCRUBLET.nPrinComps(),
    nNeighbors: Int? = SCRUBLET.nNeighbors(),
    threshold: Number? = SCRUBLET.threshold(),
    copy: Boolean = false,
    randomState: Long = SCRUBLET.seed(),
): AnnData =
    sc.pp.scrublet(
        adata, adataSim, batchKey, simDoubletRatio, expectedDoubletRate, stdevDoubletRate,
        nPrinComps = nPrinComps, nNeighbors = nNeighbors, threshold = threshold, copy = copy,
        randomState = randomState,
    )
