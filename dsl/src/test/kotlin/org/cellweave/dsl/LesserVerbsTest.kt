package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.abs

/** Verbs of scanpy that few notebooks call: measures of abstracted graphs, a recipe, simulation, older names. */
class LesserVerbsTest {
    @TempDir
    lateinit var folder: Path

    private fun clustered(resolution: Double = 1.0): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 500, nGenes = 200, nBatches = 1, nTypes = 5)
        sc.pp.log1p(sc.pp.normalizeTotal(adata))
        sc.pp.pca(adata, nComps = 10)
        sc.pp.neighbors(adata)
        sc.tl.leiden(adata, resolution = resolution)
        sc.tl.paga(adata)
        return adata
    }

    @Test
    fun `measures of the abstracted graph are those of scanpy`() {
        val adata = clustered()
        val other = clustered(resolution = 2.0)
        val theirs =
            Peer.run(
                folder,
                adata,
                """
                a.uns['degrees'] = np.array(sc.tl.paga_degrees(a))
                from scipy.stats import entropy
                # as scanpy's function, which stops inside of numpy on fewer than 600 genes
                medians = [np.median(a[a.obs['leiden'] == g].X.toarray(), axis=1) for g in a.obs['leiden'].cat.categories]
                a.uns['entropies'] = np.array([entropy((m - m.min()) / (m.max() - m.min())) for m in medians])
                for key in ['connectivities', 'connectivities_tree']:
                    a.uns[key] = np.array(sc.tl.paga_compare_paths(a, b, adjacency_key=key), dtype=float)
                """,
                mapOf("b" to other),
            )
        assertThat(sc.tl.pagaDegrees(adata)).hasSizeGreaterThan(3)
        numbers(theirs, "degrees").zip(sc.tl.pagaDegrees(adata)).forEach { (t, o) ->
            assertThat(o).isCloseTo(t, within(1e-9))
        }
        numbers(theirs, "entropies").zip(sc.tl.pagaExpressionEntropies(adata)).forEach { (t, o) ->
            if (t.isNaN()) assertThat(o).isNaN() else assertThat(o).isCloseTo(t, within(1e-5))
        }
        for (key in listOf("connectivities", "connectivities_tree")) {
            val r = sc.tl.pagaComparePaths(adata, other, adjacencyKey = key)
            val t = numbers(theirs, key)
            if (t[1].isNaN()) {
                assertThat(r.fracSteps()).isNaN()
            } else {
                assertThat(listOf(r.fracSteps(), r.nSteps().toDouble(), r.fracPaths(), r.nPaths().toDouble()))
                    .isEqualTo(t)
            }
        }
    }

    private fun numbers(adata: AnnData, key: String): List<Double> {
        val array = adata.uns[key] as org.cellweave.data.NdArray
        return List(array.size().toInt()) { array.number(it) }
    }

    @Test
    fun `graphs that do not belong together are named`() {
        val adata = clustered()
        val smaller = adata[0 until 100].copy()
        assertThatThrownBy { sc.tl.pagaComparePaths(adata, smaller) }
            .hasMessage("adata1 and adata2 must have the same cells, got 500 and 100")
        assertThatThrownBy { sc.tl.pagaComparePaths(adata, adata, adjacencyKey = "nothing") }
            .hasMessageContaining("nothing")
            .hasMessageContaining("connectivities_tree")
        adata.uns.remove("paga")
        assertThatThrownBy { sc.tl.pagaDegrees(adata) }.hasMessageContaining("Run sc.tl.paga() first")
    }

    @Test
    fun `the recipe of Weinreb is that of scanpy`() {
        val adata = sc.datasets.simulatedBatches(nCells = 300, nGenes = 150, nBatches = 1, nTypes = 3)
        adata.X = adata.X.toDense()
        val theirs =
            Peer.run(
                folder,
                adata,
                "sc.pp.recipe_weinreb17(a, cv_threshold=0.9, n_pcs=5, svd_solver='full'); a.X = np.asarray(a.X)",
            )
        val sparse = adata.copy()
        sparse.X = sparse.X.toCsr()
        for (ours in listOf(adata, sparse)) {
            sc.pp.recipeWeinreb17(ours, cvThreshold = 0.9, nPcs = 5)
            assertThat(ours.varNames).isEqualTo(theirs.varNames)
            val x = ours.obsm["X_pca"] as Matrix
            val t = theirs.obsm["X_pca"] as Matrix
            for (i in 0 until ours.nObs) {
                for (j in 0 until ours.nVars) {
                    assertThat(ours.X.get(i, j)).isCloseTo(theirs.X.get(i, j), within(1e-4))
                }
                for (c in 0 until 5) {
                    // the sign of a component is the solver's
                    assertThat(abs(x.get(i, c))).isCloseTo(abs(t.get(i, c)), within(2e-3))
                }
            }
        }
        assertThatThrownBy { sc.pp.recipeWeinreb17(sparse, log = false, cvThreshold = 50) }
            .hasMessageContaining("got 50; lower nPcs or cvThreshold")
    }

    @Test
    fun `older names do the same`() {
        fun counts() = sc.datasets.simulatedBatches(nCells = 200, nGenes = 100, nBatches = 1, nTypes = 3)
        val now = counts()
        val old = counts()
        sc.pp.recipePearsonResiduals(now, nTopGenes = 40, nComps = 5)
        sc.experimental.pp.recipePearsonResiduals(old, nTopGenes = 40, nComps = 5)
        assertThat((old.obsm["X_pca"] as Matrix).toDense().floatData())
            .isEqualTo((now.obsm["X_pca"] as Matrix).toDense().floatData())
        sc.experimental.pp.highlyVariableGenes(old, nTopGenes = 30)
        assertThat(old.uns["hvg"]).isEqualTo(mapOf("flavor" to "pearson_residuals", "computed_on" to "adata.X"))
        assertThatThrownBy { sc.experimental.pp.highlyVariableGenes(old, flavor = "seurat") }
            .hasMessageContaining("got 'seurat'; sc.pp.highlyVariableGenes has the others")
        val residuals = counts()
        sc.experimental.pp.normalizePearsonResiduals(residuals)
        assertThat(residuals.X.get(3, 7)).isEqualTo(
            sc.pp
                .normalizePearsonResiduals(counts())
                .X
                .get(3, 7),
        )
        old.obs["batch"] = Array<String?>(old.nObs) { if (it % 2 == 0) "a" else "b" }
        sc.external.pp.harmonyIntegrate(old, "batch")
        assertThat(old.obsm.keys).contains("X_pca_harmony")
        assertThat(sc.help("experimental.pp.highlyVariableGenes").arguments.keys).contains("flavor")
    }

    @Test
    fun `simulated courses`() {
        val myeloid = sc.tl.sim("krumsiek11")
        assertThat(myeloid.nObs).isEqualTo(640)
        assertThat(myeloid.varNames.first()).isEqualTo("Gata2")
        assertThat(myeloid.uns["tmax_write"]).isEqualTo(160.0)
        assertThat(myeloid.uns["iroot"]).isEqualTo(0L)
        assertThat(
            sc.tl
                .sim("krumsiek11", seed = 1)
                .X
                .get(100, 3),
        ).isNotEqualTo(myeloid.X.get(100, 3))
        val toggle = sc.tl.sim("toggleswitch")
        val rows = toggle.nObs / 2
        // one branch ends with either gene on
        assertThat(toggle.X.get(rows - 1, 0) > 0.5).isNotEqualTo(toggle.X.get(2 * rows - 1, 0) > 0.5)
        val file = folder.resolve("model.txt")
        Files.writeString(file, "A = A and not B\nB = B and not A\n")
        val own = sc.tl.sim(file.toString(), tmax = 200, step = 10, nrRealizations = 2, noiseDyn = 0.05)
        assertThat(own.varNames).containsExactly("A", "B")
        assertThat(own.nObs).isEqualTo(40)
        assertThatThrownBy { sc.tl.sim("nothing") }.hasMessageContaining("a file of rules, got 'nothing'")
    }
}
