package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Tolerance
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.SplittableRandom

class TrajectoryTest {
    @TempDir
    lateinit var folder: Path

    /** Three arms of [each] cells from one point; cell 0 is the end of the first. */
    private fun arms(each: Int = 150): AnnData {
        val random = SplittableRandom(4)
        val x = DenseMatrix.zeros(3 * each, 4, DType.FLOAT32)
        for (i in 0 until 3 * each) {
            val along = if (i < each) each - i else i % each
            for (j in 0 until 4) {
                x.set(i, j, (if (j == i / each) 10.0 * along / each else 0.0) + 0.3 * random.nextGaussian())
            }
        }
        val adata = AnnData(x)
        sc.pp.neighbors(adata, useRep = "X", nNeighbors = 20)
        adata.obs["arm"] = List(3 * each) { "arm ${it / each}" }
        adata.obs["third"] = List(3 * each) { "t${it % each * 3 / each}-${it / each}" }
        adata.uns["iroot"] = 0L
        return adata
    }

    private fun close(ours: DoubleArray, theirs: DoubleArray, tolerance: Double) {
        assertThat(ours).hasSameSizeAs(theirs)
        for (i in ours.indices) {
            assertThat(ours[i]).`as`("[%d]", i).isCloseTo(theirs[i], within(tolerance))
        }
    }

    private fun close(ours: Matrix, theirs: Matrix, tolerance: Double) =
        close(ours.toDense().toFloat64().doubleData(), theirs.toDense().toFloat64().doubleData(), tolerance)

    @Test
    fun `pseudotime and branches are scanpy's on the same diffusion map`() {
        sameAsScanpy(sc.tl.diffmap(arms()), 1)
    }

    @Test
    fun `a tip that two branches claim does not end the next branching`() {
        val adata = sc.datasets.krumsiek11()
        adata.uns["iroot"] = 0L
        sc.pp.neighbors(adata, nNeighbors = 10)
        sc.tl.diffmap(adata)
        // scanpy looks for such a tip in its segment and ends in an IndexError
        sc.tl.dpt(adata, nBranchings = 4)
        val groups = adata.obs["dpt_groups"] as CategoricalColumn
        assertThat(groups.nCategories()).isGreaterThan(8)
        assertThat(groups.codes().toSet()).hasSize(groups.nCategories())
        assertThatThrownBy { sc.tl.dpt(adata, nDcs = 99) }
            .hasMessage(
                "nDcs must be at most the number of diffusion components, got nDcs = 99 for 15. " +
                    "Run sc.tl.diffmap(nComps = 99) first.",
            )
    }

    private fun sameAsScanpy(ours: AnnData, nBranchings: Int) {
        val theirs = Peer.run(folder, ours, "sc.tl.dpt(a, n_branchings=$nBranchings)")
        sc.tl.dpt(ours, nBranchings = nBranchings)
        close(ours.obs["dpt_pseudotime"].toDoubles(), theirs.obs["dpt_pseudotime"].toDoubles(), Tolerance.PEER)
        assertThat(ours.obs["dpt_groups"].texts()).isEqualTo(theirs.obs["dpt_groups"].texts())
        assertThat((ours.obs["dpt_groups"] as CategoricalColumn).nCategories()).isGreaterThan(2 * nBranchings)
        // segment 0 also holds the cells that no branch claims, which scanpy leaves out of its sorting
        val first = ours.obs["dpt_groups"].texts().count { it == "0" }
        val order = ours.obs["dpt_order_indices"].toDoubles().drop(first)
        assertThat(order).isEqualTo(theirs.obs["dpt_order_indices"].toDoubles().drop(first))
        for (key in listOf("dpt_changepoints", "dpt_grouptips")) {
            assertThat((ours.uns[key] as NdArray).toDoubles()).isEqualTo((theirs.uns[key] as NdArray).toDoubles())
        }
    }

    @Test
    fun `paga is scanpy's in both models`() {
        val ours = arms()
        for (model in listOf("v1.2", "v1.0")) {
            val theirs = Peer.run(folder, ours, "sc.tl.paga(a, 'third', model='$model')")
            sc.tl.paga(ours, "third", model = model)
            for (key in listOf("connectivities", "connectivities_tree")) {
                close(ours.unsMap("paga")[key] as Matrix, theirs.unsMap("paga")[key] as Matrix, Tolerance.PEER)
            }
            assertThat((ours.uns["third_sizes"] as NdArray).toDoubles())
                .isEqualTo((theirs.uns["third_sizes"] as NdArray).toDoubles())
            assertThat(theirs.unsMap("paga")["groups"]).isEqualTo(ours.unsMap("paga")["groups"])
        }
    }

    @Test
    fun `the dense kernel is scanpy's`() {
        val ours = arms(60)
        val theirs = Peer.run(folder, ours, "sc.pp.neighbors(a, 20, use_rep='X', knn=False, method='gauss')")
        sc.pp.neighbors(ours, 20, useRep = "X", knn = false, method = "gauss")
        close(ours.obsp["distances"], theirs.obsp["distances"], Tolerance.PEER)
        close(ours.obsp["connectivities"], theirs.obsp["connectivities"], Tolerance.PEER)
        assertThat(
            sc.tl
                .diffmap(ours)
                .obsm.keys,
        ).contains("X_diffmap")
        assertThatThrownBy { sc.pp.neighbors(ours, knn = false) }.hasMessageContaining("knn = false goes with method")
    }

    @Test
    fun `metrics go by scikit-learn's names`() {
        val ours = arms(40)
        sc.pp.neighbors(ours, 10, useRep = "X", metric = "manhattan", keyAdded = "a")
        sc.pp.neighbors(ours, 10, useRep = "X", metric = "cityblock", transformer = "sklearn", keyAdded = "b")
        close(ours.obsp["a_distances"], ours.obsp["b_distances"], 0.0)
        assertThatThrownBy { sc.pp.neighbors(ours, metric = "cosin") }
            .hasMessageContaining("metric must be one of [euclidean, cosine, correlation, manhattan, ")
            .hasMessageContaining("l2, l1, cityblock], got 'cosin'. Did you mean 'cosine'?")
        assertThatThrownBy { sc.pp.neighbors(ours, transformer = "sklearn", search = "approximate") }
            .hasMessageContaining("contradict each other")
        assertThatThrownBy { sc.pp.neighbors(ours, transformer = "annoy") }.hasMessageContaining("got 'annoy'")
    }

    @Test
    fun `an approximate search tells its recall`() {
        val ours = arms(300)
        sc.pp.neighbors(ours, 10, useRep = "X", keyAdded = "exact")
        sc.pp.neighbors(ours, 10, useRep = "X", search = "approximate", recall = 0.9, keyAdded = "near")
        val exact = ours.unsMap("exact")["params"] as Map<*, *>
        val near = ours.unsMap("near")["params"] as Map<*, *>
        assertThat(exact.keys).isEqualTo(near.keys - setOf("search", "recall"))
        assertThat(near["search"]).isEqualTo("approximate")
        assertThat(near["recall"] as Double).isBetween(0.9, 1.0)
        assertThatThrownBy { sc.pp.neighbors(ours, useRep = "X", recall = 2.0) }
            .hasMessage("recall must lie in (0, 1], got 2.0")
        assertThatThrownBy { sc.pp.neighbors(ours, useRep = "X", metric = "manhattan", search = "approximate") }
            .hasMessageContaining("metric manhattan has no approximate search")
    }

    @Test
    fun `densities are scanpy's`() {
        val ours = sc.tl.umap(arms())
        sc.tl.diffmap(ours)
        ours.obs["arm"] = ours.obs["arm"].asCategorical()
        val theirs =
            Peer.run(
                folder,
                ours,
                """
                sc.tl.embedding_density(a, 'umap', groupby='arm')
                sc.tl.embedding_density(a, 'diffmap', components='1,3')
                """,
            )
        sc.tl.embeddingDensity(ours, "umap", groupby = "arm")
        sc.tl.embeddingDensity(ours, "diffmap", components = "1,3")
        for (key in listOf("umap_density_arm", "diffmap_density")) {
            close(ours.obs[key].toDoubles(), theirs.obs[key].toDoubles(), Tolerance.PEER)
            val there = theirs.unsMap("${key}_params")
            assertThat(ours.unsMap("${key}_params")["covariate"]).isEqualTo(there["covariate"])
            assertThat((ours.unsMap("${key}_params")["components"] as NdArray).toDoubles())
                .isEqualTo((there["components"] as NdArray).toDoubles())
        }
        assertThatThrownBy { sc.tl.embeddingDensity(ours, components = "1") }.hasMessageContaining("two axes")
        assertThatThrownBy { sc.tl.embeddingDensity(ours, components = "1,3") }.hasMessageContaining("in 1..2")
    }

    @Test
    fun `louvain clusters anew within a part and modularity measures it`() {
        val ours = arms()
        sc.tl.louvain(ours, useWeights = true)
        sc.tl.louvain(ours, restrictTo = "arm" to listOf("arm 1"), flavor = "igraph", resolution = 1.5)
        val old = ours.obs["arm"].texts()
        ours.obs["louvain_R"].texts().forEachIndexed { i, label ->
            if (old[i] == "arm 1") assertThat(label).startsWith("arm 1,") else assertThat(label).isEqualTo(old[i])
        }
        val theirs =
            Peer.run(
                folder,
                ours,
                """
                import igraph
                w = a.obsp['connectivities'].tocoo(); m = w.row < w.col
                g = igraph.Graph(a.n_obs, list(zip(w.row[m].tolist(), w.col[m].tolist())))
                a.uns['q'] = g.modularity(a.obs['louvain'].cat.codes.tolist(), weights=w.data[m].astype(float))
                """,
            )
        assertThat(sc.metrics.modularity(ours, "louvain"))
            .isCloseTo((theirs.uns["q"] as Number).toDouble(), within(Tolerance.PEER))
    }

    @Test
    fun `what is missing is named`() {
        val adata = arms(20)
        assertThatThrownBy { sc.tl.paga(adata) }.hasMessageContaining("Run sc.tl.leiden() first")
        assertThatThrownBy { sc.tl.paga(adata, "arm", useRnaVelocity = true) }.hasMessageContaining("not supported")
        assertThatThrownBy { sc.tl.paga(adata, "arm", model = "v2") }.hasMessageContaining("[v1.2, v1.0]")
        adata.uns["iroot"] = 60L
        assertThatThrownBy { sc.tl.dpt(adata) }.hasMessageContaining("a whole number in [0, 60), got 60")
        adata.uns.remove("iroot")
        assertThatThrownBy { sc.tl.dpt(adata) }
            .hasMessageContaining("Set uns[\"iroot\"] to the number of the root cell")
    }
}
