package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.spelled
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

/** Removes batch effects with Harmony: [Preprocessing.harmonyIntegrate], which has all arguments, by scanpy's name. */
public fun ExternalPreprocessing.harmonyIntegrate(
    adata: AnnData,
    key: Any,
    basis: String = "X_pca",
    adjustedBasis: String = "X_pca_harmony",
): AnnData = sc.pp.harmonyIntegrate(adata, key, basis = basis, adjustedBasis = adjustedBasis)

/** Balances neighbours between batches: [Preprocessing.bbknn], which has all arguments, by scanpy's name. */
public fun ExternalPreprocessing.bbknn(
    adata: AnnData,
    batchKey: String = "batch",
    useRep: String = "X_pca",
    metric: String = BBKNN.metric().spelled(),
    copy: Boolean = false,
    neighborsWithinBatch: Int = BBKNN.neighborsWithinBatch(),
    nPcs: Int = BBKNN.nPcs(),
    trim: Int? = BBKNN.trim(),
): AnnData =
    sc.pp.bbknn(
        adata, batchKey, useRep, nPcs, neighborsWithinBatch, trim, metric, copy = copy,
    )

/** Corrects stored components with Scanorama: [Preprocessing.scanorama], which has all arguments, by scanpy's name. */
public fun ExternalPreprocessing.scanoramaIntegrate(
    adata: AnnData,
    key: String,
    basis: String = "X_pca",
    adjustedBasis: String = "X_scanorama",
    knn: Int = SCANORAMA.knn(),
    sigma: Number = SCANORAMA.sigma(),
    alpha: Number = SCANORAMA.alpha(),
    batchSize: Int = SCANORAMA.batchSize(),
): AnnData =
    sc.pp.scanorama(
        adata, key, basis, adjustedBasis, batchSize, sigma = sigma, alpha = alpha, knn = knn,
    )
