package org.cellweave.dsl

import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import java.time.Duration
import java.time.Instant
import java.time.LocalDateTime
import java.time.format.DateTimeFormatter

/** scanpy's `sc.logging`: messages at the levels of [Settings.verbosity], and what a report of a problem should hold. */
public object Logging {
    /** From this verbosity on messages have all their parts. */
    private const val DEEP = 3

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

    /**
     * Prints [msg] at any verbosity, [deep] after it from verbosity 3 on. All five write `{time_passed}` in [msg] as
     * the time since [time], and return what the next message can take as its [time]; [extra] stands for what else is
     * in braces there.
     */
    public fun error(
        msg: String,
        time: Instant? = null,
        deep: String? = null,
        extra: Map<String, Any?> = emptyMap(),
    ): Instant = told(time, deep, extra, msg, Log::error)

    /** Prints [msg] at verbosity 1 and above; see [error]. */
    public fun warning(
        msg: String,
        time: Instant? = null,
        deep: String? = null,
        extra: Map<String, Any?> = emptyMap(),
    ): Instant = told(time, deep, extra, msg, Log::warning)

    /** Prints [msg] at verbosity 2 and above; see [error]. */
    public fun info(
        msg: String,
        time: Instant? = null,
        deep: String? = null,
        extra: Map<String, Any?> = emptyMap(),
    ): Instant = told(time, deep, extra, msg) { Log.info(it) }

    /** Prints [msg] at verbosity 3 and above; see [error]. */
    public fun hint(
        msg: String,
        time: Instant? = null,
        deep: String? = null,
        extra: Map<String, Any?> = emptyMap(),
    ): Instant = told(time, deep, extra, msg, Log::hint)

    /** Prints [msg] at verbosity 4; see [error]. */
    public fun debug(
        msg: String,
        time: Instant? = null,
        deep: String? = null,
        extra: Map<String, Any?> = emptyMap(),
    ): Instant = told(time, deep, extra, msg, Log::debug)

    private fun told(
        time: Instant?,
        deep: String?,
        extra: Map<String, Any?>,
        msg: String,
        say: (String) -> Unit,
    ): Instant {
        val now = Instant.now()
        val passed = time?.let { Duration.between(it, now).toSeconds() }
        val clock = passed?.let { "%d:%02d:%02d".format(java.util.Locale.ROOT, it / 3600, it / 60 % 60, it % 60) }
        val timed = if (clock == null || "{time_passed}" in msg) msg else "$msg ({time_passed})"
        val words = extra + listOfNotNull(clock?.let { "time_passed" to it })
        val text = words.entries.fold(timed) { said, (word, value) -> said.replace("{$word}", value.toString()) }
        say(if (deep != null && Settings.verbosity >= DEEP) "$text: $deep" else text)
        return now
    }

    /** Prints the version and the date, in one line; to [file], or to standard error. */
    public fun printVersionAndDate(file: Appendable? = null) {
        write(file, "Running Cellweave ${sc.version}, on ${now()}.")
    }

    /** Prints the versions that numbers may depend on, in one line; to [file], or to standard error. */
    public fun printHeader(file: Appendable? = null) {
        val parts = listOf("cellweave" to sc.version, "jvm" to System.getProperty("java.version")) + libraryVersions()
        write(file, parts.joinToString(" ") { (name, version) -> "$name==$version" })
    }

    /** Prints [session] with the date, one entry a line; to [file], or to standard error. */
    public fun printVersions(file: Appendable? = null) {
        write(file, Session(sc.session().entries + ("date" to now())).toString())
    }

    /** Prints the memory in use after a collection, behind [msg] or, where [newline] is true, below it. */
    public fun printMemoryUsage(msg: String = "", file: Appendable? = null, newline: Boolean = false) {
        val runtime = Runtime.getRuntime()
        System.gc()
        val used = (runtime.totalMemory() - runtime.freeMemory()) / (1024.0 * 1024 * 1024)
        val text = "Memory usage: current %.2f GB".format(java.util.Locale.ROOT, used)
        write(file, if (msg.isEmpty()) text else "$msg${if (newline) "\n" else " "}$text")
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

    private fun now(): String =
        LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", java.util.Locale.ROOT))

    private fun write(file: Appendable?, text: String) {
        (file ?: System.err).append(text).append('\n')
    }
}
