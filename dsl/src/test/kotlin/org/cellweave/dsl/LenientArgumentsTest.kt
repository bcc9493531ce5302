package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Arguments as Python's users write them: each form gives what the strict form gives. */
class LenientArgumentsTest {
    private class Forms(val name: String, val strict: (AnnData) -> Any?, val lenient: (AnnData) -> Any?)

    private fun same(name: String, strict: (AnnData) -> Any?, lenient: (AnnData) -> Any?) = Forms(name, strict, lenient)

    private val pairs =
        listOf(
            same("minDist = 1", { sc.tl.umap(it, minDist = 1.0, maxiter = 5) }, {
                sc.tl
                    .umap(it, minDist = 1, maxiter = 5)
            }),
            same("resolution = 1", { sc.tl.leiden(it, resolution = 1.0) }, { sc.tl.leiden(it, resolution = 1) }),
            same("groups = 0", { ranked(it, listOf("0"), "1") }, { ranked(it, 0, 1) }),
            same("groups = \"0\"", { ranked(it, listOf("0"), "1") }, { ranked(it, "0", "1") }),
            same("groups = 0..1", { ranked(it, listOf("0", "1"), "rest") }, { ranked(it, 0..1, "rest") }),
            same("qcVars = \"mt\"", { sc.pp.calculateQcMetrics(it, qcVars = listOf("mt"), percentTop = null) }) {
                sc.pp.calculateQcMetrics(it, qcVars = "mt", percentTop = null)
            },
            same("percentTop of an array", { sc.pp.calculateQcMetrics(it, percentTop = listOf(20, 50)) }) {
                sc.pp.calculateQcMetrics(it, percentTop = intArrayOf(20, 50), parallel = true)
            },
            same("percentTop = 20", { sc.pp.calculateQcMetrics(it, percentTop = listOf(20)) }) {
                sc.pp.calculateQcMetrics(it, percentTop = 20)
            },
            same("one gene", { sc.tl.scoreGenes(it, listOf("gene_03")) }, { sc.tl.scoreGenes(it, "gene_03") }),
            same("an array of genes", { sc.tl.scoreGenes(it, listOf("gene_03", "gene_04")) }) {
                sc.tl.scoreGenes(it, arrayOf("gene_03", "gene_04"))
            },
            same("cell cycle", {
                cycle(it, listOf("gene_01"), listOf("gene_02"))
            }) { cycle(it, "gene_01", arrayOf("gene_02")) },
            same("regressOut", { sc.pp.regressOut(it, listOf("n")) }, { sc.pp.regressOut(it, "n") }),
            same("combat", { sc.pp.combat(it, covariates = listOf("cell_type")) }) {
                sc.pp
                    .combat(it, covariates = "cell_type")
            },
            same("restrictTo", { sc.tl.leiden(it, restrictTo = "group" to listOf("0"), keyAdded = "r") }) {
                sc.tl.leiden(it, restrictTo = "group" to "0", keyAdded = "r")
            },
            same("fraction = 1", { sc.pp.subsample(it, fraction = 1.0) }, { sc.pp.subsample(it, fraction = 1) }),
            same("useHighlyVariable = false", { sc.pp.pca(it, nComps = 5, maskVar = ALL_GENES) }) {
                sc.pp.pca(it, nComps = 5, useHighlyVariable = false)
            },
            same("nJobs", { sc.tl.drawGraph(it, maxiter = 3) }, { sc.tl.drawGraph(it, maxiter = 3, nJobs = 2) }),
            same("maxMean = 3", { sc.pp.highlyVariableGenes(it, maxMean = 3.0) }, {
                sc.pp
                    .highlyVariableGenes(it, maxMean = 3)
            }),
        )

    private fun ranked(adata: AnnData, groups: Any, reference: Any) =
        sc.tl.rankGenesGroups(adata, "group", groups = groups, reference = reference)

    private fun cycle(adata: AnnData, s: Any, g2m: Any) = sc.tl.scoreGenesCellCycle(adata, s, g2m)

    private fun prepared(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 80, nGenes = 60)
        adata.obs["n"] = DoubleArray(adata.nObs) { it % 7.0 }
        adata.obs["group"] = List(adata.nObs) { "${it % 3}" }
        adata.vars["mt"] = List(adata.nVars) { it < 5 }
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 8)
        sc.pp.neighbors(adata, nNeighbors = 8)
        return adata
    }

    @TestFactory
    fun `the lenient form does what the strict one does`(): List<DynamicTest> {
        val start = prepared()
        return pairs.map { pair ->
            dynamicTest(pair.name) {
                val (strict, lenient) = List(2) { start.copy() }
                pair.strict(strict)
                pair.lenient(lenient)
                assertThat(strict.differenceTo(lenient)).isNull()
                assertThat(strict.differenceTo(start)).`as`("something was done").isNotNull
            }
        }
    }

    @Test
    fun `inplace = false returns what scanpy returns and leaves the object alone`() {
        val adata = prepared()
        val before = adata.copy()
        val table = sc.pp.highlyVariableGenes(adata, inplace = false, nTopGenes = 10)
        assertThat(table.keys).contains("highly_variable", "means", "dispersions_norm")
        val chosen = (table["highly_variable"] as BooleanColumn).values().count { it }
        val alone = sc.pp.highlyVariableGenes(adata, inplace = false, nTopGenes = 10, subset = true)
        assertThat(alone.nRows()).isEqualTo(chosen).isBetween(1, adata.nVars - 1)
        val tree = sc.tl.dendrogram(adata, inplace = false, groupby = "group")
        assertThat(tree.keys).contains("linkage", "categories_ordered")
        assertThat(adata.differenceTo(before)).isNull()
        sc.pp.highlyVariableGenes(adata, inplace = true, nTopGenes = 10)
        before.also { sc.pp.highlyVariableGenes(it, nTopGenes = 10) }
        assertThat(adata.differenceTo(before)).isNull()
    }

    @Test
    fun `what is refused says what to do`() {
        val adata = prepared()

        fun fails(message: String, body: () -> Unit) {
            assertThatThrownBy { body() }.hasMessageContaining(message)
        }
        fails("percentTop must be whole numbers, got 2.5") { sc.pp.calculateQcMetrics(adata, percentTop = 2.5) }
        fails("percentTop must be whole numbers, got the text 'a'") {
            sc.pp.calculateQcMetrics(adata, percentTop = "a")
        }
        fails("qcVars must be a text or a list of texts") {
            sc.pp
                .calculateQcMetrics(adata, qcVars = DataFrame.ofNames())
        }
        fails("method must be 'umap', got 'rapids'") { sc.tl.umap(adata, method = "rapids") }
        fails("optimalOrdering = true is not here") { sc.tl.dendrogram(adata, "group", optimalOrdering = true) }
        fails("useHighlyVariable is the older form of maskVar") {
            sc.pp.pca(adata, maskVar = "mt", useHighlyVariable = true)
        }
        fails("sc.settings.figdir must be a text, a Path or a File") { sc.settings.figdir = 5 }
    }

    @Test
    fun `folders are set by texts`() {
        val before = sc.settings.figdir
        try {
            sc.settings.figdir = "./figures/mine/"
            assertThat(sc.settings.figdir.toString()).endsWith("mine")
        } finally {
            sc.settings.figdir = before
        }
    }
}
