package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Pca
import org.cellweave.preprocess.PearsonResiduals
import org.cellweave.preprocess.ValueFacts
import org.cellweave.preprocess.PearsonResiduals.Params.DEFAULTS as PEARSON

/**
 * Replaces counts by analytic Pearson residuals. See [PearsonResiduals].
 *
 * Reads and writes `X` (or `layer`), dense afterwards. Writes `uns["pearson_residuals_normalization"]`.
 *
 * @param clip bound of the residuals; null for the root of the number of cells
 * @param checkValues warns when a value is not a whole number
 */
public fun Preprocessing.normalizePearsonResiduals(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    checkValues: Boolean = true,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    normalizePearsonResiduals(target, true, theta, clip, checkValues, layer)
    return target
}

/** Residuals, and what they were computed with. */
public class Residuals internal constructor(
    @Suppress("ktlint:standard:property-naming") public val X: Matrix,
    public val theta: Double,
    public val clip: Double?,
    public val computedOn: String,
)

/**
 * The residuals. Reads the same; writes only when [inplace] is true.
 */
public fun Preprocessing.normalizePearsonResiduals(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    checkValues: Boolean = true,
    layer: String? = null,
): Residuals {
    val params = PearsonResiduals.Params(theta.toDouble(), clip?.toDouble())
    val on = layer ?: "adata.X"
    val x = adata.matrixOf(layer)
    val result =
        Log.timed<PearsonResiduals.Result>("computing analytic Pearson residuals on $on", { null }) {
            withProgress { PearsonResiduals.run(x, params, it) }
        }
    if (checkValues) warnOfFractions("`normalizePearsonResiduals()`", result.nonInteger())
    if (inplace) {
        adata.makeActual()
        adata.putMatrix(layer, result.x())
        adata.uns["pearson_residuals_normalization"] =
            dict("theta" to params.theta(), "clip" to params.clip(), "computed_on" to on)
    }
    return Residuals(result.x(), params.theta(), params.clip(), on)
}

internal fun warnOfFractions(who: String, found: ValueFacts.Found?) {
    if (found != null) {
        Log.warning(
            "$who expects raw count data, but found ${found.value()} at row ${found.row()}, column ${found.col()}; " +
                "pass layer = \"counts\"",
        )
    }
}

/**
 * Principal components of analytic Pearson residuals; `X` stays as it is. See [PearsonResiduals], [Pca].
 *
 * Reads `X`, raw counts, and the genes of [maskVar]. Writes `obsm["X_pca"]`, `varm["PCs"]`, `uns["pca"]` and
 * `uns["pearson_residuals_normalization"]`, where `pearson_residuals_df` holds the residuals as a table.
 *
 * @param maskVar as in [pca]
 */
public fun Preprocessing.normalizePearsonResidualsPca(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    maskVar: Any? = null,
    checkValues: Boolean = true,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    normalizePearsonResidualsPca(target, true, theta, clip, nComps, randomState, maskVar, checkValues)
    return target
}

/**
 * An object of the chosen genes' residuals in `X` and their principal components. Reads the same; writes to [adata]
 * only when [inplace] is true.
 */
public fun Preprocessing.normalizePearsonResidualsPca(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    maskVar: Any? = null,
    checkValues: Boolean = true,
): AnnData {
    val repeats = NameIndex.of(adata.`var`).repeats()
    require(repeats == 0) {
        "the table of residuals has a column for every gene, but $repeats names of genes repeat; " +
            "call adata.varNamesMakeUnique() first"
    }
    val mask = chosenGenes(adata, maskVar).mask
    val genes = mask?.let { AxisIndex.mask(*it) } ?: AxisIndex.ALL
    val chosen = adata.select(AxisIndex.ALL, genes)
    // what is returned is scanpy's object with all its annotations; of what is written only X is needed
    val part = if (inplace) {
        AnnData(chosen.X.copy(), names("obs", adata.obs), names("var", chosen.`var`))
    } else {
        chosen
            .copy()
    }
    normalizePearsonResiduals(part, theta, clip, checkValues)
    pca(part, nComps = nComps, randomState = randomState, maskVar = ALL_GENES, keyAdded = null)
    if (inplace) {
        adata.obsm.set("X_pca", part.obsm.get("X_pca"))
        adata.varm.set("PCs", loadings(part.varm.get("PCs") as DenseMatrix, mask))
        adata.uns["pca"] = part.unsMap("pca")
        adata.uns["pearson_residuals_normalization"] =
            part.unsMap("pearson_residuals_normalization") + ("pearson_residuals_df" to table(part))
    }
    return part
}

private fun names(slot: String, table: DataFrame) = DataFrame(slot, table.index, null)

/** Rows of zeros for genes that were left out. */
private fun loadings(found: DenseMatrix, mask: BooleanArray?): DenseMatrix {
    if (mask == null) return found
    val out = DenseMatrix.zeros(mask.size, found.nCols(), DType.FLOAT64)
    val row = DoubleArray(found.nCols())
    mask.indices.filter { mask[it] }.forEachIndexed { k, gene ->
        found.readRow(k, row)
        out.setRow(gene, row)
    }
    return out
}

private fun table(adata: AnnData): DataFrame {
    val x = adata.X.toDense()
    val out = DataFrame("pearson_residuals_df", adata.obs.index, adata.obs.indexName)
    adata.varNames.forEachIndexed { j, gene -> out.set(gene, NumericColumn.reals(x.dtype(), x.column(j))) }
    return out
}
