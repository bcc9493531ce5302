package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.unsMap
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class NetworksTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `krumsiek11 has four fates that leave one stem`() {
        val adata = sc.datasets.krumsiek11()
        assertThat(listOf(adata.nObs, adata.nVars)).containsExactly(640, 11)
        assertThat(adata.obsNames.take(161)).startsWith("0", "1").endsWith("159", "0")
        assertThat(
            adata.obs["cell_type"]
                .valueCounts()
                .items()
                .associate { (type, n) -> type to n.toInt() },
        ).containsExactlyInAnyOrderEntriesOf(
            mapOf(
                "progenitor" to 320, "Mo" to 80, "Ery" to 80, "Mk" to 80,
                "Neu" to 80,
            ),
        )
        assertThat(adata.obs["cell_type"].text(239)).isEqualTo("progenitor")
        assertThat(adata.obs["cell_type"].text(240)).isEqualTo("Ery")
        assertThat(adata.uns["iroot"]).isEqualTo(0L)
        assertThat(adata.unsMap("highlights")["459"]).isEqualTo("Mk")
        assertThat(adata.X.dtype().numpyName()).isEqualTo("float32")
    }

    @Test
    fun `the toggle switch ends on either side`() {
        val adata = sc.datasets.toggleswitch()
        assertThat(listOf(adata.nObs, adata.nVars)).containsExactly(200, 2)
        assertThat(adata.varNames).containsExactly("0", "1")
        assertThat(adata.X.get(99, 0)).isGreaterThan(0.9)
        assertThat(adata.X.get(199, 1)).isGreaterThan(0.9)
    }

    /** Pseudotime from the stem grows along every course, and PAGA's readers find clusters there. */
    @Test
    fun `trajectories can be found in krumsiek11`() {
        val adata: AnnData = sc.datasets.krumsiek11()
        sc.pp.neighbors(adata, nNeighbors = 20, useRep = "X")
        sc.tl.dpt(adata)
        val time = adata.obs["dpt_pseudotime"].toDoubles()
        repeat(4) { f ->
            val course = DoubleArray(160) { time[160 * f + it] }
            assertThat(correlation(course, DoubleArray(160) { it.toDouble() })).`as`("course $f").isGreaterThan(0.8)
        }
    }

    @Test
    fun `the layout, the fates and the levels are those of scanpy's file`() {
        val ours = sc.datasets.krumsiek11()
        val toggle = sc.datasets.toggleswitch()
        val script =
            """
            k = sc.datasets.krumsiek11()
            k.uns['highlights'] = {str(i): v for i, v in k.uns['highlights'].items()}
            assert list(k.obs_names) == list(a.obs_names) and list(k.var_names) == list(a.var_names)
            assert list(k.obs['cell_type'].astype(str)) == list(a.obs['cell_type'].astype(str))
            assert k.uns['highlights'] == dict(a.uns['highlights']) and k.uns['iroot'] == a.uns['iroot']
            assert a.X.dtype == k.X.dtype and a.shape == k.shape
            last = [159, 319, 479, 639]
            assert ((a.X[last] > 0.37) == (k.X[last] > 0.37)).all()
            assert np.abs(a.X[last] - k.X[last]).max() < 0.1, np.abs(a.X[last] - k.X[last]).max()
            assert np.abs(a.X[[0, 1, 2]] - k.X[[0, 1, 2]]).max() < 0.02
            t = sc.datasets.toggleswitch()
            assert list(t.obs_names) == list(b.obs_names) and list(t.var_names) == list(b.var_names)
            assert ((t.X[[99, 199]] > 0.5) == (b.X[[99, 199]] > 0.5)).all()
            """
        Peer.run(folder, ours, script, mapOf("b" to toggle))
    }
}
