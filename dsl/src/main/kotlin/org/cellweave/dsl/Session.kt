package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.linalg.OpenBlas
import org.cellweave.util.Reproducibility
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.util.Locale

/**
 * What numbers were made with, for papers and for reports of problems.
 *
 * @property entries names and values, in the order in which they are printed
 */
public class Session internal constructor(
    public val entries: Map<String, String>,
) {
    /** The value of one entry, as `"kernels"` or `"jdk"`. */
    public operator fun get(name: String): String = entries.getValue(name)

    /** One entry a line. */
    override fun toString(): String {
        val width = entries.keys.maxOf { it.length }
        return entries.entries.joinToString("\n") { (name, value) -> name.padEnd(width) + "  " + value }
    }
}

/**
 * What this session computes with: versions, the promise on its last bits (`sc.settings.reproducible`), the kernels of
 * OpenBLAS, the JVM, the machine and its threads.
 *
 * With `"everywhere"`, nothing but `cellweave` and `reproducible` bears on the numbers; with `"machine"`, `kernels` and
 * `jdk` may change their last bits. `threads` never do.
 *
 * Writes, with [adata], `uns["cellweave"]`: the entries as texts. The file then differs between machines by what is told
 * there.
 *
 * @param adata keeps the answer where it was made; null for none
 */
public fun Cellweave.session(adata: AnnData? = null): Session {
    val session = Session(environment() + Logging.libraryVersions() + machine())
    if (adata != null) adata.uns["cellweave"] = session.entries
    return session
}

private fun environment() =
    linkedMapOf(
        "cellweave" to sc.version,
        "reproducible" to Settings.reproducible,
        "functions" to
            if (Reproducibility.current() == Reproducibility.EVERYWHERE) "fdlibm" else "the JVM's",
        "kernels" to kernels(),
        "jdk" to "${System.getProperty("java.version")} (${System.getProperty("java.vm.name")})",
        "kotlin" to KotlinVersion.CURRENT.toString(),
    )

/** A report must come even where the native library does not load. */
private fun kernels(): String =
    try {
        OpenBlas.kernels()
    } catch (e: LinkageError) {
        Log.debug("OpenBLAS does not load: $e")
        "none"
    }

private fun machine() =
    mapOf(
        "os" to listOf("name", "version", "arch").joinToString(" ") { System.getProperty("os.$it") },
        "processor" to processor(),
        "threads" to "${Settings.nJobs} of ${Runtime.getRuntime().availableProcessors()}",
        "heap" to
            "%.1f GiB at most".format(Locale.ROOT, Runtime.getRuntime().maxMemory() / (1024.0 * 1024 * 1024)),
        "preset" to Settings.preset,
    )

/** The processor's name where the system tells it (Linux). */
private fun processor(): String {
    val lines =
        try {
            Files.readAllLines(Path.of("/proc/cpuinfo"))
        } catch (_: IOException) {
            emptyList<String>()
        }
    return lines.firstOrNull { it.startsWith("model name") }?.substringAfter(':')?.trim()
        ?: System.getProperty("os.arch")
}
