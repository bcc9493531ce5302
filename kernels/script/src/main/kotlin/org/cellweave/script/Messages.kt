package org.cellweave.script

import org.cellweave.util.ConvergenceException
import org.cellweave.util.FormatException
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import java.io.FileNotFoundException
import java.io.UncheckedIOException
import java.nio.file.AccessDeniedException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.NoSuchFileException
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import kotlin.script.experimental.api.ScriptDiagnostic

/** `quickstart.kts:3:11: error: ...`, the line itself, and a caret under the column. */
internal fun rendered(diagnostic: ScriptDiagnostic, source: ScriptSource): String {
    val severity = if (diagnostic.isError()) "error" else diagnostic.severity.name.lowercase()
    val message = diagnostic.message.ifBlank { diagnostic.exception?.toString().orEmpty() }
    val start = diagnostic.location?.start ?: return "${source.name}: $severity: $message"
    val line = source.lines.getOrNull(start.line - 1).orEmpty()
    // Tabs before the column stay tabs, so that the caret stands under it at any tab width.
    val indent = line.take(start.col - 1).map { if (it == '\t') '\t' else ' ' }.joinToString("")
    return "${source.name}:${start.line}:${start.col}: $severity: $message\n    $line\n    $indent^"
}

internal fun ScriptDiagnostic.isError(): Boolean =
    severity == ScriptDiagnostic.Severity.ERROR || severity == ScriptDiagnostic.Severity.FATAL

/** What a script's user reads when it throws: what is wrong, then the script's own lines on the way there. */
internal class FailureReport(private val source: ScriptSource, private val memory: MemoryLimits) {
    fun lines(thrown: Throwable): List<String> {
        val failure = unwrapped(thrown)
        val report = mutableListOf("error: ${sentence(failure)}")
        if (failure is MissingArgumentException) source.usage()?.let(report::add)
        report += scriptFrames(failure).ifEmpty { scriptFrames(thrown) }
        if (!speaksForItself(failure)) report += "  (--trace shows the full trace)"
        return report
    }

    private fun sentence(failure: Throwable): String {
        val message = failure.message?.takeIf(String::isNotBlank)
        val type = failure.javaClass.simpleName.ifEmpty { failure.javaClass.name }
        return when (failure) {
            is OutOfMemoryError -> outOfMemory(message)
            is NoSuchFileException -> "file not found: $message"
            is AccessDeniedException -> "permission denied: $message"
            is FileAlreadyExistsException -> "file exists already: $message"
            else -> if (message == null) {
                type
            } else if (speaksForItself(failure)) {
                message
            } else {
                "$type: $message"
            }
        }
    }

    private fun outOfMemory(message: String?): String {
        val isHeap = message == null || HEAP_WORDS.any(message::contains)
        if (!isHeap) return "OutOfMemoryError: $message"
        return "out of memory: the heap may grow to ${gibibytes(memory.heapBytes)}. ${memory.advice(source.name)}"
    }

    private fun scriptFrames(failure: Throwable): List<String> {
        val frames =
            failure.stackTrace
                .filter { it.fileName == source.name && it.lineNumber > 0 }
                .map { "  at ${source.name}:${it.lineNumber}" }
        val distinct = frames.filterIndexed { i, frame -> i == 0 || frames[i - 1] != frame }
        if (distinct.size <= SHOWN_FRAMES) return distinct
        return distinct.take(SHOWN_FRAMES) + "  ... ${distinct.size - SHOWN_FRAMES} more"
    }

    companion object {
        private const val SHOWN_FRAMES = 12
        private val HEAP_WORDS = listOf("heap", "GC overhead", "direct buffer", "Direct buffer")

        /** Removes the wrappers that say only where a failure passed through. */
        fun unwrapped(thrown: Throwable): Throwable {
            val inner =
                when (thrown) {
                    is UncheckedIOException, is ExecutionException, is CompletionException -> thrown.cause
                    is ExceptionInInitializerError -> thrown.cause
                    else -> null
                }
            return if (inner == null) thrown else unwrapped(inner)
        }

        /** True for failures whose message was written for the person at the keyboard. */
        private fun speaksForItself(failure: Throwable): Boolean =
            failure is IllegalArgumentException ||
                failure is MissingKeyException ||
                failure is ShapeMismatchException ||
                failure is FormatException ||
                failure is ConvergenceException ||
                failure is IndexOutOfBoundsException ||
                failure is FileNotFoundException ||
                failure is NoSuchFileException ||
                failure is AccessDeniedException ||
                failure is FileAlreadyExistsException ||
                failure is OutOfMemoryError
    }
}
