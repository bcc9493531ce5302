package org.cellweave.script

import org.cellweave.util.OwnFolders
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.security.MessageDigest
import java.util.zip.ZipEntry
import java.util.zip.ZipInputStream
import java.util.zip.ZipOutputStream

/**
 * Compiled scripts on disk, one zip of class files per key.
 *
 * An entry is written under a temporary name and moved, so that readers see a whole file or none. An entry that
 * cannot be read back (truncated, a wrong checksum) counts as absent. The oldest entries beyond [KEPT] are deleted.
 *
 * What an entry holds is run, so that one counts only if its user alone can write to it and to [folder], and if it says
 * itself what key it was made for.
 *
 * @param folder null for no cache
 */
internal class ScriptCache(folder: Path?) {
    private val folder = folder?.takeIf(OwnFolders::made)

    fun load(key: String): CompiledScript? {
        val entry = entry(key) ?: return null
        if (!OwnFolders.isOwnFile(entry, true)) return null
        return try {
            val input = Files.newInputStream(entry, LinkOption.NOFOLLOW_LINKS)
            ZipInputStream(input.buffered()).use { read(it, key) }
        } catch (_: IOException) {
            null
        } catch (_: IllegalArgumentException) {
            null
        }
    }

    /** @return false when the folder cannot be written to, which costs later runs time and nothing else */
    fun store(key: String, script: CompiledScript): Boolean {
        val entry = entry(key) ?: return false
        return try {
            // Open to its owner alone.
            val unfinished = Files.createTempFile(entry.parent, key.take(8), UNFINISHED)
            try {
                ZipOutputStream(Files.newOutputStream(unfinished).buffered()).use { write(it, key, script) }
                Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
            } finally {
                Files.deleteIfExists(unfinished)
            }
            prune(entry.parent)
            true
        } catch (_: IOException) {
            false
        }
    }

    private fun entry(key: String): Path? = folder?.resolve(key + EXTENSION)

    private fun write(zip: ZipOutputStream, key: String, script: CompiledScript) {
        // Last comes the index: an entry without it was cut short.
        for ((path, bytes) in script.classFiles) zip.put(path, bytes)
        val index = listOf(script.className, script.resultField, script.classFiles.size, key)
        zip.put(INDEX, index.joinToString("\n").toByteArray())
    }

    private fun ZipOutputStream.put(path: String, bytes: ByteArray) {
        putNextEntry(ZipEntry(path))
        write(bytes)
        closeEntry()
    }

    private fun read(zip: ZipInputStream, key: String): CompiledScript? {
        val files = LinkedHashMap<String, ByteArray>()
        while (true) {
            val entry = zip.nextEntry ?: break
            files[entry.name] = zip.readBytes()
        }
        val index = files.remove(INDEX)?.decodeToString()?.split('\n') ?: return null
        if (index.drop(2) != listOf(files.size.toString(), key)) return null
        return CompiledScript(index[0], index[1], files)
    }

    private fun prune(folder: Path) {
        // Unfinished files of killed runs count too, so that they go one day.
        val entries =
            folder
                .toFile()
                .listFiles()
                .orEmpty()
        if (entries.size <= KEPT) return
        entries.sortedByDescending { it.lastModified() }.drop(KEPT).forEach { it.delete() }
    }

    companion object {
        const val KEPT: Int = 500
        private const val EXTENSION = ".zip"
        private const val UNFINISHED = ".tmp"
        private const val INDEX = "index"

        /** `scripts` in the folder named by `CELLWEAVE_HOME`, else in the user's cache; null where there is none. */
        fun folder(environment: Map<String, String>): Path? {
            val named = environment["CELLWEAVE_HOME"]?.takeIf(String::isNotBlank)
            if (named != null) return Path.of(named).toAbsolutePath().resolve("scripts")
            return OwnFolders.cache("scripts", environment).orElse(null)
        }

        /** Changes with the script, its name, the imports, the compiler and every file of the class path. */
        fun key(source: ScriptSource, classPath: List<Path>): String {
            val digest = MessageDigest.getInstance("SHA-256")

            fun add(part: String) {
                digest.update(part.toByteArray())
                digest.update(0)
            }
            add(source.name)
            add(source.text)
            (DEFAULT_IMPORTS + DEFAULT_NAMES).forEach(::add)
            add(KotlinVersion.CURRENT.toString())
            for (entry in classPath) add(identity(entry))
            return digest.digest().joinToString("") { byte ->
                (byte.toInt() and 0xff).toString(16).padStart(2, '0')
            }
        }

        /** Sizes and times, not contents: hashing 200 MB of jars would cost more than the script. */
        private fun identity(entry: Path): String {
            fun identity(file: File) = "$file ${file.length()} ${file.lastModified()}"
            val file = entry.toFile()
            if (!file.isDirectory) return identity(file)
            return file
                .walk()
                .filter(File::isFile)
                .sorted()
                .joinToString("\n", transform = ::identity)
        }
    }
}
