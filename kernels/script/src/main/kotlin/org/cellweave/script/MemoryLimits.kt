package org.cellweave.script

import com.sun.management.OperatingSystemMXBean
import java.lang.management.ManagementFactory
import java.util.Locale

/**
 * How much memory this process may take.
 *
 * @property heapBytes largest size of the heap
 * @property machineBytes memory of the machine, or of the container where it sets a limit
 */
internal class MemoryLimits(val heapBytes: Long, private val machineBytes: Long) {
    /** How to run [script] with a larger heap, or that this machine has no room for one. */
    fun advice(script: String): String {
        val room = (LARGEST_SHARE * machineBytes / GIB).toLong()
        val wanted = Math.ceil(GROWTH * heapBytes / GIB).toLong()
        val offered = minOf(wanted, room)
        if (offered * GIB < WORTHWHILE * heapBytes) {
            return "This machine has ${gibibytes(machineBytes)}: use a larger one, or read less at a time."
        }
        return "Give it more: ./cellweave --heap ${offered}g $script ..."
    }

    companion object {
        private const val LARGEST_SHARE = 0.92
        private const val GROWTH = 1.5
        private const val WORTHWHILE = 1.1

        fun current(): MemoryLimits {
            val machine = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
            return MemoryLimits(Runtime.getRuntime().maxMemory(), machine.totalMemorySize)
        }
    }
}

private const val GIB = 1024.0 * 1024.0 * 1024.0

internal fun gibibytes(bytes: Long): String = "%.1f GiB".format(Locale.ROOT, bytes / GIB)
