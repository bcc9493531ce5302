package org.cellweave.jupyter

import org.cellweave.dsl.Cellweave
import org.cellweave.dsl.help
import org.cellweave.dsl.memberWords

/** `?sc.pp.neighbors` and `sc.pp.neighbors?`, as in IPython. */
internal object QuestionMarks {
    private const val GAP = "[ \\t]*"
    private val BEFORE =
        Regex("^$GAP\\?{1,2}$GAP((?:sc\\.)?[A-Za-z]\\w*(?:\\.\\w+)*)$GAP$", RegexOption.MULTILINE)
    private val AFTER = Regex("^$GAP(([A-Za-z]\\w*)(?:\\.\\w+)+)$GAP\\?{1,2}$GAP$", RegexOption.MULTILINE)
    private const val ROOT = 2

    /** What a verb's name begins with; other names before a question mark are types of Kotlin's. */
    private val roots: Set<String> by lazy {
        Cellweave
            .help()
            .verbs.keys
            .mapTo(HashSet()) { it.substringBefore('.') }
    }

    private val words: Set<String> by lazy { Cellweave.memberWords() }

    /** The cell with such lines turned into calls of `sc.help`. */
    fun replaced(code: String): String =
        AFTER.replace(BEFORE.replace(code) { help(it) }) { if (isKnown(it)) help(it) else it.value }

    /** A verb, or what an object can be asked; other words before a question mark are types of Kotlin's. */
    private fun isKnown(line: MatchResult): Boolean =
        line.groupValues[ROOT] in roots || line.groupValues[1].substringAfterLast('.') in words

    private fun help(line: MatchResult): String = "sc.help(\"${line.groupValues[1]}\")"
}
