package org.cellweave.dsl.session

import org.cellweave.util.Progress

/** The progress of one call, until it is closed. */
public interface ProgressDisplay : Progress, AutoCloseable {
    override fun close()
}

/**
 * Where messages and progress go while verbs run: a terminal, or what a notebook puts in its place.
 *
 * Both are called on the thread that runs the verb, progress also on others.
 */
public interface FrontEnd {
    /** A message of [level], as in [Settings.verbosity]: 1 warnings, 2 info, 3 hints, 4 debug. */
    public fun message(level: Int, text: String)

    /** A display for one call, shown while [Settings.progress] is on. */
    public fun progress(): ProgressDisplay

    public companion object {
        /** The one in use. */
        @Volatile
        public var current: FrontEnd = Terminal
    }
}

/** Standard error. */
internal object Terminal : FrontEnd {
    override fun message(level: Int, text: String): Unit = System.err.println(text)

    override fun progress(): ProgressDisplay = TerminalProgress()
}

/** A line that fills up in a terminal. */
internal class TerminalProgress : ProgressDisplay {
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

    override fun close() {
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

/** Runs [body] with the progress display of the place. */
internal fun <T> withProgress(body: (Progress) -> T): T {
    if (!Settings.progress) {
        return body(Progress.NONE)
    }
    return FrontEnd.current.progress().use(body)
}
