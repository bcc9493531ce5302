package org.cellweave.dsl

import org.cellweave.data.AnnData

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
