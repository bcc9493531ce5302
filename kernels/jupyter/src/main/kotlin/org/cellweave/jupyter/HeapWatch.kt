package org.cellweave.jupyter

import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType
import java.lang.management.GarbageCollectorMXBean
import java.lang.management.ManagementFactory
import java.lang.management.MemoryPoolMXBean
import java.lang.management.MemoryType
import kotlin.concurrent.thread

/**
 * Ends a cell before the heap is so full that the kernel cannot answer any more.
 *
 * Near the limit the collector runs all the time and frees next to nothing: the cell does not fail, the stop button
 * does nothing, and a thread that talks to Jupyter may be the one that gets no memory. The watch therefore stops the
 * cell when [HeapPressure] says so. Until then it asks for no memory itself, because it would have to wait for it
 * beside the cell, and it keeps [RESERVE_BYTES] to let go of, so that the rest can be done.
 *
 * @param notice shows a sentence under the cell
 */
internal class HeapWatch(private val notice: (String) -> Unit) {
    @Volatile private var cell: Thread? = null

    @Volatile private var reserve: ByteArray? = null
    private val pressure = HeapPressure()
    private val heap = Heap()
    private val force = Force()

    fun start() {
        endWithoutThreads()
        thread(isDaemon = true, name = "cellweave-heap-watch", priority = Thread.MAX_PRIORITY) {
            while (true) {
                Thread.sleep(TICK_MILLIS)
                look()
            }
        }
    }

    /** Called on the thread of every cell, before it runs. */
    fun cellStarts() {
        cell = Thread.currentThread()
        try {
            if (reserve == null) reserve = ByteArray(RESERVE_BYTES)
        } catch (_: OutOfMemoryError) {
            // Then it is the cell's error to come.
        }
    }

    fun cellEnds() {
        cell = null
    }

    private fun look() {
        val running = cell ?: return
        val now = System.nanoTime() / NANOS
        if (!pressure.isStuck(now, heap.collecting(), heap.fullCollections(), heap.isFull())) return
        reserve = null
        running.interrupt()
        Thread.sleep(GRACE_MILLIS)
        if (cell === running && tried { if (isAtWork(running)) force.stop(running) }) {
            cell = null
            tried { notice(MemoryAdvice.stopped()) }
        }
        pressure.reset()
    }

    /** A cell that was never compiled ends without a word to this class; its thread then waits for the next. */
    private fun isAtWork(thread: Thread): Boolean =
        thread.state == Thread.State.RUNNABLE ||
            thread.state == Thread.State.BLOCKED ||
            thread.stackTrace.any { it.fileName?.endsWith(CELL_ENDING) == true }

    /** Memory may come free only after some more collections. */
    private fun tried(body: () -> Unit): Boolean {
        for (i in 0 until TRIES) {
            try {
                body()
                return true
            } catch (_: OutOfMemoryError) {
                Thread.sleep(GRACE_MILLIS)
            }
        }
        return false
    }

    /** A kernel that has lost a thread lives on and never answers; Jupyter notices one that ends. */
    private fun endWithoutThreads() {
        val before = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { thread, failure ->
            if (failure is OutOfMemoryError &&
                KERNEL_THREADS.any(thread.name::startsWith)
            ) {
                Runtime.getRuntime().halt(FULL)
            }
            before?.uncaughtException(thread, failure) ?: failure.printStackTrace()
        }
    }

    private companion object {
        const val TICK_MILLIS = 250L
        const val GRACE_MILLIS = 100L
        const val TRIES = 20
        const val RESERVE_BYTES = 8 shl 20
        const val NANOS = 1_000_000L
        const val FULL = 3
        const val CELL_ENDING = ".jupyter.kts"
        val KERNEL_THREADS =
            listOf("iothread", "reaper", "HB ", "SHELL", "CONTROL", "STDIN", "IOPUB", "JupyterExecutor")
    }
}

/** What the collector has done, without asking for memory. */
private class Heap {
    private val all: Array<GarbageCollectorMXBean> = ManagementFactory.getGarbageCollectorMXBeans().toTypedArray()
    private val full: Array<GarbageCollectorMXBean> =
        all.filter { "MarkSweep" in it.name || "Old" in it.name }.toTypedArray()

    /** The pool of old objects: the largest that tells what a collection left. */
    private val old: MemoryPoolMXBean? =
        ManagementFactory
            .getMemoryPoolMXBeans()
            .filter { it.type == MemoryType.HEAP && it.isCollectionUsageThresholdSupported && it.usage.max > 0 }
            .maxByOrNull { it.usage.max }
            ?.also { it.collectionUsageThreshold = (FULL_SHARE * it.usage.max).toLong() }

    fun collecting(): Long {
        var millis = 0L
        for (i in all.indices) millis += all[i].collectionTime
        return millis
    }

    fun fullCollections(): Long {
        var count = 0L
        for (i in full.indices) count += full[i].collectionCount
        return count
    }

    fun isFull(): Boolean = old?.isCollectionUsageThresholdExceeded == true

    private companion object {
        const val FULL_SHARE = 0.9
    }
}

/** Stops a thread that does not heed its interrupt, as the kernel does too, where Java still can (up to 19). */
private class Force {
    private val method: MethodHandle? =
        try {
            val type = MethodType.methodType(Void.TYPE)
            MethodHandles.publicLookup().findVirtual(Thread::class.java, "stop", type).also { stopped ->
                // All that the first call loads is there when memory is not. This thread never runs.
                stopped.invoke(Thread())
            }
        } catch (_: ReflectiveOperationException) {
            null
        } catch (_: UnsupportedOperationException) {
            null
        }

    fun stop(thread: Thread) {
        method?.invoke(thread)
    }
}

/**
 * Tells a heap that is full for good from one that is merely busy: [COLLECTIONS] full collections and more took nearly
 * all the time, over [WINDOW_MILLIS] at least, and each left the old objects' part nearly full.
 */
internal class HeapPressure {
    private val millis = LongArray(KEPT)
    private val collecting = LongArray(KEPT)
    private val full = LongArray(KEPT)
    private var count = 0

    /** Takes note of a moment: times in milliseconds, and whether the last collection left much. */
    fun isStuck(now: Long, collectingMillis: Long, fullCollections: Long, isFull: Boolean): Boolean {
        if (!isFull) {
            count = 0
            return false
        }
        if (count == KEPT) forget(KEPT / 2)
        millis[count] = now
        collecting[count] = collectingMillis
        full[count] = fullCollections
        count++
        var since = count - 1
        while (since >= 0 &&
            (fullCollections - full[since] < COLLECTIONS || now - millis[since] < WINDOW_MILLIS)
        ) {
            since--
        }
        if (since < 0) return false
        val stuck = collectingMillis - collecting[since] >= SHARE * (now - millis[since])
        if (stuck) count = 0
        return stuck
    }

    /** Starts anew. */
    fun reset() {
        count = 0
    }

    private fun forget(oldest: Int) {
        for (of in arrayOf(millis, collecting, full)) of.copyInto(of, 0, oldest, count)
        count -= oldest
    }

    private companion object {
        const val KEPT = 256
        const val COLLECTIONS = 4
        const val WINDOW_MILLIS = 3_000L
        const val SHARE = 0.7
    }
}
