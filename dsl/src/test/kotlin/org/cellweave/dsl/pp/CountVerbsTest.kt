package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class CountVerbsTest {
    @TempDir
    lateinit var folder: Path

    private fun fresh(cells: Int = 150, genes: Int = 200): AnnData =
        sc.datasets.simulatedBatches(nCells = cells, nGenes = genes, nBatches = 2, nTypes = 3)

    private fun fails(message: String, body: () -> Unit) {
        assertThatThrownBy { body() }.hasMessageContaining(message).message().doesNotContain("\n")
    }

    private fun values(adata: AnnData): FloatArray = adata.X.toDense().floatData()

    @Test
    fun `regress out numbers and categories`() {
        val adata = fresh()
        adata.obs["depth"] = adata.X.rowSums()
        val by = sc.pp.regressOut(adata, "depth", copy = true)
        assertThat(adata.X.isSparse).isTrue
        assertThat(by.X.colSums().toList()).allSatisfy { assertThat(it).isCloseTo(0.0, within(1e-2)) }
        assertThat(values(sc.pp.regressOut(adata, listOf("depth"), nJobs = 3, copy = true))).isEqualTo(values(by))
        sc.pp.regressOut(adata, "batch")
        val codes = adata.obs["batch"].texts()
        val first = adata.X.toDense().takeRows(codes.indices.filter { codes[it] == codes[0] }.toIntArray())
        assertThat(first.colSums().toList()).allSatisfy { assertThat(it).isCloseTo(0.0, within(1e-3)) }
        fails("got [depth, batch] where 'batch' is categorical") {
            sc.pp.regressOut(adata, listOf("depth", "batch"))
        }
        assertThatThrownBy { sc.pp.regressOut(adata, "dpth") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'depth'?")
    }

    @Test
    fun `square roots`() {
        val adata = fresh()
        val before = values(adata.copy())
        sc.pp.sqrt(adata)
        val after = values(adata)
        assertThat(after.indices.all { after[it] == Math.sqrt(before[it].toDouble()).toFloat() }).isTrue
    }

    @Test
    fun `samples of cells and genes`() {
        val adata = fresh()
        val some = sc.pp.sample(adata, fraction = 0.2, copy = true)
        assertThat(some.nObs).isEqualTo(30)
        assertThat(adata.nObs).isEqualTo(150)
        assertThat(some.obsNames).doesNotHaveDuplicates()
        assertThat(sc.pp.subsample(adata, fraction = 0.2, copy = true).obsNames).isEqualTo(some.obsNames)
        assertThat(sc.pp.sample(adata, n = 7, axis = "var", copy = true).nVars).isEqualTo(7)
        assertThat(sc.pp.sample(adata, n = 400, replace = true, copy = true).nObs).isEqualTo(400)
        adata.obs["chosen"] = BooleanArray(150) { it < 20 }
        val known = adata.obsNames.take(20)
        assertThat(sc.pp.sample(adata, n = 20, p = "chosen", copy = true).obsNames)
            .containsExactlyInAnyOrderElementsOf(known)
        sc.pp.sample(adata, n = 5, rng = 3, p = DoubleArray(150) { if (it == 9) 1.0 else 0.0 }, replace = true)
        assertThat(adata.nObs).isEqualTo(5)
        fails("axis must be one of [obs, var, 0, 1], got 'cells'") { sc.pp.sample(fresh(), n = 1, axis = "cells") }
        fails("exactly one of fraction and n must be given, got neither") { sc.pp.sample(fresh()) }
        assertThatThrownBy { sc.pp.sample(fresh(), n = 1, p = "none") }
            .isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `downsampled counts`() {
        val adata = fresh()
        val before = adata.X.rowSums()
        val cut = before.sorted()[75].toLong()
        val less = sc.pp.downsampleCounts(adata, countsPerCell = cut, copy = true)
        assertThat(less.X.rowSums()).containsExactly(*before.map { minOf(it, cut.toDouble()) }.toDoubleArray())
        assertThat(less.X.isSparse).isTrue
        assertThat(adata.X.rowSums()).isEqualTo(before)
        val each = sc.pp.downsampleCounts(adata, countsPerCell = List(150) { it }, copy = true)
        assertThat(each.X.rowSums()[7]).isEqualTo(7.0)
        sc.pp.downsampleCounts(adata, totalCounts = 1000, replace = true, randomState = 5)
        assertThat(adata.X.rowSums().sum()).isEqualTo(1000.0)
        fails("exactly one of countsPerCell and totalCounts must be given, got neither") {
            sc.pp.downsampleCounts(adata)
        }
        fails("countsPerCell must be a whole number or one for each cell, got a String") {
            sc.pp.downsampleCounts(adata, countsPerCell = "10")
        }
    }

    @Test
    fun `pearson residuals and their genes`() {
        val adata = fresh()
        sc.pp.recipePearsonResiduals(adata, nTopGenes = 60, nComps = 10, batchKey = "batch")
        assertThat(adata.X.isSparse).isTrue
        assertThat(adata.`var`.keys).contains("residual_variances", "highly_variable_nbatches")
        val marked = (adata.`var`["highly_variable"] as BooleanColumn).values()
        assertThat(marked.count { it }).isEqualTo(60)
        assertThat(adata.uns["hvg"])
            .isEqualTo(mapOf("flavor" to "pearson_residuals", "computed_on" to "adata.X"))
        assertThat(adata.obsm.matrix("X_pca", "").nCols()).isEqualTo(10)
        val loadings = adata.varm.matrix("PCs", "")
        assertThat(marked.indices.all { (loadings.get(it, 0) != 0.0) == marked[it] }).isTrue
        @Suppress("UNCHECKED_CAST")
        val facts = adata.uns["pearson_residuals_normalization"] as Map<String, Any?>
        assertThat(facts.keys).containsExactly("theta", "clip", "computed_on", "pearson_residuals_df")
        assertThat((facts["pearson_residuals_df"] as DataFrame).nCols()).isEqualTo(60)
        val untouched = fresh()
        val (part, genes) =
            sc.pp.recipePearsonResiduals(untouched, inplace = false, nTopGenes = 60, nComps = 10, batchKey = "batch")
        assertThat(untouched.differenceTo(fresh())).isNull()
        assertThat((genes["highly_variable"] as BooleanColumn).values()).isEqualTo(marked)
        assertThat(part.shape).isEqualTo(adata.nObs to 60)
        assertThat(part.obs.keys).isEqualTo(untouched.obs.keys)
        assertThat(
            part.obsm
                .matrix("X_pca", "")
                .toDense()
                .floatData(),
        ).isEqualTo(
            adata.obsm
                .matrix("X_pca", "")
                .toDense()
                .floatData(),
        )
        sc.pp.normalizePearsonResiduals(adata, theta = 10)
        assertThat(adata.X.isSparse).isFalse
        assertThat(values(adata).max()).isLessThanOrEqualTo(Math.sqrt(150.0).toFloat())
        fails("flavor 'pearson_residuals' ranks genes and needs nTopGenes, for instance nTopGenes = 1000") {
            sc.pp.highlyVariableGenes(fresh(), flavor = "pearson_residuals")
        }
        fails("Did you mean 'pearson_residuals'?") {
            sc.pp.highlyVariableGenes(fresh(), flavor = "pearson_residual", nTopGenes = 5)
        }
    }

    private fun python(script: String, vararg arguments: String) {
        val python = System.getenv("CELLWEAVE_PYTHON")
        assumeTrue(python != null) { "CELLWEAVE_PYTHON does not name a python with scanpy" }
        val log = folder.resolve("python.log")
        val run =
            ProcessBuilder(python, "-W", "ignore", "-c", script, *arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
        assertThat(run.waitFor()).`as`(Files.readString(log)).isZero
    }

    @Test
    fun `scanpy gives the same`() {
        val input = folder.resolve("in.h5ad").toString()

        fun loaded(): AnnData = sc.read(input)
        val start = sc.datasets.simulatedBatches(nCells = 400, nGenes = 900, nBatches = 2, nTypes = 3)
        start.obs["depth"] = start.X.rowSums()
        start.writeH5ad(input)
        val ours =
            mapOf(
                "seurat" to sc.pp.recipeSeurat(loaded()),
                "zheng" to sc.pp.recipeZheng17(loaded(), nTopGenes = 150),
                "residuals" to sc.pp.normalizePearsonResiduals(loaded()),
                "pearson" to sc.pp.recipePearsonResiduals(loaded(), nTopGenes = 100, nComps = 5),
                "regress" to sc.pp.regressOut(sc.pp.log1p(loaded()), "depth"),
                "means" to sc.pp.regressOut(sc.pp.log1p(loaded()), "cell_type"),
                // without constant genes, for which scanpy's priors stop after one step
                "combat" to
                    sc.pp.combat(
                        sc.pp.log1p(sc.pp.filterGenes(loaded(), minCells = 1)),
                        covariates = listOf("depth"),
                    ),
            )
        for ((name, adata) in ours) adata.writeH5ad(folder.resolve("$name.h5ad").toString())
        python(
            """
            import sys, numpy as np, scanpy as sc
            folder = sys.argv[1]
            fresh = lambda: sc.read_h5ad(folder + "/in.h5ad")
            def logged():
                a = fresh(); sc.pp.log1p(a); return a
            def check(name, theirs, tolerance=2e-4, lost=0):
                a = sc.read_h5ad(f"{folder}/{name}.h5ad")
                common = [g for g in theirs.var_names if g in set(a.var_names)]
                assert len(common) == theirs.n_vars and a.n_vars - len(common) <= lost, (name, a.shape, theirs.shape)
                x, y = np.asarray(a[:, common].X, float), np.asarray(theirs.X, float)
                known = np.isfinite(y)
                error = np.max(np.abs(x - y)[known] / np.maximum(1, np.abs(y[known])))
                print(name, a.shape, error)
                assert error < tolerance, (name, error)
            t = fresh(); sc.pp.recipe_seurat(t); check("seurat", t)
            t = fresh(); sc.pp.recipe_zheng17(t, n_top_genes=150); check("zheng", t, lost=1, tolerance=0.1)
            t = fresh(); t.X = t.X.astype(np.float64).toarray(); sc.experimental.pp.normalize_pearson_residuals(t)
            check("residuals", t)
            t = logged(); sc.pp.regress_out(t, "depth"); check("regress", t)
            t = logged(); sc.pp.regress_out(t, "cell_type"); check("means", t)
            t = fresh(); sc.pp.filter_genes(t, min_cells=1); sc.pp.log1p(t)
            sc.pp.combat(t, covariates=["depth"]); check("combat", t)
            t = fresh(); sc.experimental.pp.recipe_pearson_residuals(t, n_top_genes=100, n_comps=5)
            a = sc.read_h5ad(folder + "/pearson.h5ad")
            assert (a.var["highly_variable"] == t.var["highly_variable"]).all()
            np.testing.assert_allclose(a.uns["pca"]["variance"], t.uns["pca"]["variance"], rtol=1e-4)
            assert a.uns["pearson_residuals_normalization"]["pearson_residuals_df"].shape == (400, 100)
            """.trimIndent(),
            folder.toString(),
        )
    }
}
