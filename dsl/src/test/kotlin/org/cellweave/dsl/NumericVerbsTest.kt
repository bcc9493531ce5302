package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.metrics.IntegrationBenchmark
import org.cellweave.metrics.Lisi
import org.cellweave.preprocess.Pca
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.util.Random

/** What verbs do with few cells, missing labels and values that they cannot work with. */
class NumericVerbsTest {
    private fun noise(n: Int, d: Int, seed: Long): DenseMatrix {
        val random = Random(seed)
        return DenseMatrix.wrap(FloatArray(n * d) { random.nextFloat() }, n, d)
    }

    private fun cells(n: Int, d: Int = 6, seed: Long = 2): AnnData {
        val a = AnnData(noise(n, d, seed))
        a.obs.names = List(n) { "c$it" }
        a.`var`.names = List(d) { "g$it" }
        return a
    }

    private fun said(body: () -> Unit): String {
        val out = ByteArrayOutputStream()
        val before = System.err
        System.setErr(PrintStream(out, true))
        try {
            body()
        } finally {
            System.setErr(before)
        }
        return out.toString()
    }

    @Suppress("UNCHECKED_CAST")
    private fun names(
        a: AnnData,
    ): RecordArray = (a.uns["rank_genes_groups"] as Map<String, Any?>)["names"] as RecordArray

    @Test
    fun `each of two groups has its own markers`() {
        val a = cells(40)
        val x = a.X.toDense()
        for (i in 0 until 40) x.set(i, if (i < 20) 0 else 1, 4.0)
        a.X = x
        a.obs["k"] = CategoricalColumn.ofTexts(*Array<String?>(40) { if (it < 20) "A" else "B" })
        a.obs["k3"] = CategoricalColumn.ofTexts(
            *Array<String?>(40) {
                if (it < 20) {
                    "A"
                } else if (it < 30) {
                    "B"
                } else {
                    "C"
                }
            },
        )

        fun first(group: String): String = names(a).get(group).texts().first()
        sc.tl.rankGenesGroups(a, "k", method = "logreg")
        assertThatThrownBy { sc.tl.markerGeneOverlap(a, mapOf("t" to a.varNames[0]), adjPvalThreshold = 0.1) }
            .hasMessageEndingWith(
                "Run sc.tl.rankGenesGroups() again. Take a test, which has p-values; method = \"logreg\" has none.",
            )
        assertThat(first("A") to first("B")).isEqualTo("g0" to "g1")
        for ((one, other) in listOf("A" to "B", "B" to "A")) {
            sc.tl.rankGenesGroups(a, "k", method = "logreg", groups = listOf(one), reference = other)
            assertThat(names(a).fields().keys).containsExactly(one)
            assertThat(first(one)).isEqualTo(if (one == "A") "g0" else "g1")
        }
        sc.tl.rankGenesGroups(a, "k3", method = "logreg", groups = listOf("A", "C"))
        assertThat(first("A") to first("C")).isEqualTo("g0" to "g1")
        sc.tl.rankGenesGroups(a, "k3", method = "logreg", groups = "all")
        assertThat(first("A")).isEqualTo("g0")
        assertThatThrownBy { sc.tl.rankGenesGroups(a, "k", maskVar = BooleanArray(6)) }
            .hasMessage("maskVar leaves none of the 6 genes to rank; loosen it")
    }

    @Test
    fun `fewer cells than neighbours are made do with`() {
        assertThat(said { sc.pp.neighbors(cells(15), useRep = "X") }).isEmpty()
        val a = cells(10)
        assertThat(said { sc.pp.neighbors(a, useRep = "X") }).contains("adjusting to `nNeighbors = 6`")
        assertThat((a.obsp["distances"] as CsrMatrix).rowNnz(0)).isEqualTo(5)
        @Suppress("UNCHECKED_CAST")
        val params = (a.uns["neighbors"] as Map<String, Any?>)["params"] as Map<String, Any?>
        assertThat(params["n_neighbors"]).isEqualTo(6L)
    }

    @Test
    fun `cells without a label stay without one`() {
        val a = cells(40)
        a.obs["k"] = CategoricalColumn.ofTexts(
            *Array<String?>(40) {
                if (it < 10) {
                    null
                } else if (it < 20) {
                    "A"
                } else {
                    "B"
                }
            },
        )
        sc.pp.neighbors(a, useRep = "X", nNeighbors = 8)
        sc.tl.leiden(a, restrictTo = "k" to listOf("B"))
        sc.tl.louvain(a, restrictTo = "k" to listOf("B"))
        for (key in listOf("leiden_R", "louvain_R")) {
            val column = a.obs[key] as CategoricalColumn
            assertThat((0 until 40).filter { column.isMissing(it) }).isEqualTo((0 until 10).toList())
            assertThat(column.text(10)).isEqualTo("A")
            assertThat(column.text(20)).startsWith("B,")
        }
    }

    @Test
    fun `partition types and objectives of Leiden`() {
        val a = cells(30)
        sc.pp.neighbors(a, useRep = "X", nNeighbors = 8)
        val graph = a.obsp["connectivities"] as Matrix
        sc.tl.leiden(a, flavor = "leidenalg", partitionType = "CPMVertexPartition", resolution = 2, directed = true)
        assertThat((a.obs["leiden"] as CategoricalColumn).nCategories()).isEqualTo(30)
        sc.tl.leiden(a, objectiveFunction = "CPM", resolution = 0, adjacency = graph, keyAdded = "whole")
        assertThat((a.obs["whole"] as CategoricalColumn).nCategories()).isEqualTo(1)
        assertThatThrownBy { sc.tl.leiden(a, directed = true) }
            .hasMessageContaining("directed = true goes with flavor = \"leidenalg\" only")
        assertThatThrownBy { sc.tl.leiden(a, flavor = "leidenalg", partitionType = "Surprise") }
            .hasMessageContaining("partitionType must be one of [RBConfigurationVertexPartition,")
    }

    @Test
    fun `umap starts from the places of groups or from coordinates`() {
        val a = cells(40)
        a.obs["k"] = CategoricalColumn.ofTexts(*Array<String?>(40) { if (it < 20) "A" else "B" })
        sc.pp.neighbors(a, useRep = "X", nNeighbors = 8)
        sc.tl.paga(a, "k")
        assertThatThrownBy { sc.tl.umap(a, initPos = "paga") }.hasMessageContaining("Run sc.pl.paga() first.")
        a.uns["paga"] =
            a.unsMap("paga") + ("pos" to NdArray(DType.FLOAT64, intArrayOf(2, 2), doubleArrayOf(0.0, 0.0, 4.0, 2.0)))
        val places = scatteredPagaPlaces(a, 0)
        // A cell lies in the box around its group's place that is as large as the way to the other group.
        for (i in 0 until 40) {
            val (x, y) = if (i < 20) 0.0 to 0.0 else 4.0 to 2.0
            assertThat(places.get(i, 0)).isBetween(x - 2, x + 2)
            assertThat(places.get(i, 1)).isBetween(y - 1, y + 1)
        }
        sc.tl.umap(a, initPos = "paga", maxiter = 5, keyAdded = "from paga")
        sc.tl.umap(a, initPos = places, maxiter = 5, keyAdded = "from matrix")
        assertThat((a.obsm["from matrix"] as DenseMatrix).floatBlock(0))
            .isEqualTo((a.obsm["from paga"] as DenseMatrix).floatBlock(0))
    }

    @Test
    fun `components by any solver, of X, an embedding or a matrix`() {
        val a = cells(50)
        val expected = sc.pp.pca(a.X, returnInfo = true, nComps = 3, dtype = "float64")
        assertThat(expected.scores().dtype()).isEqualTo(DType.FLOAT64)
        assertThat(sc.pp.pca(a.X, nComps = 3, dtype = "float64").doubleData()).isEqualTo(expected.scores().doubleData())
        for (solver in listOf("auto", "arpack", "full", "randomized", "covariance_eigh", "lobpcg")) {
            sc.tl.pca(a, nComps = 3, svdSolver = solver)
            for (i in 0 until 50) {
                for (c in 0 until 3) {
                    assertThat((a.obsm["X_pca"] as Matrix).toDense().get(i, c))
                        .isCloseTo(
                            expected.scores().get(i, c),
                            org.assertj.core.api.Assertions
                                .within(1e-5),
                        )
                }
            }
        }
        a.obsm["E"] = a.X.toDense()
        sc.pp.pca(a, nComps = 3, obsm = "E", keyAdded = "of E")
        assertThat(a.varm.keys).doesNotContain("of E")
        assertThat((a.unsMap("of E")["components"] as Matrix).toDense().doubleData())
            .isEqualTo(expected.loadings().doubleData())
        assertThatThrownBy { sc.pp.pca(a, svdSolver = "tsqr") }
            .hasMessageContaining("svdSolver must be one of [auto, arpack,")
        assertThat(Pca.Params.DEFAULTS.dtype()).isEqualTo(DType.FLOAT32)
    }

    @Test
    fun `a value that is not finite is named by cell and gene`() {
        val a = cells(40)
        a.X = a.X.toDense().also { it.set(3, 5, Double.NaN) }
        a.obsm["X_pca"] = noise(40, 4, 1).also { it.set(7, 2, Double.POSITIVE_INFINITY) }
        a.obs["batch"] = CategoricalColumn.ofTexts(*Array<String?>(40) { if (it % 2 == 0) "x" else "y" })
        val end = ". Remove or replace NaN and infinite values first"
        for ((step, verb) in mapOf<String, () -> Unit>(
            "combat" to { sc.pp.combat(a) },
            "scale" to { sc.pp.scale(a) },
            "pca" to { sc.pp.pca(a) },
            "neighbors" to { sc.pp.neighbors(a, useRep = "X") },
            "rankGenesGroups" to { sc.tl.rankGenesGroups(a, "batch") },
        )) {
            assertThatThrownBy { verb() }
                .hasMessage("$step needs finite values, but cell 'c3' (row 3), gene 'g5' of X is NaN$end")
        }
        assertThatThrownBy { sc.pp.harmonyIntegrate(a, "batch") }
            .hasMessage(
                "harmonyIntegrate needs finite values, but cell 'c7' (row 7), column 2 of obsm['X_pca'] is Infinity$end",
            )
        assertThatThrownBy { sc.pp.harmonyIntegrate(a, "batch", blockProportion = 7.0) }
            .hasMessageStartingWith("blockProportion must lie in")
        assertThatThrownBy { sc.pp.harmonyIntegrate(a, "batch", ridgeLambda = -3) }
            .hasMessageStartingWith("ridgeLambda must be")
    }

    @Test
    fun `Harmony's names become the user's, columns keep theirs`() {
        val a = cells(30)
        a.obsm["X_pca"] = noise(30, 4, 1)
        a.obs["batch"] = CategoricalColumn.ofTexts(*Array<String?>(30) { if (it % 2 == 0) "x" else "y" })
        a.obs["seed"] = CategoricalColumn.ofTexts(*Array<String?>(30) { "one" })
        assertThat(said { sc.pp.harmonyIntegrate(a, listOf("batch", "seed")) })
            .contains("obs['seed'] has a single level")
            .contains("blockProportion is 0.2 because")
    }

    @Test
    fun `a choice of fewer genes than asked for says so`() {
        assertThat(said { sc.pp.highlyVariableGenes(cells(40, 30), nTopGenes = 500) })
            .contains("nTopGenes = 500 exceeds the number of genes, 30; all 30 genes that can be ranked are chosen")
        assertThat(said { sc.pp.highlyVariableGenes(cells(40, 30), minMean = 50.0, maxMean = 60.0) })
            .contains("no gene is chosen")
    }

    @Test
    fun `metrics that are no numbers are told`() {
        val a = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, -4.0), doubleArrayOf(2.0, 3.0))).toFloat32())
        val warning = said { sc.pp.calculateQcMetrics(a, percentTop = null) }
        assertThat(warning).contains(
            "metrics of 1 cells and 1 genes are NaN or infinite, because there are negative values; take the metrics " +
                "of raw counts",
        )
        assertThat((a.obs["log1p_total_counts"] as NumericColumn).toDoubles()[0]).isNaN()
        val zero = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(0.0, 0.0), doubleArrayOf(2.0, 3.0))))
        assertThat(said { sc.pp.calculateQcMetrics(zero, percentTop = listOf(1)) }).isEmpty()
        val huge = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(3e38, 3e38), doubleArrayOf(2.0, 3.0))).toFloat32())
        assertThat(said { sc.pp.calculateQcMetrics(huge.copy(), percentTop = null) })
            .contains("metrics of 1 cells and 0 genes are NaN or infinite, because sums exceed the range of float32")
        assertThat(said { sc.pp.filterCells(huge, minCounts = 1) })
            .contains("n_counts is NaN or infinite 1 times, because sums exceed the range of its type")
    }

    @Test
    fun `a recipe that fails changes nothing`() {
        val a = cells(30)
        val before = a.copy()
        assertThatThrownBy { sc.pp.recipeWeinreb17(a, cvThreshold = 50) }.hasMessageContaining("lower nPcs")
        assertThatThrownBy { sc.pp.recipePearsonResiduals(a, nTopGenes = 3, nComps = 20, checkValues = false) }
            .isInstanceOf(IllegalArgumentException::class.java)
        assertThat(a.differenceTo(before)).isNull()
    }

    @Test
    fun `figures without cells or labels say so in one line`() {
        val message = "groupby must give at least one cell a group, but obs['k'] gives none"
        val none = AnnData(DenseMatrix.zeros(0, 2, DType.FLOAT32))
        none.obs["k"] = CategoricalColumn.ofTexts()
        assertThatThrownBy { sc.pl.dotplot(none, "0", "k") }.hasMessage(message)
        val a = cells(9)
        a.obs["k"] = CategoricalColumn.ofTexts(*arrayOfNulls<String>(9))
        for (figure in listOf({ sc.pl.dotplot(a, "g0", "k") }, { sc.pl.violin(a, "g0", groupby = "k") })) {
            assertThatThrownBy { figure() }.hasMessage(message)
        }
    }

    @Test
    fun `messages call batches and groups by their names`() {
        val a = cells(12)
        a.obs["batch"] = CategoricalColumn.ofTexts(*Array<String?>(12) { if (it == 5) "only" else "most" })
        assertThatThrownBy { sc.pp.combat(a) }.hasMessageContaining("level 'only' of obs['batch'] has 1 cell, but")
        a.obs["batch"] = CategoricalColumn.ofTexts(*Array<String?>(12) { if (it == 5) null else "b${it % 2}" })
        val missing =
            "obs['batch'] has 1 missing label, for cell 'c5'. Give every cell a label, or subset to the cells that have one"
        assertThatThrownBy { sc.pp.combat(a) }.hasMessage(missing)
        assertThatThrownBy { sc.pp.harmonyIntegrate(a.also { it.obsm["X_pca"] = it.X as DenseMatrix }, "batch") }
            .hasMessage(missing)
        assertThatThrownBy { sc.pp.scrublet(a, batchKey = "batch") }.hasMessage(missing)
        assertThatThrownBy { sc.pp.highlyVariableGenes(a, batchKey = "batch", nTopGenes = 3) }.hasMessage(missing)
        assertThatThrownBy { sc.pp.regressOut(a, "batch") }.hasMessage(missing)
        assertThatThrownBy { sc.pp.bbknn(a) }.hasMessage(missing)
        a.obs["k"] = CategoricalColumn.ofTexts(*Array<String?>(12) { if (it < 4) "flat" else "k${it % 2}" })
        val x = a.X.toDense()
        for (i in 0 until 4) for (j in 0 until 6) x.set(i, j, 1.0)
        a.X = x
        assertThatThrownBy { sc.tl.dendrogram(a, "k", useRep = "X") }
            .hasMessageContaining("group 'flat' has no correlation with the others")
    }

    @Test
    fun `few cells are judged and scored by fewer neighbours`() {
        val a = cells(60)
        a.obsm["X_pca"] = a.X as DenseMatrix
        a.obs["batch"] = CategoricalColumn.ofTexts(*Array<String?>(60) { "b${it % 2}" })
        a.obs["k"] = CategoricalColumn.ofTexts(*Array<String?>(60) { "k${it % 3}" })
        val measure = IntegrationBenchmark.Measure.ILISI
        val warning = said {
            val table = sc.metrics.benchmark(a, "batch", "k", listOf("X_pca"), measures = listOf(measure.title()))
            val lists = nearest(a.X.toDense(), 31, 0)
            val codes = IntArray(60) { it % 2 }
            val expected = Lisi
                .run(
                    lists, codes,
                    Lisi.Params
                        .builder()
                        .perplexity(10.0)
                        .build(),
                ).integration()
            assertThat(table["X_pca", measure]).isEqualTo(expected)
        }
        assertThat(warning).contains("adjusting to `nNeighbors = 31`")

        val counts = sc.datasets.simulatedBatches(nCells = 20, nGenes = 60, nBatches = 1, nTypes = 2)
        val said = said { sc.pp.scrublet(counts, nNeighbors = 25, nPrinComps = 5, threshold = 0.3) }
        assertThat(said).contains("adjusting to `nNeighbors = 31`")
        // 30 neighbours at most are doublets; the odds are of 25 (1 + 2) neighbours, as scanpy's
        val possible = (0..30).map { d ->
            val q = (d + 1) / 77.0
            q * 0.05 / 2 / (1 - 0.05 - q * (1 - 0.05 - 0.05 / 2))
        }
        for (score in (counts.obs["doublet_score"] as NumericColumn).toDoubles()) {
            assertThat(possible.minOf { Math.abs(it - score) }).isLessThan(1e-12)
        }
    }
}
