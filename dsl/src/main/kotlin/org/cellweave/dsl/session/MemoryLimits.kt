package org.cellweave.dsl.session

import com.sun.management.OperatingSystemMXBean
import java.lang.management.ManagementFactory
import java.util.Locale

/**
 * How much memory this process may take.
 *
 * @property heapBytes largest size of the heap
 * @property machineBytes memory of the machine, or of the container where it sets a limit
 */
public class MemoryLimits(public val heapBytes: Long, private val machineBytes: Long) {
    /** How to get a larger heap, where [command] asks for a size such as `12g`; or that there is no room for one. */
    public fun advice(command: (String) -> String): String {
        val room = (LARGEST_SHARE * machineBytes / GIB).toLong()
        val wanted = Math.ceil(GROWTH * heapBytes / GIB).toLong()
        val offered = minOf(wanted, room)
        if (offered * GIB < WORTHWHILE * heapBytes) {
            return "This machine has ${gibibytes(machineBytes)}: use a larger one, or read less at a time."
        }
        return "Give it more: " + command("${offered}g")
    }

    public companion object {
        private const val LARGEST_SHARE = 0.92
        private const val GROWTH = 1.5
        private const val WORTHWHILE = 1.1
        private const val GIB = 1024.0 * 1024.0 * 1024.0

        /** Those of this process. */
        public fun current(): MemoryLimits {
            val machine = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
            return MemoryLimits(Runtime.getRuntime().maxMemory(), machine.totalMemorySize)
        }

        /** As in `1.5 GiB`. */
        public fun gibibytes(bytes: Long): String = "%.1f GiB".format(Locale.ROOT, bytes / GIB)
    }
}
