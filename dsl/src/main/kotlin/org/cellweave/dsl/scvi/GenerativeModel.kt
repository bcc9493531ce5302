package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neural.data.CellData
import org.cellweave.neural.model.AggregatedPosterior
import org.cellweave.neural.model.CountModel
import org.cellweave.neural.model.DifferentialAbundance
import org.cellweave.neural.model.FeatureCorrelation
import org.cellweave.neural.model.LatentRepresentation
import org.cellweave.neural.model.LikelihoodParameters
import org.cellweave.neural.model.MarginalLikelihood
import org.cellweave.neural.model.NormalizedExpression
import org.cellweave.neural.model.PosteriorPredictive
import org.cellweave.preprocess.CorrelationMatrix
import org.cellweave.util.Check
import org.cellweave.util.FilePath

/**
 * A generative model with the cells that it was made for. Every question takes other cells as well: an AnnData with the
 * same genes and columns. Names are scvi-tools' in camelCase.
 */
public sealed class GenerativeModel(
    adata: AnnData,
    internal val columns: CellColumns,
    read: CellData?,
) {
    internal abstract val core: CountModel

    private var own = OwnCells(columns, adata, read)

    /** The cells that the model was made for; after [minifyAdata] without their counts. */
    public val adata: AnnData get() = own.adata

    /** What stands for the counts of [adata], as [minifyAdata] calls it; null where they are read. */
    public val minifiedDataType: String? get() = Minified.typeOf(adata)

    /** Cells as the model reads them, its own once; null for those, as they were then. */
    internal fun cells(other: AnnData?): CellData =
        when {
            other == null -> own.unchanged()
            other === adata -> own.current()
            else -> columns.read(other, core)
        }

    /** Puts minified cells in place of those that the model was made for. */
    internal fun minified(cells: AnnData) {
        own = OwnCells(columns, cells)
    }

    /** Cells, and of them those of [indices]. */
    internal fun cells(other: AnnData?, indices: IntArray?): CellData {
        if (indices == null) return cells(other)
        if (other == null) own.unchanged()
        return columns.read(anndata(other)[chosen(indices, other)!!], core)
    }

    /** Positions of cells, as every question takes them: at least one, and none that is not there. */
    internal fun chosen(indices: IntArray?, other: AnnData?, argument: String = "indices"): IntArray? {
        val n = anndata(other).nObs
        val bad = indices?.indexOfFirst { it !in 0 until n } ?: -1
        require(indices == null || indices.isNotEmpty()) {
            "$argument must name at least one cell, got none" + if (argument == "indices") "; null is for all" else ""
        }
        require(bad < 0) { "$argument must lie in [0, $n), positions of cells, got ${indices!![bad]}" }
        return indices
    }

    internal fun anndata(other: AnnData?): AnnData = other ?: adata

    public val isTrained: Boolean get() = core.isTrained

    /** Cells of the last training that were trained on. */
    public val trainIndices: IntArray get() = core.trainIndices()

    /** Cells of the last training that were held out. */
    public val validationIndices: IntArray get() = core.validationIndices()

    /**
     * What training recorded, one row per epoch, NaN where nothing was: `elbo_train`, `reconstruction_loss_train`,
     * `kl_local_train`, `kl_weight`, their `_validation` twins. Negated bounds, per cell: lower is better. Of
     * scANVI also `train_classification_loss`, `train_accuracy`, `train_f1_score`, `train_calibration_error` and their
     * `validation_` twins, of the cells with a label; where new cells of a reference have none, these are absent.
     */
    public val history: DataFrame
        get() {
            val history = core.history()
            val epochs = StringColumn.of(*Array(history.epochs()) { it.toString() })
            return DataFrame("history", epochs, "epoch").also { table ->
                history.names().forEach { table.set(it, NumericColumn.of(*history.get(it))) }
            }
        }

    /**
     * Where cells lie: the mean of their latent distributions, cells by dimensions.
     *
     * @param indices of cells; null for all
     * @param giveMean false for one draw instead
     * @param mcSamples draws whose mean is taken for places on the simplex
     */
    public fun getLatentRepresentation(
        adata: AnnData? = null,
        indices: IntArray? = null,
        giveMean: Boolean = LATENT.giveMean(),
        mcSamples: Int = LATENT.mcSamples(),
        seed: Long = scvi.settings.seed,
    ): DenseMatrix =
        core.latentRepresentation(cells(adata, indices), LatentRepresentation.Params(giveMean, mcSamples, seed))

    /** Means and variances of cells' latent distributions. */
    public fun getLatentDistribution(
        adata: AnnData? = null,
        indices: IntArray? = null,
    ): Pair<DenseMatrix, DenseMatrix> {
        val found = core.latentDistribution(cells(adata, indices))
        return found.mean() to found.variance()
    }

    /**
     * Expression that is decoded from drawn places: shares of a cell's counts, cells by genes, with their names.
     *
     * @param transformBatch batches whose expression is averaged, as if all cells came from there, one or a list; null
     *   for the cells' own
     * @param geneList names, one or a list; null for all
     * @param librarySize total of a cell, or `"latent"` for the model's own
     * @param nSamples draws per cell, which are averaged
     */
    public fun getNormalizedExpression(
        adata: AnnData? = null,
        indices: IntArray? = null,
        transformBatch: Any? = null,
        geneList: Any? = null,
        librarySize: Any = EXPRESSION.librarySize(),
        nSamples: Int = EXPRESSION.nSamples(),
        nSamplesOverall: Int? = null,
        weights: String = "uniform",
        seed: Long = scvi.settings.seed,
    ): ExpressionTable {
        val params =
            NormalizedExpression.Params
                .builder()
                .cells(chosen(indices, adata))
                .genes(texts(geneList, "geneList"))
                .transformBatch(batches(transformBatch))
                .librarySize((librarySize as? Number)?.toDouble() ?: 1.0)
                .latentLibrary(isLatent(librarySize))
                .nSamples(nSamples)
                .nSamplesOverall(nSamplesOverall ?: 0)
                .weights(Check.oneOf(weights, NormalizedExpression.Weights::class.java, "weights"))
                .seed(seed)
                .build()
        val found = core.normalizedExpression(cells(adata), params)
        val names = anndata(adata).obsNames
        val genes = core.geneNames()
        return ExpressionTable(found.cells().map { names[it] }, found.genes().map { genes[it] }, found.x())
    }

    /** Parameters of the counts' distributions: `mean`, and `dispersions` and `dropout` where there are any. */
    public fun getLikelihoodParameters(
        adata: AnnData? = null,
        indices: IntArray? = null,
        nSamples: Int = LIKELIHOOD.nSamples(),
        seed: Long = scvi.settings.seed,
    ): Map<String, DenseMatrix> {
        val found = core
            .likelihoodParameters(cells(adata), LikelihoodParameters.Params(chosen(indices, adata), nSamples, seed))
        return listOfNotNull(
            "mean" to found.mean(),
            found.dispersion()?.let { "dispersions" to it },
            found.dropout()?.let { "dropout" to it },
        ).toMap()
    }

    /** Totals of cells: as counted, or as the model infers them. */
    public fun getLatentLibrarySize(
        adata: AnnData? = null,
        indices: IntArray? = null,
        giveMean: Boolean = true,
        seed: Long = scvi.settings.seed,
    ): DoubleArray = core.latentLibrarySize(cells(adata, indices), giveMean, seed)

    /**
     * Drawn counts: cells by genes, one matrix per draw.
     *
     * @param geneList names, one or a list; null for all
     * @param transformBatch batches whose draws are averaged, one or a list; null for the cells' own
     */
    public fun posteriorPredictiveSample(
        adata: AnnData? = null,
        indices: IntArray? = null,
        nSamples: Int = PREDICTIVE.nSamples(),
        geneList: Any? = null,
        transformBatch: Any? = null,
        seed: Long = scvi.settings.seed,
    ): List<CsrMatrix> =
        core.posteriorPredictiveSample(
            cells(adata),
            PosteriorPredictive.Params(
                chosen(indices, adata), texts(geneList, "geneList"), batches(transformBatch), nSamples, seed,
            ),
        )

    /** Evidence lower bound of the cells, their mean: higher is better, unlike `elbo_train` in [history]. */
    public fun getElbo(
        adata: AnnData? = null,
        indices: IntArray? = null,
        seed: Long = scvi.settings.seed,
    ): Double = core.elbo(cells(adata, indices), seed)

    /** Negative log likelihood of the cells' counts, their mean: lower is better. */
    public fun getReconstructionError(
        adata: AnnData? = null,
        indices: IntArray? = null,
        seed: Long = scvi.settings.seed,
    ): Double = core.reconstructionError(cells(adata, indices), seed)

    /** Log likelihood of the cells' counts with latent places integrated out by sampling, their mean. */
    public fun getMarginalLl(
        adata: AnnData? = null,
        indices: IntArray? = null,
        nMcSamples: Int = MARGINAL.nMcSamples(),
        seed: Long = scvi.settings.seed,
    ): Double {
        val cells = cells(adata, indices)
        val params = MarginalLikelihood.Params(nMcSamples, seed)
        return withProgress { core.marginalLogLikelihood(cells, params, it) }.average()
    }

    /**
     * Correlations of genes over drawn rates, genes by genes.
     *
     * @param geneList names, one or a list; null for all
     * @param transformBatch batches whose correlations are averaged, one or a list; null for the cells' own
     */
    public fun getFeatureCorrelationMatrix(
        adata: AnnData? = null,
        indices: IntArray? = null,
        geneList: Any? = null,
        nSamples: Int = CORRELATION.nSamples(),
        rnaSizeFactor: Number = CORRELATION.rnaSizeFactor(),
        transformBatch: Any? = null,
        correlationType: String = "spearman",
        seed: Long = scvi.settings.seed,
    ): DenseMatrix {
        val method = Check.oneOf(correlationType, CorrelationMatrix.Method::class.java, "correlationType")
        val params =
            FeatureCorrelation.Params(
                chosen(indices, adata), texts(geneList, "geneList"), nSamples, rnaSizeFactor.toDouble(),
                batches(transformBatch), method, seed,
            )
        val cells = cells(adata)
        return withProgress { core.featureCorrelationMatrix(cells, params, it) }
    }

    /** The mixture of cells' latent distributions, whose density other places can be asked for. */
    public fun getAggregatedPosterior(
        adata: AnnData? = null,
        indices: IntArray? = null,
        dof: Number = 3.0,
    ): AggregatedPosterior = core.aggregatedPosterior(cells(adata, indices), dof.toDouble())

    /**
     * How likely the places of cells are in every sample: cells by samples, log densities, columns in the order of
     * [sampleKey]'s levels.
     */
    public fun differentialAbundance(
        adata: AnnData? = null,
        sampleKey: String,
        numCellsPosterior: Int? = null,
        dof: Number? = null,
        seed: Long = scvi.settings.seed,
    ): DataFrame {
        val params = DifferentialAbundance.Params(
            numCellsPosterior ?: 0, dof?.toDouble() ?: Double.POSITIVE_INFINITY, seed,
        )
        val of = anndata(adata)
        val cells = cells(adata)
        val samples = of.categories(sampleKey, "sampleKey")
        val found = withProgress { core.differentialAbundance(cells, samples, params, it) }
        return DataFrame("differential_abundance", of.obs.index, null).also { table ->
            found.samples().forEachIndexed { s, name ->
                table.set(name, NumericColumn.of(*found.logProbs().column(s)))
            }
        }
    }

    /**
     * Saves the model in a folder: one file, `model.safetensors`, that holds no code. With [saveAnndata] also
     * `adata.h5ad`. Files that no model wrote are never replaced, whatever [overwrite] says.
     */
    public fun save(dirPath: String, overwrite: Boolean = false, saveAnndata: Boolean = false) {
        core.notes(columns.noted())
        val folder = FilePath.of(dirPath)
        core.save(folder, overwrite, if (saveAnndata) listOf(CELLS_FILE) else emptyList())
        if (saveAnndata) adata.writeH5ad(folder.resolve(CELLS_FILE).toString())
    }

    override fun toString(): String = core.toString()
}

/** Beside the file of a model: its cells. */
internal const val CELLS_FILE: String = "adata.h5ad"

private fun batches(transformBatch: Any?): List<String> = texts(transformBatch, "transformBatch").orEmpty()

private fun isLatent(librarySize: Any): Boolean {
    require(librarySize is Number || librarySize == "latent") {
        "librarySize must be a number or \"latent\", got '$librarySize'"
    }
    return librarySize == "latent"
}

private val LATENT = LatentRepresentation.Params.DEFAULTS
private val EXPRESSION = NormalizedExpression.Params.DEFAULTS
private val LIKELIHOOD = LikelihoodParameters.Params.DEFAULTS
private val PREDICTIVE = PosteriorPredictive.Params.DEFAULTS
private val MARGINAL = MarginalLikelihood.Params.DEFAULTS
private val CORRELATION = FeatureCorrelation.Params.DEFAULTS
