package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.testing.Captured
import org.cellweave.util.Check
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class HarmonyIntegrateTest {
    @TempDir
    lateinit var folder: Path

    private fun prepared(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 3)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        return sc.pp.pca(adata, nComps = 10)
    }

    @Suppress("UNCHECKED_CAST")
    private fun record(adata: AnnData) = adata.uns["harmony"] as Map<String, Any?>

    @Test
    fun `coordinates and a record are written and survive a file`() {
        val adata = prepared()
        sc.pp.harmonyIntegrate(adata, key = "batch", randomState = 3)
        val corrected = adata.obsm.matrix("X_pca_harmony", "").toDense()
        assertThat(corrected.nRows()).isEqualTo(400)
        assertThat(corrected.nCols()).isEqualTo(10)
        assertThat(corrected.floatData()).isNotEqualTo(
            adata.obsm
                .matrix("X_pca", "")
                .toDense()
                .floatData(),
        )
        val iterations = record(adata)["n_iter"] as Long
        assertThat((record(adata)["objective"] as NdArray).toDoubles()).hasSize(iterations.toInt() + 1)
        val file = folder.resolve("h.h5ad").toString()
        adata.writeH5ad(file)
        val again = sc.readH5ad(file)
        assertThat(
            again.obsm
                .matrix("X_pca_harmony", "")
                .toDense()
                .floatData(),
        ).isEqualTo(corrected.floatData())
        @Suppress("UNCHECKED_CAST")
        val params = record(again)["params"] as Map<String, Any?>
        assertThat(params["flavor"]).isEqualTo("harmony2")
        assertThat(params["random_state"]).isEqualTo(3L)
    }

    @Test
    fun `text, booleans and whole numbers are labels`() {
        val adata = prepared()
        sc.pp.harmonyIntegrate(adata, "batch")
        val expected = adata.obsm
            .matrix("X_pca_harmony", "")
            .toDense()
            .floatData()
        val texts = adata.obs["batch"].texts()
        val names = texts.distinct().sorted()
        adata.obs["text"] = texts.toList()
        adata.obs["number"] = IntArray(400) { names.indexOf(texts[it]) }
        adata.obs["odd"] = BooleanArray(400) { it % 2 == 1 }
        for (key in listOf("text", "number")) {
            sc.pp.harmonyIntegrate(adata, key, adjustedBasis = "Z")
            assertThat(
                adata.obsm
                    .matrix("Z", "")
                    .toDense()
                    .floatData(),
            ).isEqualTo(expected)
        }
        sc.pp.harmonyIntegrate(adata, listOf("batch", "odd"), theta = listOf(2, 1), adjustedBasis = "Z")
        val copy = sc.pp.harmonyIntegrate(adata, "batch", flavor = "harmony1", adjustedBasis = "Z1", copy = true)
        assertThat(adata.obsm.keys).doesNotContain("Z1")
        assertThat(copy.obsm.keys).contains("Z1")
    }

    @Test
    fun `mistakes say what to do`() {
        val adata = prepared()
        fails("obs['bach'] is missing", "Did you mean 'batch'?") { sc.pp.harmonyIntegrate(adata, "bach") }
        fails("obsm['X_pcs'] is missing", "Did you mean 'X_pca'?") {
            sc.pp.harmonyIntegrate(adata, "batch", basis = "X_pcs")
        }
        fails("flavor must be one of [harmony2, harmony1]") {
            sc.pp.harmonyIntegrate(adata, "batch", flavor = "harmony3")
        }
        adata.obs["score"] = DoubleArray(400) { it / 7.0 }
        fails("key must name a categorical column, but obs['score'] is float64") {
            sc.pp.harmonyIntegrate(adata, "score")
        }
        adata.obs.set("counts", NumericColumn.of(*LongArray(400) { it.toLong() }))
        fails("obs['counts'] has 400 different numbers for 400 cells", "Cut it into classes first") {
            sc.pp.harmonyIntegrate(adata, "counts")
        }
        adata.obs["holes"] = List(400) { if (it == 5) null else "a${it % 2}" }
        fails("obs['holes'] has 1 missing label, for cell 'cell_5'. Give every cell a label") {
            sc.pp.harmonyIntegrate(adata, "holes")
        }
        fails("key must be a column of obs or a list of columns, got []") {
            sc.pp.harmonyIntegrate(adata, emptyList<String>())
        }
        adata.obsm.remove("X_pca")
        fails("obs['bach'] is missing", "Did you mean 'batch'?") { sc.pp.harmonyIntegrate(adata, "bach") }
        fails("theta must be a number or a list of numbers, got a String") {
            sc.pp.harmonyIntegrate(adata, "batch", theta = "2")
        }
    }

    @Test
    fun `shapes that do not fit are called by the verb's names too`() {
        assertThatThrownBy { withUserNames { Check.sameLength(3, 2, "lambda", "the number of levels") } }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessage("ridgeLambda has length 3, but the number of levels is 2")
    }

    private fun fails(vararg messages: String, body: () -> Unit) {
        var thrown = assertThatThrownBy { body() }
        for (message in messages) {
            thrown = thrown.hasMessageContaining(message)
        }
    }

    @Test
    fun `a single batch is warned about`() {
        val adata = prepared()
        adata.obs["lane"] = "one"
        val said = Captured.standardError { sc.pp.harmonyIntegrate(adata, "lane") }
        assertThat(said).contains("WARNING: obs['lane'] has a single level")
    }

    @Test
    fun `the model shows its tables`() {
        val adata = prepared()
        sc.pp.harmonyModel(adata, "batch", nClusters = 5, theta = 1).use { model ->
            val before = model.O
            assertThat(model.maxIterClustering).isEqualTo(4)
            model.maxIterClustering = 10
            model.cluster()
            model.correct()
            assertThat(model.O.get(0, 0)).isNotEqualTo(before.get(0, 0))
            val types = model.countsBy(adata, "cell_type")
            assertThat(types.nCols()).isEqualTo(3)
            assertThat(types.rowSums()[2]).isCloseTo(model.E.rowSums()[2], within(1e-3))
            assertThat(model.R.nRows()).isEqualTo(400)
            assertThat(model.Y.nRows()).isEqualTo(5)
            // a corrected cell is the cell less its clusters' effects of its batch
            val batch = model.levels.indexOf(adata.obs["batch"].text(5))
            for (c in 0 until 10) {
                val effect = (0 until 5).sumOf { k -> model.R.get(5, k) * model.W(k).get(batch + 1, c) }
                assertThat(model.zCorr.get(5, c)).isCloseTo(model.zOrig.get(5, c) - effect, within(1e-4))
            }
            assertThat(model.lambda.get(0, 0)).isZero
            assertThat(model.rounds.last().entropy()).isNegative
        }
    }
}
