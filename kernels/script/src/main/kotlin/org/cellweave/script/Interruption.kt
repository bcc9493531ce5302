package org.cellweave.script

import sun.misc.Signal
import java.util.concurrent.atomic.AtomicInteger

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the script, so that it stops between iterations and closes its files.
 *
 * A second signal, or [GRACE_MILLIS] without an end, stops the process at once.
 */
internal object Interruption {
    private const val GRACE_MILLIS = 5_000L
    private const val SIGNAL_EXIT_BASE = 128
    private val received = AtomicInteger()

    /** 128 + the signal's number, as shells expect, or null when none arrived. */
    fun exitCode(): Int? = received.get().takeIf { it != 0 }?.let { SIGNAL_EXIT_BASE + it }

    fun install(script: Thread) {
        for (name in listOf("INT", "TERM")) {
            try {
                Signal.handle(Signal(name)) { signal -> stop(script, signal.number) }
            } catch (_: IllegalArgumentException) {
                // The JVM was told to leave signals alone (-Xrs).
            }
        }
    }

    private fun stop(script: Thread, number: Int) {
        if (!received.compareAndSet(0, number)) Runtime.getRuntime().halt(SIGNAL_EXIT_BASE + number)
        script.interrupt()
        // The JVM gives each signal a thread of its own, so waiting here blocks nothing.
        Thread.sleep(GRACE_MILLIS)
        System.err.println("cellweave: the script did not stop within ${GRACE_MILLIS / 1000} s, ending it")
        Runtime.getRuntime().halt(SIGNAL_EXIT_BASE + number)
    }
}
