package org.cellweave.dsl

import org.cellweave.util.Progress

/** Messages in scanpy's words and levels, on standard error. */
internal object Log {
    private const val ERROR = 0
    private const val WARNING = 1
    private const val INFO = 2
    private const val HINT = 3
    private const val DEBUG = 4

    fun error(message: String): Unit = print(ERROR, "ERROR: $message")

    fun warning(message: String): Unit = print(WARNING, "WARNING: $message")

    fun hint(message: String): Unit = print(HINT, "--> $message")

    fun debug(message: String): Unit = print(DEBUG, "    $message")

    /** [deep] is appended only when verbosity is above the level of information. */
    fun info(message: String, deep: String? = null) {
        val more = if (deep != null && Settings.verbosity > INFO) ": $deep" else ""
        print(INFO, message + more)
    }

    /** Logs [start], runs [body], then logs "finished" with the time taken and what was [added]. */
    fun <T> timed(start: String, added: (T) -> String?, body: () -> T): T {
        info(start)
        val from = System.nanoTime()
        val result = body()
        val seconds = (System.nanoTime() - from) / 1_000_000_000
        val time = "%d:%02d:%02d".format(seconds / 3600, seconds / 60 % 60, seconds % 60)
        info("    finished ($time)", added(result))
        return result
    }

    private fun print(level: Int, message: String) {
        if (Settings.verbosity >= level) {
            System.err.println(message)
        }
    }
}

/** A line that fills up in a terminal; silent elsewhere. */
internal class TerminalProgress : Progress {
    private var lastDrawn = 0L
    private var open = false

    override fun step(stage: String, step: Int, total: Int, objective: Double) {
        val now = System.nanoTime()
        val last = total > 0 && step >= total
        if (!last && now - lastDrawn < REDRAW_NANOS) {
            return
        }
        lastDrawn = now
        open = true
        val bar = if (total > 0) bar(step.toDouble() / total) else ""
        System.err.print("\r$stage $bar $step${if (total > 0) "/$total" else ""}  ")
        if (last) {
            close()
        }
    }

    private fun bar(part: Double): String {
        val filled = (part * WIDTH).toInt().coerceIn(0, WIDTH)
        return "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "]"
    }

    fun close() {
        if (open) {
            System.err.print("\r" + " ".repeat(CLEAR) + "\r")
            open = false
        }
    }

    private companion object {
        const val REDRAW_NANOS = 100_000_000L
        const val WIDTH = 30
        const val CLEAR = 79
    }
}

/** Runs [body] with the progress display of the place: a bar in a terminal, nothing when piped. */
internal fun <T> withProgress(body: (Progress) -> T): T {
    if (!Settings.progress) {
        return body(Progress.NONE)
    }
    val bar = TerminalProgress()
    try {
        return body(bar)
    } finally {
        bar.close()
    }
}
