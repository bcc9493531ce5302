package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Tolerance
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class BbknnVerbTest {
    private fun cells(n: Int): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = n, nGenes = 200, nBatches = 3, nTypes = 3)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        return sc.pp.pca(adata, nComps = 15)
    }

    private fun apart(ours: Matrix, theirs: Matrix): Double {
        val (a, b) = listOf(ours.toDense(), theirs.toDense())
        return (0 until a.nRows()).maxOf { i ->
            (0 until a.nCols()).maxOf { j ->
                Math.abs(a.get(i, j) - b.get(i, j)) / Math.max(1.0, Math.abs(b.get(i, j)))
            }
        }
    }

    @Suppress("UNCHECKED_CAST")
    private fun params(adata: AnnData, key: String) =
        (adata.uns[key] as Map<String, Any?>)["params"] as Map<String, Any?>

    @Test
    fun `equals bbknn with its exact search`(
        @TempDir folder: Path,
    ) {
        val adata = cells(150)
        val theirs =
            Peer.run(
                folder,
                adata,
                """
                import bbknn
                exact = dict(computation='cKDTree')
                bbknn.bbknn(a, **exact)
                bbknn.bbknn(a, key_added='trimmed', n_pcs=7, neighbors_within_batch=4, trim=6, **exact)
                bbknn.bbknn(a, key_added='mixed', set_op_mix_ratio=0.3, local_connectivity=2.5, **exact)
                """,
            )
        sc.pp.bbknn(adata)
        sc.pp.bbknn(adata, keyAdded = "trimmed", nPcs = 7, neighborsWithinBatch = 4, trim = 6)
        sc.pp.bbknn(adata, keyAdded = "mixed", setOpMixRatio = 0.3, localConnectivity = 2.5)
        for (key in listOf("neighbors", "trimmed", "mixed")) {
            val prefix = if (key == "neighbors") "" else "${key}_"
            for (kind in listOf("distances", "connectivities")) {
                val name = prefix + kind
                assertThat(apart(adata.obsp.matrix(name, ""), theirs.obsp.matrix(name, "")))
                    .`as`(name)
                    .isLessThan(Tolerance.PEER)
            }
            val (own, other) = listOf(params(adata, key), params(theirs, key))
            for (told in listOf("n_neighbors", "method", "metric", "n_pcs", "use_rep")) {
                assertThat(own[told]).`as`("$key $told").isEqualTo(other[told])
            }
            val (balance, before) = listOf(own["bbknn"] as Map<*, *>, other["bbknn"] as Map<*, *>)
            for (told in listOf("trim", "batch_key")) {
                assertThat(balance[told]).`as`("$key $told").isEqualTo(before[told])
            }
        }
    }

    @Test
    fun `the approximate search tells its recall`() {
        val adata = cells(600)
        sc.pp.bbknn(adata, search = "approximate")
        val told = params(adata, "neighbors")
        assertThat(told["search"]).isEqualTo("approximate")
        assertThat(told["recall"] as Double).isBetween(0.98, 1.0)
        assertThat((told["bbknn"] as Map<*, *>)["computation"]).isEqualTo("approximate")
        sc.pp.bbknn(adata)
        assertThat(params(adata, "neighbors")).doesNotContainKey("recall")
        assertThatThrownBy { sc.pp.bbknn(adata, search = "annoy") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("search must be one of")
    }

    @Test
    fun `batches mix, types stay, and later verbs read the graph`() {
        val adata = cells(900)
        sc.pp.neighbors(adata, keyAdded = "plain")
        sc.pp.bbknn(adata)
        sc.tl.umap(adata, randomState = 1)
        sc.tl.leiden(adata, resolution = 0.3, flavor = "igraph", nIterations = 2)

        fun share(key: String, column: String): Double {
            val labels = adata.obs[column].texts()
            val graph = adata.obsp.matrix(key, "").toCsr()
            return labels.indices
                .map { i ->
                    val block = graph.blockOf(i)
                    val near = (block.start(i) until block.end(i)).map { block.indices()[it] }
                    near.count { labels[it] == labels[i] }.toDouble() / near.size
                }.average()
        }
        assertThat(share("distances", "batch")).isLessThan(share("plain_distances", "batch") - 0.3)
        assertThat(share("distances", "cell_type")).isGreaterThan(0.95)
        assertThat(sc.metrics.ari(adata, "cell_type", "leiden")).isGreaterThan(0.9)
        assertThat(sc.metrics.ilisi(adata, "batch", "X_umap")).isGreaterThan(sc.metrics.ilisi(adata, "batch"))
        assertThat(sc.metrics.clisi(adata, "cell_type", "X_umap")).isGreaterThan(0.95)
    }

    @Test
    fun `distances are those of neighbors, whatever the metric takes from the data`() {
        val adata = cells(120)
        // one batch alone has no variance in a column, and so no covariance with an inverse
        val x = (adata.obsm["X_pca"] as Matrix).toDense().toFloat64()
        val batches = adata.obs["batch"].texts()
        for (i in 0 until adata.nObs) if (batches[i] == batches[0]) x.set(i, 3, 0.0)
        adata.obsm["X_pca"] = x
        for (metric in listOf("seuclidean", "mahalanobis", "minkowski", "cosine")) {
            sc.pp.bbknn(adata, metric = metric)
            val balanced = adata.obsp.matrix("distances", "").toDense()
            sc.pp.neighbors(adata, nNeighbors = adata.nObs, useRep = "X_pca", metric = metric)
            val all = adata.obsp.matrix("distances", "").toDense()
            for (i in 0 until adata.nObs) {
                for (j in 0 until adata.nObs) {
                    if (balanced.get(i, j) == 0.0) continue
                    assertThat(balanced.get(i, j)).`as`("$metric $i $j").isEqualTo(all.get(i, j))
                    if (balanced.get(j, i) > 0) assertThat(balanced.get(j, i)).isEqualTo(balanced.get(i, j))
                }
            }
        }
    }

    @Test
    fun `copy leaves the original, and messages say what to do`() {
        val adata = cells(100)
        assertThat(
            sc.pp
                .bbknn(adata, copy = true)
                .obsp.keys,
        ).contains("distances", "connectivities")
        assertThat(adata.obsp.keys).isEmpty()
        assertThatThrownBy { sc.pp.bbknn(adata, batchKey = "bach") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("batch")
        assertThatThrownBy { sc.pp.bbknn(adata, useRep = "X_harmony") }.hasMessageContaining("obsm['X_harmony']")
        assertThatThrownBy { sc.pp.bbknn(adata, metric = "precomputed") }
            .hasMessage(
                "metric precomputed does not go with bbknn, which measures the distances itself; " +
                    "use metric euclidean or another of those that are computed",
            )
        val large = adata.copy().also { (it.obsm["X_pca"] as DenseMatrix).set(7, 3, 1e20) }
        assertThatThrownBy { sc.pp.bbknn(large) }
            .hasMessageStartingWith("cell '${adata.obsNames[7]}' (row 7), column 3 of obsm['X_pca'] is 1.0")
            .hasMessageContaining("but bbknn works in float32 and needs values up to 1.0E15")
        assertThatThrownBy { sc.pp.bbknn(adata, neighborsWithinBatch = 90) }
            .hasMessageContaining("of obs['batch'] has")
            .hasMessageContaining("neighborsWithinBatch = 90 needs at least 90 in each. Merge it with another level")
    }
}
