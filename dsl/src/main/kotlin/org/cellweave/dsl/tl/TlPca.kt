package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.preprocess.Pca

/**
 * Principal components: `sc.pp.pca` under the name that old scripts use. Reads and writes the same.
 */
public fun Tools.pca(
    adata: AnnData,
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    layer: String? = null,
    zeroCenter: Boolean = Pca.Params.DEFAULTS.zeroCenter(),
    svdSolver: String = Pca.Params.DEFAULTS
        .solver()
        .spelled(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    maskVar: Any? = null,
    keyAdded: String? = preset.keyAdded("pca"),
    copy: Boolean = false,
): AnnData = sc.pp.pca(adata, nComps, layer, zeroCenter, svdSolver, randomState, maskVar, keyAdded, copy)
