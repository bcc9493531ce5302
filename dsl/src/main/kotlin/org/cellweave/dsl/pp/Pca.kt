package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.preprocess.Pca
import org.cellweave.util.Check

/**
 * Principal components. See [Pca].
 *
 * Reads `X` (or `layer`) and the genes of [maskVar]. Writes `obsm["X_pca"]` (scores, float32), `varm["PCs"]` (loadings)
 * and `uns["pca"]` (`variance`, `variance_ratio`, `params`); with [keyAdded] all three go under that key.
 *
 * @param nComps number of components; null for `sc.settings.nPcs`
 * @param maskVar boolean column of `var`; by default `highly_variable` when it is there; [ALL_GENES] for all
 */
public fun Preprocessing.pca(
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
): AnnData {
    val target = adata.target(copy)
    val (maskName, mask) = geneMask(target, maskVar)
    val x = target.matrixOf(layer)
    val solver = Check.oneOf(svdSolver, Pca.Solver::class.java, "svdSolver")
    val used = mask?.count { it } ?: target.nVars
    val default = Settings.nPcs.takeIf { it < minOf(target.nObs, used) }
    val params = Pca.Params(nComps ?: default, zeroCenter, solver, randomState)
    val result =
        Log.timed<Pca.Result>("computing PCA", {
            "added\n    '${keyAdded ?: "X_pca"}', PCA coordinates (adata.obsm)"
        }) {
            withProgress { Pca.run(x, mask, params, it) }
        }
    target.obsm.set(keyAdded ?: "X_pca", result.scores())
    target.varm.set(keyAdded ?: "PCs", result.loadings())
    target.uns[keyAdded ?: "pca"] =
        dict(
            "params" to
                listOfNotNull(
                    "zero_center" to zeroCenter,
                    "use_highly_variable" to (maskName == "highly_variable"),
                    "mask_var" to maskName,
                    layer?.let { "layer" to it },
                ).toMap(),
            "variance" to floats(result.variance()),
            "variance_ratio" to floats(result.varianceRatio()),
        )
    return target
}

/** Value of `maskVar` that uses all genes although some are marked as highly variable. */
public const val ALL_GENES: String = "all genes"

internal fun geneMask(adata: AnnData, maskVar: Any?): Pair<String?, BooleanArray?> =
    when (maskVar) {
        null -> {
            val marked = adata.`var`.find("highly_variable") as? BooleanColumn
            if (marked == null) null to null else "highly_variable" to marked.values()
        }
        ALL_GENES -> null to null
        else -> (maskVar as? String) to adata.geneMask(maskVar, "maskVar")
    }

private fun floats(values: DoubleArray) = NdArray.of(*FloatArray(values.size) { values[it].toFloat() })
