package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

/** An AnnData is changed in place while a model holds it. */
class ChangedCellsTest {
    private fun cells(): AnnData =
        sc.datasets.simulatedBatches(nCells = 120, nGenes = 30, nBatches = 2, nTypes = 3, seed = 1)

    private fun trained(adata: AnnData, layer: String? = null): ScviModel {
        scvi.SCVI.setupAnndata(adata, layer = layer, batchKey = "batch")
        return scvi.SCVI(adata, nHidden = 8, nLatent = 3, geneLikelihood = "nb").also { it.train(maxEpochs = 2) }
    }

    private fun DenseMatrix.values() = toFloat32().floatData()

    private fun refuses(model: GenerativeModel, part: String) {
        val questions =
            listOf<() -> Any>(
                { model.getLatentRepresentation() },
                { model.getLatentRepresentation(indices = intArrayOf(0)) },
                { model.getNormalizedExpression(indices = intArrayOf(0)) },
                { model.getElbo() },
                { model.differentialExpression(groupby = "cell_type", group1 = listOf("type_0")) },
                { model.differentialAbundance(sampleKey = "batch") },
                { model.minifyAdata() },
                { model.train(maxEpochs = 1) },
            )
        for (question in questions) {
            assertThatThrownBy { question() }
                .isInstanceOf(IllegalStateException::class.java)
                .hasMessage(
                    "the model's adata has changed since the model read it, in $part. Hand in what it is now by " +
                        "adata = ..., or make the model anew; models read what stays as it is, such as a layer of " +
                        "counts",
                )
        }
    }

    @Test
    fun `logarithms in place are noticed`() {
        val adata = cells()
        val model = trained(adata)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        refuses(model, "X")
        assertThatThrownBy { model.getElbo(adata) }.hasMessageContaining("X must hold counts")
    }

    @Test
    fun `a layer of counts stays while X changes`() {
        val adata = cells()
        adata.layers["counts"] = adata.X.copy()
        val model = trained(adata, "counts")
        val places = model.getLatentRepresentation().values()
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        adata.obs["other"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { "a" })
        adata.obsm["X_scVI"] = model.getLatentRepresentation()
        assertThat(model.getLatentRepresentation().values()).isEqualTo(places)
    }

    @Test
    fun `filtered cells are noticed, and read where they are handed in`() {
        val adata = cells()
        val model = trained(adata)
        val totals = adata.X.rowSums()
        val least = totals.sorted()[20].toInt()
        sc.pp.filterCells(adata, minCounts = least)
        assertThat(adata.nObs).isLessThan(120)
        assertThatThrownBy { model.getLatentRepresentation() }.hasMessageContaining("in the cells, obs['batch'], X.")
        val table = model.differentialExpression(adata, groupby = "cell_type", group1 = listOf("type_0"), nSamples = 50)
        val rows = adata.obs["cell_type"]
            .texts()
            .indices
            .filter { adata.obs["cell_type"].texts()[it] == "type_0" }
        val gene = table.index.texts()[0]!!
        val counts =
            adata.X
                .takeRows(rows.toIntArray())
                .takeCols(intArrayOf(adata.varNames.indexOf(gene)))
        val truth = counts.rowSums().average()
        assertThat(table["raw_mean1"].toDoubles()[0]).isCloseTo(
            truth,
            org.assertj.core.data.Offset
                .offset(1e-5),
        )
        assertThat(model.getLatentRepresentation(adata).nRows()).isEqualTo(adata.nObs)
    }

    @Test
    fun `counts that move, columns and names are noticed, another way of storing counts is not`() {
        val adata = cells()
        val model = trained(adata)
        val places = model.getLatentRepresentation().values()
        val x = adata.X
        adata.X = x.toDense()
        assertThat(model.getLatentRepresentation().values()).isEqualTo(places)
        adata.X = x.takeCols(IntArray(30) { 29 - it })
        refuses(model, "X")
        adata.X = x
        val names = adata.varNames.toList()
        adata.varNames = names.reversed()
        refuses(model, "the genes")
        adata.varNames = names
        val batch = adata.obs["batch"]
        adata.obs["batch"] = CategoricalColumn.ofTexts(*batch.texts().reversedArray().also { it[0] = "batch_9" })
        refuses(model, "obs['batch']")
        adata.obs["batch"] = batch
        assertThat(model.getLatentRepresentation().values()).isEqualTo(places)
    }

    @Test
    fun `places of minified cells are watched like counts`() {
        val adata = cells()
        val model = trained(adata)
        val kept = model.minifyAdata()
        val places = model.getLatentRepresentation().values()
        kept.obsm["X_latent_qzm"] = DenseMatrix.ofRows(Array(120) { DoubleArray(3) { 1.0 } }).toFloat32()
        assertThatThrownBy { model.getLatentRepresentation() }.hasMessageContaining("in obsm['X_latent_qzm'].")
        assertThat(model.getLatentRepresentation(kept).values()).isNotEqualTo(places)
        kept.obs["observed_lib_size"] = NumericColumn.of(*DoubleArray(120) { 5.0 })
        assertThatThrownBy { model.getLatentRepresentation() }
            .hasMessageContaining("in obsm['X_latent_qzm'], obs['observed_lib_size'].")
    }
}
