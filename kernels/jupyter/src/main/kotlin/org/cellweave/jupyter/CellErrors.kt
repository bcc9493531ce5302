package org.cellweave.jupyter

import org.cellweave.dsl.session.Failures
import org.jetbrains.kotlinx.jupyter.api.ThrowableRenderer
import java.util.concurrent.CancellationException

/**
 * Shortens the stack of a failure to the cells' own lines before the kernel prints it.
 *
 * It never renders: a rendered failure counts as a success, and "run all" would go on.
 *
 * @param ended called when a cell has failed
 * @param notice shows a sentence above the failure
 */
internal class CellErrors(private val ended: () -> Unit, private val notice: (String) -> Unit) : ThrowableRenderer {
    override fun accepts(throwable: Throwable): Boolean {
        ended()
        generateSequence(throwable) { it.cause }.take(MAX_CAUSES).forEach { it.stackTrace = shortened(it) }
        explanation(Failures.unwrapped(throwable))?.let(notice)
        return false
    }

    override fun render(throwable: Throwable): Any = throwable.toString()

    /** Frames of cells; in front of them the place that threw, unless the message is enough. */
    private fun shortened(failure: Throwable): Array<StackTraceElement> {
        val own = failure.stackTrace.takeWhile { !isHost(it) }
        val cells = own.filter(::isCell)
        val isSaid = Failures.speaksForItself(failure) || failure is CancellationException
        val origin = if (isSaid) emptyList() else own.takeWhile { !isCell(it) }.take(SHOWN_FRAMES)
        val kept = origin + cells
        return kept.take(2 * SHOWN_FRAMES).toTypedArray()
    }

    private fun explanation(failure: Throwable): String? =
        when {
            failure is OutOfMemoryError && Failures.isHeapFull(failure) -> MemoryAdvice.full()
            failure is NullPointerException && LOST_VALUE in failure.message.orEmpty() ->
                "a value of an earlier cell is missing, because that cell failed or was interrupted. Run it again."
            Failures.speaksForItself(failure) -> Failures.sentence(failure).takeIf { it != failure.message }
            else -> null
        }

    private fun isCell(frame: StackTraceElement): Boolean = frame.fileName?.endsWith(CELL_ENDING) == true

    /** Where a cell's code was called from. */
    private fun isHost(frame: StackTraceElement): Boolean =
        HOSTS.any(frame.className::startsWith)

    private companion object {
        const val SHOWN_FRAMES = 6
        const val MAX_CAUSES = 8
        const val LOST_VALUE = "earlierScripts["
        const val CELL_ENDING = ".jupyter.kts"
        val HOSTS =
            listOf("jdk.internal.reflect.", "java.lang.reflect.", "kotlin.script.", "org.jetbrains.kotlinx.jupyter.")
    }
}
