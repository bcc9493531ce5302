package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
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

    /** A way that forks, one branch of which forks again. */
    private fun forks(seed: Long): AnnData {
        val random = SplittableRandom(seed)
        val from = listOf(emptyList(), listOf(0), listOf(0), listOf(0, 2), listOf(0, 2))
        val x = DenseMatrix.zeros(500, 6, DType.FLOAT32)
        for (i in 0 until 500) {
            for (j in 0 until 6) {
                val on = if (j in from[i / 100]) {
                    8.0
                } else if (j == i / 100) {
                    0.08 * (i % 100)
                } else {
                    0.0
                }
                x.set(i, j, on + 0.2 * random.nextGaussian())
            }
        }
        val adata = AnnData(x)
        sc.pp.neighbors(adata, useRep = "X", nNeighbors = 20)
        adata.uns["iroot"] = 0L
        return adata
    }

    @Test
    fun `pseudotime and branches are scanpy's on the same diffusion map`() {
        sameAsScanpy(sc.tl.diffmap(arms()), 1)
        sameAsScanpy(sc.tl.diffmap(forks(1)), 2)
    }

    private fun sameAsScanpy(ours: AnnData, nBranchings: Int) {
        val theirs = Peer.run(folder, ours, "sc.tl.dpt(a, n_branchings=$nBranchings)")
        sc.tl.dpt(ours, nBranchings = nBranchings)
        close(ours.obs["dpt_pseudotime"].toDoubles(), theirs.obs["dpt_pseudotime"].toDoubles(), Tolerance.PEER)
        assertThat(ours.obs["dpt_groups"].texts()).isEqualTo(theirs.obs["dpt_groups"].texts())
        assertThat((ours.obs["dpt_groups"] as CategoricalColumn).nCategories()).isGreaterThan(2 * nBranchings)
        assertThat(ours.obs["dpt_order"].toDoubles()).isEqualTo(theirs.obs["dpt_order"].toDoubles())
        assertThat(ours.obs["dpt_order_indices"].toDoubles()).isEqualTo(theirs.obs["dpt_order_indices"].toDoubles())
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
