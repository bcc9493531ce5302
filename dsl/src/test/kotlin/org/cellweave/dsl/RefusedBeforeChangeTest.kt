package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Captured
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test

/** What a verb refuses it leaves as it was; what it does not test it does not put in a table. */
class RefusedBeforeChangeTest {
    private fun of(vararg rows: DoubleArray) = AnnData(DenseMatrix.ofRows(arrayOf(*rows)))

    private fun values(adata: AnnData) = (adata.X as Matrix).toDense().toFloat64().doubleData()

    private fun refused(
        adata: AnnData,
        vararg parts: String,
        verb: (AnnData) -> Unit,
    ) {
        val before = values(adata)
        assertThatThrownBy { verb(adata) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .satisfies({ e -> assertThat(e.message).contains(*parts) })
        assertThat(values(adata)).isEqualTo(before)
    }

    @Test
    fun `matrices that are refused are not rounded first`() {
        val verbs: List<(AnnData) -> Unit> = listOf({ sc.pp.clr(it) }, { sc.pp.tfidf(it) }, { sc.pp.binarize(it) })
        for (verb in verbs) {
            refused(of(doubleArrayOf(16777217.0, 1.0), doubleArrayOf(1e39, 2.0)), "works in float32", "1.0E39") {
                verb(it)
            }
            refused(of(doubleArrayOf(16777217.0, Double.NaN), doubleArrayOf(1.0, 2.0)), "NaN") { verb(it) }
        }
    }

    @Test
    fun `cells are divided only when all can be`() {
        val adata = of(doubleArrayOf(4.0, 0.0), doubleArrayOf(-30.0, 6.0))
        adata.obs.set("size_factors", NumericColumn.of(2.0, 10.0))
        refused(adata, "not negative", "X[1, 0] is -30.0") { sc.pp.normalizeBySizeFactors(it, log = true) }
        val tiny = of(doubleArrayOf(4.0, 0.0), doubleArrayOf(3e5, 6.0))
        tiny.obs.set("size_factors", NumericColumn.of(1e-38, 1.0))
        refused(tiny, "1.0E-38", "overflow") { sc.pp.normalizeBySizeFactors(it) }
    }

    @Test
    fun `counts beyond whole numbers are refused by sctransform`() {
        val adata = sc.datasets.simulatedBatches(nCells = 100, nGenes = 30, nBatches = 1, nTypes = 1)
        val x = (adata.X as Matrix).toDense().toFloat64()
        x.set(3, 4, 3e9)
        adata.X = x
        assertThatThrownBy { sc.pp.sctransform(adata) }.hasMessageContaining("at most 1000000000, got 3.0E9")
    }

    private fun samples(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 600, nGenes = 60, nBatches = 2, nTypes = 2)
        val batch = adata.obs["batch"].texts()
        adata.obs.set("sample", CategoricalColumn.ofTexts(*Array(600) { "${batch[it]}_${it % 3}" }))
        adata.obs.set("one", CategoricalColumn.ofTexts(*Array(600) { "same" }))
        adata.obs.set(
            "part",
            CategoricalColumn.ofTexts(
                *Array(600) {
                    if (batch[it] == "batch_0" &&
                        it % 2 == 0
                    ) {
                        "own"
                    } else {
                        "both"
                    }
                },
            ),
        )
        return adata
    }

    @Test
    fun `the intercept is never tested for want of something better`() {
        val adata = samples()
        assertThatThrownBy { sc.tl.pseudobulkDe(adata, "~ one", sampleKey = "sample") }
            .hasMessageContaining("obs['one'] has one level among these samples, 'same'")
        assertThatThrownBy { sc.tl.pseudobulkDe(adata, "~ one + batch", sampleKey = "sample") }
            .hasMessageContaining("leave it out of the design")
        assertThatThrownBy { sc.tl.pseudobulkDe(adata, "~ 1", sampleKey = "sample") }
            .hasMessageContaining("no coefficient to test but the intercept")
        assertThat(adata.uns.keys).doesNotContain("pseudobulk_de")
        val log = Captured.standardError {
            sc.tl
                .pseudobulkDe(adata, "~ batch", sampleKey = "sample", groupBy = "part", minCells = 1)
        }
        assertThat(log).contains("leaves out 'own'").contains("obs['batch'] has one level")
        assertThat(
            sc.get
                .pseudobulkDf(adata)["group"]
                .texts()
                .toSet(),
        ).containsExactly("both")
    }

    @Test
    fun `labels whose names cannot be keys are refused before the reference is built`() {
        val adata = samples()
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        adata.obs.set("a/b", CategoricalColumn.ofTexts(*Array(600) { "x" }))
        assertThatThrownBy { sc.tl.buildReference(adata, labels = listOf("a/b")) }
            .hasMessageContaining("'a/b' holds a '/'")
        assertThatThrownBy { sc.tl.mapQuery(adata.copy(), adata, listOf("sample"), "ingest") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("obsm of the reference")
            .hasMessageContaining("sc.pp.pca(adataRef)")
        assertThat(adata.obsm.keys).isEmpty()
    }
}
