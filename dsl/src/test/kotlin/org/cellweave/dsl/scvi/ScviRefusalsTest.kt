package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** What nobody can mean is refused in one line, by the name that scripts have for it. */
class ScviRefusalsTest {
    @TempDir lateinit var folder: Path

    private fun cells(): AnnData =
        sc.datasets.simulatedBatches(nCells = 60, nGenes = 20, nBatches = 2, nTypes = 2, seed = 1)

    private fun model(adata: AnnData = cells()): ScviModel {
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        return scvi.SCVI(adata, nHidden = 4, nLatent = 2, geneLikelihood = "nb")
    }

    private fun trained() = model().also { it.train(maxEpochs = 1) }

    private fun refused(message: String, body: () -> Any?) {
        assertThatThrownBy { body() }.isInstanceOf(IllegalArgumentException::class.java).hasMessage(message)
    }

    @Test
    fun `all questions take indices alike`() {
        val model = trained()
        val questions =
            listOf<(IntArray) -> Any?>(
                { model.getLatentRepresentation(indices = it) },
                { model.getLatentDistribution(indices = it) },
                { model.getNormalizedExpression(indices = it) },
                { model.getLikelihoodParameters(indices = it) },
                { model.getLatentLibrarySize(indices = it) },
                { model.posteriorPredictiveSample(indices = it) },
                { model.getElbo(indices = it) },
                { model.getReconstructionError(indices = it) },
                { model.getMarginalLl(indices = it, nMcSamples = 1) },
                { model.getFeatureCorrelationMatrix(indices = it) },
                { model.getAggregatedPosterior(indices = it) },
            )
        for (question in questions) {
            refused("indices must lie in [0, 60), positions of cells, got -1") { question(intArrayOf(3, -1)) }
            refused("indices must lie in [0, 60), positions of cells, got 60") { question(intArrayOf(60)) }
            refused("indices must name at least one cell, got none; null is for all") { question(intArrayOf()) }
        }
        val one = intArrayOf(0)
        assertThatThrownBy { model.getFeatureCorrelationMatrix(indices = one, nSamples = 1) }
            .hasMessageContaining("need at least two draws")
    }

    @Test
    fun `groups to compare must have cells`() {
        val model = trained()
        refused("idx1 must lie in [0, 60), positions of cells, got -1") {
            model.differentialExpression(idx1 = intArrayOf(-1))
        }
        refused("idx2 must lie in [0, 60), positions of cells, got 99") {
            model.differentialExpression(idx1 = intArrayOf(1), idx2 = intArrayOf(99))
        }
        refused("idx1 must name at least one cell, got none") { model.differentialExpression(idx1 = intArrayOf()) }
        refused("idx1 names all 60 cells, so that none are left to compare them with; give idx2") {
            model.differentialExpression(idx1 = IntArray(60) { it })
        }
        refused("group1 must name at least one group of obs['cell_type'], got none; null is for all") {
            model.differentialExpression(groupby = "cell_type", group1 = listOf<String>())
        }
        val none = cells()
        none.obs["none"] = CategoricalColumn.ofTexts(*arrayOfNulls<String>(60))
        refused("obs['none'] has no groups: no cell has a label there. Name another column") {
            model.differentialExpression(none, groupby = "none")
        }
        refused("geneList must name at least one gene, got none; null is for all") {
            model.getNormalizedExpression(geneList = listOf<String>())
        }
    }

    @Test
    fun `numbers of a training are checked before it`() {
        val model = model()
        assertThatThrownBy { model.train(maxEpochs = 2, earlyStopping = true, earlyStoppingMonitor = "elbo_val") }
            .hasMessageStartingWith("earlyStoppingMonitor must be a series of the history")
        refused("earlyStoppingPatience must be positive, got -3") {
            model.train(maxEpochs = 2, earlyStopping = true, earlyStoppingPatience = -3)
        }
        refused("lrMin must be a finite number, got NaN") {
            model.train(maxEpochs = 2, reduceLrOnPlateau = true, lrMin = Double.NaN)
        }
        refused("nSamplesPerLabel must be positive, got 0") { model.train(maxEpochs = 2, nSamplesPerLabel = 0) }
        assertThatThrownBy { model.train(maxEpochs = 2, nSamplesPerLabel = 3) }
            .hasMessageContaining("SCVI draws no labels")
        refused("maxKlWeight must be a finite number, got NaN") { model.train(maxEpochs = 2, maxKlWeight = Double.NaN) }
        refused("validationSize must be a finite number, got NaN") { model.train(validationSize = Double.NaN) }
        refused("checkpointEveryNEpoch must be positive, got 0") { model.train(checkpointEveryNEpoch = 0) }
        for (number in listOf(2.7, Double.NaN, 1L shl 32, Double.POSITIVE_INFINITY)) {
            refused("planKwargs[\"nEpochsKlWarmup\"] must be a whole number up to 2147483647, got '$number'") {
                model.train(maxEpochs = 2, planKwargs = mapOf("n_epochs_kl_warmup" to number))
            }
        }
        model.train(maxEpochs = 1, planKwargs = mapOf("n_epochs_kl_warmup" to 2.0))
        assertThat(model.history.nRows()).isEqualTo(1)
    }

    @Test
    fun `files of the user are left alone, and paths are checked first`() {
        val model = trained()
        val mine = folder.resolve("adata.h5ad")
        Files.writeString(mine, "mine")
        for (overwrite in listOf(false, true)) {
            assertThatThrownBy { model.save(folder.toString(), overwrite = overwrite, saveAnndata = true) }
                .hasMessageContaining("adata.h5ad was not saved with a model, and is not replaced")
        }
        assertThat(Files.readString(mine)).isEqualTo("mine")
        assertThat(folder.resolve("model.safetensors")).doesNotExist()
        val saved = folder.resolve("saved").toString()
        model.save(saved, saveAnndata = true)
        model.save(saved, overwrite = true, saveAnndata = true)
        assertThat(scvi.SCVI.load(saved).isTrained).isTrue
        for (body in listOf<() -> Any?>(
            { model.save("a\u0000b") },
            { scvi.SCVI.load("a\u0000b") },
            { model.train(maxEpochs = 1, checkpoint = "a\u0000b") },
        )) {
            assertThatThrownBy { body() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining("cannot name a file")
        }
        assertThatThrownBy { model.train(maxEpochs = 2, checkpoint = mine.toString()) }
            .hasMessageContaining("cannot be made: a file of that name is there")
    }

    @Test
    fun `names of columns may hold any character`() {
        val adata = cells()
        adata.obs["a\nb"] = CategoricalColumn.ofTexts(*Array(60) { "x${it % 3}" })
        adata.obs["[\"c\"]"] = CategoricalColumn.ofTexts(*Array(60) { "y${it % 2}" })
        scvi.SCVI.setupAnndata(adata, categoricalCovariateKeys = listOf("a\nb", "[\"c\"]"))
        val model = scvi.SCVI(adata, nHidden = 4, nLatent = 2)
        model.train(maxEpochs = 1)
        val dir = folder.resolve("columns").toString()
        model.save(dir)
        assertThat(scvi.SCVI.load(dir, adata).getElbo()).isEqualTo(model.getElbo())
    }

    @Test
    fun `what there is nothing of is said so`() {
        val adata = cells()
        refused("X has no cells; a model needs some") { scvi.SCVI.setupAnndata(adata[intArrayOf()]) }
        refused("'a' has no history, because it is not trained. Call train() first") {
            scvi.pl.history(mapOf("a" to model()))
        }
        val fewer = cells()[all, IntArray(19) { it }].copy()
        assertThatThrownBy { trained().getElbo(fewer) }
            .hasMessageContaining("scvi.SCVI.prepareQueryAnndata(adata, model)")
        val many = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(3e9, 1.0))))
        refused("thinning needs counts up to 2147483647, but cell '0', gene '0', of X is 3.0E9") {
            sc.pp.thinCounts(many, doubleArrayOf(0.5))
        }
    }
}
