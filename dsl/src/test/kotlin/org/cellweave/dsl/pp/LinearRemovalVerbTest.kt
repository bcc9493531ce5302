package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class LinearRemovalVerbTest {
    private fun logged(): AnnData =
        sc.datasets.simulatedBatches(nCells = 150, nGenes = 60, nBatches = 3).also {
            sc.pp.normalizeTotal(it)
            sc.pp.log1p(it)
            it.obs["depth"] = DoubleArray(150) { i -> (i * 7 % 11).toDouble() }
        }

    private fun apart(a: Matrix, b: Matrix): Double =
        (0 until a.nRows()).maxOf { i -> (0 until a.nCols()).maxOf { j -> Math.abs(a.get(i, j) - b.get(i, j)) } }

    @Test
    fun `ridge regression equals bbknn's`(
        @TempDir folder: Path,
    ) {
        val adata = logged()
        sc.pp.scale(adata)
        val theirs =
            Peer.run(
                folder,
                adata,
                """
                import bbknn
                a.obs = a.obs.astype({'batch': 'category', 'cell_type': 'category'})
                bbknn.ridge_regression(a, batch_key=['batch'], confounder_key=['cell_type'])
                a.X, a.layers['X_explained'] = a.X.astype(np.float32), a.layers['X_explained'].astype(np.float32)
                """,
            )
        sc.pp.ridgeRegression(adata, confounderKey = "cell_type")
        assertThat(apart(adata.X, theirs.X)).isLessThan(1e-5)
        assertThat(apart(adata.layers.matrix("X_explained", ""), theirs.layers.matrix("X_explained", "")))
            .isLessThan(1e-5)
        assertThatThrownBy { sc.pp.ridgeRegression(adata, confounderKey = "batch") }
            .hasMessage("batchKey and confounderKey must name different columns, got [batch, batch]")
    }

    @Test
    fun `batches come to one level, in place or in a layer`() {
        val adata = logged()
        val made = sc.pp.removeBatchEffect(adata, batch = "batch", keyAdded = "level", copy = true)
        assertThat(made.X.isSparse).isTrue
        val layer = made.layers.matrix("level", "").toDense()
        val batch = adata.obs["batch"].texts()
        val cells = batch.indices.groupBy { batch[it] }
        val means = cells.values.map { own -> own.map { layer.get(it, 4) }.average() }
        assertThat(means.max() - means.min()).isLessThan(1e-6)
        sc.pp.removeBatchEffect(adata, batch = "batch", covariates = listOf("depth"), group = "cell_type")
        assertThat(adata.X.isSparse).isFalse
        assertThat(apart(adata.X, layer)).isGreaterThan(1e-3)
    }

    @Test
    fun `a reference batch stays as it is`() {
        val adata = logged()
        val batch = adata.obs["batch"].texts()
        val made = sc.pp.combat(adata, refBatch = batch[0], copy = true)
        val own = batch.indices.filter { batch[it] == batch[0] }
        assertThat(own.maxOf { Math.abs(made.X.get(it, 3) - adata.X.get(it, 3)) }).isLessThan(1e-6)
        assertThatThrownBy { sc.pp.combat(adata, refBatch = "no such batch") }
            .hasMessageStartingWith("refBatch must be a level of obs['batch'], one of [")
    }

    @Test
    fun `messages say what to do, and nothing to remove changes nothing`() {
        val adata = logged()
        val same = sc.pp.removeBatchEffect(adata, copy = true)
        assertThat(same.X.isSparse).isTrue
        assertThatThrownBy { sc.pp.removeBatchEffect(adata, batch = "bach") }
            .isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.pp.removeBatchEffect(adata, batch = "batch", group = "batch") }
            .hasMessage(
                "batch, batch2, covariates, design and group must name different columns, got [batch, batch]",
            )
        assertThatThrownBy { sc.pp.removeBatchEffect(adata, batch = "batch", covariates = listOf("cell_type")) }
            .hasMessage(
                "covariates must name columns of numbers, but obs['cell_type'] holds labels; name it as batch2",
            )
    }
}
