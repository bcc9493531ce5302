package org.cellweave.dsl

import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import java.time.LocalDateTime
import java.time.format.DateTimeFormatter

/** scanpy's `sc.logging`: messages at the levels of [Settings.verbosity], and what a report of a problem should hold. */
public object Logging {
    private val LIBRARY = Regex("([A-Za-z0-9_-]+?)-(\\d[A-Za-z0-9.+-]*)\\.jar$")

    /** A class of each library whose version matters to results. */
    private val LIBRARIES =
        listOf(
            "org.bytedeco.openblas.global.openblas",
            "org.bytedeco.hdf5.global.hdf5",
            "io.jhdf.HdfFile",
            "dev.ludovic.netlib.arpack.ARPACK",
            "org.jetbrains.letsPlot.Stat",
            "org.apache.batik.transcoder.Transcoder",
        )

    /** Prints [msg] at any verbosity. */
    public fun error(msg: String): Unit = Log.error(msg)

    /** Prints [msg] at verbosity 1 and above. */
    public fun warning(msg: String): Unit = Log.warning(msg)

    /** Prints [msg] at verbosity 2 and above, [deep] after it from 3 on. */
    public fun info(msg: String, deep: String? = null): Unit = Log.info(msg, deep)

    /** Prints [msg] at verbosity 3 and above. */
    public fun hint(msg: String): Unit = Log.hint(msg)

    /** Prints [msg] at verbosity 4. */
    public fun debug(msg: String): Unit = Log.debug(msg)

    /** Prints the versions that numbers may depend on, in one line; to [file], or to standard error. */
    public fun printHeader(file: Appendable? = null) {
        val parts = listOf("cellweave" to sc.version, "jvm" to System.getProperty("java.version")) + libraryVersions()
        write(file, parts.joinToString(" ") { (name, version) -> "$name==$version" })
    }

    /** Prints [session] with the date, one entry a line; to [file], or to standard error. */
    public fun printVersions(file: Appendable? = null) {
        val date = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", java.util.Locale.ROOT))
        write(file, Session(sc.session().entries + ("date" to date)).toString())
    }

    /** Prints the memory in use after a collection; to [file], or to standard error. */
    public fun printMemoryUsage(msg: String = "", file: Appendable? = null) {
        val runtime = Runtime.getRuntime()
        System.gc()
        val used = (runtime.totalMemory() - runtime.freeMemory()) / (1024.0 * 1024 * 1024)
        val text = "Memory usage: current %.2f GB".format(java.util.Locale.ROOT, used)
        write(file, if (msg.isEmpty()) text else "$msg $text")
    }

    /** Names and versions of the libraries that are there, by the names of their files. */
    internal fun libraryVersions(): List<Pair<String, String>> =
        LIBRARIES
            .mapNotNull { name ->
                val place =
                    try {
                        Class
                            .forName(name, false, Logging::class.java.classLoader)
                            .protectionDomain.codeSource
                            ?.location
                    } catch (_: ClassNotFoundException) {
                        null
                    }
                place?.let { LIBRARY.find(it.path) }?.let {
                    it.groupValues[1].substringAfterLast('/') to
                        it.groupValues[2]
                }
            }.distinct()

    private fun write(file: Appendable?, text: String) {
        (file ?: System.err).append(text).append('\n')
    }
}
