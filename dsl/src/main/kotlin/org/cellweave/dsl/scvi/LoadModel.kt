package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.matrix.Matrix
import org.cellweave.neural.data.MatrixRows
import org.cellweave.neural.model.CountModel
import org.cellweave.neural.model.JointEmbeddingScvi
import org.cellweave.neural.model.LinearScvi
import org.cellweave.neural.model.ModelFile
import org.cellweave.neural.model.QueryMapping
import org.cellweave.neural.model.Scanvi
import org.cellweave.neural.model.Scvi
import org.cellweave.neural.module.KeptParts
import org.cellweave.util.FilePath
import java.nio.file.Files
import java.nio.file.Path

/**
 * Loads a saved model. Reads `model.safetensors` of the folder, and [adata] by the columns that the model was set up
 * with.
 * Writes nothing.
 *
 * @param adata cells of the model's genes; null for those that were saved with it
 */
public fun ScviModels.load(dirPath: String, adata: AnnData? = null): ScviModel =
    loaded(dirPath, adata) { Scvi.load(it) } as ScviModel

/** As `scvi.SCVI.load`. Reads and writes the same. */
public fun ScanviModels.load(dirPath: String, adata: AnnData? = null): ScanviModel =
    loaded(dirPath, adata) { Scanvi.load(it) } as ScanviModel

/** As `scvi.SCVI.load`. Reads and writes the same. */
public fun LinearScviModels.load(dirPath: String, adata: AnnData? = null): LinearScviModel =
    loaded(dirPath, adata) { LinearScvi.load(it) } as LinearScviModel

/** As `scvi.SCVI.load`. Reads and writes the same. */
public fun JointEmbeddingScviModels.load(dirPath: String, adata: AnnData? = null): JointEmbeddingScviModel =
    loaded(dirPath, adata) { JointEmbeddingScvi.load(it) } as JointEmbeddingScviModel

private fun loaded(dirPath: String, adata: AnnData?, load: (Path) -> CountModel): GenerativeModel {
    val core = load(FilePath.of(dirPath))
    val columns = CellColumns.ofNotes(core.notes())
    val cells = adata ?: savedWith(dirPath)
    val read = columns.read(cells, core)
    core.require(read)
    return wrapped(cells, columns, core, read)
}

private fun savedWith(dirPath: String): AnnData {
    val file = FilePath.of(dirPath).resolve(CELLS_FILE)
    require(Files.exists(file)) {
        "'$dirPath' holds no cells ($CELLS_FILE); give them: load(\"$dirPath\", adata)"
    }
    return sc.readH5ad(file.toString())
}

/**
 * Brings an AnnData to the genes of a model, in its order; genes that are missing count zero. Reads `X`, or the layer
 * of
 * the model. Writes nothing; gives a new object with the model's genes.
 *
 * Lotfollahi et al. 2022, doi:10.1038/s41587-021-01001-7.
 */
public fun ScviModels.prepareQueryAnndata(adata: AnnData, reference: GenerativeModel): AnnData =
    preparedQuery(adata, reference)

/** As `scvi.SCVI.prepareQueryAnndata`. Reads and writes the same. */
public fun ScanviModels.prepareQueryAnndata(adata: AnnData, reference: GenerativeModel): AnnData =
    preparedQuery(adata, reference)

private fun preparedQuery(adata: AnnData, reference: GenerativeModel): AnnData {
    val layer = reference.columns.layer
    val counts = if (layer == null) adata.X else adata.layers[layer] as Matrix
    val found = QueryMapping.prepareQuery(reference.core, MatrixRows(counts, adata.varNames.toTypedArray()))
    warn(found.warnings())
    val genes = DataFrame("var", StringColumn.of(*reference.core.geneNames()), null)
    val query = AnnData(found.rows().toMatrix(), adata.obs.copy(), genes)
    adata.uns[CellColumns.KEY]?.let { query.uns[CellColumns.KEY] = it }
    if (layer != null) query.layers[layer] = query.X
    return query
}

/**
 * Makes a model for new cells that begins with the weights of a trained one (scArches); train it on them. Reads
 * [adata] by
 * the columns of the model. Writes nothing.
 *
 * Lotfollahi et al. 2022, doi:10.1038/s41587-021-01001-7.
 *
 * @param adata cells with the model's genes, of any batches
 * @param referenceModel trained
 * @param unfrozen trains all weights
 * @param freezeExpression keeps the last layers and dispersions
 * @param freezeDropout trains without dropout
 */
public fun ScviModels.loadQueryData(
    adata: AnnData,
    referenceModel: ScviModel,
    unfrozen: Boolean = false,
    freezeExpression: Boolean = KEPT.expression(),
    freezeDecoderFirstLayer: Boolean = KEPT.decoderFirstLayer(),
    freezeBatchnormEncoder: Boolean = KEPT.encoderNorms(),
    freezeBatchnormDecoder: Boolean = KEPT.decoderNorms(),
    freezeDropout: Boolean = KEPT.dropout(),
): ScviModel =
    mapped(
        adata,
        referenceModel,
        KeptParts
            .builder()
            .expression(freezeExpression)
            .decoderFirstLayer(freezeDecoderFirstLayer)
            .encoderNorms(freezeBatchnormEncoder)
            .decoderNorms(freezeBatchnormDecoder)
            .dropout(freezeDropout)
            .build()
            .takeUnless { unfrozen },
    ) as ScviModel

/**
 * As `scvi.SCVI.loadQueryData`; reads and writes the same. New cells need no label, as long as they have the category
 * for those without one: training then leaves out the classifier's loss, and the history has no scores of it.
 *
 * @param freezeClassifier keeps the classifier
 */
public fun ScanviModels.loadQueryData(
    adata: AnnData,
    referenceModel: ScanviModel,
    unfrozen: Boolean = false,
    freezeExpression: Boolean = KEPT.expression(),
    freezeDecoderFirstLayer: Boolean = KEPT.decoderFirstLayer(),
    freezeBatchnormEncoder: Boolean = KEPT.encoderNorms(),
    freezeBatchnormDecoder: Boolean = KEPT.decoderNorms(),
    freezeDropout: Boolean = KEPT.dropout(),
    freezeClassifier: Boolean = KEPT.classifier(),
): ScanviModel =
    mapped(
        adata,
        referenceModel,
        KeptParts
            .builder()
            .expression(freezeExpression)
            .decoderFirstLayer(freezeDecoderFirstLayer)
            .encoderNorms(freezeBatchnormEncoder)
            .decoderNorms(freezeBatchnormDecoder)
            .dropout(freezeDropout)
            .classifier(freezeClassifier)
            .build()
            .takeUnless { unfrozen },
    ) as ScanviModel

private fun mapped(adata: AnnData, reference: GenerativeModel, kept: KeptParts?): GenerativeModel {
    val cells = reference.columns.read(adata, reference.core)
    return wrapped(adata, reference.columns, QueryMapping.loadQueryData(reference.core, cells, kept), cells)
}

private val KEPT = KeptParts.DEFAULTS
