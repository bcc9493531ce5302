package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.DType
import org.cellweave.preprocess.HighlyVariableGenes
import org.cellweave.preprocess.PearsonResiduals
import org.cellweave.preprocess.ResidualVariance
import org.cellweave.util.Check
import org.cellweave.preprocess.HighlyVariableGenes.Params.DEFAULTS as HVG
import org.cellweave.preprocess.PearsonResiduals.Params.DEFAULTS as PEARSON
import org.cellweave.preprocess.ResidualVariance.Params.DEFAULTS as RESIDUAL_VARIANCE

/**
 * Marks genes that vary more than others of their level. See [HighlyVariableGenes], [ResidualVariance].
 *
 * Reads `X` (or `layer`): logarithms for `seurat` and `cell_ranger`, counts for `seurat_v3`, `seurat_v3_paper` and
 * `pearson_residuals`; and `obs[batchKey]`, `uns["log1p"]`. Writes `var["highly_variable"]`, `["means"]`,
 * `["dispersions"]`, `["dispersions_norm"]` (v3: `["variances"]`, `["variances_norm"]`, `["highly_variable_rank"]`;
 * residuals: `["residual_variances"]`), with batches `["highly_variable_nbatches"]` and
 * `["highly_variable_intersection"]`; and `uns["hvg"]`.
 *
 * Zheng et al. 2017, doi:10.1038/ncomms14049; Stuart et al. 2019, doi:10.1016/j.cell.2019.05.031.
 *
 * @param theta overdispersion; like [clip], [chunksize] and [checkValues] for `pearson_residuals` only
 * @param subset keeps only the selected genes
 */
public fun Preprocessing.highlyVariableGenes(
    adata: AnnData,
    layer: String? = null,
    nTopGenes: Int? = HVG.nTopGenes(),
    minDisp: Number = HVG.minDisp(),
    maxDisp: Number = HVG.maxDisp(),
    minMean: Number = HVG.minMean(),
    maxMean: Number = HVG.maxMean(),
    span: Number = HVG.span(),
    nBins: Int = HVG.nBins(),
    flavor: String = preset.genesFlavor,
    subset: Boolean = false,
    batchKey: String? = null,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    checkValues: Boolean = true,
): AnnData {
    val table =
        Log.timed("extracting highly variable genes", { t: DataFrame -> added(t) }) {
            highlyVariableGenesDf(
                adata, layer, nTopGenes, minDisp.toDouble(), maxDisp.toDouble(), minMean.toDouble(),
                maxMean.toDouble(), span.toDouble(), nBins, flavor, batchKey,
                theta, clip, chunksize, checkValues,
            )
        }
    store(adata, table, parseFlavor(flavor), layer, subset)
    return adata
}

/**
 * The table that [highlyVariableGenes] would add to `var`, as with `inplace = False`. Reads the same, writes nothing.
 *
 * Satija et al. 2015, doi:10.1038/nbt.3192; Zheng et al. 2017, doi:10.1038/ncomms14049; Stuart et al. 2019,
 * doi:10.1016/j.cell.2019.05.031; Lause, Berens and Kobak 2021, doi:10.1186/s13059-021-02451-7.
 */
public fun Preprocessing.highlyVariableGenesDf(
    adata: AnnData,
    layer: String? = null,
    nTopGenes: Int? = HVG.nTopGenes(),
    minDisp: Number = HVG.minDisp(),
    maxDisp: Number = HVG.maxDisp(),
    minMean: Number = HVG.minMean(),
    maxMean: Number = HVG.maxMean(),
    span: Number = HVG.span(),
    nBins: Int = HVG.nBins(),
    flavor: String = preset.genesFlavor,
    batchKey: String? = null,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    checkValues: Boolean = true,
): DataFrame {
    val chosen = parseFlavor(flavor)
    if (chosen == GeneFlavor.PEARSON_RESIDUALS) {
        val residuals = PearsonResiduals.Params(theta.toDouble(), clip?.toDouble())
        return residualVariances(adata, layer, nTopGenes, batchKey, residuals, chunksize, checkValues)
    }
    val parsed = Check.oneOf(chosen.name, HighlyVariableGenes.Flavor::class.java, "flavor")
    val params =
        HighlyVariableGenes.Params(
            parsed, nTopGenes, minDisp.toDouble(), maxDisp.toDouble(), minMean.toDouble(), maxMean.toDouble(),
            span.toDouble(), nBins, logBase(adata),
        )
    val source = adata.source(layer)
    if (!parsed.expectsCounts()) warnOfCounts("flavor '$flavor'", source)
    val result =
        adata.namingCulprit("highlyVariableGenes", source) {
            HighlyVariableGenes.run(source.x, adata.varNames.toTypedArray(), batches(adata, batchKey), params)
        }
    result.nonInteger()?.let {
        Log.warning(
            "flavor '$flavor' expects raw counts, but found ${it.value()} at row ${it.row()}, column ${it.col()}; " +
                "pass layer = \"counts\"",
        )
    }
    warnOfFew(result.highlyVariable(), nTopGenes)
    result.rank()?.let { rank ->
        val n = rank.indices.count { result.highlyVariable()[it] && rank[it].isNaN() }
        if (n > 0) Log.warning("$n of the genes chosen have no rank: no batch has them among its first $nTopGenes")
    }
    if (nTopGenes != null && result.dispersionsNorm()?.all { it.isNaN() } == true) {
        Log.warning(
            "no bin of the mean holds genes enough to normalise their dispersions; " +
                "genes were chosen by the dispersions themselves",
        )
    }
    return table(adata, result)
}

/**
 * The table of what is known of every gene, of the chosen ones alone with [subset]. Reads the same; writes only when
 * [inplace] is true.
 */
public fun Preprocessing.highlyVariableGenes(
    adata: AnnData,
    inplace: Boolean,
    layer: String? = null,
    nTopGenes: Int? = HVG.nTopGenes(),
    minDisp: Number = HVG.minDisp(),
    maxDisp: Number = HVG.maxDisp(),
    minMean: Number = HVG.minMean(),
    maxMean: Number = HVG.maxMean(),
    span: Number = HVG.span(),
    nBins: Int = HVG.nBins(),
    flavor: String = preset.genesFlavor,
    subset: Boolean = false,
    batchKey: String? = null,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    checkValues: Boolean = true,
): DataFrame {
    val table =
        highlyVariableGenesDf(
            adata, layer, nTopGenes, minDisp, maxDisp, minMean, maxMean, span, nBins, flavor,
            batchKey, theta, clip, chunksize, checkValues,
        )
    if (inplace) store(adata, table, parseFlavor(flavor), layer, subset)
    val chosen = (table.get("highly_variable") as BooleanColumn).values()
    return if (subset) table.takeRows(chosen.indices.filter { chosen[it] }.toIntArray()) else table
}

private fun store(adata: AnnData, table: DataFrame, flavor: GeneFlavor, layer: String?, subset: Boolean) {
    table.keys.forEach { adata.`var`.set(it, table.get(it)) }
    adata.uns["hvg"] =
        if (flavor == GeneFlavor.PEARSON_RESIDUALS) {
            dict("flavor" to flavor.spelled(), "computed_on" to (layer ?: "adata.X"))
        } else {
            dict("flavor" to flavor.spelled())
        }
    if (subset) {
        adata.subset(AxisIndex.ALL, AxisIndex.mask(*(table.get("highly_variable") as BooleanColumn).values()))
    }
}

/** Says so when fewer genes are chosen than were asked for, or none. */
private fun warnOfFew(chosen: BooleanArray, nTopGenes: Int?) {
    val n = chosen.count { it }
    when {
        nTopGenes != null && nTopGenes > chosen.size ->
            Log.warning(
                "nTopGenes = $nTopGenes exceeds the number of genes, ${chosen.size}; " +
                    "all $n genes that can be ranked are chosen",
            )
        nTopGenes != null && n < nTopGenes ->
            Log.warning(
                "only $n genes could be ranked and are chosen, fewer than nTopGenes = $nTopGenes; " +
                    "the others have no normalised dispersion",
            )
        n == 0 ->
            Log.warning(
                "no gene is chosen: none lies within minMean, maxMean, minDisp and maxDisp; " +
                    "widen them, or pass nTopGenes",
            )
    }
}

/** Those of [HighlyVariableGenes], and that of [ResidualVariance]. */
private enum class GeneFlavor { SEURAT, CELL_RANGER, SEURAT_V3, SEURAT_V3_PAPER, PEARSON_RESIDUALS }

private fun parseFlavor(flavor: String) = Check.oneOf(flavor, GeneFlavor::class.java, "flavor")

private fun batches(adata: AnnData, batchKey: String?): Categories? =
    batchKey?.let { adata.categories(it, "batchKey").withoutUnused() }

private fun residualVariances(
    adata: AnnData,
    layer: String?,
    nTopGenes: Int?,
    batchKey: String?,
    residuals: PearsonResiduals.Params,
    chunksize: Int,
    checkValues: Boolean,
): DataFrame {
    requireNotNull(nTopGenes) {
        "flavor 'pearson_residuals' ranks genes and needs nTopGenes, for instance " +
            "nTopGenes = ${RESIDUAL_VARIANCE.nTopGenes()}"
    }
    val params = ResidualVariance.Params(nTopGenes, residuals, chunksize)
    val source = adata.source(layer)
    val r =
        adata.namingCulprit("highlyVariableGenes", source) {
            ResidualVariance.run(source.x, batches(adata, batchKey), params)
        }
    warnOfFew(r.highlyVariable(), nTopGenes)
    if (checkValues) warnOfFractions("`flavor='pearson_residuals'`", r.nonInteger())
    val out = DataFrame("var", adata.`var`.index, adata.`var`.indexName)
    out.set("means", NumericColumn.of(*r.means()))
    out.set("variances", NumericColumn.of(*r.variances()))
    out.set("residual_variances", NumericColumn.of(*r.residualVariances()))
    out.set("highly_variable_rank", NumericColumn.reals(DType.FLOAT32, r.rank()))
    if (batchKey != null) {
        out.set("highly_variable_nbatches", NumericColumn.of(*LongArray(adata.nVars) { r.nBatches()[it].toLong() }))
        out.set("highly_variable_intersection", BooleanColumn.of(*r.intersection()))
    }
    out.set("highly_variable", BooleanColumn.of(*r.highlyVariable()))
    return out
}

internal fun logBase(adata: AnnData): Double? =
    ((adata.uns["log1p"] as? Map<*, *>)?.get("base") as? Number)?.toDouble()

private fun table(adata: AnnData, r: HighlyVariableGenes.Result): DataFrame {
    val out = DataFrame("var", adata.`var`.index, adata.`var`.indexName)

    fun put(key: String, values: DoubleArray?, dtype: DType = DType.FLOAT64) {
        values?.let { out.set(key, NumericColumn.reals(dtype, it)) }
    }
    out.set("highly_variable", BooleanColumn.of(*r.highlyVariable()))
    put("highly_variable_rank", r.rank(), DType.FLOAT32)
    put("means", r.means())
    put("dispersions", r.dispersions())
    put("dispersions_norm", r.dispersionsNorm(), DType.FLOAT32)
    put("variances", r.variances())
    put("variances_norm", r.variancesNorm())
    r.nBatches()?.let { n ->
        out.set("highly_variable_nbatches", NumericColumn.of(*LongArray(n.size) { n[it].toLong() }))
    }
    r.intersection()?.let { out.set("highly_variable_intersection", BooleanColumn.of(*it)) }
    return out
}

private fun added(table: DataFrame): String =
    "added\n" + table.keys.joinToString("\n") { "    '$it', ${kind(table.get(it))} vector (adata.var)" }

private fun kind(column: Column): String =
    when {
        column is BooleanColumn -> "boolean"
        column is NumericColumn && column.isInteger -> "int"
        else -> "float"
    }
