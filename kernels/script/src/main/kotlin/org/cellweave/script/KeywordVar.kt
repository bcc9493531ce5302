package org.cellweave.script

import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.SourceCode

/** `adata.var`, at which the compiler stumbles several times over, since `var` begins a variable. */
internal object KeywordVar {
    private val MEMBER = Regex("""\.(var)(?!\w)""")

    /** [diagnostics] with one sentence for each such line in place of the compiler's own. */
    fun told(diagnostics: List<ScriptDiagnostic>, source: ScriptSource): List<ScriptDiagnostic> {
        val lines = mutableSetOf<Int>()
        return diagnostics.mapNotNull { found ->
            val start = found.location?.start
            val member = start?.let { MEMBER.find(source.lines.getOrNull(it.line - 1).orEmpty()) }?.groups?.get(1)
            when {
                start == null || member == null || start.col < member.range.first + 1 -> found
                lines.add(start.line) -> sentence(found, start.line, member.range.first + 1)
                else -> null
            }
        }
    }

    private fun sentence(found: ScriptDiagnostic, line: Int, column: Int) =
        ScriptDiagnostic(
            ScriptDiagnostic.unspecifiedError,
            "'var' begins a variable in Kotlin; write .vars for the genes, as in adata.vars",
            ScriptDiagnostic.Severity.ERROR,
            found.sourcePath,
            SourceCode.Location(SourceCode.Position(line, column)),
        )
}
