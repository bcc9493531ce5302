package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.rawGeneMask
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.dsl.slots.sumColumn
import org.cellweave.dsl.slots.wholes
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.QcMetrics
import org.cellweave.preprocess.ValueFacts

/** Metrics of every cell and of every gene, as tables: `val (obs, vars) = sc.pp.calculateQcMetrics(...)`. */
public class QcTables internal constructor(
    public val obs: DataFrame,
    public val `var`: DataFrame,
) {
    public operator fun component1(): DataFrame = obs

    public operator fun component2(): DataFrame = `var`

    /** The genes' table by the name that needs no back-ticks. */
    public val vars: DataFrame get() = `var`

    /** As a pair of Python is read: 0 (or -2) are the cells, 1 (or -1) the genes. */
    public operator fun get(i: Int): DataFrame =
        when (i) {
            0, -2 -> obs
            1, -1 -> `var`
            else -> throw IndexOutOfBoundsException("metrics are two tables, of cells and of genes, got position $i")
        }
}

/**
 * Quality-control metrics of cells and genes. See [QcMetrics].
 *
 * Reads `X` (or `layer`, or raw) and boolean columns of `var` named in [qcVars]. Writes to `obs`:
 * `n_genes_by_counts`, `total_counts`, `pct_counts_in_top_{n}_genes`, `total_counts_{v}`, `pct_counts_{v}`; to `var`:
 * `n_cells_by_counts`, `mean_counts`, `pct_dropout_by_counts`, `total_counts`; with `log1p_` twins.
 *
 * The tables come back too, as a pair. scanpy's own default, `inplace = False`, only returns them; here metrics are
 * also written unless `inplace = false` is given.
 *
 * McCarthy et al. 2017, doi:10.1093/bioinformatics/btw777.
 *
 * @param qcVars boolean columns of `var`, one or a list
 * @param percentTop numbers of genes, as a list, an array or a range; null for none
 * @param parallel of an older scanpy; it changes nothing
 * @param useRaw takes cells' metrics from all genes of raw; these are matched to `var` by name
 */
public fun Preprocessing.calculateQcMetrics(
    adata: AnnData,
    exprType: String = "counts",
    varType: String = "genes",
    qcVars: Any = emptyList<String>(),
    percentTop: Any? = QcMetrics.Params.DEFAULTS.percentTop(),
    layer: String? = null,
    useRaw: Boolean = false,
    log1p: Boolean = true,
    parallel: Boolean? = null,
): QcTables =
    calculateQcMetrics(
        adata, inplace = true, exprType, varType, qcVars, percentTop, layer, useRaw, log1p, parallel,
    )

/**
 * The object with the same metrics: a copy of it where [copy] is true. Reads and writes the same.
 */
public fun Preprocessing.calculateQcMetrics(
    adata: AnnData,
    copy: Boolean,
    exprType: String = "counts",
    varType: String = "genes",
    qcVars: Any = emptyList<String>(),
    percentTop: Any? = QcMetrics.Params.DEFAULTS.percentTop(),
    layer: String? = null,
    useRaw: Boolean = false,
    log1p: Boolean = true,
): AnnData {
    val target = adata.target(copy)
    measured(target, Named(exprType, varType, log1p), qcVars, percentTop, layer, useRaw).into(target)
    return target
}

/**
 * The same metrics as tables. Reads the same; writes them only when [inplace] is true.
 */
public fun Preprocessing.calculateQcMetrics(
    adata: AnnData,
    inplace: Boolean,
    exprType: String = "counts",
    varType: String = "genes",
    qcVars: Any = emptyList<String>(),
    percentTop: Any? = QcMetrics.Params.DEFAULTS.percentTop(),
    layer: String? = null,
    useRaw: Boolean = false,
    log1p: Boolean = true,
    parallel: Boolean? = null,
): QcTables {
    parallel?.let { Log.debug("parallel = $it changes nothing: sc.settings.nJobs sets the threads") }
    val tables = measured(adata, Named(exprType, varType, log1p), qcVars, percentTop, layer, useRaw)
    if (inplace) tables.into(adata)
    return tables
}

/**
 * The same with `percentTop = listOf()`, an empty list, whose type this form tells. Reads and writes the same.
 */
public fun Preprocessing.calculateQcMetrics(
    adata: AnnData,
    inplace: Boolean,
    percentTop: List<Int>,
    exprType: String = "counts",
    varType: String = "genes",
    qcVars: Any = emptyList<String>(),
    layer: String? = null,
    useRaw: Boolean = false,
    log1p: Boolean = true,
): QcTables =
    calculateQcMetrics(
        adata, inplace = inplace, exprType, varType, qcVars, percentTop = percentTop as Any, layer, useRaw, log1p,
    )

/** What the columns are called. */
private class Named(val expr: String, val varType: String, val log1p: Boolean)

private fun measured(
    adata: AnnData,
    named: Named,
    chosen: Any,
    percentTop: Any?,
    layer: String?,
    useRaw: Boolean,
): QcTables {
    val qcVars = texts(chosen, "qcVars")!!
    val x = adata.expression(useRaw, layer).x
    if (!useRaw) requireColumns(adata.`var`, "var", qcVars)
    val masks =
        qcVars.associateWith {
            if (useRaw) adata.rawGeneMask(it, "qcVars", null) else adata.geneMask(it, "qcVars")
        }
    val result = QcMetrics.run(x, masks, QcMetrics.Params(wholes(percentTop, "percentTop")))
    warnOfUndefined(x, result)
    val genes = DataFrame("var", adata.`var`.index, adata.`var`.indexName)
    val places = if (useRaw) adata.placesInRaw() else null
    for ((key, column) in geneColumns(result, named)) {
        genes.set(key, if (places == null) column else column.take(places))
    }
    return QcTables(cellTable(adata, result, named, x.isSparse), genes)
}

/** Says that metrics are not numbers, which scanpy leaves to numpy's warnings. A cell without counts has no shares. */
private fun warnOfUndefined(x: Matrix, r: QcMetrics.Result) {
    val shares = r.pctInTop().asList() + r.geneSets().values.map { it.pct() }
    val cells = (0 until x.nRows()).count { i ->
        !r.log1pTotalCounts()[i].isFinite() ||
            r.geneSets().values.any { !it.log1pTotal()[i].isFinite() } ||
            (r.nGenes()[i] > 0 && shares.any { !it[i].isFinite() })
    }
    val genes = (0 until x.nCols()).count { j ->
        !r.log1pMeanCounts()[j].isFinite() || !r.log1pGeneTotals()[j].isFinite() || !r.pctDropout()[j].isFinite()
    }
    if (cells == 0 && genes == 0) return
    val facts = ValueFacts.of(x)
    val reason =
        when {
            x.nRows() == 0 -> "there are no cells"
            facts.notFinite() != null -> "there are values that are NaN or infinite"
            facts.negative() != null -> "there are negative values; take the metrics of raw counts"
            else -> "sums exceed the range of ${x.dtype().name.lowercase()}"
        }
    Log.warning("metrics of $cells cells and $genes genes are NaN or infinite, because $reason")
}

/** Place in raw of every gene of `var`, by name. */
private fun AnnData.placesInRaw(): IntArray? {
    if (raw.varNames == varNames) return null
    val places = NameIndex.of(raw.`var`).find(varNames)
    val missing = places.indices.filter { places[it] < 0 }
    require(missing.isEmpty()) {
        "raw lacks ${missing.size} genes of var, such as '${varNames[missing.first()]}', and has no metrics of them; " +
            "use useRaw = false"
    }
    return places
}

private fun QcTables.into(adata: AnnData) {
    obs.keys.forEach { adata.obs.set(it, obs.get(it)) }
    `var`.keys.forEach { adata.`var`.set(it, `var`.get(it)) }
}

private fun cellTable(adata: AnnData, r: QcMetrics.Result, named: Named, sparse: Boolean): DataFrame {
    val obs = DataFrame("obs", adata.obs.index, adata.obs.indexName)
    val (expr, varType) = named.expr to named.varType
    // NumPy counts in int64, SciPy in the type of a sparse matrix's indices
    val nGenes = NumericColumn.integers(
        if (sparse) DType.INT32 else DType.INT64, LongArray(adata.nObs) { r.nGenes()[it].toLong() }, null,
    )
    obs.set("n_${varType}_by_$expr", nGenes)
    if (named.log1p) obs.set("log1p_n_${varType}_by_$expr", NumericColumn.of(*r.log1pNGenes()))
    obs.set("total_$expr", sumColumn(r.totalsDType(), r.totalCounts()))
    if (named.log1p) obs.set("log1p_total_$expr", reals(r.totalsDType(), r.log1pTotalCounts()))
    r.percentTop().forEachIndexed { k, n ->
        obs.set("pct_${expr}_in_top_${n}_$varType", NumericColumn.of(*r.pctInTop()[k]))
    }
    r.geneSets().forEach { (name, set) ->
        obs.set("total_${expr}_$name", sumColumn(r.totalsDType(), set.total()))
        if (named.log1p) obs.set("log1p_total_${expr}_$name", reals(r.totalsDType(), set.log1pTotal()))
        obs.set("pct_${expr}_$name", reals(r.totalsDType(), set.pct()))
    }
    return obs
}

private fun geneColumns(r: QcMetrics.Result, named: Named): Map<String, Column> {
    val expr = named.expr
    val out = LinkedHashMap<String, Column>()
    out["n_cells_by_$expr"] = NumericColumn.of(*LongArray(r.nCells().size) { r.nCells()[it].toLong() })
    out["mean_$expr"] = NumericColumn.of(*r.meanCounts())
    if (named.log1p) out["log1p_mean_$expr"] = NumericColumn.of(*r.log1pMeanCounts())
    out["pct_dropout_by_$expr"] = NumericColumn.of(*r.pctDropout())
    out["total_$expr"] = sumColumn(r.totalsDType(), r.geneTotals())
    if (named.log1p) out["log1p_total_$expr"] = reals(r.totalsDType(), r.log1pGeneTotals())
    return out
}

private fun reals(dtype: DType, values: DoubleArray): Column =
    NumericColumn.reals(if (dtype.isFloating) dtype else DType.FLOAT64, values)
