package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.io.H5adWriter
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class ConcatOnDiskVerbTest {
    @TempDir
    lateinit var folder: Path

    private fun file(name: String) = folder.resolve(name).toString()

    private fun write() {
        val all = sc.datasets.simulatedBatches(nCells = 120, nGenes = 40, nBatches = 1, nTypes = 3)
        all[0 until 50, 0 until 30].copy().writeH5ad(file("a.h5ad"))
        val b = all[50 until 120, 10 until 40].copy()
        b.X = b.X.toDense()
        b.writeH5ad(file("b.h5ad"))
    }

    @Test
    fun `the file is that of anndata in memory`() {
        write()
        Peer.run(
            folder,
            """
            a = ad.concat({'x': ad.read_h5ad('a.h5ad'), 'y': ad.read_h5ad('b.h5ad')},
                          label='batch', index_unique='-', join='outer')
            a.write_h5ad('peer.h5ad')
            """,
        )
        val theirs = sc.readH5ad(file("peer.h5ad"))
        for (most in listOf(1L, 500L, 100_000_000L)) {
            sc.concatOnDisk(
                mapOf("x" to file("a.h5ad"), "y" to file("b.h5ad")),
                file("ours.h5ad"),
                maxLoadedElems = most,
                join = "outer",
                label = "batch",
                indexUnique = "-",
                compression = "gzip",
            )
            val ours = sc.readH5ad(file("ours.h5ad"))
            assertThat(ours.obsNames).isEqualTo(theirs.obsNames)
            assertThat(ours.varNames).isEqualTo(theirs.varNames)
            assertThat(ours.obs["batch"].texts()).isEqualTo(theirs.obs["batch"].texts())
            assertThat(ours.X.isSparse).isEqualTo(theirs.X.isSparse)
            assertThat(ours.X.toDense().floatData()).isEqualTo(theirs.X.toDense().floatData())
        }
        Peer.run(folder, "a = ad.read_h5ad('ours.h5ad'); assert a.shape == (120, 40) and a.X.indices.dtype == 'int32'")
    }

    @Test
    fun `files are written as safely as the settings say`() {
        val before = sc.settings.syncWrites
        try {
            sc.settings.syncWrites = "never"
            assertThat(writing("gzip").sync()).isEqualTo(H5adWriter.Sync.NEVER)
            assertThat(writing(null).compression()).isEqualTo(H5adWriter.Compression.NONE)
        } finally {
            sc.settings.syncWrites = before
        }
    }

    @Test
    fun `a file may be joined into its own place, and nothing is lost when it cannot be`() {
        write()
        sc.concatOnDisk(listOf(file("a.h5ad"), file("a.h5ad")), file("a.h5ad"), indexUnique = "-")
        assertThat(sc.readH5ad(file("a.h5ad")).nObs).isEqualTo(100)
        val before = Files.readAllBytes(folder.resolve("a.h5ad"))
        assertThatThrownBy { sc.concatOnDisk(listOf(file("a.h5ad"), file("nothing.h5ad")), file("a.h5ad")) }
            .hasMessageContaining("nothing.h5ad")
        assertThatThrownBy { sc.concatOnDisk(listOf(file("a.h5ad")), file("a.h5ad"), join = "left") }
            .hasMessageContaining("join")
            .hasMessageContaining("left")
        assertThat(Files.readAllBytes(folder.resolve("a.h5ad"))).isEqualTo(before)
        assertThat(Files.list(folder).use { files -> files.filter { it.toString().endsWith(".tmp") }.count() }).isZero
    }
}
