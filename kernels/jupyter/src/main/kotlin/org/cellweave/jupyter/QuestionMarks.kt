package org.cellweave.jupyter

/** `?sc.pp.neighbors` and `sc.pp.neighbors?`, as in IPython. */
internal object QuestionMarks {
    private val BEFORE = Regex("^\\s*\\?{1,2}\\s*((?:sc\\.)?[A-Za-z]\\w*(?:\\.\\w+)*)\\s*$", RegexOption.MULTILINE)
    private val AFTER = Regex("^\\s*(sc(?:\\.\\w+)+)\\s*\\?{1,2}\\s*$", RegexOption.MULTILINE)

    /** The cell with such lines turned into calls of `sc.help`. */
    fun replaced(code: String): String = AFTER.replace(BEFORE.replace(code, HELP), HELP)

    private const val HELP = "sc.help(\"$1\")"
}
