package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.shown.texts

/**
 * Says which counts and columns a model reads. Reads `X` or [layer], which must hold counts, and columns of `obs`.
 * Writes
 * `uns["_scvi"]`.
 *
 * @param layer of the counts; null for `X`
 * @param batchKey a column of labels, whose effect the latent places leave out
 * @param labelsKey a column of labels, for dispersions by label
 * @param sizeFactorKey a column of numbers that stand for the totals of cells
 * @param categoricalCovariateKeys further columns of labels whose effect is left out, one or a list
 * @param continuousCovariateKeys columns of numbers whose effect is left out, one or a list
 */
public fun ScviModels.setupAnndata(
    adata: AnnData,
    layer: String? = null,
    batchKey: String? = null,
    labelsKey: String? = null,
    sizeFactorKey: String? = null,
    categoricalCovariateKeys: Any? = null,
    continuousCovariateKeys: Any? = null,
    copy: Boolean = false,
): AnnData =
    adata.setUp(
        columns(
            layer, batchKey, labelsKey, null, sizeFactorKey, categoricalCovariateKeys, continuousCovariateKeys,
        ),
        copy,
    )

/** As `scvi.SCVI.setupAnndata`. Reads and writes the same. */
public fun LinearScviModels.setupAnndata(
    adata: AnnData,
    layer: String? = null,
    batchKey: String? = null,
    labelsKey: String? = null,
    copy: Boolean = false,
): AnnData = adata.setUp(CellColumns(layer, batchKey, labelsKey), copy)

/** As `scvi.SCVI.setupAnndata`. Reads and writes the same. */
public fun JointEmbeddingScviModels.setupAnndata(
    adata: AnnData,
    layer: String? = null,
    batchKey: String? = null,
    labelsKey: String? = null,
    sizeFactorKey: String? = null,
    categoricalCovariateKeys: Any? = null,
    continuousCovariateKeys: Any? = null,
    copy: Boolean = false,
): AnnData =
    adata.setUp(
        columns(
            layer, batchKey, labelsKey, null, sizeFactorKey, categoricalCovariateKeys, continuousCovariateKeys,
        ),
        copy,
    )

/**
 * Says which counts and columns a model with labels reads. Reads `X` or [layer], which must hold counts, and columns of
 * `obs`. Writes `uns["_scvi"]`.
 *
 * @param labelsKey a column of labels; cells without one have the [unlabeledCategory], or a missing label
 * @param unlabeledCategory the category of cells without a label
 */
public fun ScanviModels.setupAnndata(
    adata: AnnData,
    labelsKey: String,
    unlabeledCategory: String,
    layer: String? = null,
    batchKey: String? = null,
    sizeFactorKey: String? = null,
    categoricalCovariateKeys: Any? = null,
    continuousCovariateKeys: Any? = null,
    copy: Boolean = false,
): AnnData =
    adata.setUp(
        columns(
            layer, batchKey, labelsKey, unlabeledCategory, sizeFactorKey, categoricalCovariateKeys,
            continuousCovariateKeys,
        ),
        copy,
    )

@Suppress("LongParameterList")
private fun columns(
    layer: String?,
    batchKey: String?,
    labelsKey: String?,
    unlabeledCategory: String?,
    sizeFactorKey: String?,
    categoricalCovariateKeys: Any?,
    continuousCovariateKeys: Any?,
) = CellColumns(
    layer,
    batchKey,
    labelsKey,
    unlabeledCategory,
    sizeFactorKey,
    texts(categoricalCovariateKeys, "categoricalCovariateKeys").orEmpty(),
    texts(continuousCovariateKeys, "continuousCovariateKeys").orEmpty(),
)

/** Reads everything once, so that what is wrong is said here and not after an hour. */
private fun AnnData.setUp(columns: CellColumns, copy: Boolean): AnnData {
    columns.read(this).requireCounts("a new model")
    columns.tellUnlabelled(this)
    val target = target(copy)
    columns.store(target)
    return target
}
