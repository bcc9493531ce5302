package org.cellweave.script

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.random.Random

class ScriptCacheTest {
    @TempDir lateinit var folder: Path

    private val script =
        CompiledScript(
            "A", "\$\$result",
            mapOf(
                "A.class" to Random(1).nextBytes(3000),
                "A\$b.class" to ByteArray(500) { 7 },
            ),
        )

    @Test
    fun entryIsReadBackWhole() {
        val cache = ScriptCache(folder)
        assertThat(cache.load("k")).isNull()
        assertThat(cache.store("k", script)).isTrue()
        val read = cache.load("k")!!
        assertThat(read.className).isEqualTo("A")
        assertThat(read.resultField).isEqualTo("\$\$result")
        assertThat(read.classFiles.keys).containsExactly("A.class", "A\$b.class")
        for ((path, bytes) in script.classFiles) assertThat(read.classFiles[path]).isEqualTo(bytes)
        assertThat(folder.listDirectoryEntries()).hasSize(1)
    }

    @Test
    fun everyTruncationAndEveryFlippedByteOfTheClassesIsNoticed() {
        val cache = ScriptCache(folder)
        cache.store("k", script)
        val entry = folder.listDirectoryEntries().single()
        val whole = Files.readAllBytes(entry)
        val directory = (0 until whole.size - 3).first { String(whole, it, 4, Charsets.ISO_8859_1) == "PK\u0001\u0002" }
        for (size in 0 until directory step 37) {
            entry.writeBytes(whole.copyOf(size))
            assertThat(cache.load("k")).describedAs("cut to $size bytes").isNull()
        }
        for (at in 200 until 2800 step 101) {
            entry.writeBytes(whole.copyOf().also { it[at] = (it[at].toInt() xor 0x55).toByte() })
            assertThat(cache.load("k")).describedAs("byte $at changed").isNull()
        }
    }

    @Test
    fun oldestEntriesAreDropped() {
        val cache = ScriptCache(folder)
        repeat(ScriptCache.KEPT) { i ->
            val old = folder.resolve("old$i.zip").also { it.writeText("") }
            Files.setLastModifiedTime(old, FileTime.fromMillis(1_000_000L + i * 10_000L))
        }
        cache.store("new", script)
        assertThat(folder.listDirectoryEntries()).hasSize(ScriptCache.KEPT)
        assertThat(folder.resolve("old0.zip")).doesNotExist()
        assertThat(folder.resolve("old1.zip")).exists()
        assertThat(cache.load("new")).isNotNull
    }

    @Test
    fun keyFollowsTextNameAndClassPath() {
        val jar = folder.resolve("a.jar").also { it.writeText("one") }
        Files.setLastModifiedTime(jar, FileTime.fromMillis(5_000))
        val a = folder.resolve("a.kts").also { it.writeText("1") }
        val b = folder.resolve("b.kts").also { it.writeText("1") }

        fun key(path: Path, classPath: List<Path> = listOf(jar)) = ScriptCache
            .key(ScriptSource.ofFile(path.toString()), classPath)
        val first = key(a)
        assertThat(key(a)).isEqualTo(first).matches("[0-9a-f]{64}")
        assertThat(key(b)).isNotEqualTo(first)
        assertThat(key(a, listOf())).isNotEqualTo(first)
        Files.setLastModifiedTime(jar, FileTime.fromMillis(9_000))
        val rebuilt = key(a)
        assertThat(rebuilt).isNotEqualTo(first)
        jar.writeText("longer")
        Files.setLastModifiedTime(jar, FileTime.fromMillis(9_000))
        assertThat(key(a)).isNotEqualTo(rebuilt)
        a.writeText("2")
        assertThat(key(a)).isNotEqualTo(rebuilt)
    }

    @Test
    fun entriesOfOthersOfAnotherKeyAndThroughLinksAreNotRun() {
        val cache = ScriptCache(folder)
        cache.store("k", script)
        val entry = folder.resolve("k.zip")
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry))).isEqualTo("rw-------")

        Files.copy(entry, folder.resolve("other.zip"), StandardCopyOption.COPY_ATTRIBUTES)
        assertThat(cache.load("other")).describedAs("made for another key").isNull()

        Files.createSymbolicLink(folder.resolve("link.zip"), entry)
        assertThat(cache.load("link")).describedAs("a link").isNull()

        Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-rw-rw-"))
        assertThat(cache.load("k")).describedAs("open to others").isNull()
        Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-------"))
        assertThat(cache.load("k")).isNotNull
    }

    @Test
    fun folderIsClosedToOthersAndIsNoLink() {
        val open = Files.createDirectory(folder.resolve("open"))
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"))
        assertThat(ScriptCache(open).store("k", script)).isTrue()
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open))).isEqualTo("rwx------")

        val link = Files.createSymbolicLink(folder.resolve("link"), open)
        assertThat(ScriptCache(link).load("k")).isNull()
        assertThat(ScriptCache(link).store("k", script)).isFalse()
        assertThat(ScriptCache(null).store("k", script)).isFalse()
        assertThat(ScriptCache(null).load("k")).isNull()
    }

    @Test
    fun folderFollowsTheEnvironment() {
        val home = folder.resolve("home").toString()
        val cache = folder.resolve("cache").toString()
        assertThat(ScriptCache.folder(mapOf("HOME" to home))).isEqualTo(Path.of(home, ".cache/cellweave/scripts"))
        val both = mapOf("XDG_CACHE_HOME" to cache, "HOME" to home)
        assertThat(ScriptCache.folder(both)).isEqualTo(Path.of(cache, "cellweave/scripts"))
        val all = both + ("CELLWEAVE_HOME" to "/c")
        assertThat(ScriptCache.folder(all)).isEqualTo(Path.of("/c/scripts"))
    }
}
