package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ScviTest {
    @TempDir lateinit var folder: Path

    private fun cells(seed: Long = 0): AnnData =
        sc.datasets.simulatedBatches(
            nCells = 300, nGenes = 60, nBatches = 2, nTypes = 3, typeEffect = 1.5, batchEffect = 0.2, seed = seed,
        )

    private fun trained(adata: AnnData, epochs: Int = 3): ScviModel {
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        return scvi.SCVI(adata, nHidden = 16, nLatent = 4, geneLikelihood = "nb").also { it.train(maxEpochs = epochs) }
    }

    private fun DenseMatrix.values() = toFloat32().floatData()

    @Test
    fun `a model is set up, trained and asked`() {
        val adata = cells()
        val model = trained(adata, 12)
        assertThat(model.isTrained).isTrue
        assertThat(model.trainIndices).hasSize(270)
        assertThat(model.validationIndices).hasSize(30)
        val elbo = model.history["elbo_train"].toDoubles()
        assertThat(elbo).hasSize(12)
        assertThat(elbo.last()).isLessThan(elbo.first())
        val z = model.getLatentRepresentation()
        assertThat(z.shape()).isEqualTo("300 x 4")
        adata.obsm["X_scVI"] = z
        val shares = model.getNormalizedExpression(indices = intArrayOf(3, 5), geneList = listOf("gene_07", "gene_03"))
        assertThat(shares.shape()).isEqualTo("2 x 2")
        assertThat(model.getNormalizedExpression(indices = intArrayOf(3)).rowSums()[0]).isBetween(0.999, 1.001)
        assertThat(model.getElbo()).isLessThan(0.0)
        assertThat(model.getReconstructionError()).isGreaterThan(0.0)
        assertThat(model.posteriorPredictiveSample(nSamples = 2)).hasSize(2)
        assertThat(model.getLikelihoodParameters(indices = intArrayOf(0)).keys).containsExactly("mean", "dispersions")
        assertThat(model.toString()).contains("SCVI model", "geneLikelihood: nb", "Trained")
    }

    @Test
    fun `the same seed gives the same bits for any number of threads`() {
        fun places() = trained(cells()).getLatentRepresentation().values()
        val one = Seeds.withThreads(1) { places() }
        assertThat(Seeds.withThreads(7) { places() }).isEqualTo(one)
    }

    @Test
    fun `a copy and a part know what was set up`() {
        val adata = cells()
        val model = trained(adata)
        val part = adata[intArrayOf(7, 2)].copy()
        val all = model.getLatentRepresentation().takeRows(intArrayOf(7, 2)).values()
        assertThat(model.getLatentRepresentation(part).values()).isEqualTo(all)
        assertThat(model.getLatentRepresentation(indices = intArrayOf(7, 2)).values()).isEqualTo(all)
        assertThat(scvi.SCVI(part, nHidden = 4).isTrained).isFalse
    }

    @Test
    fun `scANVI goes on from scVI and foretells labels`() {
        val adata = cells()
        val model = trained(adata, 20)
        val truth = adata.obs["cell_type"].texts()
        adata.obs["seen"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { if (it % 3 == 0) truth[it] else null })
        val labelled = scvi.SCANVI.fromScviModel(model, "Unknown", labelsKey = "seen")
        labelled.train(maxEpochs = 40, lr = 0.01, nSamplesPerLabel = 20)
        val foretold = labelled.predict().texts()
        val right = foretold.indices.count { foretold[it] == truth[it] }
        assertThat(right).isGreaterThan(200)
        val soft = labelled.predictSoft(indices = intArrayOf(0, 1))
        assertThat(soft.keys).containsExactly("type_0", "type_1", "type_2")
        assertThat(soft.keys.sumOf { soft[it].toDoubles()[1] }).isBetween(0.999, 1.001)
    }

    @Test
    fun `scANVI is made by itself, LinearSCVI has loadings, the joint embedding its losses`() {
        val adata = cells()
        scvi.SCANVI.setupAnndata(adata, labelsKey = "cell_type", unlabeledCategory = "Unknown", batchKey = "batch")
        val labelled = scvi.model.SCANVI(adata, nHidden = 16, nLatent = 4)
        labelled.train(maxEpochs = 2)
        assertThat(labelled.history.keys).contains("train_classification_loss", "train_accuracy")
        scvi.LinearSCVI.setupAnndata(adata, batchKey = "batch")
        val linear = scvi.LinearSCVI(adata, nHidden = 16, nLatent = 3)
        linear.train(maxEpochs = 2)
        assertThat(linear.getLoadings().keys).containsExactly("Z_0", "Z_1", "Z_2")
        scvi.external.JointEmbeddingSCVI.setupAnndata(adata)
        val joint = scvi.JointEmbeddingSCVI(adata, nHidden = 16, nLatent = 3, geneLikelihood = "nb")
        joint.train(maxEpochs = 2)
        assertThat(joint.history.keys).contains("cco_invariance_train")
    }

    @Test
    fun `genes that differ come first`() {
        val adata = cells()
        val model = trained(adata, 20)
        val table = model.differentialExpression(groupby = "cell_type", group1 = listOf("type_0"), nSamples = 200)
        assertThat(table.nRows()).isEqualTo(60)
        assertThat(table.keys).contains("comparison", "proba_m1", "bayes_factor", "raw_mean1")
        val some = intArrayOf(0, 1, 2, 3)
        val change = model.differentialExpression(idx1 = some, mode = "change", nSamples = 100, allStats = false)
        assertThat(change.keys).contains("proba_de", "lfc_mean", "is_de_fdr_0.05")
        assertThatThrownBy { model.differentialExpression() }
            .hasMessage("give groups of cells by groupby = \"cell_type\", or by positions: idx1 = intArrayOf(...)")
    }

    @Test
    fun `a saved model is the same`() {
        val adata = cells()
        val model = trained(adata)
        val dir = folder.resolve("model").toString()
        model.save(dir, saveAnndata = true)
        val places = model.getLatentRepresentation().values()
        assertThat(
            scvi.SCVI
                .load(dir)
                .getLatentRepresentation()
                .values(),
        ).isEqualTo(places)
        val again = scvi.SCVI.load(dir, cells())
        assertThat(again.getLatentRepresentation().values()).isEqualTo(places)
        assertThat(again.history["elbo_train"].toDoubles()).isEqualTo(model.history["elbo_train"].toDoubles())
        assertThatThrownBy { model.save(dir) }.hasMessageContaining("holds a model already")
        assertThatThrownBy { scvi.SCANVI.load(dir, cells()) }.hasMessageContaining("holds a model of the kind SCVI")
        val other = sc.datasets.simulatedBatches(nCells = 50, nGenes = 61, nBatches = 2)
        assertThatThrownBy { scvi.SCVI.load(dir, other) }.hasMessageContaining("has 61 genes, but the SCVI model")
    }

    @Test
    fun `counts in a file are trained on as those in memory`() {
        val adata = cells()
        val file = folder.resolve("cells.h5ad").toString()
        adata.writeH5ad(file)
        val backed = sc.readH5ad(file, backed = "r")
        scvi.SCVI.setupAnndata(backed, batchKey = "batch")
        val stored = scvi.SCVI(backed, nHidden = 16, nLatent = 4, geneLikelihood = "nb")
        stored.train(maxEpochs = 2)
        assertThat(backed.isBacked).isTrue
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        val model = scvi.SCVI(adata, nHidden = 16, nLatent = 4, geneLikelihood = "nb")
        model.train(maxEpochs = 2, chunkedShuffle = true)
        val places = stored.getLatentRepresentation().values()
        assertThat(places).isEqualTo(model.getLatentRepresentation().values())
        backed.backed.close()
    }

    @Test
    fun `a killed training goes on from its checkpoint`() {
        val adata = cells()
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")

        fun model() = scvi.SCVI(adata, nHidden = 16, nLatent = 4, geneLikelihood = "nb")
        val whole = model().also { it.train(maxEpochs = 6) }
        val checkpoint = folder.resolve("checkpoint").toString()
        val killed = model()
        Thread.currentThread().interrupt()
        assertThatThrownBy { killed.train(maxEpochs = 6, checkpoint = checkpoint, checkpointEveryNEpoch = 2) }
            .isInstanceOf(java.util.concurrent.CancellationException::class.java)
        killed.train(maxEpochs = 6, checkpoint = checkpoint, checkpointEveryNEpoch = 2)
        assertThat(killed.getLatentRepresentation().values()).isEqualTo(whole.getLatentRepresentation().values())
    }

    @Test
    fun `cells of a new batch are mapped to a reference`() {
        val model = trained(cells(), 5)
        val query = cells(1)
        query.obs["batch"] = CategoricalColumn.ofTexts(*Array(query.nObs) { "new" })
        assertThatThrownBy { model.getLatentRepresentation(query) }.hasMessageContaining("loadQueryData")
        val some = scvi.SCVI.prepareQueryAnndata(query[all, IntArray(55) { 59 - it }].copy(), model)
        assertThat(some.varNames.toList()).isEqualTo(query.varNames.toList())
        val mapped = scvi.SCVI.loadQueryData(some, model)
        mapped.train(maxEpochs = 2, weightDecay = 0.0)
        assertThat(mapped.getLatentRepresentation().shape()).isEqualTo("300 x 4")
    }

    @Test
    fun `what is not counts, or not there, is refused at once`() {
        val adata = cells()
        assertThatThrownBy { scvi.SCVI(adata) }
            .hasMessage("adata is not set up for models; call scvi.SCVI.setupAnndata(adata, batchKey = ...) first")
        assertThatThrownBy { scvi.SCVI.setupAnndata(adata, batchKey = "bacth") }
            .hasMessageContaining("Did you mean 'batch'?")
        assertThat(adata.uns.keys).doesNotContain("_scvi")
        adata.obs["age"] = NumericColumn.of(*DoubleArray(300) { if (it == 4) Double.NaN else 1.0 })
        assertThatThrownBy { scvi.SCVI.setupAnndata(adata, continuousCovariateKeys = listOf("age")) }
            .hasMessageContaining("obs['age'] is NaN for cell 'cell_4'")
        assertThatThrownBy { scvi.SCVI.setupAnndata(adata, continuousCovariateKeys = listOf("batch")) }
            .hasMessageContaining("give labels by categoricalCovariateKeys")
        val log = adata.copy()
        sc.pp.log1p(log)
        assertThatThrownBy { scvi.SCVI.setupAnndata(log) }
            .hasMessageContaining("X must hold counts, but cell 'cell_0', gene 'gene_")
            .hasMessageContaining("Give the layer with raw counts")
        val empty = adata.copy()
        empty.X = sc.pp.thinCounts(adata, DoubleArray(300) { if (it == 9) 0.0 else 1.0 }, copy = true).X
        assertThatThrownBy { scvi.SCVI.setupAnndata(empty) }
            .hasMessageContaining("cell 'cell_9' of X has no counts")
    }

    @Test
    fun `arguments that nobody knows are refused by name`() {
        val model = trained(cells(), 1)
        assertThatThrownBy { model.train(planKwargs = mapOf("learning_rate" to 0.1)) }
            .hasMessageContaining("planKwargs has no 'learningRate'")
        assertThatThrownBy { model.train(planKwargs = mapOf("lr" to "much")) }
            .hasMessage("planKwargs[\"lr\"] must be a number, got 'much'")
        assertThatThrownBy { model.train(maxEpochs = 0) }.hasMessage("maxEpochs must be positive, got 0")
        assertThatThrownBy { model.train(optimizer = "SGD") }.hasMessageContaining("\"Adam\" or \"AdamW\"")
        assertThatThrownBy { model.train(accelerator = "tpu") }.hasMessageContaining("accelerator must be")
        assertThatThrownBy { scvi.pl.history(mapOf("a" to model), keys = listOf("elbo")) }
            .hasMessageContaining("keys must be series of a history, got 'elbo'")
        assertThatThrownBy { scvi.SCANVI.fromScviModel(model, "Unknown") }.hasMessageContaining("scANVI needs labels")
        assertThatThrownBy { model.getNormalizedExpression(librarySize = "big") }
            .hasMessage("librarySize must be a number or \"latent\", got 'big'")
        assertThatThrownBy { scvi.SCVI(cells(), batchRepresentation = "embedding") }
            .hasMessageContaining("batchRepresentation must be \"one-hot\", got \"embedding\"")
        val before = model.history.keys
        model.train(maxEpochs = 2, planKwargs = mapOf("lr" to 0.01, "n_epochs_kl_warmup" to null))
        assertThat(model.history["kl_weight"].toDoubles().last()).isEqualTo(1.0)
        assertThat(model.history.keys).containsAll(before)
    }

    @Test
    fun `training is drawn with a line per model`() {
        val adata = cells()
        val model = trained(adata)
        model.train(maxEpochs = 2, checkValEveryNEpoch = 1)
        val svg = scvi.pl.history(mapOf("scVI" to model), keys = listOf("elbo_train", "elbo_validation")).toSvg()
        assertThat(svg).contains("elbo_validation", "Epoch")
        assertThat(bridged(doubleArrayOf(Double.NaN, 1.0, Double.NaN, Double.NaN, 4.0, Double.NaN)))
            .containsExactly(Double.NaN, 1.0, 2.0, 3.0, 4.0, Double.NaN)
    }

    @Test
    fun `thinned counts keep a share of every cell`() {
        val adata = cells()
        val shares = DoubleArray(300) { if (it == 0) 1.0 else 0.3 }
        val thinned = sc.pp.thinCounts(adata, shares, copy = true)
        assertThat(thinned.X.rowSums()[0]).isEqualTo(adata.X.rowSums()[0])
        assertThat(
            thinned.X
                .rowSums()
                .drop(1)
                .sum() / adata.X
                .rowSums()
                .drop(1)
                .sum(),
        ).isBetween(0.29, 0.31)
        assertThatThrownBy { sc.pp.thinCounts(adata, DoubleArray(300) { 1.5 }) }
            .hasMessage("shares must lie in [0, 1], got 1.5 for cell 0")
        assertThatThrownBy { sc.pp.thinCounts(adata, DoubleArray(2)) }.hasMessageContaining("shares has length 2")
    }
}
