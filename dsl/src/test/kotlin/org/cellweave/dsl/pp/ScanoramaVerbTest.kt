package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ScanoramaVerbTest {
    private fun cells(n: Int = 400, batches: Int = 5): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = n, nGenes = 120, nBatches = batches, nTypes = 3)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        return sc.pp.pca(adata, nComps = 12)
    }

    private fun leastCorrelation(ours: AnnData, theirs: AnnData, key: String): Double {
        val (a, b) = listOf(ours, theirs).map { it.obsm.matrix(key, "").toDense() }
        return (0 until b.nCols()).minOf { Math.abs(correlation(a.column(it), b.column(it))) }
    }

    @Test
    fun `equals scanorama with its exact search, whatever the order of the cells`(
        @TempDir folder: Path,
    ) {
        val adata = cells()
        val theirs =
            Peer.run(
                folder,
                adata,
                """
                import scanorama
                labels = a.obs['batch'].astype(str).to_numpy()
                at = [np.flatnonzero(labels == b) for b in sorted(set(labels))]
                def gathered(parts):
                    out = np.empty((a.n_obs, parts[0].shape[1]))
                    for where, part in zip(at, parts):
                        out[where] = part
                    return out
                sets, genes = [a.X[where].copy() for where in at], [list(a.var_names)] * len(at)
                exact = dict(approx=False, verbose=0)
                made, corrected, order = scanorama.correct(
                    sets, genes, return_dimred=True, return_dense=True, dimred=15, **exact)
                a.obsm['X_scanorama'] = gathered(made)
                back = pd.Index(order).get_indexer(a.var_names)
                a.layers['scanorama'] = gathered(corrected)[:, back].astype(np.float32)
                few, chosen = scanorama.integrate(sets, genes, hvg=60, dimred=10, knn=10, sigma=30, **exact)
                a.obsm['few'] = gathered(few)
                pcs = [a.obsm['X_pca'][where].astype(float) for where in at]
                a.obsm['on_pca'] = gathered(
                    scanorama.assemble(pcs, verbose=0, knn=20, sigma=15, approx=False, alpha=.1, batch_size=5000))
                """,
            )
        sc.pp.scanorama(adata, dimred = 15, correct = true)
        sc.pp.scanorama(adata, adjustedBasis = "few", hvg = 60, dimred = 10, knn = 10, sigma = 30.0)
        sc.pp.scanorama(adata, basis = "X_pca", adjustedBasis = "on_pca")
        assertThat(leastCorrelation(adata, theirs, "X_scanorama")).isGreaterThan(0.9999)
        assertThat(leastCorrelation(adata, theirs, "few")).isGreaterThan(0.9999)
        val (ours, other) = listOf(adata, theirs).map { it.obsm.matrix("on_pca", "").toDense() }
        for (i in 0 until adata.nObs) {
            for (j in 0 until 12) assertThat(ours.get(i, j)).isCloseTo(other.get(i, j), offset(ours.get(i, j)))
        }
        val (layer, before) = listOf(adata, theirs).map { it.layers.matrix("scanorama", "").toDense() }
        val worst =
            (0 until adata.nObs).maxOf { i ->
                (0 until adata.nVars).maxOf { j -> Math.abs(layer.get(i, j) - before.get(i, j)) }
            }
        assertThat(worst).isLessThan(1e-4)
    }

    private fun offset(value: Double) =
        org.assertj.core.api.Assertions
            .within(1e-3 * Math.max(1.0, Math.abs(value)))

    @Test
    fun `what was joined is told, and a file keeps it`(
        @TempDir folder: Path,
    ) {
        val adata = cells(200, 3)
        val made = sc.pp.scanorama(adata, hvg = 50, correct = true, knn = 10, copy = true)
        assertThat(adata.obsm.keys).doesNotContain("X_scanorama")
        assertThat(made.obsm.matrix("scanorama_corrected", "").nCols()).isEqualTo(50)
        made.writeH5ad(folder.resolve("a.h5ad").toString())
        val told = sc.readH5ad(folder.resolve("a.h5ad").toString()).uns["scanorama"] as Map<*, *>
        assertThat((told["scores"] as NdArray).shape()).containsExactly(3, 3)
        assertThat((told["batches"] as NdArray).texts()).hasSize(3)
        assertThat((told["moved"] as NdArray).texts()).isNotEmpty
        assertThat((told["genes"] as NdArray).texts()).hasSize(50)
        assertThat((told["params"] as Map<*, *>)["knn"]).isEqualTo(10L)
    }

    @Test
    fun `the approximate search tells its recall, and a sketch its size`() {
        val adata = cells(900, 3)
        sc.pp.scanorama(adata)
        sc.pp.scanorama(adata, adjustedBasis = "fast", search = "approximate")
        val told = adata.uns["scanorama"] as Map<*, *>
        assertThat(told["search"]).isEqualTo("approximate")
        assertThat(told["recall"] as Double).isGreaterThan(0.99)
        assertThat(told["n_sketch"]).isEqualTo(900L)
        val fast = adata.obsm.matrix("fast", "").toDense()
        val exact = adata.obsm.matrix("X_scanorama", "").toDense()
        for (c in 0 until 20) assertThat(correlation(fast.column(c), exact.column(c))).isGreaterThan(0.999)
        sc.pp.scanorama(adata, adjustedBasis = "sketched", sketch = true, sketchMax = 200)
        assertThat((adata.uns["scanorama"] as Map<*, *>)["n_sketch"]).isEqualTo(600L)
        val sketched = adata.obsm.matrix("sketched", "").toDense()
        assertThat(correlation(sketched.column(0), exact.column(0))).isGreaterThan(0.95)
    }

    @Test
    fun `messages say what to do`() {
        val adata = cells(60, 2)
        assertThatThrownBy { sc.pp.scanorama(adata, batchKey = "bach") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'batch'?")
        assertThatThrownBy { sc.pp.scanorama(adata, knn = 50) }
            .hasMessageContaining("but scanorama with knn = 50 needs at least 50 in each")
        assertThatThrownBy { sc.pp.scanorama(adata, metric = "cosine") }
            .hasMessage("metric of scanorama must be manhattan or euclidean, got cosine")
        assertThatThrownBy { sc.pp.scanorama(adata, search = "exakt") }.hasMessageContaining("Did you mean 'exact'?")
        assertThatThrownBy { sc.pp.scanorama(adata, sketch = true, sketchMax = 3) }
            .hasMessage("sketchMax must be at least knn, 20, got 3")
        assertThatThrownBy { sc.pp.scanorama(adata, order = "sise") }.hasMessageContaining("Did you mean 'size'?")
        assertThatThrownBy { sc.pp.scanorama(adata, basis = "X_umap") }
            .hasMessageContaining("Run sc.tl.umap() first.")
    }
}
