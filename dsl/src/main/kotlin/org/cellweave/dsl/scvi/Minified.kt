package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neural.data.CellData
import org.cellweave.neural.data.CountRows
import org.cellweave.neural.data.Fingerprint
import org.cellweave.neural.data.LatentPosterior

/**
 * Drops the counts of the model's cells and keeps where the model places them, which answers most questions:
 * `getLatentRepresentation`, `getNormalizedExpression`, `getLikelihoodParameters`, `posteriorPredictiveSample`,
 * `differentialExpression`, `predict`, all with the same bits as before. Bounds, likelihoods and training need the
 * counts and are refused. Reads the model's `adata` and leaves it as it is; the model goes on with a new object, whose
 * `X` and layer of counts are empty, other layers and `raw` are gone, and that has `obsm` for means and variances,
 * `obs["observed_lib_size"]` and `uns["_scvi_adata_minify_type"]`. `save(..., saveAnndata = true)` and `load` keep it.
 *
 * @param minifiedDataType `latent_posterior_parameters`, or `latent_posterior_parameters_with_counts`, which keeps the
 *   counts as well
 * @param useLatentQzmKey where means go in `obsm`
 * @param useLatentQzvKey where variances go in `obsm`
 * @return the model's new `adata`
 */
public fun GenerativeModel.minifyAdata(
    minifiedDataType: String = Minified.WITHOUT_COUNTS,
    useLatentQzmKey: String = "X_latent_qzm",
    useLatentQzvKey: String = "X_latent_qzv",
): AnnData {
    require(minifiedDataType in Minified.TYPES) {
        "minifiedDataType must be one of ${Minified.TYPES}, got '$minifiedDataType'"
    }
    require(useLatentQzmKey != useLatentQzvKey) {
        "useLatentQzmKey and useLatentQzvKey must differ, got '$useLatentQzmKey' for both"
    }
    val cells = cells(null)
    if (minifiedDataType == Minified.WITH_COUNTS) cells.requireCounts(minifiedDataType)
    val posterior = withProgress { core.latentPosterior(cells) }
    val kept = if (minifiedDataType == Minified.WITH_COUNTS) adata.copy() else adata.withoutCounts(columns.layer)
    kept.obsm[useLatentQzmKey] = DenseMatrix.wrap(posterior.mean(), posterior.cells(), posterior.dimensions())
    kept.obsm[useLatentQzvKey] = DenseMatrix.wrap(posterior.variance(), posterior.cells(), posterior.dimensions())
    kept.obs[Minified.TOTALS] = NumericColumn.of(*cells.totals())
    kept.uns[Minified.TYPE] = minifiedDataType
    kept.uns[Minified.PLACES] = mapOf("mean" to useLatentQzmKey, "variance" to useLatentQzvKey)
    minified(kept)
    return kept
}

/** All but the counts: an empty matrix in their place, and no other layers, which could hold them. */
private fun AnnData.withoutCounts(layer: String?): AnnData {
    val empty = CsrMatrix.of(nObs, nVars, IntArray(nObs + 1), IntArray(0), FloatArray(0))
    val out = AnnData(empty, obs, `var`)
    obsm.keys.forEach { out.obsm[it] = obsm[it] }
    varm.keys.forEach { out.varm[it] = varm[it] }
    obsp.keys.forEach { out.obsp[it] = obsp[it] }
    varp.keys.forEach { out.varp[it] = varp[it] }
    out.uns.putAll(uns)
    if (layer != null) out.layers[layer] = empty
    return out.copy()
}

/**
 * Where an AnnData that a model has minified holds what stands for its counts. The object says so itself, so that
 * copies, parts and files of it know.
 */
internal class Minified private constructor(
    private val type: String,
    private val mean: String,
    private val variance: String,
) {
    /** The cells, with places in the stead of [counts] or beside them. */
    fun read(adata: AnnData, covariates: CellData.Covariates, counts: () -> CountRows): CellData {
        val means = places(adata, mean)
        val variances = places(adata, variance)
        require(means.nCols() == variances.nCols()) {
            "obsm['$mean'] has ${means.nCols()} columns, but obsm['$variance'] has ${variances.nCols()}; they must " +
                "be the means and variances of one model"
        }
        val posterior = LatentPosterior(means.nRows(), means.nCols(), means.floatData(), variances.floatData())
        if (holdsCounts) return CellData(counts(), covariates).withPosterior(posterior)
        val totals = numbers(adata, TOTALS, "minifyAdata's totals")
        return CellData.minified(adata.varNames.toTypedArray(), totals, covariates, posterior)
    }

    val holdsCounts: Boolean get() = type == WITH_COUNTS

    /** All that is read in the stead of counts. */
    fun addTo(sums: Fingerprint, adata: AnnData) {
        for (key in listOf(mean, variance)) sums.numbers("obsm['$key']", places(adata, key).floatData())
        if (!holdsCounts) sums.numbers("obs['$TOTALS']", numbers(adata, TOTALS, "minifyAdata's totals"))
    }

    private fun places(adata: AnnData, key: String): DenseMatrix = adata.denseEmbedding(key).toFloat32()

    companion object {
        const val WITHOUT_COUNTS: String = "latent_posterior_parameters"
        const val WITH_COUNTS: String = "latent_posterior_parameters_with_counts"
        val TYPES: List<String> = listOf(WITHOUT_COUNTS, WITH_COUNTS)

        /** In `uns`, as scvi-tools calls it. */
        const val TYPE: String = "_scvi_adata_minify_type"

        /** In `uns`: names in `obsm`. */
        const val PLACES: String = "_scvi_latent_keys"

        /** In `obs`. */
        const val TOTALS: String = "observed_lib_size"

        fun typeOf(adata: AnnData): String? = adata.uns[TYPE]?.toString()

        /** Null for an object that nobody minified. */
        fun of(adata: AnnData): Minified? {
            val type = typeOf(adata) ?: return null
            require(type in TYPES) { "uns['$TYPE'] must be one of $TYPES, got '$type'" }
            val keys = adata.uns[PLACES] as? Map<*, *>
            val mean = keys?.get("mean")?.toString() ?: "X_latent_qzm"
            return Minified(type, mean, keys?.get("variance")?.toString() ?: "X_latent_qzv")
        }
    }
}
