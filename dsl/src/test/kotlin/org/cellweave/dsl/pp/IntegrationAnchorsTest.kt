package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Captured
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** Seurat's verbs: features, anchors, integration, transfer and the figure. */
class IntegrationAnchorsTest {
    private fun prepared(nBatches: Int = 3): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 450, nGenes = 300, nBatches = nBatches, nTypes = 3)
        adata.layers["counts"] = adata.X.copy()
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 10)
        return sc.pp.selectIntegrationFeatures(adata, nFeatures = 100, fvfNFeatures = 150)
    }

    private fun anchored(nBatches: Int = 3, reduction: String = "cca") =
        sc.pp.findIntegrationAnchors(prepared(nBatches), reduction = reduction, dims = 10)

    @Suppress("UNCHECKED_CAST")
    private fun told(adata: AnnData, key: String) = adata.uns[key] as Map<String, Any?>

    @Test
    fun `features are marked and ranked`() {
        val adata = prepared()
        val genes = adata.integrationGenes(null, "anchorFeatures")
        assertThat(genes).hasSize(100).doesNotHaveDuplicates()
        val rank = adata.`var`["integration_features_rank"]
        assertThat(rank.text(genes[0])).isEqualTo("0.0")
        assertThat(told(adata, "integration_features")).containsEntry("n_features", 100L)
    }

    @Test
    fun `anchors join batches, and what is written comes back from a file`(
        @TempDir folder: Path,
    ) {
        for (reduction in listOf("cca", "rpca")) {
            val adata = anchored(reduction = reduction)
            val graph = adata.obsp["anchors"] as CsrMatrix
            assertThat(graph.nnz()).isGreaterThan(300)
            val told = told(adata, "integration_anchors")
            assertThat(told).containsEntry("reduction", reduction).containsEntry("dims", 10L)
            assertThat((told["counts"] as NdArray).shape()).containsExactly(3, 3)
            sc.pp.integrateData(adata, dims = 10)
            sc.pp.integrateEmbeddings(adata)
            val file = folder.resolve("$reduction.h5ad").toString()
            adata.writeH5ad(file)
            val back = sc.readH5ad(file)
            assertThat((back.obsp["anchors"] as CsrMatrix).nnz()).isEqualTo(graph.nnz())
            sc.pp.integrateData(back, dims = 10, keyAdded = "again")
            val (one, two) = listOf(adata.obsm["X_integrated"], back.obsm["again"]).map { it as DenseMatrix }
            assertThat(two.floatData()).isEqualTo(one.floatData())
            assertThat((told(back, "X_integrated")["features"] as NdArray).size()).isEqualTo(100)
        }
    }

    @Test
    fun `batches mix afterwards`() {
        val adata = anchored()
        sc.pp.integrateData(adata, dims = 10)
        sc.pp.integrateEmbeddings(adata)
        sc.pp.pca(adata, nComps = 10, obsm = "X_integrated", keyAdded = "X_cca_pca")
        val table =
            sc.metrics.benchmark(
                adata, "batch", "cell_type", listOf("X_pca", "X_cca_pca", "X_pca_integrated"),
                measures = listOf("iLISI", "cLISI"),
            )
        val mixing = org.cellweave.metrics.IntegrationBenchmark.Aspect.BATCH_CORRECTION
        for (key in listOf("X_cca_pca", "X_pca_integrated")) {
            assertThat(table.mean(key, mixing)).`as`(key).isGreaterThan(table.mean("X_pca", mixing) + 0.1)
        }
    }

    @Test
    fun `a sample tree and a reference decide how batches join`() {
        val adata = prepared()
        val names = adata.obs["batch"].asCategorical().categoryNames()
        sc.pp.findIntegrationAnchors(adata, dims = 10)
        val tree = listOf(names[2] to names[0], names[1] to 0)
        sc.pp.integrateData(adata, dims = 10, sampleTree = tree, preserveOrder = true)
        val steps = told(adata, "X_integrated")
        assertThat((steps["stays"] as NdArray).texts()).containsExactly(names[2], names[1])
        assertThat((steps["moves"] as NdArray).texts()).containsExactly(names[0], "${names[0]}+${names[2]}")
        sc.pp.findIntegrationAnchors(adata, dims = 10, reference = names[1])
        sc.pp.integrateData(adata, dims = 10)
        assertThat((told(adata, "X_integrated")["stays"] as NdArray).texts()).containsExactly(names[1], names[1])
        assertThatThrownBy { sc.pp.findIntegrationAnchors(adata, dims = 10, reference = "batch_9") }
            .hasMessageStartingWith("reference must be among $names, got 'batch_9'.")
        assertThatThrownBy { sc.pp.integrateData(adata, sampleTree = listOf("x" to names[1])) }
            .hasMessageContaining("sampleTree must be among")
    }

    @Test
    fun `any aligner takes the anchors`() {
        val adata = anchored()
        c2v.tl.align(adata, useRep = "X_pca", adjRep = "X_aligned", unsKey = "integration_anchors")
        assertThat(adata.obsm.keys).contains("X_aligned")
        assertThat(told(adata, "integration_anchors").keys).contains("alignment", "graph_key")
        sc.pp.integrateData(adata, dims = 10)
    }

    @Test
    fun `labels and expression are carried over`() {
        val all = prepared(2)
        val names = all.obs["batch"].texts()
        val reference = all[names.indices.filter { names[it] == names[0] }].copy()
        val query = all[names.indices.filter { names[it] != names[0] }].copy()
        sc.tl.findTransferAnchors(query, reference, dims = 10)
        sc.tl.transferData(query, reference, "cell_type", reference.varNames.take(3))
        val truth = query.obs["cell_type"].texts()
        val predicted = query.obs["predicted_id"].texts()
        assertThat(truth.indices.count { truth[it] == predicted[it] }.toDouble()).isGreaterThan(0.9 * truth.size)
        assertThat((query.obsm["prediction_scores"] as DataFrame).keys).hasSize(3)
        assertThat((query.obsm["transferred"] as DataFrame).keys).containsExactlyElementsOf(reference.varNames.take(3))
        val part = reference[(0 until 100).toList()].copy()
        assertThatThrownBy { sc.tl.transferData(query, part, "cell_type") }
            .hasMessageContaining("is of a reference of ${reference.nObs} cells, but adataRef has 100")
        assertThatThrownBy { sc.tl.transferData(query, reference) }
            .hasMessage("transferData needs refdata, genes or both; got neither")
        query.`var`.names = List(query.nVars) { "other$it" }
        assertThatThrownBy { sc.tl.findTransferAnchors(query, reference, dims = 10) }
            .hasMessageContaining("none of the 100 features of the reference is a gene of adata")
    }

    @Test
    fun `messages name what is missing and what to do`() {
        val adata = prepared()
        assertThatThrownBy { sc.pp.integrateData(adata) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("uns['integration_anchors'] is missing")
            .hasMessageEndingWith("Run sc.pp.findIntegrationAnchors() first.")
        assertThatThrownBy { sc.tl.transferData(adata, adata, "cell_type") }
            .hasMessageEndingWith("Run sc.tl.findTransferAnchors() first.")
        assertThatThrownBy { sc.pp.findIntegrationAnchors(adata, anchorFeatures = listOf("nobody", "gene_1")) }
            .hasMessageContaining("anchorFeatures must name genes of adata, but")
            .hasMessageContaining("'nobody'")
        assertThatThrownBy { sc.pp.findIntegrationAnchors(adata, dims = 200) }
            .hasMessageContaining("needs at least 201 in each")
        adata.`var`.remove("integration_features")
        assertThatThrownBy { sc.pp.findIntegrationAnchors(adata) }
            .hasMessageEndingWith("Run sc.pp.selectIntegrationFeatures() first.")
        adata.obs.set("one", StringColumn.of(*Array(adata.nObs) { "a" }))
        assertThatThrownBy { sc.pp.findIntegrationAnchors(adata, batchKey = "one", anchorFeatures = adata.varNames) }
            .hasMessageContaining("obs['one'] must have at least two levels, got 1")
    }

    @Test
    fun `anchors are drawn between the cells`(
        @TempDir folder: Path,
    ) {
        val adata = anchored(2)
        val file = folder.resolve("anchors.png")
        val said = Captured.standardError { sc.pl.anchors(adata, basis = "pca", save = file.toString()) }
        assertThat(said).doesNotContain("WARNING")
        assertThat(Files.size(file)).isGreaterThan(5000)
    }
}
