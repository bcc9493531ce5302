package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.dsl.X
import org.cellweave.dsl.combat
import org.cellweave.dsl.log1p
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.matrix.DType
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test

class CombatVerbTest {
    private fun logged(): AnnData =
        sc.datasets.simulatedBatches(nCells = 200, nGenes = 120, nBatches = 2).also {
            sc.pp.normalizeTotal(it)
            sc.pp.log1p(it)
            it.obs["depth"] = DoubleArray(200) { i -> (i * 7 % 11).toDouble() }
        }

    private fun batchGap(adata: AnnData): Double {
        val codes = adata.obs["batch"].texts()
        return (0 until adata.nVars).sumOf { j ->
            val column = adata.X.toDense().column(j)
            val (a, b) = column.indices.partition { codes[it] == codes[0] }
            Math.abs(a.map { column[it] }.average() - b.map { column[it] }.average())
        }
    }

    @Test
    fun `batches come together`() {
        val adata = logged()
        val before = batchGap(adata)
        val corrected = sc.pp.combat(adata, copy = true)
        assertThat(adata.X.isSparse).`as`("the original stays").isTrue
        assertThat(corrected.X.dtype()).isEqualTo(DType.FLOAT32)
        assertThat(batchGap(corrected)).isLessThan(0.3 * before)
        sc.pp.combat(adata, covariates = listOf("cell_type", "depth"))
        assertThat(adata.X.isSparse).isFalse
        assertThat(adata.X.get(0, 0)).isNotEqualTo(corrected.X.get(0, 0))
        val sva = sc.pp.combat(logged(), flavor = "sva", meanOnly = true)
        assertThat(sva.X.get(3, 3)).isNotEqualTo(corrected.X.get(3, 3))
    }

    @Test
    fun `messages say what to do`() {
        assertThatThrownBy { sc.pp.combat(logged(), key = "bach") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'batch'?")
        assertThatThrownBy { sc.pp.combat(logged(), covariates = listOf("batch")) }
            .hasMessage("key 'batch' is among the covariates [batch]; name it once")
        assertThatThrownBy { sc.pp.combat(logged(), covariates = listOf("depth", "depth")) }
            .hasMessage("covariates must be different columns, got [depth, depth]")
        assertThatThrownBy { sc.pp.combat(logged(), flavor = "scnpy") }
            .hasMessageContaining("Did you mean 'scanpy'?")
        val adata = logged()
        adata.obs["copy_of_batch"] = adata.obs["batch"].texts().toList()
        assertThatThrownBy { sc.pp.combat(adata, covariates = listOf("copy_of_batch")) }
            .hasMessageStartingWith("obs['copy_of_batch'] is confounded")
    }
}
