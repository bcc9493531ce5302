package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What a newcomer who knows scvi-tools types. */
class ModelArgumentsTest {
    private fun cells(seed: Long = 0): AnnData =
        sc.datasets.simulatedBatches(
            nCells = 200, nGenes = 40, nBatches = 2, nTypes = 3, typeEffect = 1.5, batchEffect = 0.2, seed = seed,
        )

    private fun trained(adata: AnnData): ScviModel {
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        return scvi.SCVI(adata, nHidden = 8, nLatent = 3, geneLikelihood = "nb").also { it.train(maxEpochs = 2) }
    }

    private fun said(run: () -> Unit): String {
        val out = ByteArrayOutputStream()
        val before = System.err
        System.setErr(PrintStream(out, true))
        try {
            run()
        } finally {
            System.setErr(before)
        }
        return out.toString()
    }

    private fun AnnData.fill(key: String, label: String) {
        obs[key] = CategoricalColumn.ofTexts(*Array(nObs) { label })
    }

    @Test
    fun `new cells without any label are mapped to a scANVI reference`() {
        val adata = cells()
        scvi.SCANVI.setupAnndata(adata, "cell_type", "Unknown", batchKey = "batch")
        val reference = scvi.SCANVI(adata, nHidden = 8, nLatent = 3)
        reference.train(maxEpochs = 4, lr = 0.01)
        val query = cells(1)
        query.fill("cell_type", "Unknown")
        query.fill("batch", "new")
        val mapped = scvi.SCANVI.loadQueryData(query, reference)
        mapped.train(maxEpochs = 10, checkValEveryNEpoch = 5)
        assertThat(mapped.history["elbo_train"].toDoubles()).hasSize(10)
        assertThat(mapped.history.keys).doesNotContain("train_accuracy", "train_classification_loss")
        assertThat(mapped.predict().texts().toSet()).isSubsetOf("type_0", "type_1", "type_2")
        scvi.SCANVI.setupAnndata(query, "cell_type", "Unknown", batchKey = "batch")
        assertThatThrownBy { scvi.SCANVI(query) }
            .hasMessageContaining("at least two levels besides 'Unknown'")
    }

    @Test
    fun `a category for cells without a label that nobody has is told`() {
        val adata = cells()
        val model = trained(adata)
        val types = adata.obs["cell_type"].texts()
        adata.obs["seen"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { if (it % 2 == 0) types[it] else "Unknown" })
        assertThat(said { scvi.SCANVI.fromScviModel(model, "unknown", "seen") }).contains(
            "WARNING: no cell of obs['seen'] is 'unknown' (unlabeledCategory), so that all count as labelled. " +
                "Did you mean 'Unknown'?",
        )
        assertThat(said { scvi.SCANVI.setupAnndata(adata, "seen", "unknwon") }).contains("Did you mean 'Unknown'?")
        assertThat(said { scvi.SCANVI.fromScviModel(model, "Unknown", "seen") }).doesNotContain("WARNING")
        assertThat(said { scvi.SCANVI.setupAnndata(adata, "cell_type", "Unknown") }).doesNotContain("WARNING")
    }

    @Test
    fun `missing genes are named before cells that have no counts among the others`() {
        val model = trained(cells())
        val query = cells(1)
        val sparse = query.X.toCsr()
        val none = (0 until 40).filter { sparse.get(0, it) == 0.0 }.toIntArray()
        val some = query[all, none].copy()
        assertThat(some.X.rowSums()[0]).isZero
        val expected = "X has ${none.size} genes, but the SCVI model was made for 40"
        assertThatThrownBy { model.getLatentRepresentation(some) }.hasMessageContaining(expected)
        assertThatThrownBy { model.getElbo(some, indices = intArrayOf(0)) }.hasMessageContaining(expected)
        assertThatThrownBy { scvi.SCVI.loadQueryData(some, model) }.hasMessageContaining(expected)
        assertThatThrownBy { scvi.SCVI.setupAnndata(some) }.hasMessageContaining("has no counts")
    }

    @Test
    fun `one value does where a list is asked for`() {
        val adata = cells()
        adata.obs["age"] = NumericColumn.of(*DoubleArray(200) { it / 200.0 })
        scvi.SCVI.setupAnndata(adata, categoricalCovariateKeys = "batch", continuousCovariateKeys = "age")
        scvi.JointEmbeddingSCVI.setupAnndata(adata, categoricalCovariateKeys = "batch")
        scvi.SCANVI.setupAnndata(adata, "cell_type", "Unknown", categoricalCovariateKeys = listOf("batch"))
        assertThatThrownBy { scvi.SCVI.setupAnndata(adata, categoricalCovariateKeys = mapOf("a" to 1)) }
            .hasMessageContaining("categoricalCovariateKeys must be a text or a list of texts")
        val model = trained(adata)
        val one = model.getNormalizedExpression(transformBatch = "batch_1", geneList = "gene_07")
        val list = model.getNormalizedExpression(transformBatch = listOf("batch_1"), geneList = listOf("gene_07"))
        assertThat(one["gene_07"]).isEqualTo(list["gene_07"])
        val drawn = model.posteriorPredictiveSample(geneList = "gene_07", transformBatch = "batch_0")
        assertThat(drawn.single().nCols()).isEqualTo(1)
        val table =
            model.differentialExpression(
                groupby = "cell_type", group1 = "type_0", mode = "change", nSamples = 50, credInterval = 0.9,
                batchCorrection = true, batchid1 = "batch_0", batchid2 = "batch_0",
            )
        assertThat(table.nRows()).isEqualTo(40)
        assertThatThrownBy {
            model.differentialExpression(groupby = "cell_type", group1 = "type_0", credInterval = "wide")
        }.hasMessage("credInterval must be a number or a list of numbers, got 'wide'")
        assertThatThrownBy { model.getNormalizedExpression(transformBatch = 1.0 to 2) }
            .hasMessage("transformBatch must be a text or a list of texts, got Pair")
    }

    @Test
    fun `expression has the names of cells and genes`() {
        val adata = cells()
        val model = trained(adata)
        val table = model.getNormalizedExpression(indices = intArrayOf(7, 3), geneList = listOf("gene_07", "gene_03"))
        assertThat(table.cells).containsExactly("cell_7", "cell_3")
        assertThat(table.genes).containsExactly("gene_07", "gene_03")
        assertThat(table["cell_3", "gene_07"]).isEqualTo(table.x.get(1, 0)).isEqualTo(table[1, 0])
        assertThat(table["gene_03"]).isEqualTo(table.x.column(1))
        assertThat(table.toDataFrame()["gene_03"].toDoubles()).isEqualTo(table.x.column(1))
        assertThat(table.toString()).startsWith("2 cells x 2 genes").contains("gene_07", "cell_3")
        assertThatThrownBy { table["gene_99"] }.hasMessageContaining("gene_99")
        val all = model.getNormalizedExpression()
        adata.layers["decoded"] = all
        assertThat(adata.layers["decoded"].rowSums()).isEqualTo(all.rowSums())
        assertThat(all.shape()).isEqualTo("200 x 40")
        val drawn = model.getNormalizedExpression(nSamplesOverall = 9)
        assertThat(drawn.cells).hasSize(9).isSubsetOf(adata.obsNames.toList())
    }

    @Test
    fun `soft predictions have scvi-tools' spelling too, and the setup can be seen`() {
        val adata = cells()
        adata.layers["counts"] = adata.X.copy()
        scvi.SCANVI.setupAnndata(adata, "cell_type", "Unknown", layer = "counts", batchKey = "batch")
        val model = scvi.SCANVI(adata, nHidden = 8, nLatent = 3)
        model.train(maxEpochs = 1)
        val soft = model.predict(soft = true)
        assertThat(soft["type_1"].toDoubles()).isEqualTo(model.predictSoft()["type_1"].toDoubles())
        assertThat(model.predict().texts()).hasSize(200)
        assertThatThrownBy { model.predict(soft = false) }
            .hasMessage("soft must be true for probabilities; for labels leave it out: predict()")
        val setup = model.viewAnndataSetup()
        assertThat(setup.index.texts()).containsExactly("X", "batch", "labels", "unlabeled_category")
        assertThat(setup["place"].texts())
            .containsExactly("layers['counts']", "obs['batch']", "obs['cell_type']", "obs['cell_type']")
        assertThat(setup["n"].toDoubles()).containsExactly(40.0, 2.0, 4.0, 1.0)
        assertThat(setup["levels"].texts()[1]).isEqualTo("batch_0, batch_1")
    }
}
