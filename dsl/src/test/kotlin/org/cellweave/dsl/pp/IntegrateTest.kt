package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.dsl.X
import org.cellweave.dsl.harmonyIntegrate
import org.cellweave.dsl.ilisi
import org.cellweave.dsl.integrate
import org.cellweave.dsl.integrationMethods
import org.cellweave.dsl.log1p
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

class IntegrateTest {
    private fun prepared(): AnnData {
        val adata =
            sc.datasets.simulatedBatches(nCells = 500, nGenes = 200, nBatches = 2, nTypes = 3, batchEffect = 0.4)
        adata.layers["counts"] = adata.X
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 35)
        return adata
    }

    private val methods = sc.get.integrationMethods()

    private fun values(x: Any?) = (x as Matrix).toDense().doubleData()

    /** Models that train for long have tests of their own; their row here is what they are reached by. */
    @TestFactory
    fun `every method writes where the list says, and leaves X alone`(): List<DynamicTest> =
        (List(methods.nRows()) { methods.index.text(it) } - listOf("scvi", "scanvi")).map { method ->
            dynamicTest(method) {
                val adata = prepared()
                val before = values(adata.X)
                val other = adata.copy()
                sc.pp.integrate(adata, method, labelsKey = "cell_type")
                assertThat(values(adata.X)).isEqualTo(before)
                when (method) {
                    "bbknn" -> assertThat(adata.obsp.keys).contains("distances", "connectivities")
                    in listOf("combat", "limma", "regress", "mnn") -> assertThat(adata.layers.keys).contains(method)
                    else -> {
                        assertThat(adata.obsm.keys).contains("X_$method")
                        assertThat(sc.metrics.ilisi(adata, "batch", "X_$method"))
                            .isGreaterThan(sc.metrics.ilisi(adata, "batch", "X_pca"))
                    }
                }
                sc.pp.integrate(other, method, labelsKey = "cell_type", keyAdded = "mine")
                val names = other.obsm.keys + other.layers.keys + other.obsp.keys
                assertThat(names).anyMatch { "mine" in it }
                assertThat(names).noneMatch { it == "X_$method" || it == method }
            }
        }

    @Test
    fun `the door and the verb give the same`() {
        val adata = prepared()
        sc.pp.integrate(adata, "harmony", randomState = 3)
        sc.pp.harmonyIntegrate(adata, "batch", randomState = 3)
        assertThat(values(adata.obsm["X_harmony"])).isEqualTo(values(adata.obsm["X_pca_harmony"]))
    }

    @Test
    fun `a method that is not there is refused with what is`() {
        assertThatThrownBy { sc.pp.integrate(prepared(), "harmonyy") }
            .hasMessageContaining("method must be one of [harmony, fastmnn, mnn, clustermnn, cca")
            .hasMessageContaining("got 'harmonyy'. Did you mean 'harmony'?")
        assertThatThrownBy { sc.pp.integrate(prepared(), "scanvi") }
            .hasMessage("labelsKey must name a column of obs for method = \"scanvi\"")
    }

    @Test
    fun `the list names verbs that help knows`() {
        assertThat(methods.nRows()).isEqualTo(13)
        assertThat(methods.keys).containsExactly("reads", "writes", "verb")
    }
}
