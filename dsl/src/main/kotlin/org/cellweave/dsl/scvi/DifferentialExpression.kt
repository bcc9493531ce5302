package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.neural.model.DifferentialExpression
import org.cellweave.neural.model.DifferentialExpression.Comparison
import org.cellweave.neural.model.NormalizedExpression
import org.cellweave.util.Check

/**
 * Genes whose decoded expression differs between groups of cells, the most probably different first; one row per gene
 * and
 * comparison. See [DifferentialExpression].
 *
 * Columns: `comparison`, `group1`, `group2`; with mode `vanilla` `proba_m1`, `proba_m2`, `bayes_factor`, `scale1`,
 * `scale2`; with mode `change` `proba_de`, `lfc_mean` and its neighbours, and `is_de_fdr_0.05`; with [allStats] means
 * and
 * shares of the counts themselves.
 *
 * @param groupby a column of labels; null with [idx1]
 * @param group1 groups to compare, each by itself, one or a list; null for all
 * @param group2 what they are compared with; null for all other cells
 * @param idx1 cells instead: their positions, a mask, names, a list of one of these, or a query of `obs` such as
 *   `"total_counts > 500"`; with [idx2], or compared with all others
 * @param mode `vanilla` or `change`
 * @param delta threshold of log2 fold changes; null to estimate it
 * @param filterOutlierCells whether the tenth of a group's cells that lies furthest from the others is not drawn
 * @param batchCorrection whether all batches are decoded, instead of the cells' own
 * @param batchid1 batches that the first group is decoded in, one or a list, as [batchid2] for the other
 * @param credInterval shares of credible intervals, one or a list
 */
@Suppress("LongParameterList")
public fun GenerativeModel.differentialExpression(
    adata: AnnData? = null,
    groupby: String? = null,
    group1: Any? = null,
    group2: String? = null,
    idx1: Any? = null,
    idx2: Any? = null,
    mode: String = "vanilla",
    delta: Number? = DE.delta(),
    testMode: String = "three",
    batchCorrection: Boolean = DE.batchCorrection(),
    batchid1: Any? = null,
    batchid2: Any? = null,
    fdrTarget: Number = DE.fdrTarget(),
    weights: String = "uniform",
    nSamples: Int = DE.nSamples(),
    pseudocounts: Number? = null,
    credInterval: Any = DE.credibleIntervals(),
    allStats: Boolean = DE.allStats(),
    filterOutlierCells: Boolean = DE.filterOutlierCells(),
    seed: Long = scvi.settings.seed,
    batchSize: Int? = null,
    silent: Boolean? = null,
): DataFrame {
    if (batchSize != null || silent != null) Log.debug("batchSize and silent change nothing")
    val params =
        DifferentialExpression.Params
            .builder()
            .mode(Check.oneOf(mode, DifferentialExpression.Mode::class.java, "mode"))
            .delta(delta?.toDouble() ?: Double.NaN)
            .testMode(Check.oneOf(testMode, DifferentialExpression.TestMode::class.java, "testMode"))
            .batchCorrection(batchCorrection)
            .batchid1(texts(batchid1, "batchid1"))
            .batchid2(texts(batchid2, "batchid2"))
            .fdrTarget(fdrTarget.toDouble())
            .weights(Check.oneOf(weights, NormalizedExpression.Weights::class.java, "weights"))
            .nSamples(nSamples)
            .pseudocounts(pseudocounts?.toDouble() ?: Double.NaN)
            .credibleIntervals(shares(credInterval))
            .allStats(allStats)
            .filterOutlierCells(filterOutlierCells)
            .seed(seed)
            .build()
    val of = anndata(adata)
    val cells = cells(adata)
    val first = chosen(of.cellsOf(idx1, "idx1"), adata, "idx1")
    val others = chosen(of.cellsOf(idx2, "idx2"), adata, "idx2")
    val comparisons = comparisons(of, groupby, texts(group1, "group1"), group2, first, others)
    val found =
        Log.timed<DifferentialExpression.Result>("comparing expression", { "${comparisons.size} comparisons" }) {
            withProgress { core.differentialExpression(cells, comparisons, params, it) }
        }
    warn(found.warnings())
    return table(found.tables(), fdrTarget.toDouble())
}

/** Positions of the cells that positions, a mask, names or a query of `obs` choose. */
private fun AnnData.cellsOf(choice: Any?, argument: String): IntArray? {
    val given = ((choice as? List<*>)?.singleOrNull() ?: choice) ?: return null
    if (given is IntArray) return given
    return axisIndex(if (given is String && given !in obsNames) queried(given, argument) else given, "obs")
        .resolve("obs", obsNames)
}

private fun AnnData.queried(query: String, argument: String): Any =
    try {
        TableQuery(obs, query).mask()
    } catch (e: IllegalArgumentException) {
        throw IllegalArgumentException(
            "$argument = '$query' is neither a cell's name nor a query of obs: ${e.message}",
            e,
        )
    }

private fun shares(credInterval: Any): List<Double> {
    val given = if (credInterval is Iterable<*>) credInterval.toList() else listOf(credInterval)
    return given.map {
        require(it is Number) { "credInterval must be a number or a list of numbers, got '$it'" }
        it.toDouble()
    }
}

private fun comparisons(
    adata: AnnData,
    groupby: String?,
    group1: List<String>?,
    group2: String?,
    idx1: IntArray?,
    idx2: IntArray?,
): List<Comparison> {
    require((groupby == null) != (idx1 == null)) {
        "give groups of cells by groupby = \"cell_type\", or by positions: idx1 = intArrayOf(...)" +
            if (groupby != null) ", not both" else ""
    }
    if (groupby != null) {
        require(idx2 == null) { "idx2 goes with idx1; with groupby name group2" }
        require(group1 == null || group1.isNotEmpty()) {
            "group1 must name at least one group of obs['$groupby'], got none; null is for all"
        }
        return Comparison.of(adata.categories(groupby, "groupby", complete = false), group1, group2)
    }
    val first = idx1!!.toSet()
    val others = idx2 ?: IntArray(adata.nObs) { it }.filter { it !in first }.toIntArray()
    require(others.isNotEmpty()) {
        "idx1 names all ${adata.nObs} cells, so that none are left to compare them with; give idx2"
    }
    return listOf(Comparison("One", "Two", idx1, others))
}

private fun table(tables: List<DifferentialExpression.Table>, fdrTarget: Double): DataFrame {
    val genes = tables.flatMap { it.genes().toList() }
    val out = DataFrame("differential_expression", StringColumn.of(*genes.toTypedArray()), null)

    fun each(text: (DifferentialExpression.Table) -> String): Column =
        StringColumn.of(*tables.flatMap { t -> List(t.genes().size) { text(t) } }.toTypedArray())
    out.set("comparison", each { "${it.group1()} vs ${it.group2()}" })
    out.set("group1", each { it.group1() })
    out.set("group2", each { it.group2() })
    for (name in tables.first().columns().keys) {
        val values = tables.flatMap { it.columns().getValue(name).toList() }
        out.set(name, NumericColumn.of(*values.toDoubleArray()))
    }
    if (tables.first().isDe() != null) {
        val called = tables.flatMap { it.isDe().toList() }
        out.set("is_de_fdr_$fdrTarget", BooleanColumn.of(*called.toBooleanArray()))
    }
    return out
}

private val DE = DifferentialExpression.Params.DEFAULTS
