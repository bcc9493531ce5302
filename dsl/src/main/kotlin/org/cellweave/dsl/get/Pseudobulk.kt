package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.warnOfLogarithms
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Combinations
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.Pseudobulk
import org.cellweave.util.Check
import org.cellweave.preprocess.Pseudobulk.Params.DEFAULTS as PSEUDOBULK

/** Samples told by one column; see the overload for several. */
public fun Get.pseudobulk(
    adata: AnnData,
    sampleKey: String,
    groupKey: String? = null,
    layer: String? = null,
    func: String = "sum",
    minCells: Int = PSEUDOBULK.minCells(),
    minCounts: Number = PSEUDOBULK.minCounts(),
): AnnData = pseudobulk(adata, listOf(sampleKey), groupKey, layer, func, minCells, minCounts.toDouble())

/**
 * Cells of a sample as one row, as an object with a row per sample, or per sample and group. See [Pseudobulk].
 *
 * Reads `X` (or [layer]), raw counts, and `obs`. Writes nothing. The new object has the sums in `X`, in
 * `layers["psbulk_props"]` the share of cells in which a gene is seen, and in `obs` the columns [by] and [groupKey],
 * `psbulk_n_cells`, `psbulk_counts` and every other column that has one value in all cells of each row; which columns
 * have not is logged. Cells without a sample or group are left out.
 *
 * @param by columns of `obs` that tell samples by their combinations
 * @param groupKey column such as the cell type: every sample has a row for each of its groups
 * @param func `sum` or `mean`
 * @param minCells rows of fewer cells are left out, as are rows of less than [minCounts] in sum
 */
public fun Get.pseudobulk(
    adata: AnnData,
    by: Collection<String>,
    groupKey: String? = null,
    layer: String? = null,
    func: String = "sum",
    minCells: Int = PSEUDOBULK.minCells(),
    minCounts: Number = PSEUDOBULK.minCounts(),
): AnnData {
    require(by.isNotEmpty()) { "by must name a column that tells samples" }
    val params = Pseudobulk.Params(
        Check.oneOf(func, Pseudobulk.Summary::class.java, "func"), minCells, minCounts.toDouble(),
    )
    val keys = (by + listOfNotNull(groupKey)).distinct()
    val samples = Combinations(adata.obs, keys, "obs")
    val source = adata.source(layer)
    adata.warnOfLogarithms("pseudobulk", layer, source)
    val result = Pseudobulk.run(source.x, samples.codes, samples.names.size, params)
    val left = samples.names.size - result.kept().size
    require(result.kept().isNotEmpty()) {
        "no sample has minCells = $minCells cells and minCounts = $minCounts counts; lower them, or ask for fewer " +
            "groups than ${samples.names.size}"
    }
    if (left > 0) {
        Log.info("pseudobulk left out $left of ${samples.names.size} rows with fewer cells or counts than asked for")
    }
    val obs = samples.table().takeRows(result.kept())
    val first = firstCells(samples.codes, samples.names.size)
    val varying = ArrayList<String>()
    for (key in adata.obs.keys.filterNot(keys::contains)) {
        val column = adata.obs.get(key)
        if (column.isConstantWithin(samples.codes, first)) {
            obs.set(key, column.take(IntArray(result.kept().size) { first[result.kept()[it]] }))
        } else {
            varying += key
        }
    }
    if (varying.isNotEmpty()) Log.info("pseudobulk left out obs columns that vary within a sample: $varying")
    obs.set("psbulk_n_cells", NumericColumn.of(*result.cells()))
    obs.set("psbulk_counts", NumericColumn.of(*result.counts()))
    val out = AnnData(result.values(), obs, adata.`var`.copy())
    out.layers.set("psbulk_props", result.expressed())
    // "a_b" of "c" and "a" of "b_c" are two samples
    out.obsNamesMakeUnique()
    return out
}

/** The first row of every sample. */
private fun firstCells(codes: IntArray, nSamples: Int): IntArray {
    val first = IntArray(nSamples) { -1 }
    codes.forEachIndexed { i, code -> if (code >= 0 && first[code] < 0) first[code] = i }
    return first
}

private fun Column.isConstantWithin(codes: IntArray, first: IntArray): Boolean {
    if (this is CategoricalColumn) {
        val own = codes()
        return codes.indices.all { codes[it] < 0 || own[it] == own[first[codes[it]]] }
    }
    return codes.indices.all { i ->
        val to = if (codes[i] < 0) i else first[codes[i]]
        isMissing(i) == isMissing(to) && (isMissing(i) || text(i) == text(to))
    }
}
