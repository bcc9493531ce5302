package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Captured
import org.junit.jupiter.api.Test

/** What a newcomer does wrong, and the one line that says what to do. */
class NewcomerMistakesTest {
    private fun fresh(): AnnData = sc.datasets.simulatedBatches(nCells = 120, nGenes = 150)

    private fun fails(message: String, body: () -> Unit) {
        assertThatThrownBy { body() }.hasMessageContaining(message).message().doesNotContain("\n")
    }

    @Test
    fun `missing keys name the call that makes them`() {
        fails("obsm['X_pca'] is missing; obsm is empty. Run sc.pp.pca() first.") {
            sc.pp.neighbors(fresh(), useRep = "X_pca")
        }
        fails("uns['neighbors'] is missing; uns is empty. Run sc.pp.neighbors() first.") { sc.tl.leiden(fresh()) }
        fails("Did you mean 'batch'?") { fresh().obs["bach"] }
    }

    @Test
    fun `misspelt choices list what there is`() {
        fails("got 'seurat_v4'. Did you mean 'seurat_v3'?") {
            sc.pp.highlyVariableGenes(fresh(), flavor = "seurat_v4")
        }
        fails("l2, l1, cityblock], got 'euclidian'. Did you mean 'euclidean'?") {
            sc.pp.neighbors(fresh(), useRep = "X", metric = "euclidian")
        }
        fails("groups must be among [type_0") {
            sc.tl.rankGenesGroups(fresh(), "cell_type", groups = listOf("type_9"))
        }
    }

    @Test
    fun `a second logarithm is warned about`() {
        val adata = fresh()
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        val said = Captured.standardError { sc.pp.log1p(adata) }
        assertThat(said.lines().filter { it.isNotEmpty() }).hasSize(1)
        assertThat(said).contains("already log-transformed").contains("adata.X = adata.layers[\"counts\"].copy()")
    }

    @Test
    fun `negative counts are refused by seurat_v3`() {
        val adata = fresh()
        adata.X = DenseMatrix.wrap(FloatArray(120 * 150) { -1f }, 120, 150)
        fails("flavor 'seurat_v3' needs counts, but X[0, 0] is -1.0. Pass the layer that holds the counts") {
            sc.pp.highlyVariableGenes(adata, flavor = "seurat_v3")
        }
    }

    @Test
    fun `NaN is refused with its place`() {
        val adata = fresh()
        val dense = adata.X.toDense()
        dense.set(3, 5, Double.NaN)
        adata.X = dense
        fails("cell 'cell_3' (row 3), gene 'gene_005' of X is NaN. Remove or replace") { sc.pp.pca(adata) }
        fails("X[3, 5] is NaN") { sc.pp.log1p(adata) }
    }

    @Test
    fun `batches of one cell each`() {
        val adata = fresh()
        adata.obs["b"] = List(120) { "batch $it" }
        sc.pp.log1p(adata)
        fails("the largest of the batches has 1 cell, but a variance needs at least 2. Merge batches") {
            sc.pp.highlyVariableGenes(adata, batchKey = "b")
        }
    }

    @Test
    fun `more components than cells`() {
        fails("got 200. Pass nComps = 119 or less") { sc.pp.pca(fresh(), nComps = 200) }
    }

    @Test
    fun `nothing left after filtering`() {
        val adata = fresh()
        sc.pp.filterCells(adata, minGenes = 100_000)
        fails("principal components need at least 2 cells and 2 genes, got 0 cells") { sc.pp.pca(adata) }
        fails("no cell has any counts") { sc.pp.normalizeTotal(adata) }
    }

    @Test
    fun `repeated names`() {
        val adata = fresh()
        adata.`var`.names = List(150) { "g${it / 2}" }
        sc.pp.log1p(adata)
        fails("gene name 'g0' appears at 0 and 1; batches are merged by name. Make the names unique first") {
            sc.pp.highlyVariableGenes(adata, batchKey = "batch")
        }
        adata.varNamesMakeUnique()
        sc.pp.highlyVariableGenes(adata, batchKey = "batch")
    }

    @Test
    fun `a file that is not there`() {
        fails("nowhere.h5ad does not exist") { sc.read("nowhere.h5ad") }
        fails("nowhere does not exist, expected a 10x folder.") { sc.read10xMtx("nowhere") }
    }

    @Test
    fun `a figure without its coordinates, or of an unknown kind`() {
        fails("obsm['X_umap'] is missing; obsm is empty. Run sc.tl.umap() first.") {
            sc.pl.umap(fresh(), color = "batch")
        }
        val adata = fresh()
        adata.obsm["X_umap"] = DenseMatrix.wrap(FloatArray(240) { it.toFloat() }, 120, 2)
        fails("the ending of 'x.jpg' must be one of .svg, .png, .html, .pdf") {
            sc.pl.umap(adata, color = "batch", save = "x.jpg")
        }
    }
}
