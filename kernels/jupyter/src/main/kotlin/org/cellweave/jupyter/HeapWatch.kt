package org.cellweave.jupyter

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
 * cell when [HeapPressure] says so, and keeps [RESERVE_BYTES] to let go of then, so that the message gets out.
 *
 * @param notice shows a sentence under the cell
 */
internal class HeapWatch(private val notice: (String) -> Unit) {
    @Volatile private var cell: Thread? = null

    @Volatile private var reserve: ByteArray? = null
    private val pressure = HeapPressure()

    fun start() {
        val before = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { thread, failure ->
            // Without its threads the kernel would live on and never answer; Jupyter notices one that ends.
            if (failure is OutOfMemoryError && KERNEL_THREADS.any(thread.name::startsWith)) Runtime.getRuntime().halt(FULL)
            before?.uncaughtException(thread, failure) ?: failure.printStackTrace()
        }
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
    }

    fun cellEnds() {
        cell = null
    }

    private fun look() {
        val running = cell?.takeIf(::runsCell)
        try {
            if (running == null || !pressure.isStuck(HeapState.now())) {
                if (reserve == null && running == null) reserve = ByteArray(RESERVE_BYTES)
                return
            }
            cell = null
            reserve = null
            stop(running)
            notice(MemoryAdvice.stopped())
        } catch (_: OutOfMemoryError) {
            reserve = null
        }
    }

    /** A cell that fails ends without a word to this class, and the kernel's own code must not be stopped. */
    private fun runsCell(thread: Thread): Boolean = thread.stackTrace.any { it.fileName?.endsWith(CELL_ENDING) == true }

    /** As the kernel's own interrupt does: what does not heed it is stopped by force, where Java still can. */
    private fun stop(running: Thread) {
        running.interrupt()
        Thread.sleep(GRACE_MILLIS)
        try {
            Thread::class.java.getMethod("stop").invoke(running)
        } catch (_: ReflectiveOperationException) {
            // From Java 20 on there is no force; the interrupt and the missing memory must do.
        }
    }

    private companion object {
        const val TICK_MILLIS = 250L
        const val GRACE_MILLIS = 100L
        const val RESERVE_BYTES = 8 shl 20
        const val FULL = 3
        const val CELL_ENDING = ".jupyter.kts"
        val KERNEL_THREADS = listOf("iothread", "reaper", "HB ", "SHELL", "CONTROL", "STDIN", "IOPUB", "JupyterExecutor")
    }
}

/** What the collector has done up to a moment: times in milliseconds, and whether the last collection left much. */
internal data class HeapState(
    val millis: Long,
    val collecting: Long,
    val fullCollections: Long,
    val isFull: Boolean,
) {
    companion object {
        private const val FULL_SHARE = 0.9
        private val collectors: List<GarbageCollectorMXBean> = ManagementFactory.getGarbageCollectorMXBeans()

        /** The pool of old objects: the largest heap pool that tells what a collection left. */
        private val old: MemoryPoolMXBean? =
            ManagementFactory
                .getMemoryPoolMXBeans()
                .filter { it.type == MemoryType.HEAP && it.isCollectionUsageThresholdSupported }
                .maxByOrNull { it.usage.max }

        fun now(): HeapState {
            val left = old?.collectionUsage
            return HeapState(
                System.nanoTime() / 1_000_000,
                collectors.sumOf { it.collectionTime },
                collectors.filter { "MarkSweep" in it.name || "Old" in it.name }.sumOf { it.collectionCount },
                left != null && left.max > 0 && left.used >= FULL_SHARE * left.max,
            )
        }
    }
}

/**
 * Tells a heap that is full for good from one that is merely busy: the last [COLLECTIONS] full collections and more
 * took nearly all the time, over [WINDOW_MILLIS] at least, and left the old objects' part nearly full.
 */
internal class HeapPressure {
    private val past = ArrayDeque<HeapState>()

    fun isStuck(now: HeapState): Boolean {
        if (!now.isFull) {
            past.clear()
            return false
        }
        past.addLast(now)
        val since = past.lastOrNull { now.fullCollections - it.fullCollections >= COLLECTIONS && now.millis - it.millis >= WINDOW_MILLIS }
        since ?: return false
        while (past.first() !== since) past.removeFirst()
        val stuck = now.collecting - since.collecting >= SHARE * (now.millis - since.millis)
        if (stuck) past.clear()
        return stuck
    }

    private companion object {
        const val COLLECTIONS = 4
        const val WINDOW_MILLIS = 3_000L
        const val SHARE = 0.7
    }
}
