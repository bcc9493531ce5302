package org.cellweave.spark

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.writeH5ad
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** A real master and two workers on this machine, one of which is killed while it works. */
@Tag("slow")
class SparkClusterTest {
    @TempDir
    lateinit var folder: Path

    private val cluster by lazy { StandaloneCluster(folder) }

    @AfterEach
    fun end() {
        sc.spark.stop()
        cluster.stop()
    }

    @Test
    fun `a killed worker changes no bit`() {
        val file = folder.resolve("counts.h5ad")
        Atlas.counts().writeH5ad(file)
        val expected = Atlas.mainLine(sc.readH5ad(file), folder.resolve("memory"))
        val local = SlowTotals.of(sc.readH5ad(file).x.toCsr())

        cluster.start(workers = 2)
        sc.spark.session(cluster.master, *cluster.conf())
        val runner = SparkSessions.current()
        val adata = sc.spark.readH5ad(file)
        val all = SlowTotals.of(adata.x.toCsr())
        assertThat(all).isEqualTo(local)
        cluster.awaitExecutors(runner, 2)

        val found = Atlas.mainLine(adata, folder.resolve("cluster"))
        for ((one, other) in found.zip(expected)) {
            assertThat(Files.mismatch(one, other)).describedAs("$one and $other").isEqualTo(-1)
        }

        val again = sc.spark.readH5ad(file)
        var killed = false
        val survived = SlowTotals.of(again.x.toCsr()) { from ->
            if (from > Atlas.CELLS / 5 && !killed) {
                killed = true
                cluster.kill(0)
            }
        }
        assertThat(killed).isTrue()
        assertThat(survived).isEqualTo(local)
        val afterwards = Atlas.mainLine(again, folder.resolve("one-worker"))
        for ((one, other) in afterwards.zip(expected)) {
            assertThat(Files.mismatch(one, other)).describedAs("$one and $other").isEqualTo(-1)
        }
        assertThat(cluster.executors(runner)).isEqualTo(1)
    }
}
