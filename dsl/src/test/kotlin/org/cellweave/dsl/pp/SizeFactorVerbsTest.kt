package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.X
import org.cellweave.dsl.log1p
import org.cellweave.dsl.multiBatchNormalize
import org.cellweave.dsl.normalizeBySizeFactors
import org.cellweave.dsl.quickCluster
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.scranSizeFactors
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.writeH5ad
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Captured
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class SizeFactorVerbsTest {
    private fun counts(nCells: Int = 400): AnnData =
        sc.datasets.simulatedBatches(nCells = nCells, nGenes = 200, nBatches = 2, nTypes = 3)

    private fun factors(adata: AnnData, key: String = "size_factors") =
        (adata.obs[key] as NumericColumn).toDoubles()

    private fun values(x: Any?) = (x as Matrix).toDense().floatData()

    @Test
    fun `factors are written, come back from a file, and cells are divided by them`(
        @TempDir folder: Path,
    ) {
        val adata = counts()
        val made = sc.pp.scranSizeFactors(adata, "cell_type", refClust = "type_1", copy = true)
        assertThat(adata.obs.keys).doesNotContain("size_factors")
        assertThat(factors(made).average()).isCloseTo(1.0, within(1e-12))
        val file = folder.resolve("a.h5ad").toString()
        made.writeH5ad(file)
        val back = sc.readH5ad(file)
        assertThat(factors(back)).isEqualTo(factors(made))
        val told = back.uns["size_factors"] as Map<*, *>
        assertThat(told["reference"]).isEqualTo("type_1")
        assertThat((told["not_positive"] as Number).toInt()).isZero
        val params = told["params"] as Map<*, *>
        assertThat(params["clusters"]).isEqualTo("cell_type")
        assertThat((params["sizes"] as NdArray).size()).isEqualTo(17)
        val divided = sc.pp.normalizeBySizeFactors(made, copy = true)
        val (before, after) = values(made.X) to values(divided.X)
        for (k in before.indices) {
            assertThat(after[k]).isEqualTo(before[k] / factors(made)[k / 200].toFloat())
        }
        assertThat(divided.uns.keys).doesNotContain("log1p")
        sc.pp.log1p(divided)
        val logs = sc.pp.normalizeBySizeFactors(made, log = true, copy = true)
        assertThat(values(logs.X)).isEqualTo(values(divided.X))
        assertThat(logs.uns["log1p"]).isEqualTo(divided.uns["log1p"])
        sc.pp.multiBatchNormalize(made, sizeFactors = "size_factors")
        assertThat(made.obs.keys).contains("size_factor")
    }

    @Test
    fun `a layer of counts is read and normalised by itself`() {
        val adata = counts()
        adata.layers["counts"] = adata.X.copy()
        sc.pp.scranSizeFactors(adata)
        val own = factors(adata)
        sc.pp.log1p(adata)
        val logs = values(adata.X)
        sc.pp.scranSizeFactors(adata, layer = "counts", keyAdded = "sf")
        assertThat(factors(adata, "sf")).isEqualTo(own)
        sc.pp.normalizeBySizeFactors(adata, "sf", layer = "counts")
        assertThat(values(adata.X)).isEqualTo(logs)
    }

    @Test
    fun `quick clusters are large enough and the same for any number of threads`() {
        val adata = counts(600)
        val before = values(adata.X)
        sc.pp.quickCluster(adata, minSize = 90)
        assertThat(values(adata.X)).isEqualTo(before)
        val found = adata.obs["quick_cluster"] as CategoricalColumn
        val sizes = found.codes().groupBy { it }.mapValues { it.value.size }
        assertThat(sizes.size).isGreaterThan(1)
        assertThat(sizes.values).allMatch { it >= 90 }
        for (threads in listOf(1, 2, 7)) {
            val again = Seeds.withThreads(threads) { sc.pp.quickCluster(adata, minSize = 90, copy = true) }
            assertThat((again.obs["quick_cluster"] as CategoricalColumn).codes()).isEqualTo(found.codes())
        }
        sc.pp.scranSizeFactors(adata, "quick_cluster")
        assertThat(factors(adata).min()).isPositive
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val adata = counts()
        val keys = adata.obs.keys.toList()
        assertThatThrownBy { sc.pp.scranSizeFactors(adata, "cell_typ") }.hasMessageContaining("obs['cell_typ']")
        assertThatThrownBy { sc.pp.scranSizeFactors(adata, "cell_type", refClust = "type_9") }
            .hasMessageContaining("refClust must be among [type_0, type_1, type_2], got 'type_9'")
        assertThatThrownBy { sc.pp.scranSizeFactors(adata, refClust = "type_0") }
            .hasMessage("refClust = 'type_0' needs clusters, got null")
        assertThatThrownBy { sc.pp.normalizeBySizeFactors(adata) }
            .hasMessageEndingWith("Run sc.pp.scranSizeFactors() first.")
        adata.obs["size_factors"] = DoubleArray(400) { if (it == 2) 0.0 else 1.0 }
        assertThatThrownBy { sc.pp.normalizeBySizeFactors(adata) }
            .hasMessage(
                "size factors must be positive, got 0.0 for cell '${adata.obsNames[2]}' (row 2) of X. " +
                    "Remove such cells, or let sc.pp.scranSizeFactors replace their factors",
            )
        adata.obs.remove("size_factors")
        val empty = adata.copy()
        val x = (empty.X as Matrix).toDense().copy()
        for (j in 0 until 200) x.set(5, j, 0.0)
        empty.X = x
        assertThatThrownBy { sc.pp.scranSizeFactors(empty) }
            .hasMessage(
                "size factors compare cells by their counts, but cell '${adata.obsNames[5]}' (row 5) of X has none. " +
                    "Remove cells without counts first",
            )
        x.set(5, 3, -1.0)
        assertThatThrownBy { sc.pp.scranSizeFactors(empty) }
            .hasMessageContaining("there is -1.0 for cell '${adata.obsNames[5]}' (row 5), gene")
        assertThat(adata.obs.keys.toList()).isEqualTo(keys)
        assertThat(empty.obs.keys.toList()).isEqualTo(keys)
    }

    @Test
    fun `warnings tell of logarithms, small clusters and replaced factors`() {
        val adata = counts()
        adata.obs["few"] = Array(400) { if (it < 15) "rare" else "rest" }
        val few = Captured.standardError { sc.pp.scranSizeFactors(adata, "few") }
        assertThat(few).contains("level 'rare' of obs['few'] has 15 cells, fewer than the smallest pool, 21")
        val poor = counts()
        val x = (poor.X as Matrix).toDense().copy()
        for (i in 0 until 8) for (j in 0 until 200) x.set(i, j, if (j == 199) 400.0 else 0.0)
        poor.X = x
        val replaced = Captured.standardError { sc.pp.scranSizeFactors(poor, keyAdded = "sf") }
        assertThat(replaced).contains("size factors that are not positive were found for").contains("as many genes")
        val told = poor.uns["sf"] as Map<*, *>
        assertThat((told["not_positive"] as Number).toInt()).isPositive
        val left = Captured.standardError { sc.pp.scranSizeFactors(poor, positive = false) }
        assertThat(left).contains("they stay as they are")
        sc.pp.log1p(adata)
        val logs = Captured.standardError { sc.pp.scranSizeFactors(adata) }
        assertThat(logs).contains("adata.X seems to be log-transformed already; scranSizeFactors expects counts")
        adata.uns.remove("log1p")
        val values = Captured.standardError { sc.pp.scranSizeFactors(adata) }
        assertThat(values).contains("scranSizeFactors expects counts, but X holds fractions up to ").contains("layer")
    }
}
