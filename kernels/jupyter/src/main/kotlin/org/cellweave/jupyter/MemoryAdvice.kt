package org.cellweave.jupyter

import org.cellweave.dsl.session.MemoryLimits

/** What a reader of a notebook can do about a full heap. */
internal object MemoryAdvice {
    private const val FREE =
        "Values of earlier cells are still held: running a cell again lets go of what its last run defined, unless " +
            "functions of other cells read it. To free a value, run a cell that gives its name to something small, " +
            "as val big = 0; what Out[n] and functions hold stays until the kernel is restarted."

    fun full(): String = "out of memory: " + limits() + " What the notebook holds stays usable. " + FREE

    fun stopped(): String =
        "the cell was stopped because the memory is full: the collector took nearly all the time and freed next to " +
            "nothing. " + limits() + " " + FREE

    private fun limits(): String {
        val memory = MemoryLimits.current()
        return "the heap may grow to ${MemoryLimits.gibibytes(memory.heapBytes)}. " +
            memory.advice { "./cellweave jupyter install --heap $it, then restart the kernel." }
    }
}
