package org.cellweave.jupyter

/** `?sc.pp.neighbors` and `sc.pp.neighbors?`, as in IPython. */
internal object QuestionMarks {
    private const val GAP = "[ \\t]*"
    private val BEFORE =
        Regex("^$GAP\\?{1,2}$GAP((?:sc\\.)?[A-Za-z]\\w*(?:\\.\\w+)*)$GAP$", RegexOption.MULTILINE)
    private val AFTER = Regex("^$GAP(sc(?:\\.\\w+)+)$GAP\\?{1,2}$GAP$", RegexOption.MULTILINE)

    /** The cell with such lines turned into calls of `sc.help`. */
    fun replaced(code: String): String = AFTER.replace(BEFORE.replace(code, HELP), HELP)

    private const val HELP = "sc.help(\"$1\")"
}
