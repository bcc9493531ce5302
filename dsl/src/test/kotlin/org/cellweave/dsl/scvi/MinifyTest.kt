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

class MinifyTest {
    @TempDir lateinit var folder: Path

    private fun cells(): AnnData {
        val adata =
            sc.datasets.simulatedBatches(nCells = 200, nGenes = 60, nBatches = 2, nTypes = 3, typeEffect = 1.5)
        adata.layers["counts"] = adata.X.copy()
        sc.pp.log1p(adata)
        return adata
    }

    private fun trained(adata: AnnData): ScviModel {
        scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
        return scvi.SCVI(adata, nHidden = 16, nLatent = 4, geneLikelihood = "nb").also { it.train(maxEpochs = 3) }
    }

    private fun DenseMatrix.values() = toFloat32().floatData()

    private fun everything(model: ScviModel): List<FloatArray> =
        listOf(
            model.getLatentRepresentation().values(),
            model.getLatentRepresentation(indices = intArrayOf(9, 2), giveMean = false).values(),
            model.getNormalizedExpression(indices = intArrayOf(4, 3), transformBatch = listOf("batch_1")).x.values(),
            model.getLikelihoodParameters().getValue("mean").values(),
            model.posteriorPredictiveSample()[0].toDense().values(),
        )

    @Test
    fun `places stand for counts, also in a file`() {
        val adata = cells()
        adata.obsm["X_other"] = DenseMatrix.zeros(200, 2, org.cellweave.matrix.DType.FLOAT32)
        val model = trained(adata)
        val before = everything(model)
        val small = model.minifyAdata()
        assertThat(small).isSameAs(model.adata).isNotSameAs(adata)
        assertThat(model.minifiedDataType).isEqualTo("latent_posterior_parameters")
        assertThat(adata.layers["counts"].rowSums()[0]).isPositive
        assertThat(small.X.rowSums().sum() + small.layers["counts"].rowSums().sum()).isZero
        assertThat(small.obsm.keys).containsExactlyInAnyOrder("X_other", "X_latent_qzm", "X_latent_qzv")
        assertThat(small.obs.keys).contains("observed_lib_size", "batch", "cell_type")
        assertThat(everything(model)).usingRecursiveComparison().isEqualTo(before)
        val dir = folder.resolve("small").toString()
        model.save(dir, saveAnndata = true)
        val again = scvi.SCVI.load(dir)
        assertThat(again.minifiedDataType).isEqualTo("latent_posterior_parameters")
        assertThat(everything(again)).usingRecursiveComparison().isEqualTo(before)
        // and cells with counts can still be asked for
        assertThat(again.getLatentRepresentation(adata).values()).isEqualTo(before[0])
        assertThat(again.getElbo(adata)).isFinite
        assertThat(Files.size(folder.resolve("small/adata.h5ad"))).isPositive
    }

    @Test
    fun `a part and a second time`() {
        val model = trained(cells())
        val places = model.getLatentRepresentation().takeRows(intArrayOf(5, 1)).values()
        val part = model.minifyAdata(useLatentQzmKey = "m", useLatentQzvKey = "v")[intArrayOf(5, 1)].copy()
        assertThat(model.getLatentRepresentation(part).values()).isEqualTo(places)
        assertThat(model.minifyAdata().obsm.keys).contains("m", "X_latent_qzm")
        assertThat(model.getLatentRepresentation(part).values()).isEqualTo(places)
    }

    @Test
    fun `genes that differ come without means of counts`() {
        val model = trained(cells())
        model.minifyAdata()
        val table = model.differentialExpression(groupby = "cell_type", nSamples = 100)
        assertThat(table.keys).contains("proba_m1", "scale1").doesNotContain("raw_mean1")
        assertThatThrownBy { model.differentialExpression(groupby = "cell_type", mode = "change", nSamples = 100) }
            .hasMessageContaining("pseudocounts = 1e-6 may be named, needs the counts")
        val change =
            model.differentialExpression(
                groupby = "cell_type", mode = "change", pseudocounts = 1e-6, nSamples = 100, filterOutlierCells = true,
            )
        assertThat(change.keys).contains("proba_de")
    }

    @Test
    fun `scANVI foretells from places`() {
        val adata = cells()
        adata.obs["seen"] = CategoricalColumn.ofTexts(*Array(200) { if (it % 2 == 0) "a" else "b" })
        scvi.SCANVI.setupAnndata(adata, labelsKey = "seen", unlabeledCategory = "Unknown", layer = "counts")
        val model = scvi.SCANVI(adata, nHidden = 16, nLatent = 4)
        model.train(maxEpochs = 2)
        val labels = model.predict().texts()
        model.minifyAdata()
        assertThat(model.predict().texts()).isEqualTo(labels)
    }

    @Test
    fun `counts may stay`() {
        val model = trained(cells())
        val elbo = model.getElbo()
        model.minifyAdata("latent_posterior_parameters_with_counts")
        assertThat(model.getElbo()).isEqualTo(elbo)
        assertThat(model.adata.layers["counts"].rowSums()[0]).isPositive
        assertThatThrownBy { model.train(maxEpochs = 1) }.hasMessageContaining("minify afterwards")
    }

    @Test
    fun `what needs counts, or is no minified object, is refused`() {
        val adata = cells()
        val model = trained(adata)
        assertThatThrownBy { model.minifyAdata("zip") }
            .hasMessageContaining("minifiedDataType must be one of [latent_posterior_parameters, ")
        assertThatThrownBy { model.minifyAdata(useLatentQzmKey = "a", useLatentQzvKey = "a") }
            .hasMessageContaining("must differ, got 'a' for both")
        val small = model.minifyAdata()
        val needed = "needs the counts of cells, which were dropped when these were minified"
        assertThatThrownBy { model.getElbo() }.hasMessageContaining("the evidence lower bound $needed")
        assertThatThrownBy { model.getMarginalLl(nMcSamples = 2) }.hasMessageContaining(needed)
        assertThatThrownBy { model.train(maxEpochs = 1) }.hasMessageContaining("training $needed")
        assertThatThrownBy { model.minifyAdata("latent_posterior_parameters_with_counts") }
            .hasMessageContaining(needed)
        assertThatThrownBy { scvi.SCVI.setupAnndata(small) }.hasMessageContaining("a new model $needed")
        assertThatThrownBy { scvi.SCVI(small) }.hasMessageContaining("a new model $needed")
        assertThatThrownBy { scvi.SCANVI.fromScviModel(model, "Unknown", labelsKey = "cell_type") }
            .hasMessageContaining("a new model $needed")
        val damaged = small.copy()
        damaged.obsm["X_latent_qzv"] = DenseMatrix.zeros(200, 3, org.cellweave.matrix.DType.FLOAT32)
        assertThatThrownBy { model.getLatentRepresentation(damaged) }
            .hasMessageContaining("obsm['X_latent_qzm'] has 4 columns, but obsm['X_latent_qzv'] has 3")
        damaged.uns["_scvi_adata_minify_type"] = "zip"
        assertThatThrownBy { model.getLatentRepresentation(damaged) }.hasMessageContaining("must be one of")
        scvi.SCVI.setupAnndata(adata, layer = "counts")
        val infers = scvi.SCVI(adata, nHidden = 8, nLatent = 4, useObservedLibSize = false)
        infers.train(maxEpochs = 1)
        assertThatThrownBy { infers.minifyAdata() }.hasMessageContaining("cannot be minified")
    }
}
