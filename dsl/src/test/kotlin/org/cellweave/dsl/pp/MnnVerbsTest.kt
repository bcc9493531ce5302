package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.ALL_GENES
import org.cellweave.dsl.X
import org.cellweave.dsl.clusterMnn
import org.cellweave.dsl.cosineNormalize
import org.cellweave.dsl.fastMnn
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.ilisi
import org.cellweave.dsl.log1p
import org.cellweave.dsl.mnnCorrect
import org.cellweave.dsl.mnnDf
import org.cellweave.dsl.multiBatchNormalize
import org.cellweave.dsl.multiBatchPca
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.quickCorrect
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.reducedMnn
import org.cellweave.dsl.regressBatches
import org.cellweave.dsl.rescaleBatches
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.writeH5ad
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class MnnVerbsTest {
    private fun counts(): AnnData = sc.datasets.simulatedBatches(nCells = 400, nGenes = 200, nBatches = 3, nTypes = 3)

    private fun logged(): AnnData =
        counts().also {
            sc.pp.normalizeTotal(it)
            sc.pp.log1p(it)
        }

    private fun dense(x: Any?): DenseMatrix = (x as Matrix).toDense()

    private fun told(adata: AnnData, key: String) = adata.uns[key] as Map<*, *>

    @Test
    fun `fastMnn mixes batches, and its diagnostics are written and come back`(
        @TempDir folder: Path,
    ) {
        val adata = logged()
        val corrected = sc.pp.fastMnn(adata, d = 20, autoMerge = true, copy = true)
        assertThat(adata.obsm.keys).isEmpty()
        val file = folder.resolve("a.h5ad").toString()
        corrected.writeH5ad(file)
        val back = sc.readH5ad(file)
        assertThat(dense(back.obsm["X_mnn"]).doubleData()).isEqualTo(dense(corrected.obsm["X_mnn"]).doubleData())
        assertThat(dense(back.varm["mnn_loadings"]).shape()).isEqualTo("200 x 20")
        assertThat(dense(back.varm["mnn_lost_var"]).shape()).isEqualTo("200 x 3")
        val mnn = told(back, "mnn")
        assertThat((mnn["merge_left"] as NdArray).texts()[0]).startsWith("batch_")
        assertThat((mnn["n_pairs"] as NdArray).number(0)).isGreaterThan(20.0)
        assertThat((mnn["batch_size"] as NdArray).size()).isEqualTo(2)
        assertThat((mnn["params"] as Map<*, *>)["batch_key"]).isEqualTo("batch")
        sc.pp.pca(adata, nComps = 20)
        assertThat(sc.metrics.ilisi(corrected, "batch", "X_mnn")).isGreaterThan(sc.metrics.ilisi(adata, "batch") + 0.1)
    }

    @Test
    fun `corrected expression of genes is computed from what is stored`() {
        val adata = logged()
        sc.pp.highlyVariableGenes(adata, nTopGenes = 60)
        sc.pp.fastMnn(adata, d = 15)
        val chosen = (adata.`var`["highly_variable"].texts()).map { it == "True" }
        val used = adata.varNames.filterIndexed { i, _ -> chosen[i] }
        val table = sc.get.mnnDf(adata, used.take(2))
        val (x, loadings) = dense(adata.obsm["X_mnn"]) to dense(adata.varm["mnn_loadings"])
        val gene = adata.varNames.indexOf(used[1])
        val expected = (0 until 15).sumOf { x.get(7, it) * loadings.get(gene, it) }
        assertThat(table[used[1]].toDoubles()[7]).isCloseTo(expected, within(1e-12))
        assertThat(sc.get.mnnDf(adata, used[0]).keys).containsExactly(used[0])
        val other = adata.varNames[chosen.indexOf(false)]
        assertThatThrownBy { sc.get.mnnDf(adata, other) }
            .hasMessage(
                "varm['mnn_loadings'] has nothing for [$other], not being among the genes used. " +
                    "Run sc.pp.fastMnn(correctAll = true) first.",
            )
        sc.pp.fastMnn(adata, d = 15, correctAll = true)
        assertThat(
            sc.get
                .mnnDf(adata, other)[other]
                .toDoubles()
                .any { it != 0.0 },
        ).isTrue
        assertThatThrownBy { sc.get.mnnDf(logged(), "x") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageEndingWith("Run sc.pp.fastMnn() first.")
    }

    @Test
    fun `orders and weights are given by the batches' names`() {
        val adata = logged()
        sc.pp.pca(adata, nComps = 10)
        sc.pp.reducedMnn(adata, mergeOrder = listOf("batch_2", listOf("batch_0", "batch_1")))
        val mnn = told(adata, "reduced_mnn")
        assertThat((mnn["merge_left"] as NdArray).texts()).containsExactly("batch_0", "batch_2")
        assertThat((mnn["merge_right"] as NdArray).texts()).containsExactly("batch_1", "batch_0+batch_1")
        adata.obs["early"] = BooleanArray(400) { it < 300 }
        sc.pp.reducedMnn(adata, restrict = "early", adjustedBasis = "X_early")
        assertThat(dense(adata.obsm["X_early"]).get(0, 0)).isNotEqualTo(dense(adata.obsm["X_pca_mnn"]).get(0, 0))

        fun first(weights: Any?) = dense(sc.pp.multiBatchPca(adata, d = 5, weights = weights, copy = true).varm["PCs"])
        val equal = first(null).doubleData()
        assertThat(first(true).doubleData()).isEqualTo(equal)
        assertThat(first(false).doubleData()).isNotEqualTo(equal)
        val named = first(mapOf("batch_0" to 2, "batch_1" to 1, "batch_2" to 1)).doubleData()
        assertThat(first(listOf(2, 1, 1)).doubleData()).isEqualTo(named)
        val tree = first(listOf("batch_0", listOf("batch_1", "batch_2"))).doubleData()
        for (i in tree.indices) assertThat(tree[i]).isCloseTo(named[i], within(1e-9))
        assertThatThrownBy { first("no") }.hasMessageEndingWith("or nested lists of batches, got a String")
        assertThatThrownBy { first(mapOf("batch_9" to 1)) }
            .hasMessage("obs['batch'] has no level 'batch_9'; it has [batch_0, batch_1, batch_2]")
        assertThatThrownBy { first(mapOf("batch_0" to 1)) }
            .hasMessage("weights must have a number for every level of obs['batch'], but lacks 'batch_1'")
    }

    @Test
    fun `clusters of batches become meta-clusters, and cells follow them`(
        @TempDir folder: Path,
    ) {
        val adata = logged()
        sc.pp.pca(adata, nComps = 10)
        adata.obs["own"] = Array(400) { "${adata.obs["cell_type"].text(it)} of ${adata.obs["batch"].text(it)}" }
        val made = sc.pp.clusterMnn(adata, clusterKey = "own", copy = true)
        assertThat(adata.obsm.keys).doesNotContain("X_pca_cluster_mnn")
        val file = folder.resolve("a.h5ad").toString()
        made.writeH5ad(file)
        val back = sc.readH5ad(file)
        val mnn = told(back, "cluster_mnn")
        assertThat((mnn["cluster_batch"] as NdArray).texts()[3]).isEqualTo("batch_1")
        assertThat((mnn["cluster_name"] as NdArray).texts()[0]).endsWith("of batch_0")
        assertThat((mnn["meta_cluster"] as NdArray).size()).isEqualTo(9)
        assertThat((mnn["params"] as Map<*, *>)["cluster_key"]).isEqualTo("own")
        for (i in 0 until 400) {
            for (j in 0 until i step 17) {
                if (adata.obs["cell_type"].text(i) == adata.obs["cell_type"].text(j)) {
                    assertThat(made.obs["cluster_mnn"].text(i)).isEqualTo(made.obs["cluster_mnn"].text(j))
                }
            }
        }
        assertThat(sc.metrics.ilisi(made, "batch", "X_pca_cluster_mnn"))
            .isGreaterThan(sc.metrics.ilisi(made, "batch", "X_pca"))
        assertThatThrownBy { sc.pp.clusterMnn(adata, clusterKey = "batch") }
            .hasMessage("batchKey and clusterKey must name different columns, got 'batch' twice")
        assertThatThrownBy { sc.pp.clusterMnn(adata, "cell_type", "own", basis = "X_none") }
            .hasMessageContaining("X_none")
        adata.obs["one"] = Array(400) { if (adata.obs["batch"].text(it) == "batch_2") "x" else "y${it % 2}" }
        assertThatThrownBy { sc.pp.clusterMnn(adata, clusterKey = "one") }
            .hasMessage(
                "level 'batch_2' of obs['batch'] has cells of one level of obs['one'] alone, but clusterMnn needs at " +
                    "least two clusters in each. Cluster it more finely, or use reducedMnn",
            )
    }

    @Test
    fun `mnnCorrect writes X, or chosen genes beside it`() {
        val adata = logged()
        adata.`var`["some"] = BooleanArray(200) { it % 2 == 0 }
        sc.pp.mnnCorrect(adata, maskVar = "some")
        assertThat(dense(adata.obsm["X_mnn_correct"]).shape()).isEqualTo("400 x 100")
        assertThat((told(adata, "mnn_correct")["features"] as NdArray).texts()[1]).isEqualTo(adata.varNames[2])
        assertThat(adata.X.isSparse).isTrue
        sc.pp.mnnCorrect(adata, maskVar = ALL_GENES, svdDim = 2, varAdj = false)
        assertThat(adata.X.isSparse).isFalse
        assertThat(adata.X.nCols()).isEqualTo(200)
    }

    @Test
    fun `steps that need no neighbours`() {
        val adata = logged()
        val unit = sc.pp.cosineNormalize(adata, keyAdded = "length", copy = true)
        assertThat((0 until 200).sumOf { Math.pow(unit.X.get(3, it), 2.0) }).isCloseTo(1.0, within(1e-5))
        assertThat(unit.obs["length"].toDoubles()[3]).isGreaterThan(1.0)
        val rescaled = sc.pp.rescaleBatches(adata, copy = true)
        assertThat(rescaled.X.isSparse).isTrue
        val codes = adata.obs["batch"].texts()

        fun gap(x: Matrix): Double {
            val column = x.toDense().column(5).map { Math.expm1(it) }
            return listOf("batch_0", "batch_1")
                .map { b -> column.filterIndexed { i, _ -> codes[i] == b }.average() }
                .let { (a, b) -> Math.abs(a - b) }
        }
        assertThat(gap(rescaled.X)).isLessThan(1e-4)
        val residuals = sc.pp.regressBatches(adata, copy = true)
        val column = residuals.X.toDense().column(5)
        assertThat(column.filterIndexed { i, _ -> codes[i] == "batch_1" }.average()).isCloseTo(0.0, within(1e-6))
        val scaled = sc.pp.multiBatchNormalize(counts())
        assertThat((scaled.uns["log1p"] as Map<*, *>)["base"]).isEqualTo(2.0)
        scaled.obs["size"] = DoubleArray(400) { 1.0 + it % 3 }
        assertThatThrownBy { sc.pp.multiBatchNormalize(counts(), sizeFactors = "size") }
            .isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `quickCorrect goes from counts to coordinates, or leaves all as it was`() {
        val adata = counts()
        val made = sc.pp.quickCorrect(adata, nTopGenes = 80, d = 10, copy = true)
        assertThat(made.obsm.keys).containsExactly("X_mnn")
        assertThat(made.obs.keys).contains("size_factor")
        assertThat(made.`var`["highly_variable"].texts().count { it == "True" }).isEqualTo(80)
        assertThatThrownBy { sc.pp.quickCorrect(adata, nTopGenes = 80, d = 100) }
            .hasMessageContaining("d must be at most the number of cells and of genes used, got d = 100")
        assertThat(adata.obs.keys).doesNotContain("size_factor")
        assertThat(adata.uns.keys).doesNotContain("log1p")
    }

    @Test
    fun `messages say what to do`() {
        assertThatThrownBy { sc.pp.fastMnn(logged(), batchKey = "bach") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'batch'?")
        assertThatThrownBy { sc.pp.fastMnn(logged(), k = 300) }
            .hasMessageContaining("of obs['batch'] has")
            .hasMessageContaining("fastMnn with k = 300 needs at least 301 in each")
        assertThatThrownBy { sc.pp.fastMnn(logged(), d = 20, mergeOrder = listOf("batch_0", "batch_1")) }
            .hasMessage("the tree of batches must name every level of obs['batch'], but lacks 'batch_2'")
        val nan = logged().also { it.X = it.X.toDense() }
        (nan.X as DenseMatrix).set(3, 2, Double.NaN)
        assertThatThrownBy { sc.pp.fastMnn(nan, d = 20) }
            .hasMessageStartingWith("fastMnn needs finite values, but cell '${nan.obsNames[3]}' (row 3), gene")
    }
}
