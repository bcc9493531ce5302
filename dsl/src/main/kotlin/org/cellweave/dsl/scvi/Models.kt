package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.Log
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neural.data.CellData
import org.cellweave.neural.distributions.Likelihood
import org.cellweave.neural.model.CountModel
import org.cellweave.neural.model.JointEmbeddingScvi
import org.cellweave.neural.model.LabelPrediction
import org.cellweave.neural.model.LinearScvi
import org.cellweave.neural.model.Scanvi
import org.cellweave.neural.model.Scvi
import org.cellweave.neural.module.VaeShape.Dispersion
import org.cellweave.neural.module.VaeShape.LatentDistribution
import org.cellweave.neural.module.VaeShape.Where
import org.cellweave.util.Check

/** scVI with the cells that it was made for: `scvi.SCVI(adata)`. See [Scvi]. */
public class ScviModel internal constructor(
    adata: AnnData,
    columns: CellColumns,
    override val core: Scvi,
    read: CellData?,
) : GenerativeModel(adata, columns, read)

/** scVI with a linear decoder: `scvi.LinearSCVI(adata)`. See [LinearScvi]. */
public class LinearScviModel internal constructor(
    adata: AnnData,
    columns: CellColumns,
    override val core: LinearScvi,
    read: CellData?,
) : GenerativeModel(adata, columns, read) {
    /** Weights of genes in the latent dimensions: genes by dimensions `Z_0`, `Z_1`, ... */
    public fun getLoadings(): DataFrame {
        val loadings = core.loadings()
        return DataFrame("loadings", StringColumn.of(*core.geneNames()), null).also { table ->
            for (d in 0 until loadings.nCols()) table.set("Z_$d", NumericColumn.of(*loadings.column(d)))
        }
    }
}

/** scVI for cells with few counts: `scvi.JointEmbeddingSCVI(adata)`. See [JointEmbeddingScvi]. */
public class JointEmbeddingScviModel internal constructor(
    adata: AnnData,
    columns: CellColumns,
    override val core: JointEmbeddingScvi,
    read: CellData?,
) : GenerativeModel(adata, columns, read)

/** scANVI with the cells that it was made for: `scvi.SCANVI(adata)`. See [Scanvi]. */
public class ScanviModel internal constructor(
    adata: AnnData,
    columns: CellColumns,
    override val core: Scanvi,
    read: CellData?,
) : GenerativeModel(adata, columns, read) {
    /** The label of every cell that the classifier holds most probable. */
    public fun predict(
        adata: AnnData? = null,
        indices: IntArray? = null,
        usePosteriorMean: Boolean = PREDICTION.usePosteriorMean(),
        seed: Long = scvi.settings.seed,
    ): CategoricalColumn = CategoricalColumn.ofTexts(*predicted(adata, indices, usePosteriorMean, seed).labels())

    /**
     * As scvi-tools spells it: `predict(soft = true)` is [predictSoft], and without [soft] every cell has one label.
     *
     * @param soft true; labels have another type, and are what `predict()` gives
     */
    public fun predict(
        adata: AnnData? = null,
        indices: IntArray? = null,
        usePosteriorMean: Boolean = PREDICTION.usePosteriorMean(),
        seed: Long = scvi.settings.seed,
        soft: Boolean,
    ): DataFrame {
        require(soft) { "soft must be true for probabilities; for labels leave it out: predict()" }
        return predictSoft(adata, indices, usePosteriorMean, seed)
    }

    /** The probabilities of labels: cells by labels. */
    public fun predictSoft(
        adata: AnnData? = null,
        indices: IntArray? = null,
        usePosteriorMean: Boolean = PREDICTION.usePosteriorMean(),
        seed: Long = scvi.settings.seed,
    ): DataFrame {
        val found = predicted(adata, indices, usePosteriorMean, seed)
        val of = anndata(adata)
        val names = if (indices == null) of.obs.index else of[indices].obs.index
        return DataFrame("predictions", names, null).also { table ->
            found.classes().forEachIndexed { c, name ->
                table.set(name, NumericColumn.of(*found.probabilities().column(c)))
            }
        }
    }

    private fun predicted(adata: AnnData?, indices: IntArray?, mean: Boolean, seed: Long): LabelPrediction.Result =
        core.predict(cells(adata, indices), LabelPrediction.Params(mean, seed))
}

/**
 * Makes scVI for these cells, untrained; `train` trains it. Reads what `scvi.SCVI.setupAnndata` named. Writes nothing.
 *
 * Lopez et al. 2018, doi:10.1038/s41592-018-0229-2.
 *
 * @param dispersion `gene`, `gene-batch`, `gene-label` or `gene-cell`
 * @param geneLikelihood `zinb`, `nb` or `poisson`
 * @param latentDistribution `normal`, or `ln` for places on the simplex
 * @param batchRepresentation `one-hot`; embeddings of batches, which scvi-tools has as well, are refused
 * @param useBatchNorm `both`, `encoder`, `decoder` or `none`, as [useLayerNorm]
 */
public operator fun ScviModels.invoke(
    adata: AnnData,
    nHidden: Int = VAE.nHidden(),
    nLatent: Int = VAE.nLatent(),
    nLayers: Int = VAE.nLayers(),
    dropoutRate: Number = VAE.dropoutRate(),
    dispersion: String = "gene",
    geneLikelihood: String = "zinb",
    latentDistribution: String = "normal",
    useObservedLibSize: Boolean = VAE.useObservedLibSize(),
    logVariational: Boolean = VAE.logVariational(),
    deeplyInjectCovariates: Boolean = VAE.deeplyInjectCovariates(),
    encodeCovariates: Boolean = VAE.encodeCovariates(),
    batchRepresentation: String = ONE_HOT,
    useBatchNorm: String = "both",
    useLayerNorm: String = "none",
    seed: Long = scvi.settings.seed,
): ScviModel {
    require(batchRepresentation == ONE_HOT) {
        "batchRepresentation must be \"$ONE_HOT\", got \"$batchRepresentation\": batches have weights of their own " +
            "in every layer, and embeddings of batches are not built yet. Leave it out"
    }
    val columns = CellColumns.of(adata, "SCVI")
    val cells = columns.read(adata)
    val params =
        VAE
            .toBuilder()
            .network(
                nHidden, nLatent, nLayers, dropoutRate.toDouble(), dispersion, geneLikelihood, latentDistribution,
                useObservedLibSize, useBatchNorm, useLayerNorm, seed,
            ).logVariational(logVariational)
            .deeplyInjectCovariates(deeplyInjectCovariates)
            .encodeCovariates(encodeCovariates)
            .build()
    return ScviModel(adata, columns, Scvi.of(cells, params), cells)
}

/**
 * Makes scVI with a linear decoder for these cells, untrained. Reads what `setupAnndata` named. Writes nothing.
 *
 * Svensson et al. 2020, doi:10.1093/bioinformatics/btaa169.
 *
 * @param bias whether the decoder has one
 */
public operator fun LinearScviModels.invoke(
    adata: AnnData,
    nHidden: Int = VAE.nHidden(),
    nLatent: Int = VAE.nLatent(),
    nLayers: Int = VAE.nLayers(),
    dropoutRate: Number = VAE.dropoutRate(),
    dispersion: String = "gene",
    geneLikelihood: String = "nb",
    latentDistribution: String = "normal",
    useObservedLibSize: Boolean = false,
    bias: Boolean = LINEAR.bias(),
    useBatchNorm: String = "both",
    useLayerNorm: String = "none",
    seed: Long = scvi.settings.seed,
): LinearScviModel {
    val columns = CellColumns.of(adata, "LinearSCVI")
    val params =
        LINEAR
            .scvi()
            .toBuilder()
            .network(
                nHidden, nLatent, nLayers, dropoutRate.toDouble(), dispersion, geneLikelihood, latentDistribution,
                useObservedLibSize, useBatchNorm, useLayerNorm, seed,
            ).build()
    val cells = columns.read(adata)
    return LinearScviModel(adata, columns, LinearScvi.of(cells, LinearScvi.Params(params, bias)), cells)
}

/**
 * Makes scVI that is also trained on a part of every cell's counts, for cells with few counts; untrained. Reads what
 * `setupAnndata` named. Writes nothing.
 *
 * Svensson 2026, doi:10.64898/2026.02.11.705441.
 *
 * @param jointEmbeddingWeight how much both embeddings of a cell are drawn together: 10 to 1000
 * @param lambdaOffDiag of redundancy between dimensions, within that
 * @param minLibrarySize the least total that a cell is thinned to
 * @param varianceWeight of the loss that keeps dimensions from collapsing
 */
public operator fun JointEmbeddingScviModels.invoke(
    adata: AnnData,
    nHidden: Int = VAE.nHidden(),
    nLatent: Int = VAE.nLatent(),
    nLayers: Int = VAE.nLayers(),
    dropoutRate: Number = VAE.dropoutRate(),
    dispersion: String = "gene",
    geneLikelihood: String = "zinb",
    latentDistribution: String = "normal",
    jointEmbeddingWeight: Number = JOINT.jointEmbeddingWeight(),
    lambdaOffDiag: Number = JOINT.lambdaOffDiag(),
    minLibrarySize: Number = JOINT.minLibrarySize(),
    reconstructionWeight: Number = JOINT.reconstructionWeight(),
    varianceWeight: Number = JOINT.varianceWeight(),
    useJointEmbedding: Boolean = JOINT.useJointEmbedding(),
    useObservedLibSize: Boolean = VAE.useObservedLibSize(),
    encodeCovariates: Boolean = VAE.encodeCovariates(),
    useBatchNorm: String = "both",
    useLayerNorm: String = "none",
    seed: Long = scvi.settings.seed,
): JointEmbeddingScviModel {
    val columns = CellColumns.of(adata, "JointEmbeddingSCVI")
    val shape =
        VAE
            .toBuilder()
            .network(
                nHidden, nLatent, nLayers, dropoutRate.toDouble(), dispersion, geneLikelihood, latentDistribution,
                useObservedLibSize, useBatchNorm, useLayerNorm, seed,
            ).encodeCovariates(encodeCovariates)
            .build()
    val params =
        JointEmbeddingScvi.Params(
            shape, jointEmbeddingWeight.toDouble(), lambdaOffDiag.toDouble(), minLibrarySize.toDouble(),
            reconstructionWeight.toDouble(), varianceWeight.toDouble(),
            useJointEmbedding,
        )
    val cells = columns.read(adata)
    return JointEmbeddingScviModel(adata, columns, JointEmbeddingScvi.of(cells, params), cells)
}

/**
 * Makes scANVI for these cells, untrained; [fromScviModel] makes one that goes on from a trained scVI. Reads what
 * `scvi.SCANVI.setupAnndata` named. Writes nothing.
 *
 * Xu et al. 2021, doi:10.15252/msb.20209620.
 *
 * @param linearClassifier whether the classifier is one linear layer
 * @param classificationRatio weight of the classifier's loss
 */
public operator fun ScanviModels.invoke(
    adata: AnnData,
    nHidden: Int = VAE.nHidden(),
    nLatent: Int = VAE.nLatent(),
    nLayers: Int = VAE.nLayers(),
    dropoutRate: Number = VAE.dropoutRate(),
    dispersion: String = "gene",
    geneLikelihood: String = "zinb",
    useObservedLibSize: Boolean = VAE.useObservedLibSize(),
    encodeCovariates: Boolean = VAE.encodeCovariates(),
    linearClassifier: Boolean = LABELS.linearClassifier(),
    classificationRatio: Number = LABELS.classificationRatio(),
    useBatchNorm: String = "both",
    useLayerNorm: String = "none",
    seed: Long = scvi.settings.seed,
): ScanviModel {
    val columns = CellColumns.of(adata, "SCANVI").requireLabels()
    val shape =
        VAE
            .toBuilder()
            .network(
                nHidden, nLatent, nLayers, dropoutRate.toDouble(), dispersion, geneLikelihood, "normal",
                useObservedLibSize, useBatchNorm, useLayerNorm, seed,
            ).encodeCovariates(encodeCovariates)
            .build()
    val params = Scanvi.Params(
        shape, columns.unlabeledCategory, linearClassifier, classificationRatio.toDouble(), false,
    )
    val cells = columns.read(adata)
    return ScanviModel(adata, columns, Scanvi.of(cells, params), cells)
}

/**
 * Makes scANVI that goes on from a trained scVI: its weights and a new classifier, so that few epochs are enough. Reads
 * what the model reads and `obs[labelsKey]`. Writes nothing.
 *
 * Xu et al. 2021, doi:10.15252/msb.20209620.
 *
 * @param scviModel trained
 * @param unlabeledCategory the category of cells without a label; a missing label counts as that
 * @param labelsKey a column of labels; null for the one that the model was set up with
 * @param adata cells; null for those of the model
 */
public fun ScanviModels.fromScviModel(
    scviModel: ScviModel,
    unlabeledCategory: String,
    labelsKey: String? = null,
    adata: AnnData? = null,
    linearClassifier: Boolean = LABELS.linearClassifier(),
    classificationRatio: Number = LABELS.classificationRatio(),
): ScanviModel {
    val columns = scviModel.columns.withLabels(labelsKey, unlabeledCategory).requireLabels()
    val of = scviModel.anndata(adata)
    val cells = columns.read(of, scviModel.core)
    columns.tellUnlabelled(of)
    val params =
        Scanvi.Params(
            scviModel.core.params(), unlabeledCategory, linearClassifier, classificationRatio.toDouble(), true,
        )
    return ScanviModel(of, columns, Scanvi.fromScviModel(scviModel.core, cells, params), cells)
}

private fun CellColumns.requireLabels(): CellColumns {
    require(labelsKey != null && unlabeledCategory != null) {
        "scANVI needs labels; name their column: labelsKey = \"cell_type\", unlabeledCategory = \"Unknown\" " +
            "(scvi.SCANVI.setupAnndata, or scvi.SCANVI.fromScviModel)"
    }
    return this
}

/** What the networks of all models are made with. */
@Suppress("LongParameterList")
private fun Scvi.Params.Builder.network(
    nHidden: Int,
    nLatent: Int,
    nLayers: Int,
    dropoutRate: Double,
    dispersion: String,
    geneLikelihood: String,
    latentDistribution: String,
    useObservedLibSize: Boolean,
    useBatchNorm: String,
    useLayerNorm: String,
    seed: Long,
): Scvi.Params.Builder =
    nHidden(nHidden)
        .nLatent(nLatent)
        .nLayers(nLayers)
        .dropoutRate(dropoutRate)
        .dispersion(Check.oneOf(dispersion, Dispersion::class.java, "dispersion"))
        .geneLikelihood(Check.oneOf(geneLikelihood, Likelihood::class.java, "geneLikelihood"))
        .latentDistribution(Check.oneOf(latentDistribution, LatentDistribution::class.java, "latentDistribution"))
        .useObservedLibSize(useObservedLibSize)
        .useBatchNorm(Check.oneOf(useBatchNorm, Where::class.java, "useBatchNorm"))
        .useLayerNorm(Check.oneOf(useLayerNorm, Where::class.java, "useLayerNorm"))
        .seed(seed)

/** The Kotlin side of a model, by its kind. */
internal fun wrapped(adata: AnnData, columns: CellColumns, core: CountModel, read: CellData): GenerativeModel =
    when (core) {
        is Scvi -> ScviModel(adata, columns, core, read)
        is Scanvi -> ScanviModel(adata, columns, core, read)
        is LinearScvi -> LinearScviModel(adata, columns, core, read)
        is JointEmbeddingScvi -> JointEmbeddingScviModel(adata, columns, core, read)
        else -> throw IllegalArgumentException("no such kind of model: ${core.name()}")
    }

internal fun warn(warnings: List<String>): Unit = warnings.forEach(Log::warning)

private const val ONE_HOT = "one-hot"
private val VAE = Scvi.Params.DEFAULTS
private val LINEAR = LinearScvi.Params.DEFAULTS
private val JOINT = JointEmbeddingScvi.Params.DEFAULTS
private val LABELS = Scanvi.Params.DEFAULTS
private val PREDICTION = LabelPrediction.Params.DEFAULTS
