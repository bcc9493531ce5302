package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.Test

class SctransformTest {
    private fun cells(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 300, nGenes = 200, nBatches = 2, nTypes = 3)
        adata.obs["batch"] = adata.obs["batch"].asCategorical()
        return adata
    }

    @Test
    fun `writes what it says, and leaves the counts`() {
        val adata = cells()
        val before = adata.X
            .toDense()
            .floatData()
            .clone()
        sc.pp.sctransform(adata, nTopGenes = 50)
        assertThat(adata.X.toDense().floatData()).isEqualTo(before)
        assertThat((adata.obsm["sct_residuals"] as Matrix).shape()).isEqualTo("300 x 50")
        assertThat((adata.`var`["highly_variable"] as BooleanColumn).values().count { it }).isEqualTo(50)
        val counts = adata.layers.matrix("sct_counts", "").toDense()
        val logs = adata.layers.matrix("sct_data", "").toDense()
        for (i in 0 until 20) {
            for (j in 0 until adata.nVars) {
                assertThat(logs.get(i, j)).isCloseTo(Math.log1p(counts.get(i, j)), within(1e-6))
            }
        }
        assertThat(adata.`var`.keys).contains("sct_gmean", "sct_theta", "sct_intercept", "sct_slope")
        val told = adata.uns["sct"] as Map<*, *>
        assertThat(listOf(told["vst_flavor"], told["min_cells"])).isEqualTo(listOf("v2", 5L))
        sc.pp.pca(adata, obsm = "sct_residuals", nComps = 5)
        assertThat((adata.obsm["X_pca"] as Matrix).nCols()).isEqualTo(5)
    }

    @Test
    fun `residuals as an object`() {
        val adata = cells()
        assertThatThrownBy { sc.get.sctResiduals(adata) }.hasMessageContaining("Run sc.pp.sctransform() first.")
        sc.pp.sctransform(adata, nTopGenes = 50, doCorrectCounts = false)
        assertThat(adata.layers.keys).doesNotContain("sct_counts", "sct_data")
        val residuals = sc.get.sctResiduals(adata)
        assertThat(residuals.X.shape()).isEqualTo("300 x 50")
        assertThat((residuals.`var`["highly_variable"] as BooleanColumn).values().all { it }).isTrue
        sc.pp.pca(residuals, nComps = 5)
        adata.`var`.set("sct_residuals", BooleanColumn(BooleanArray(adata.nVars), null))
        assertThatThrownBy { sc.get.sctResiduals(adata) }
            .hasMessageContaining("has 50 columns, but var['sct_residuals'] marks 0 genes")
    }

    @Test
    fun `batches have parameters of their own, and levels too`() {
        val adata = cells()
        sc.pp.sctransform(adata, batchKey = "batch", nTopGenes = 40, keyAdded = "split", vstFlavor = "V1")
        assertThat(adata.`var`.keys.filter { it.startsWith("split_theta_") }).hasSize(2)
        sc.pp.sctransform(adata, batchVar = "batch", nTopGenes = 40, keyAdded = "joint", vstFlavor = "v1")
        assertThat(adata.`var`.keys.filter { it.startsWith("joint_slope_") }).hasSize(2)
        assertThat(adata.`var`.keys).contains("joint_theta")
    }

    @Test
    fun `numbers are regressed out of residuals`() {
        val adata = cells()
        val n = adata.nObs
        val score = DoubleArray(n) { (it % 7).toDouble() }
        adata.obs.set("score", NumericColumn.of(*score))
        sc.pp.sctransform(adata, nTopGenes = 30, varsToRegress = listOf("score"))
        val x = adata.obsm["sct_residuals"] as DenseMatrix
        for (c in 0 until 30) {
            assertThat(Math.abs((0 until n).sumOf { (score[it] - 3) * x.get(it, c) })).isLessThan(1e-2)
        }
    }

    @Test
    fun `bad input changes nothing`() {
        val adata = cells()
        val keys = adata.`var`.keys.toList()
        assertThatThrownBy { sc.pp.sctransform(adata, vstFlavor = "v3") }
            .hasMessageContaining("vstFlavor must be one of")
        assertThatThrownBy { sc.pp.sctransform(adata, batchKey = "nothing") }.hasMessageContaining("nothing")
        assertThatThrownBy { sc.pp.sctransform(adata, varsToRegress = listOf("none")) }.hasMessageContaining("none")
        val empty = adata.X.toDense()
        for (j in 0 until adata.nVars) empty.set(3, j, 0.0)
        adata.X = empty
        assertThatThrownBy { sc.pp.sctransform(adata) }
            .hasMessageContaining("needs counts in every cell, but cell '${adata.obsNames[3]}' (row 3) of X has none")
        empty.set(3, 0, 0.5)
        assertThatThrownBy { sc.pp.sctransform(adata) }.hasMessageContaining("X[3, 0] is 0.5")
        assertThat(adata.`var`.keys.toList()).isEqualTo(keys)
        assertThat(adata.obsm.keys).doesNotContain("sct_residuals")
        assertThat(adata.uns.keys).doesNotContain("sct")
    }
}
