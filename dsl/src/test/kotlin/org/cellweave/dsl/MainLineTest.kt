package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.metrics.AdjustedRand
import org.cellweave.testing.H5Reference
import org.cellweave.testing.Seeds
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** The whole main line, as the README's script runs it. */
class MainLineTest {
    @TempDir
    lateinit var folder: Path

    private fun analyse(adata: AnnData): AnnData {
        sc.pp.calculateQcMetrics(adata, percentTop = listOf(50, 100))
        sc.pp.filterCells(adata, minGenes = 200)
        sc.pp.filterGenes(adata, minCells = 3)
        adata.layers["counts"] = adata.X.copy()
        sc.pp.normalizeTotal(adata, targetSum = 1e4)
        sc.pp.log1p(adata)
        sc.pp.highlyVariableGenes(adata, nTopGenes = 1500, batchKey = "batch")
        sc.pp.pca(adata, nComps = 30)
        sc.pp.neighbors(adata, useRep = "X_pca")
        sc.tl.umap(adata)
        sc.tl.leiden(adata, flavor = "igraph", nIterations = 2)
        sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "wilcoxon", pts = true)
        sc.tl.dendrogram(adata, groupby = "leiden")
        return adata
    }

    private fun kang(): AnnData =
        analyse(
            sc.concat(
                mapOf(
                    "ctrl" to sc.read10xMtx(SharedData.require("data/kang/ctrl").toString()),
                    "stim" to sc.read10xMtx(SharedData.require("data/kang/stim").toString()),
                ),
                label = "batch",
                indexUnique = "-",
            ),
        )

    @Test
    fun `simulated types are found again`() {
        val adata = analyse(sc.datasets.simulatedBatches(nCells = 1500, nBatches = 1, nTypes = 5))
        val truth = (adata.obs["cell_type"] as CategoricalColumn).codes()
        sc.tl.leiden(adata, resolution = 0.3)
        val found = (adata.obs["leiden"] as CategoricalColumn).codes()
        assertThat(AdjustedRand.of(truth, found)).isGreaterThan(0.9)
    }

    @Test
    fun `the same file for any number of threads`() {
        val files =
            listOf(1, 2, 7).map { threads ->
                Seeds.withThreads(threads) {
                    val path = folder.resolve("$threads.h5ad")
                    analyse(sc.datasets.simulatedBatches(nCells = 600)).writeH5ad(path.toString())
                    Files.readAllBytes(path)
                }
            }
        assertThat(files[1]).isEqualTo(files[0])
        assertThat(files[2]).isEqualTo(files[0])
    }

    @Test
    fun `kang equals scanpy's result slot by slot`() {
        val ours = kang()
        H5Reference.kang().use { theirs ->
            assertThat(ours.obsNames).containsExactly(*theirs.strings("obs/_index"))
            assertThat(ours.varNames).containsExactly(*theirs.strings("var/_index"))
            for (key in listOf("n_genes_by_counts", "total_counts", "pct_counts_in_top_50_genes", "n_genes")) {
                close(ours.obs[key].toDoubles(), theirs.doubles("obs/$key"), key)
            }
            for (key in listOf("mean_counts", "log1p_total_counts", "means", "dispersions", "n_cells")) {
                close(ours.`var`[key].toDoubles(), theirs.doubles("var/$key"), key)
            }
            assertThat(ours.`var`["highly_variable"].toDoubles()).isEqualTo(theirs.doubles("var/highly_variable"))
            close(
                (unsOf(ours, "pca")["variance"] as NdArray).toDoubles(),
                theirs.doubles("uns/pca/variance"),
                "variance",
            )
        }
    }

    private fun close(ours: DoubleArray, theirs: DoubleArray, what: String) {
        assertThat(ours).hasSameSizeAs(theirs)
        for (i in ours.indices) {
            if (!(ours[i].isNaN() && theirs[i].isNaN())) {
                assertThat(ours[i])
                    .`as`("%s[%d]", what, i)
                    .isCloseTo(theirs[i], within(1e-5 * Math.abs(theirs[i]) + 1e-9))
            }
        }
    }

    @Test
    fun `keys and parameters are scanpy's`() {
        val adata = analyse(sc.datasets.simulatedBatches(nCells = 400, nTypes = 3))
        assertThat(adata.uns.keys).contains(
            "log1p", "hvg", "pca", "neighbors", "umap", "leiden", "rank_genes_groups", "dendrogram_leiden",
        )
        assertThat(unsOf(adata, "neighbors")["params"]).isEqualTo(
            mapOf(
                "n_neighbors" to 15L,
                "method" to "umap",
                "random_state" to 0L,
                "metric" to "euclidean",
                "use_rep" to "X_pca",
            ),
        )
        val ranked = unsOf(adata, "rank_genes_groups")
        assertThat(ranked.keys).contains("names", "scores", "pvals", "pvals_adj", "logfoldchanges", "pts", "pts_rest")
        assertThat((ranked["names"] as RecordArray).fields().keys)
            .containsExactlyElementsOf((adata.obs["leiden"] as CategoricalColumn).categoryNames())
        assertThat(ranked["pts"]).isInstanceOf(DataFrame::class.java)
        assertThat(adata.obsp.keys).containsExactlyInAnyOrder("distances", "connectivities")
        val best = sc.get.rankGenesGroupsDf(adata, group = "0")
        assertThat(best.keys).containsExactly(
            "names", "scores", "logfoldchanges", "pvals", "pvals_adj", "pct_nz_group", "pct_nz_reference",
        )
    }

    @Suppress("UNCHECKED_CAST")
    private fun unsOf(adata: AnnData, key: String) = adata.uns[key] as Map<String, Any?>

    @Test
    fun `a copy leaves the original alone`() {
        val adata = sc.datasets.simulatedBatches(nCells = 200, nGenes = 300)
        val before = adata.X
            .toDense()
            .floatData()
            .clone()
        val changed = sc.pp.log1p(sc.pp.normalizeTotal(adata, copy = true))
        assertThat(adata.X.toDense().floatData()).isEqualTo(before)
        assertThat(changed.X.get(0, 0)).isNotEqualTo(Double.NaN)
        assertThat("log1p" in adata.uns).isFalse
    }

    @Test
    fun `leiden on a part keeps the other labels`() {
        val adata = analyse(sc.datasets.simulatedBatches(nCells = 400, nTypes = 3))
        sc.tl.leiden(adata, restrictTo = "leiden" to listOf("0"), resolution = 2)
        val old = adata.obs["leiden"].texts()
        val new = adata.obs["leiden_R"].texts()
        for (i in old.indices) {
            if (old[i] == "0") assertThat(new[i]).startsWith("0,") else assertThat(new[i]).isEqualTo(old[i])
        }
    }

    @Test
    fun `scanpy works on our file`() {
        val python = System.getenv("CELLWEAVE_PYTHON")
        assumeTrue(python != null) { "CELLWEAVE_PYTHON does not name a python with scanpy" }
        val file = folder.resolve("ours.h5ad")
        analyse(sc.datasets.simulatedBatches(nCells = 400, nTypes = 3)).writeH5ad(file.toString())
        val script =
            """
            import sys, warnings, matplotlib
            matplotlib.use("Agg")
            import anndata, scanpy as sc
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                a = anndata.read_h5ad(sys.argv[1])
            sc.pl.umap(a, color=["batch", "leiden"], show=False)
            sc.pl.rank_genes_groups_dotplot(a, n_genes=3, show=False)
            sc.pl.dendrogram(a, "leiden", show=False)
            sc.pl.pca_variance_ratio(a, show=False)
            sc.pl.highly_variable_genes(a, show=False)
            sc.tl.umap(a)
            """.trimIndent()
        val run =
            ProcessBuilder(python, "-c", script, file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("python.log").toFile())
                .start()
        assertThat(run.waitFor()).`as`(Files.readString(folder.resolve("python.log"))).isZero
    }
}
