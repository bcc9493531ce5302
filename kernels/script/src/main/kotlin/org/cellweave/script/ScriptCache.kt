package org.cellweave.script

import java.io.File
import java.io.IOException
import java.nio.file.Files
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
 */
internal class ScriptCache(private val folder: Path) {
    fun load(key: String): CompiledScript? {
        val entry = entry(key)
        if (!Files.exists(entry)) return null
        return try {
            ZipInputStream(Files.newInputStream(entry).buffered()).use(::read)
        } catch (_: IOException) {
            null
        } catch (_: IllegalArgumentException) {
            null
        }
    }

    /** @return false when the folder cannot be written to, which costs later runs time and nothing else */
    fun store(key: String, script: CompiledScript): Boolean =
        try {
            Files.createDirectories(folder)
            val unfinished = Files.createTempFile(folder, key.take(8), UNFINISHED)
            try {
                ZipOutputStream(Files.newOutputStream(unfinished).buffered()).use { write(it, script) }
                Files.move(unfinished, entry(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
            } finally {
                Files.deleteIfExists(unfinished)
            }
            prune()
            true
        } catch (_: IOException) {
            false
        }

    private fun entry(key: String): Path = folder.resolve(key + EXTENSION)

    private fun write(zip: ZipOutputStream, script: CompiledScript) {
        // Last comes the index: an entry without it was cut short.
        for ((path, bytes) in script.classFiles) zip.put(path, bytes)
        val index = listOf(script.className, script.resultField, script.classFiles.size)
        zip.put(INDEX, index.joinToString("\n").toByteArray())
    }

    private fun ZipOutputStream.put(path: String, bytes: ByteArray) {
        putNextEntry(ZipEntry(path))
        write(bytes)
        closeEntry()
    }

    private fun read(zip: ZipInputStream): CompiledScript? {
        val files = LinkedHashMap<String, ByteArray>()
        while (true) {
            val entry = zip.nextEntry ?: break
            files[entry.name] = zip.readBytes()
        }
        val index = files.remove(INDEX)?.decodeToString()?.split('\n') ?: return null
        return CompiledScript(index[0], index[1], files).takeIf { index[2] == files.size.toString() }
    }

    private fun prune() {
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

        /** The folder named by `CELLWEAVE_HOME`, else `cellweave` in the user's cache folder. */
        fun folder(environment: Map<String, String>): Path {
            fun set(name: String) = environment[name]?.takeIf(String::isNotBlank)
            val home =
                set("CELLWEAVE_HOME")?.let(Path::of)
                    ?: set("XDG_CACHE_HOME")?.let { Path.of(it, "cellweave") }
                    ?: Path.of(System.getProperty("user.home"), ".cache", "cellweave")
            return home.resolve("scripts")
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
