package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.design.Categories
import org.cellweave.integrate.BatchIntegration
import org.cellweave.integrate.BatchIntegration.Values
import org.cellweave.integrate.Integrated
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.IntegrationResult
import org.cellweave.integrate.combat.Combat
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.testing.Captured
import org.cellweave.util.Progress
import org.junit.jupiter.api.Test

/** What the verbs do with a method that is handed to them as a value. */
class IntegrationTest {
    private fun prepared(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 3)
        adata.layers["counts"] = adata.X.copy()
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        return sc.pp.pca(adata, nComps = 10)
    }

    private class Made(private val what: Integrated) : IntegrationResult {
        override fun integrated() = listOf(what)

        override fun warnings() = listOf("made without thought")
    }

    /** A method that hands back what it is told to. */
    private class Stand(private val values: Values, private val make: (IntegrationInput) -> Integrated) :
        BatchIntegration<Made> {
        override fun name() = "stand"

        override fun reads() = values

        override fun run(input: IntegrationInput, progress: Progress) = Made(make(input))
    }

    private fun graph(x: DenseMatrix): Integrated.Graph {
        val lists = NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS)
        return Integrated.Graph(lists.distanceMatrix(), FuzzyGraph.run(lists))
    }

    private fun labels(adata: AnnData): List<Categories> = listOf(adata.labels("batch", "key"))

    @Test
    fun `a method gets the matrix that it reads, and warns in the verb's words`() {
        val adata = prepared()
        for ((values, x) in listOf(
            Values.EMBEDDING to adata.obsm.matrix("X_pca", ""),
            Values.LOG_EXPRESSION to adata.X,
            Values.COUNTS to adata.layers.matrix("counts", ""),
        )) {
            val method = Stand(values) { Integrated.Embedding(it.values("stand").toDense()) }
            val said =
                Captured.standardError {
                    val made = adata.integrate(method, "stand", adata.source(values, "X_pca"), labels(adata)) {
                        "so: $it"
                    }
                    assertThat((made.integrated().first() as Integrated.Embedding).x().floatData())
                        .isEqualTo(x.toDense().floatData())
                }
            assertThat(said).contains("WARNING: so: made without thought")
        }
    }

    @Test
    fun `what is made is written where its kind belongs`() {
        val adata = prepared()
        val x = adata.obsm.matrix("X_pca", "").toDense()
        adata.store(Integrated.Embedding(x), "X_other")
        assertThat(adata.obsm.keys).contains("X_other")
        val some = adata.X.takeCols(intArrayOf(3, 5)).toDense()
        adata.store(Integrated.Expression(some, intArrayOf(3, 5)), "X_some")
        assertThat(adata.obsm.matrix("X_some", "").nCols()).isEqualTo(2)
        val all = DenseMatrix.zeros(400, 300, org.cellweave.matrix.DType.FLOAT32)
        adata.store(Integrated.Expression(all, null), "ignored")
        assertThat(adata.X.toDense().floatData()).containsOnly(0f)
        adata.store(graph(x), "neighbors", mapOf("method" to "stand"))
        sc.tl.leiden(adata, flavor = "igraph", nIterations = 2)
        assertThat(adata.obs.keys).contains("leiden")
    }

    @Test
    fun `benchmark runs methods and judges them as it judges what they would have written`() {
        val adata = prepared()
        sc.pp.harmonyIntegrate(adata, "batch", randomState = 2)
        val harmony = Harmony.with(
            Harmony.Params
                .builder()
                .seed(2)
                .build(),
        )
        val table =
            sc.metrics.benchmark(
                adata,
                "batch",
                "cell_type",
                listOf("X_pca_harmony", "X_pca"),
                measures = listOf("iLISI", "cLISI"),
                methods = mapOf("harmony" to harmony, "combat" to Combat.with(Combat.Params.DEFAULTS)),
            )
        assertThat(table.embeddings).containsExactlyInAnyOrder("X_pca_harmony", "X_pca", "harmony", "combat")
        assertThat(table.total("harmony")).isEqualTo(table.total("X_pca_harmony"))
        assertThat(table.mean("combat", org.cellweave.metrics.IntegrationBenchmark.Aspect.BATCH_CORRECTION))
            .isGreaterThan(table.mean("X_pca", org.cellweave.metrics.IntegrationBenchmark.Aspect.BATCH_CORRECTION))
    }

    @Test
    fun `benchmark says what it cannot judge`() {
        val adata = prepared()
        val method = Stand(Values.EMBEDDING) { graph(it.values("stand").toDense()) }
        assertThatThrownBy {
            sc.metrics.benchmark(adata, "batch", "cell_type", emptyList(), methods = mapOf("knn" to method))
        }.hasMessage("benchmark judges coordinates of the cells, and knn makes a graph alone")
        assertThatThrownBy {
            sc.metrics.benchmark(adata, "batch", "cell_type", listOf("knn"), methods = mapOf("knn" to method))
        }.hasMessage("embeddings must be distinct, got [knn, knn]")
    }
}
