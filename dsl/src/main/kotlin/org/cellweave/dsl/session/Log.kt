package org.cellweave.dsl.session

import java.util.concurrent.ConcurrentHashMap

/** Messages in scanpy's words and levels, to the [FrontEnd]. */
internal object Log {
    private const val ERROR = 0
    private const val WARNING = 1
    private const val INFO = 2
    private const val HINT = 3
    private const val DEBUG = 4

    private val given = ConcurrentHashMap.newKeySet<String>()

    fun error(message: String): Unit = print(ERROR, "ERROR: $message")

    fun warning(message: String): Unit = print(WARNING, "WARNING: $message")

    /** A warning that is given once in a session. */
    fun warnOnce(message: String) {
        if (given.add(message)) warning(message)
    }

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
            FrontEnd.current.message(level, message)
        }
    }
}
