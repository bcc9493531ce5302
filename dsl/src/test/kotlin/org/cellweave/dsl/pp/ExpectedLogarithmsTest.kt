package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.dsl.X
import org.cellweave.dsl.combat
import org.cellweave.dsl.cosineNormalize
import org.cellweave.dsl.fastMnn
import org.cellweave.dsl.findIntegrationAnchors
import org.cellweave.dsl.findTransferAnchors
import org.cellweave.dsl.harmonyIntegrate
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.integrate
import org.cellweave.dsl.integrateData
import org.cellweave.dsl.log1p
import org.cellweave.dsl.mnnCorrect
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.regressBatches
import org.cellweave.dsl.removeBatchEffect
import org.cellweave.dsl.rescaleBatches
import org.cellweave.dsl.ridgeRegression
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.scanorama
import org.cellweave.dsl.scoreGenes
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.testing.Captured
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Raw counts where logarithms are expected: every such verb says so, once, and none says so of logarithms. */
class ExpectedLogarithmsTest {
    private fun counts(): AnnData =
        sc.datasets.simulatedBatches(nCells = 300, nGenes = 100, nBatches = 2, nTypes = 3, batchEffect = 0.3)

    private fun logged(): AnnData =
        counts().also {
            sc.pp.normalizeTotal(it)
            sc.pp.log1p(it)
        }

    private val verbs: Map<String, (AnnData) -> Unit> =
        mapOf(
            "fastMnn" to { sc.pp.fastMnn(it, d = 10) },
            "mnnCorrect" to { sc.pp.mnnCorrect(it) },
            "combat" to { sc.pp.combat(it) },
            "removeBatchEffect" to { sc.pp.removeBatchEffect(it, "batch") },
            "regressBatches" to { sc.pp.regressBatches(it) },
            "rescaleBatches" to { sc.pp.rescaleBatches(it) },
            "ridgeRegression" to { sc.pp.ridgeRegression(it) },
            "scanorama" to { sc.pp.scanorama(it) },
            "cosineNormalize" to { sc.pp.cosineNormalize(it) },
            "findIntegrationAnchors" to { sc.pp.findIntegrationAnchors(it, anchorFeatures = it.varNames, dims = 10) },
            "findTransferAnchors" to
                { sc.tl.findTransferAnchors(it, logged(), features = it.varNames, dims = 10, npcs = 10) },
            "rankGenesGroups" to { sc.tl.rankGenesGroups(it, "cell_type") },
            "flavor 'cell_ranger'" to { sc.pp.highlyVariableGenes(it, nTopGenes = 50, flavor = "cell_ranger") },
        )

    private fun said(body: () -> Unit): String = Captured.standardError(body)

    private val expects = "expects logarithms"

    @TestFactory
    fun `counts are told of`(): List<DynamicTest> =
        verbs.map { (name, verb) ->
            dynamicTest(name) {
                val message =
                    "$name expects logarithms, but X holds whole numbers, as raw counts are; " +
                        "run sc.pp.normalizeTotal() and sc.pp.log1p() first"
                assertThat(said { verb(counts()) }.split(message)).hasSize(2)
                assertThat(said { verb(logged()) }).doesNotContain(expects)
            }
        }

    @Test
    fun `a layer of counts is named, also beside logarithms`() {
        val adata = logged()
        adata.layers["counts"] = counts().X
        assertThat(said { sc.pp.fastMnn(adata, d = 10, layer = "counts") })
            .contains(
                "fastMnn expects logarithms, but layers['counts'] holds whole numbers, as raw counts are; " +
                    "run sc.pp.normalizeTotal() and sc.pp.log1p() first, or name the layer that holds the logarithms",
            )
        assertThat(said { sc.pp.removeBatchEffect(adata, "batch", layer = "counts") }).contains(expects)
    }

    @Test
    fun `the reference of a transfer is told of by its own name`() {
        val run = { sc.tl.findTransferAnchors(logged(), counts(), features = counts().varNames, dims = 10, npcs = 10) }
        assertThat(said { run() }).contains("findTransferAnchors expects logarithms, but X of adataRef holds")
    }

    @Test
    fun `integrated expression and the door of all methods tell of counts`() {
        val adata = logged()
        sc.pp.findIntegrationAnchors(adata, anchorFeatures = adata.varNames, dims = 10)
        adata.layers["counts"] = counts().X
        assertThat(said { sc.pp.integrateData(adata, dims = 10, layer = "counts") }).contains("integrateData $expects")
        assertThat(said { sc.pp.integrate(counts(), "combat") }).contains("combat $expects")
    }

    /** As scanpy's users do with reason: counts, or what was made of them. */
    @Test
    fun `verbs that take either say nothing`() {
        assertThat(
            said {
                val adata = counts()
                sc.pp.highlyVariableGenes(adata, nTopGenes = 50, flavor = "seurat_v3")
                sc.tl.scoreGenes(adata, adata.varNames.take(5))
                sc.pp.pca(adata, nComps = 10)
                sc.pp.harmonyIntegrate(adata, "batch")
                sc.pp.scale(adata)
            },
        ).doesNotContain(expects)
    }
}
