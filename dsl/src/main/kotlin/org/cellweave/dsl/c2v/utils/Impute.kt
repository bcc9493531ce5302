package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.representation
import org.cellweave.dsl.slots.toLabels
import org.cellweave.preprocess.NeighborImputation
import org.cellweave.util.Check
import org.cellweave.util.RefusedRowException
import org.cellweave.preprocess.NeighborImputation.Params.DEFAULTS as IMPUTATION

/**
 * Fills gaps in a column from the nearest cells that have a value: numbers by their mean, labels by the most frequent
 * one. See [NeighborImputation].
 *
 * Reads `obs[obsName]` and `obsm[useRep]`. Writes `obs["{obsName}_{keyAdded}"]`; for labels also
 * `obsm[classificationObsm]`, a table of the share of each label among the neighbours of the cells that were filled,
 * zero for others.
 *
 * @param valueToImpute what the column says where it knows nothing; missing values are filled too
 * @param weights null, `linear` (one over the distance) or `gaussian`
 * @param gausSigma width of `gaussian`; null for the median distance above 0
 */
public fun ClonalUtilities.impute(
    adata: AnnData,
    obsName: String,
    valueToImpute: String = NO_CLONE,
    useRep: String = "X_pca",
    weights: String? = null,
    classificationObsm: String = "impute_prob",
    keyAdded: String = "imputed",
    gausSigma: Number? = null,
    k: Int = IMPUTATION.k(),
): AnnData {
    require(gausSigma == null || gausSigma.toDouble() > 0) { "gausSigma must be positive, got $gausSigma" }
    val kind = weights?.let { Check.oneOf(it, NeighborImputation.Weights::class.java, "weights") }
    val params = NeighborImputation.Params(k, kind ?: IMPUTATION.weights(), gausSigma?.toDouble() ?: IMPUTATION.sigma())
    val column = adata.obsColumn(obsName)
    val (targets, donors) =
        (0 until adata.nObs)
            .partition { column.isMissing(it) || column.text(it) == valueToImpute }
            .let { (gaps, known) -> gaps.toIntArray() to known.toIntArray() }
    require(donors.isNotEmpty()) { "obs['$obsName'] has no value to impute from: all are missing or '$valueToImpute'" }
    column.requireFinite(adata, obsName, donors)
    requireOtherKey(classificationObsm, "classificationObsm", useRep, "useRep")
    val added = "${obsName}_$keyAdded"
    if (targets.isEmpty()) {
        Log.info("obs['$obsName'] has no gaps; obs['$added'] is a copy of it")
        adata.obs.set(added, column.copy())
        return adata
    }
    val source = adata.representation(useRep, null) {}
    val told = { _: Unit -> "filled ${targets.size} of ${adata.nObs}, added\n    '$added' (adata.obs)" }
    Log.timed("imputing obs['$obsName'] by ${source.slot}", told) {
        val near = adata.namingCulprit("impute", source) {
            RefusedRowException.among<NeighborImputation.Result>("query", targets, "x", adata.nObs) {
                val (known, gaps) = source.x.takeRows(donors) to source.x.takeRows(targets)
                withProgress { NeighborImputation.run(known, gaps, params, it) }
            }
        }
        if (column is NumericColumn) {
            adata.obs.set(added, filledNumbers(column, donors, targets, near))
        } else {
            val (filled, shares) = filledLabels(adata, column, donors, targets, near)
            adata.obs.set(added, filled)
            adata.obsm.set(classificationObsm, shares)
        }
    }
    return adata
}

/** A mean with an infinite number is none. */
private fun Column.requireFinite(adata: AnnData, obsName: String, donors: IntArray) {
    val values = (this as? NumericColumn)?.toDoubles() ?: return
    val wrong = donors.find { !values[it].isFinite() } ?: return
    throw IllegalArgumentException(
        "impute takes means of finite numbers, but obs['$obsName'] is ${values[wrong]} for " +
            "'${adata.obsNames[wrong]}'; replace it, or make it missing",
    )
}

private fun filledNumbers(
    column: NumericColumn,
    donors: IntArray,
    targets: IntArray,
    near: NeighborImputation.Result,
): Column {
    val values = column.toDoubles()
    val means = near.means(DoubleArray(donors.size) { values[donors[it]] })
    targets.forEachIndexed { t, row -> values[row] = means[t] }
    return NumericColumn.of(*values)
}

/** The column with its gaps filled, among equally frequent labels by the first; and the shares. */
private fun filledLabels(
    adata: AnnData,
    column: Column,
    donors: IntArray,
    targets: IntArray,
    near: NeighborImputation.Result,
): Pair<Column, DataFrame> {
    val all = column.toLabels()
    val labels = Categories("labels", all.codes(), all.categoryNames().toTypedArray()).subset(donors).withoutUnused()
    val shares = near.shares(labels)
    val texts = Array(adata.nObs) { if (column.isMissing(it)) null else column.text(it) }
    val row = DoubleArray(labels.nLevels())
    targets.forEachIndexed { t, cell ->
        shares.readRow(t, row)
        texts[cell] = labels.level(row.indices.maxBy { row[it] })
    }
    val table = DataFrame.ofNames(*adata.obsNames.toTypedArray())
    for (level in 0 until labels.nLevels()) {
        val ofAll = DoubleArray(adata.nObs)
        shares.column(level).forEachIndexed { t, share -> ofAll[targets[t]] = share }
        table.set(labels.level(level), NumericColumn.of(*ofAll))
    }
    return CategoricalColumn.ofTexts(texts, labels.levels(), false) to table
}
