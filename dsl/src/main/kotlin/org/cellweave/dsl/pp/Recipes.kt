package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.glue.allOrNothing
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.slots.dict
import org.cellweave.preprocess.DispersionFilter
import org.cellweave.preprocess.Pca
import org.cellweave.preprocess.ResidualVariance
import org.cellweave.preprocess.PearsonResiduals.Params.DEFAULTS as PEARSON
import org.cellweave.preprocess.ResidualVariance.Params.DEFAULTS as RESIDUAL_VARIANCE

private const val SEURAT_MIN_GENES = 200
private const val SEURAT_MIN_CELLS = 3
private const val SEURAT_TARGET_SUM = 1e4
private const val SEURAT_MAX_VALUE = 10
private const val ZHENG_MIN_COUNTS = 1
private const val ZHENG_TOP_GENES = 1000

/**
 * Filters, normalises, selects genes and scales as Seurat did in 2015. See [DispersionFilter] for the genes.
 *
 * Reads `X`: counts, or logarithms with [log] false. Writes `X` (dense), `obs["n_genes"]`, `var["n_cells"]`,
 * `var["mean"]`, `var["std"]`, `uns["log1p"]`; removes other cells and genes.
 *
 * @param plot saves a figure of all genes' dispersions as `filter_genes_dispersion` in [Settings.figdir]
 */
public fun Preprocessing.recipeSeurat(
    adata: AnnData,
    log: Boolean = true,
    plot: Boolean = false,
    copy: Boolean = false,
): AnnData {
    return adata.allOrNothing(copy) { target -> seurat(target, log, plot) }
}

private fun Preprocessing.seurat(target: AnnData, log: Boolean, plot: Boolean) {
    filterCells(target, minGenes = SEURAT_MIN_GENES)
    filterGenes(target, minCells = SEURAT_MIN_CELLS)
    normalizeTotal(target, targetSum = SEURAT_TARGET_SUM)
    val params = DispersionFilter.Params
        .builder()
        .log(!log)
        .build()
    keepVariable(target, params, plot, plotLog = !log)
    if (log) log1p(target)
    scale(target, zeroCenter = true, maxValue = SEURAT_MAX_VALUE)
}

/**
 * Normalises, selects genes and scales as Zheng et al. 2017 (Cell Ranger). See [DispersionFilter] for the genes.
 *
 * Reads `X`, raw counts. Writes `X` (dense), `obs["n_counts_all"]`, `var["n_counts"]`, `var["mean"]`, `var["std"]`,
 * `uns["log1p"]`; removes other genes.
 *
 * Zheng et al. 2017, doi:10.1038/ncomms14049.
 *
 * @param plot saves a figure of all genes' dispersions as `filter_genes_dispersion` in [Settings.figdir]
 */
public fun Preprocessing.recipeZheng17(
    adata: AnnData,
    nTopGenes: Int = ZHENG_TOP_GENES,
    log: Boolean = true,
    plot: Boolean = false,
    copy: Boolean = false,
): AnnData {
    val params =
        DispersionFilter.Params
            .builder()
            .flavor(DispersionFilter.Flavor.CELL_RANGER)
            .nTopGenes(nTopGenes)
            .log(false)
            .build()
    return Log.timed("running recipe zheng17", { null }) {
        adata.allOrNothing(copy) { target ->
            filterGenes(target, minCounts = ZHENG_MIN_COUNTS)
            normalizeTotal(target, keyAdded = "n_counts_all")
            keepVariable(target, params, plot, plotLog = true)
            normalizeTotal(target)
            if (log) log1p(target)
            scale(target, zeroCenter = true)
        }
    }
}

/**
 * Selects genes by their Pearson residuals and takes principal components of these. See [ResidualVariance].
 *
 * Reads `X`, raw counts, and `obs[batchKey]`. Writes what [highlyVariableGenes] with flavor `pearson_residuals` and
 * [normalizePearsonResidualsPca] write; `X` stays as it is.
 */
public fun Preprocessing.recipePearsonResiduals(
    adata: AnnData,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    checkValues: Boolean = true,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    recipePearsonResiduals(
        target, true, theta, clip, nTopGenes, batchKey, chunksize, nComps, randomState, checkValues,
    )
    return target
}

/** Residuals' principal components of the chosen genes, and the facts about all genes. */
public class PearsonRecipe internal constructor(
    public val adataPca: AnnData,
    public val hvg: DataFrame,
) {
    public operator fun component1(): AnnData = adataPca

    public operator fun component2(): DataFrame = hvg
}

/**
 * The chosen genes' residuals with their principal components, and the table of all genes:
 * `val (adataPca, hvg) = sc.pp.recipePearsonResiduals(adata, inplace = false)`. Reads the same; writes to [adata] only
 * when [inplace] is true.
 */
public fun Preprocessing.recipePearsonResiduals(
    adata: AnnData,
    inplace: Boolean,
    theta: Number = PEARSON.theta(),
    clip: Number? = PEARSON.clip(),
    nTopGenes: Int = RESIDUAL_VARIANCE.nTopGenes(),
    batchKey: String? = null,
    chunksize: Int = RESIDUAL_VARIANCE.chunkSize(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    randomState: Long = Pca.Params.DEFAULTS.seed(),
    checkValues: Boolean = true,
): PearsonRecipe {
    val hvg =
        highlyVariableGenesDf(
            adata,
            flavor = "pearson_residuals",
            nTopGenes = nTopGenes,
            batchKey = batchKey,
            theta = theta,
            clip = clip,
            chunksize = chunksize,
            checkValues = checkValues,
        )
    val chosen = (hvg.get("highly_variable") as BooleanColumn).values()
    // What may fail comes first: nothing is written before all is computed.
    val part = normalizePearsonResidualsPca(adata, inplace, theta, clip, nComps, randomState, chosen, false)
    if (inplace) {
        hvg.keys.forEach { adata.`var`.set(it, hvg.get(it)) }
        adata.uns["hvg"] = dict("flavor" to "pearson_residuals", "computed_on" to "adata.X")
    }
    return PearsonRecipe(part, hvg)
}

private fun keepVariable(adata: AnnData, params: DispersionFilter.Params, plot: Boolean, plotLog: Boolean) {
    val result =
        Log.timed<DispersionFilter.Result>("extracting highly variable genes", { null }) {
            DispersionFilter.run(adata.X, params)
        }
    if (plot) {
        val file = dispersionFigure(result, plotLog).save("filter_genes_dispersion")
        Log.info("saving figure to file $file")
    }
    adata.subset(AxisIndex.ALL, AxisIndex.mask(*result.selected()))
}

/** Dispersions of genes against their means, with the selected ones marked. */
internal fun dispersionFigure(result: DispersionFilter.Result, log: Boolean): Figure {
    val measures = listOf(result.dispersionsNorm() to "(normalized)", result.dispersions() to "(not normalized)")
    val panels = spreadPanels(result.means(), measures, result.selected(), "dispersions", log)
    return Figure(grid(panels, 2), "filter_genes_dispersion")
}
