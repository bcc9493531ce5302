package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.ChosenGenes
import org.cellweave.dsl.glue.Components
import org.cellweave.dsl.glue.markedGenes
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Pca
import org.cellweave.util.Check
import org.cellweave.preprocess.Pca.Params.DEFAULTS as PCA

/**
 * Principal components. See [Pca].
 *
 * Reads `X` (or `layer`, or `obsm[obsm]`) and the genes of [maskVar]. Writes `obsm["X_pca"]` (scores), `varm["PCs"]`
 * (loadings; of an embedding `uns["pca"]["components"]`) and `uns["pca"]` (`variance`, `variance_ratio`, `params`);
 * with [keyAdded] all three go under that key.
 *
 * @param nComps number of components; null for `sc.settings.nPcs`
 * @param svdSolver `auto`, `covariance` (`covariance_eigh`), `gram`, `lanczos` (`arpack`, `lobpcg`); all of them are
 *   exact to rounding, so that `full` and `randomized` choose as `auto` does
 * @param maskVar boolean column of `var`; by default `highly_variable` when it is there; [ALL_GENES] for all
 * @param obsm an embedding to take in place of `X`; excludes [layer] and [maskVar]
 * @param chunked scanpy's way to need less memory; the values are read in blocks here in any case, so that neither it
 *   nor [chunkSize] changes the result, which stays exact
 * @param dtype of the scores: `float32` or `float64`
 * @param useHighlyVariable older form of [maskVar]: true for `highly_variable`, false for [ALL_GENES]
 */
public fun Preprocessing.pca(
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
    useHighlyVariable: Boolean? = null,
): AnnData {
    val mask = olderMask(useHighlyVariable, maskVar)
    require(obsm == null || (layer == null && maskVar == null)) {
        "obsm excludes layer and maskVar, got obsm = '$obsm'"
    }
    require(!chunked || (obsm == null && layer == null)) { "chunked excludes layer and obsm" }
    requireChunk(chunkSize)
    val target = adata.target(copy)
    val genes = if (obsm ==
        null
    ) {
        chosenGenes(target, mask)
    } else {
        ChosenGenes(null, null)
    }
    val source = target.source(layer, obsm)
    val params = Pca.Params(nComps, zeroCenter, solverOf(svdSolver), randomState, floatType(dtype))
    Components(params, keyAdded, layer, obsm).store(target, source, genes)
    return target
}

/**
 * Scores of the rows of a matrix on its principal components: rows by components. See [Pca]. Reads and writes nothing
 * else.
 */
public fun Preprocessing.pca(
    data: Matrix,
    nComps: Int? = PCA.nComps(),
    zeroCenter: Boolean = PCA.zeroCenter(),
    svdSolver: String = PCA.solver().spelled(),
    randomState: Long = PCA.seed(),
    dtype: String = PCA.dtype().spelled(),
): DenseMatrix = pca(data, returnInfo = true, nComps, zeroCenter, svdSolver, randomState, dtype).scores()

/**
 * Principal components of a matrix, cells in rows, when [returnInfo] is true: scores, loadings, variances and their
 * shares. Reads and writes nothing else.
 */
public fun Preprocessing.pca(
    data: Matrix,
    returnInfo: Boolean,
    nComps: Int? = PCA.nComps(),
    zeroCenter: Boolean = PCA.zeroCenter(),
    svdSolver: String = PCA.solver().spelled(),
    randomState: Long = PCA.seed(),
    dtype: String = PCA.dtype().spelled(),
): Pca.Result {
    require(returnInfo) { "without returnInfo the scores alone come back; leave it out" }
    val params = Pca.Params(nComps, zeroCenter, solverOf(svdSolver), randomState, floatType(dtype))
    return withProgress { Pca.run(data, null, params, it) }
}

/** What [maskVar] or its older form [useHighlyVariable] says, of which one may be given. */
internal fun olderMask(useHighlyVariable: Boolean?, maskVar: Any?): Any? {
    require(useHighlyVariable == null || maskVar == null) {
        "useHighlyVariable is the older form of maskVar; give maskVar alone"
    }
    return maskVar ?: useHighlyVariable?.let { if (it) "highly_variable" else ALL_GENES }
}

private fun floatType(dtype: String): DType {
    require(dtype == "float32" || dtype == "float64") { "dtype must be 'float32' or 'float64', got '$dtype'" }
    return if (dtype == "float32") DType.FLOAT32 else DType.FLOAT64
}

/** Value of `maskVar` that uses all genes although some are marked as highly variable. */
public const val ALL_GENES: String = "all genes"

internal fun chosenGenes(adata: AnnData, maskVar: Any?): ChosenGenes =
    when (maskVar) {
        null -> adata.markedGenes()
        ALL_GENES -> ChosenGenes(null, null)
        else -> ChosenGenes(maskVar as? String, adata.geneMask(maskVar, "maskVar"))
    }

/** scanpy's names of solvers; every one of them finds the exact components here. */
private val SOLVERS =
    mapOf(
        "auto" to Pca.Solver.AUTO,
        "arpack" to Pca.Solver.ARPACK,
        "lobpcg" to Pca.Solver.ARPACK,
        "covariance_eigh" to Pca.Solver.COVARIANCE,
        "full" to Pca.Solver.AUTO,
        "randomized" to Pca.Solver.AUTO,
    ) + Pca.Solver.entries.associateBy { it.spelled() }

private fun solverOf(name: String): Pca.Solver =
    SOLVERS[name] ?: throw IllegalArgumentException(
        "svdSolver must be one of ${SOLVERS.keys}, got '$name'.${Check.suggestion(name, SOLVERS.keys)}",
    )
