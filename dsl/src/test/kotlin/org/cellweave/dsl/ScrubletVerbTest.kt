package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.testing.Tolerance
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ScrubletVerbTest {
    @TempDir
    lateinit var folder: Path

    private fun simulated() = sc.datasets.simulatedBatches(nCells = 400, nGenes = 800, nTypes = 3)

    private fun ctrl(): AnnData = controlCells()

    @Suppress("UNCHECKED_CAST")
    private fun AnnData.scrubletUns() = uns["scrublet"] as Map<String, Any?>

    @Test
    fun `keys and parameters are scanpy's`() {
        val adata = sc.pp.scrublet(simulated(), nPrinComps = 15, threshold = 0.2, getDoubletNeighborParents = true)
        val stored = adata.scrubletUns()
        assertThat(stored.keys).containsExactlyInAnyOrder(
            "doublet_scores_sim", "doublet_parents", "parameters", "threshold", "doublet_neighbor_parents",
        )
        assertThat(stored["parameters"]).isEqualTo(
            mapOf(
                "expected_doublet_rate" to 0.05,
                "sim_doublet_ratio" to 2.0,
                "n_neighbors" to 10L,
                "random_state" to 0L,
            ),
        )
        assertThat((stored["doublet_parents"] as NdArray).shape()).containsExactly(800, 2)
        assertThat(adata.obs["predicted_doublet"]).isInstanceOf(BooleanColumn::class.java)
        assertThat(adata.obs["doublet_score"].toDoubles().asList()).allMatch { it > 0 }
    }

    @Test
    fun `batches are scored on their own`() {
        val adata = sc.pp.scrublet(simulated(), batchKey = "batch", nPrinComps = 15, threshold = 0.2)
        val stored = adata.scrubletUns()
        assertThat(stored.keys).containsExactly("batches", "batched_by")
        assertThat(stored["batched_by"]).isEqualTo("batch")
        val names = adata.obs["batch"].asCategorical().categoryNames()
        assertThat((stored["batches"] as Map<*, *>).keys.toList()).isEqualTo(names)
        for (name in names) {
            val mask = adata.obs["batch"] eq name
            val alone = sc.pp.scrublet(adata[mask, all].copy(), nPrinComps = 15, threshold = 0.2)
            assertThat(alone.obs["doublet_score"].toDoubles())
                .isEqualTo(adata[mask, all].obs["doublet_score"].toDoubles())
        }
    }

    @Test
    fun `a cell without counts has no score`() {
        val adata = simulated()
        val x = adata.X.toDense()
        x.setRow(5, DoubleArray(adata.nVars))
        adata.X = x.toCsr()
        sc.pp.scrublet(adata, nPrinComps = 15, threshold = 0.2)
        assertThat(adata.obs["doublet_score"].toDoubles()[5]).isNaN
        assertThat(adata.obs["predicted_doublet"].isMissing(5)).isTrue
        assertThat(adata.obs["predicted_doublet"].isMissing(6)).isFalse
    }

    @Test
    fun messages() {
        val adata = simulated()
        assertThatThrownBy { sc.pp.scrublet(adata, batchKey = "bach") }
            .hasMessageContaining("obs['bach'] is missing")
            .hasMessageContaining("Did you mean 'batch'?")
        adata.obs["depth"] = DoubleArray(adata.nObs) { it / 3.0 }
        assertThatThrownBy { sc.pp.scrublet(adata, batchKey = "depth") }
            .hasMessageContaining("batchKey must name a categorical column, but obs['depth'] is float64")
        assertThatThrownBy { sc.pp.scrublet(adata, knnDistMetric = "euclid") }
            .hasMessageContaining("knnDistMetric must be one of")
        assertThatThrownBy { sc.pp.scrublet(adata, adataSim = adata) }
            .hasMessageContaining("adataSim.obsm['doublet_parents'] is missing")
            .hasMessageContaining("scrubletSimulateDoublets")
    }

    @Test
    fun `scores of scanpy's doublets are scanpy's`() {
        ctrl().writeH5ad(folder.resolve("ctrl.h5ad").toString())
        Peer.run(
            folder,
            """
            a = ad.read_h5ad("ctrl.h5ad")
            sc.pp.filter_genes(a, min_cells=3)
            sc.pp.filter_cells(a, min_genes=3)
            a.layers["raw"] = a.X.copy()
            sc.pp.normalize_total(a)
            a.layers["log1p"] = a.X.copy()
            sc.pp.log1p(a, layer="log1p")
            sc.pp.highly_variable_genes(a, layer="log1p")
            del a.layers["log1p"]
            a = a[:, a.var["highly_variable"]].copy()
            s = sc.pp.scrublet_simulate_doublets(a, layer="raw", sim_doublet_ratio=2)
            sc.pp.normalize_total(a, target_sum=1e6)
            sc.pp.normalize_total(s, target_sum=1e6)
            s.write_h5ad("sim.h5ad")
            b = a.copy()
            sc.pp.scrublet(b, s, threshold=0.25)
            b.write_h5ad("obs.h5ad")
            d = a.copy()
            sc.pp.scrublet(d, s, threshold=0.25, mean_center=False, n_prin_comps=20, knn_dist_metric="cosine", n_neighbors=30)
            d.obs.to_csv("other.csv")
            """,
        )
        val theirs = sc.readH5ad(folder.resolve("obs.h5ad").toString())
        val sim = sc.readH5ad(folder.resolve("sim.h5ad").toString())
        val ours = sc.pp.scrublet(theirs, adataSim = sim, threshold = 0.25, copy = true)
        assertSame(ours.obs["doublet_score"].toDoubles(), theirs.obs["doublet_score"].toDoubles())
        assertSame(
            (ours.scrubletUns()["doublet_scores_sim"] as NdArray).toDoubles(),
            (theirs.scrubletUns()["doublet_scores_sim"] as NdArray).toDoubles(),
        )
        assertThat(ours.scrubletUns()["parameters"]).isEqualTo(theirs.scrubletUns()["parameters"])
        assertThat(ours.scrubletUns().keys).containsExactlyInAnyOrderElementsOf(theirs.scrubletUns().keys)
        val column =
            folder.resolve("other.csv").toFile().readLines().let { lines ->
                val at = lines[0].split(",").indexOf("doublet_score")
                lines.drop(1).map { it.split(",")[at].toDouble() }.toDoubleArray()
            }
        val other =
            sc.pp.scrublet(
                theirs, adataSim = sim, threshold = 0.25, meanCenter = false, nPrinComps = 20,
                knnDistMetric = "cosine", nNeighbors = 30, copy = true,
            )
        assertSame(other.obs["doublet_score"].toDoubles(), column)
    }

    /** Equal, but for the few cells whose last neighbour hangs on rounding. */
    private fun assertSame(ours: DoubleArray, theirs: DoubleArray) {
        val differ = ours.indices.count { Math.abs(ours[it] - theirs[it]) > Tolerance.F64 }
        assertThat(differ).isLessThan(ours.size / 50)
        assertThat(correlation(ours, theirs)).isGreaterThan(0.999)
    }

    @Test
    fun `as many doublets as scanpy finds, within its spread over seeds`() {
        val adata = ctrl()
        adata.writeH5ad(folder.resolve("ctrl.h5ad").toString())
        Peer.run(
            folder,
            """
            a = ad.read_h5ad("ctrl.h5ad")
            rates, runs = [], []
            for seed in range(4):
                b = sc.pp.scrublet(a, threshold=0.25, random_state=seed, copy=True)
                rates.append(b.obs["predicted_doublet"].mean())
                runs.append(b.obs["doublet_score"].to_numpy())
            np.savetxt("rates.txt", rates)
            np.savetxt("scores.txt", np.array(runs).T)
            np.savetxt("between.txt", [np.corrcoef(runs[i], runs[j])[0, 1] for i in range(4) for j in range(i)])
            """,
        )

        fun numbers(name: String) =
            folder
                .resolve(name)
                .toFile()
                .readLines()
                .map { line -> line.split(" ").map { it.toDouble() } }
        val rates = numbers("rates.txt").map { it[0] }
        val scores = numbers("scores.txt")
        val ours = (0L until 4L).map { sc.pp.scrublet(adata, threshold = 0.25, randomState = it, copy = true) }
        val spread = rates.max() - rates.min()
        val lowest = numbers("between.txt").minOf { it[0] }
        for (run in ours) {
            val rate = run.obs["predicted_doublet"].toDoubles().average()
            val agreement = (0 until 4).map { s ->
                correlation(run.obs["doublet_score"].toDoubles(), scores.map { it[s] }.toDoubleArray())
            }
            assertThat(rate).isBetween(rates.min() - 2 * spread - 0.002, rates.max() + 2 * spread + 0.002)
            assertThat(agreement.average()).isGreaterThan(lowest - 0.02)
        }
    }
}
