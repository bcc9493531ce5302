package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.util.FormatException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class ZarrTest {
    @TempDir
    lateinit var folder: Path

    private fun small(): AnnData {
        val adata = sc.datasets.blobs(nObservations = 60, nVariables = 12)
        adata.obs["group"] = List(60) { if (it % 3 == 0) "a" else "b" }
        return adata
    }

    private fun same(a: AnnData, b: AnnData) {
        assertThat(b.shape).isEqualTo(a.shape)
        assertThat(
            b.X!!
                .toDense()
                .doubleData(),
        ).isEqualTo(
            a.X!!
                .toDense()
                .doubleData(),
        )
        assertThat(b.obs.getKeys()).isEqualTo(a.obs.getKeys())
        assertThat(b.obsNames).isEqualTo(a.obsNames)
    }

    @Test
    fun `what is written reads back, by name and by content`() {
        val adata = small()
        val store = folder.resolve("a.zarr")
        adata.writeZarr(store, chunks = listOf(7, 5), shards = listOf(14, 10), compression = "blosc")
        same(adata, sc.readZarr(store))
        same(adata, sc.read("$store"))
        assertThat(store.resolve("X/c/4/1")).exists()
        sc.writeZarr(folder.resolve("b.zarr.zip"), adata, compression = "gzip", compressionOpts = 1)
        same(adata, sc.read(folder.resolve("b.zarr.zip")))
        sc.write(folder.resolve("c.zarr"), adata)
        Files.move(folder.resolve("c.zarr"), folder.resolve("plain"))
        same(adata, sc.read(folder.resolve("plain")))
        Files.move(folder.resolve("b.zarr.zip"), folder.resolve("packed.zip"))
        same(adata, sc.read(folder.resolve("packed.zip"), cache = true))
        adata.writeZarr(store.toFile(), shards = null, compression = null, zarrFormat = 2)
        assertThat(store.resolve(".zmetadata")).exists()
        assertThat(store.resolve("zarr.json")).doesNotExist()
        same(adata, ad.readZarr(store))
    }

    @Test
    fun `X stays in its store`() {
        val adata = small()
        val store = folder.resolve("a.zarr")
        adata.writeZarr(store)
        val backed = sc.readZarr(store, backed = "r")
        assertThat(backed.isBacked).isTrue()
        assertThat(sc.read(store, backed = "r").isBacked).isTrue()
        same(adata[0 until 9].copy(), backed[0 until 9].copy())
        backed.obs["more"] = List(60) { it }
        backed.writeZarr(store)
        assertThat(backed.isBacked).isTrue()
        val again = sc.readZarr(store)
        assertThat(again.obs.getKeys()).contains("more")
        same(again, backed.copy().also { it.toMemory() })
    }

    @Test
    fun `arguments are checked before anything is written`() {
        val adata = small()
        val store = folder.resolve("a.zarr")
        val calls = listOf<Pair<String, () -> Any>>(
            "backed must be null or \"r\" for a zarr store, got 'r+'" to { sc.readZarr(store, backed = "r+") },
            "shards must be \"auto\", null or a list" to { adata.writeZarr(store, shards = "all") },
            "compression must be one of" to { adata.writeZarr(store, compression = "lz") },
            "compressionOpts" to { adata.writeZarr(store, compressionOpts = 40) },
            "zarrFormat must be 2 or 3, got 1" to { adata.writeZarr(store, zarrFormat = 1) },
            "chunks must have 2 numbers, one for each axis of X, got [3]" to
                { adata.writeZarr(store, chunks = listOf(3)) },
        )
        for ((message, call) in calls) {
            assertThatThrownBy { call() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining(message)
        }
        assertThat(store).doesNotExist()
        assertThatThrownBy { sc.readZarr(store) }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("does not exist, expected a zarr store")
    }
}
