package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.metrics.AdjustedRand
import org.cellweave.testing.Seeds
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class IngestTest {
    @TempDir
    lateinit var folder: Path

    private fun prepared(adata: AnnData): AnnData {
        sc.pp.pca(adata, nComps = 20)
        sc.pp.neighbors(adata, nPcs = 15)
        sc.tl.umap(adata, maxiter = 100)
        sc.tl.leiden(adata)
        return adata
    }

    private fun simulated(): Pair<AnnData, AnnData> {
        val all = sc.datasets.simulatedBatches(nCells = 800, nGenes = 300, nBatches = 1, nTypes = 4)
        sc.pp.log1p(sc.pp.normalizeTotal(all))
        val reference = all[0 until 500].copy()
        return prepared(reference) to all[500 until all.nObs].copy()
    }

    @Test
    fun `labels and places are those of the type`() {
        val (reference, new) = simulated()
        val truth = new.obs["cell_type"].asCategorical().codes()
        new.obs.remove("cell_type")
        sc.tl.ingest(new, reference, obs = listOf("cell_type"))
        assertThat(AdjustedRand.of(truth, new.obs["cell_type"].asCategorical().codes())).isGreaterThan(0.9)
        assertThat(new.obsm["X_umap"].nRows()).isEqualTo(new.nObs)
        assertThat((new.obsm["X_pca"] as Matrix).nCols()).isEqualTo(20)
        // a new cell lies among reference cells of its type
        val here = new.obsm["X_umap"] as Matrix
        val there = reference.obsm["X_umap"] as Matrix
        val types = reference.obs["cell_type"].asCategorical().codes()
        val hits =
            truth.indices.count { i ->
                val nearest =
                    types.indices.minByOrNull { j ->
                        Math.hypot(here.get(i, 0) - there.get(j, 0), here.get(i, 1) - there.get(j, 1))
                    }!!
                types[nearest] == truth[i]
            }
        assertThat(hits.toDouble() / truth.size).isGreaterThan(0.95)
    }

    @Test
    fun `the same for any number of threads, and a copy on request`() {
        val (reference, new) = simulated()
        val runs =
            listOf(1, 2, 7).map { threads ->
                Seeds.withThreads(threads) {
                    val mapped = sc.tl.ingest(new, reference, obs = listOf("leiden"), inplace = false)
                    (mapped.obsm["X_umap"] as Matrix).toDense().floatData() to mapped.obs["leiden"].texts()
                }
            }
        for (run in runs) {
            assertThat(run.first).isEqualTo(runs[0].first)
            assertThat(run.second).isEqualTo(runs[0].second)
        }
        assertThat("X_umap" in new.obsm.keys).isFalse
        val single = sc.tl.ingest(new, reference, obs = "leiden", embeddingMethod = "pca", inplace = false)
        assertThat(single.obs["leiden"].texts()).isEqualTo(runs[0].second)
        assertThat(single.obsm.keys).contains("X_pca").doesNotContain("X_umap")
    }

    @Test
    @Tag("slow")
    fun `as scanpy on kang, ctrl to stim`() {
        val ctrl = sc.read10xMtx(SharedData.require("data/kang/ctrl").toString())
        val stim = sc.read10xMtx(SharedData.require("data/kang/stim").toString())
        for (part in listOf(ctrl, stim)) {
            part.varNamesMakeUnique()
            sc.pp.log1p(sc.pp.normalizeTotal(part, targetSum = 1e4))
        }
        sc.pp.highlyVariableGenes(ctrl, nTopGenes = 1500)
        prepared(ctrl)
        val theirs = Peer.run(folder, stim, "sc.tl.ingest(a, ref, obs='leiden')", mapOf("ref" to ctrl))
        sc.tl.ingest(stim, ctrl, obs = listOf("leiden"))
        val ours = stim.obs["leiden"].texts()
        val other = theirs.obs["leiden"].texts()
        assertThat(ours.indices.count { ours[it] == other[it] } / ours.size.toDouble()).isGreaterThan(0.95)
        val pca = stim.obsm["X_pca"] as Matrix
        for (i in 0 until stim.nObs) {
            for (c in 0 until 20) {
                assertThat(pca.get(i, c)).isCloseTo((theirs.obsm["X_pca"] as Matrix).get(i, c), within(1e-3))
            }
        }
        val apart = distances(stim.obsm["X_umap"] as Matrix, theirs.obsm["X_umap"] as Matrix)
        assertThat(apart).isLessThan(1.0)
    }

    /** Median distance between the two places of a cell; the layouts are some 15 wide. */
    private fun distances(a: Matrix, b: Matrix): Double =
        (0 until a.nRows())
            .map { Math.hypot(a.get(it, 0) - b.get(it, 0), a.get(it, 1) - b.get(it, 1)) }
            .sorted()[a.nRows() / 2]

    @Test
    fun `what does not fit is named`() {
        val (reference, new) = simulated()
        assertThatThrownBy { sc.tl.ingest(new[all, 0 until 200].copy(), reference) }
            .hasMessageContaining("200 and 300 genes; use adata[all, adataRef.varNames].copy()")
        assertThatThrownBy { sc.tl.ingest(new, reference, labelingMethod = "vote") }.hasMessageContaining("got 'vote'")
        assertThatThrownBy { sc.tl.ingest(new, reference, embeddingMethod = listOf("tsne")) }
            .hasMessageContaining("['umap', 'pca'], got [tsne]")
        assertThatThrownBy { sc.tl.ingest(new, new) }.hasMessageContaining("Run sc.pp.neighbors() first")
    }

    @Test
    fun `distances are those of the reference's graph, arguments of the metric included`() {
        val (reference, new) = simulated()
        val weights = DoubleArray(20) { if (it < 2) 1.0 else 0.0 }
        sc.pp.neighbors(reference, useRep = "X_pca", metric = "minkowski", metricKwds = mapOf("p" to 1, "w" to weights))
        val found = Ingest(reference).fit(new).also { it.mapEmbedding("pca") }
        val lists = found.neighbors(k = 2)
        val (ours, theirs) = listOf(found.toAdata(), reference).map { it.obsm["X_pca"] as Matrix }
        for (i in 0 until new.nObs) {
            val nearest = lists.indices()[2 * i]
            val gap = (0..1).sumOf { Math.abs(ours.get(i, it) - theirs.get(nearest, it)) }
            assertThat(lists.distances()[2 * i]).isCloseTo(gap, within(1e-5))
        }
        val given = arrayOf(doubleArrayOf(1.0, 0.0), doubleArrayOf(0.0, 4.0))
        reference.obsm["X_pca"] = (reference.obsm["X_pca"] as Matrix).takeCols(intArrayOf(0, 1))
        sc.pp.neighbors(reference, useRep = "X_pca", metric = "mahalanobis", metricKwds = mapOf("VI" to given))
        val stored = folder.resolve("reference.h5ad").toString()
        reference.writeH5ad(stored)
        val again = Ingest(sc.readH5ad(stored))
        assertThat(again.fit(new).neighbors(k = 2).distances())
            .isEqualTo(Ingest(reference).fit(new).neighbors(k = 2).distances())
        sc.pp.neighbors(
            reference.also { it.obsm["gaps"] = DenseMatrix.zeros(it.nObs, it.nObs, DType.FLOAT64) },
            useRep = "gaps",
            metric = "precomputed",
        )
        assertThatThrownBy { sc.tl.ingest(new, reference) }
            .hasMessageContaining("the reference's neighbours come from precomputed distances")
    }

    @Test
    fun `step by step as in one call, and joined with the reference`() {
        val (reference, new) = simulated()
        val mapping = Ingest(reference).fit(new)
        assertThat(mapping.neighbors(k = 3).nNeighbors()).isEqualTo(3)
        mapping.fit(new)
        mapping.mapEmbedding("pca")
        mapping.mapEmbedding("umap")
        mapping.mapLabels("leiden")
        val once = sc.tl.ingest(new, reference, obs = listOf("leiden"), inplace = false)
        val steps = mapping.toAdata()
        assertThat(steps.obs["leiden"].texts()).isEqualTo(once.obs["leiden"].texts())
        assertThat((steps.obsm["X_umap"] as Matrix).toDense().floatData())
            .isEqualTo((once.obsm["X_umap"] as Matrix).toDense().floatData())
        assertThat("leiden" in new.obs.keys).isFalse

        val joint = mapping.toAdataJoint(batchCategories = listOf("ref", "new"))
        assertThat(joint.nObs).isEqualTo(reference.nObs + new.nObs)
        assertThat(
            joint.obs["batch"]
                .texts()
                .toList()
                .distinct(),
        ).containsExactly("ref", "new")
        assertThat(joint.obsNames.last()).isEqualTo("${new.obsNames.last()}-new")
        assertThat(joint.obs["leiden"].texts().takeLast(new.nObs)).isEqualTo(steps.obs["leiden"].texts().toList())
        assertThat((joint.obsm["X_umap"] as Matrix).get(joint.nObs - 1, 1))
            .isEqualTo((steps.obsm["X_umap"] as Matrix).get(new.nObs - 1, 1))
        assertThat(joint.varm.keys).contains("PCs")
        assertThat(joint.uns.keys).contains("pca", "umap")
    }

    @Test
    fun `steps out of order are named`() {
        val (reference, new) = simulated()
        assertThatThrownBy { Ingest(reference).mapEmbedding("pca") }.hasMessageContaining("call fit(adataNew) first")
        val mapping = Ingest(reference).fit(new)
        assertThatThrownBy { mapping.mapEmbedding("tsne") }.hasMessage("method must be 'umap' or 'pca', got 'tsne'")
        assertThatThrownBy { mapping.mapLabels("nothing") }.hasMessageContaining("obs['nothing'] is missing")
        assertThatThrownBy { mapping.toAdataJoint(batchCategories = listOf("a")) }
            .hasMessage("batchCategories must be two names, reference first, got [a]")
    }
}
