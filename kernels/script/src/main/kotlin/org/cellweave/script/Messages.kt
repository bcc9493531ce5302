package org.cellweave.script

import org.cellweave.dsl.session.Failures
import org.cellweave.dsl.session.MemoryLimits
import org.cellweave.dsl.session.MemoryLimits.Companion.gibibytes
import kotlin.script.experimental.api.ScriptDiagnostic

/** `quickstart.kts:3:11: error: ...`, the line itself, and a caret under the column. */
internal fun rendered(diagnostic: ScriptDiagnostic, source: ScriptSource): String {
    val severity = if (diagnostic.isError()) "error" else diagnostic.severity.name.lowercase()
    val message = diagnostic.message.ifBlank { diagnostic.exception?.toString().orEmpty() }
    val start = diagnostic.location?.start ?: return "${source.name}: $severity: $message"
    val line = source.lines.getOrNull(start.line - 1).orEmpty()
    // Tabs before the column stay tabs, so that the caret stands under it at any tab width.
    val indent = line.take(start.col - 1).map { if (it == '\t') '\t' else ' ' }.joinToString("")
    val before = (source.lines.take(start.line - 1) + line.take(start.col - 1)).joinToString("\n")
    val hint = NearNames.hint(message, before).ifEmpty { PythonHabits.hint(message, line) }
    return "${source.name}:${start.line}:${start.col}: $severity: $message$hint\n    $line\n    $indent^"
}

internal fun ScriptDiagnostic.isError(): Boolean =
    severity == ScriptDiagnostic.Severity.ERROR || severity == ScriptDiagnostic.Severity.FATAL

/** What a script's user reads when it throws: what is wrong, then the script's own lines on the way there. */
internal class FailureReport(private val source: ScriptSource, private val memory: MemoryLimits) {
    fun lines(thrown: Throwable): List<String> {
        val failure = Failures.unwrapped(thrown)
        val report = mutableListOf("error: ${sentence(failure)}")
        if (failure is MissingArgumentException) source.usage()?.let(report::add)
        report += scriptFrames(failure).ifEmpty { scriptFrames(thrown) }
        if (!Failures.speaksForItself(failure)) report += "  (--trace shows the full trace)"
        return report
    }

    private fun sentence(failure: Throwable): String =
        when {
            failure !is OutOfMemoryError -> Failures.sentence(failure)
            !Failures.isHeapFull(failure) -> "OutOfMemoryError: ${failure.message}"
            else ->
                "out of memory: the heap may grow to ${gibibytes(memory.heapBytes)}. " +
                    memory.advice { "./cellweave --heap $it ${source.name} ..." }
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

    private companion object {
        const val SHOWN_FRAMES = 12
    }
}
