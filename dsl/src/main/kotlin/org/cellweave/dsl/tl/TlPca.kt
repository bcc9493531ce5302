package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import org.cellweave.preprocess.Pca.Params.DEFAULTS as PCA

/**
 * Principal components: `sc.pp.pca` under the name that old scripts use. Reads and writes the same.
 *
 * Pearson 1901, doi:10.1080/14786440109462720.
 */
public fun Tools.pca(
    adata: AnnData,
    nComps: Int? = PCA.nComps(),
    layer: String? = null,
    zeroCenter: Boolean = PCA.zeroCenter(),
    svdSolver: String = PCA.solver().spelled(),
    randomState: Long = PCA.seed(),
    maskVar: Any? = null,
    keyAdded: String? = preset.keyAdded("pca"),
    copy: Boolean = false,
    obsm: String? = null,
    chunked: Boolean = false,
    chunkSize: Int? = null,
    dtype: String = PCA.dtype().spelled(),
): AnnData =
    sc.pp.pca(
        adata, nComps, layer, zeroCenter, svdSolver, randomState, maskVar, keyAdded, copy, obsm, chunked, chunkSize,
        dtype,
    )
