package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.session.Settings
import org.cellweave.testing.Captured
import org.cellweave.util.FormatException
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime

class ReadCacheTest {
    @TempDir
    lateinit var folder: Path

    private val before = Settings.cachedir to Settings.verbosity

    @BeforeEach
    fun set() {
        Settings.cachedir = folder.resolve("cache")
        Settings.verbosity = 2
    }

    @AfterEach
    fun restore() {
        Settings.cachedir = before.first
        Settings.verbosity = before.second
    }

    private fun copies() = Files.list(Settings.cacheFolder).use { it.count() }

    @Test
    fun `a table is read once and again only when it was changed`() {
        val file = folder.resolve("a.csv")
        Files.writeString(file, "x,g1,g2\nc1,1,2\nc2,3,4\n")
        val first = sc.read("$file", cache = true)
        val said = Captured.standardError { assertThat(sc.read("$file", cache = true).X.get(0, 0)).isEqualTo(1.0) }
        assertThat(said).contains("... reading from cache file ${folder.resolve("cache/a.csv-")}")
        assertThat(sc.read("$file", cache = true).varNames).isEqualTo(first.varNames)
        Files.writeString(file, "x,g1,g2\nc1,9,2\nc2,3,4\n")
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000))
        assertThat(sc.read("$file", cache = true).X.get(0, 0)).isEqualTo(9.0)
        assertThat(copies()).isEqualTo(1)
        assertThat(sc.read("$file").X.get(0, 0)).isEqualTo(9.0)
    }

    @Test
    fun `names that repeat are told once, from the file and from its copy`() {
        val file = folder.resolve("twice.csv")
        Files.writeString(file, "x,g1,g2\nc1,1,2\nc1,3,4\n")
        repeat(2) {
            val said = Captured.standardError { sc.read("$file", cache = true) }
            assertThat(said.split("Observation names are not unique")).hasSize(2)
        }
    }

    @Test
    fun `a folder of Cell Ranger is kept for each way of reading it`() {
        val tenx = Files.createDirectories(folder.resolve("10x"))
        Files.writeString(tenx.resolve("barcodes.tsv"), "AA\nCC\n")
        Files.writeString(tenx.resolve("genes.tsv"), "E1\tG1\nE2\tG2\n")
        Files
            .writeString(tenx.resolve("matrix.mtx"), "%%MatrixMarket matrix coordinate integer general\n2 2 1\n2 1 5\n")
        repeat(2) {
            assertThat(sc.read10xMtx("$tenx", cache = true).varNames).containsExactly("G1", "G2")
            assertThat(sc.read10xMtx("$tenx", varNames = "gene_ids", cache = true).varNames).containsExactly("E1", "E2")
        }
        assertThat(copies()).isEqualTo(2)
        assertThat(sc.read10xMtx("$tenx", cache = true).X.get(0, 1)).isEqualTo(5.0)
    }

    @Test
    fun `a missing file comes from its backup address`() {
        val origin = folder.resolve("origin.csv")
        Files.writeString(origin, "x,g1\nc1,1\n")
        val place = folder.resolve("sub/mine.csv")
        assertThatThrownBy { sc.read("$place", backupUrl = "${origin.toUri()}") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("must start with one of [https://]")
            .hasMessageContaining("sc.settings.downloadSchemes")
        val schemes = sc.settings.downloadSchemes
        sc.settings.downloadSchemes = setOf("https", "file")
        try {
            downloadedOnce(origin, place)
        } finally {
            sc.settings.downloadSchemes = schemes
        }
    }

    private fun downloadedOnce(origin: Path, place: Path) {
        assertThat(sc.read("$place", backupUrl = "${origin.toUri()}").obsNames).containsExactly("c1")
        Files.delete(origin)
        assertThat(sc.read("$place", backupUrl = "${origin.toUri()}").obsNames).containsExactly("c1")
        assertThatThrownBy { sc.read("${folder.resolve("no.csv")}", cache = true) }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("does not exist")
        assertThatThrownBy { sc.read10xH5("${folder.resolve("no.h5")}", backupUrl = "${origin.toUri()}") }
            .hasMessageContaining("cannot download ${origin.toUri()}")
    }
}
