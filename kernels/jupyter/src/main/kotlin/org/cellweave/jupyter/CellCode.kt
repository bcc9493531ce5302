package org.cellweave.jupyter

/** What the text of a cell says about its value. */
internal object CellCode {
    private val VERB = Regex("^sc\\s*\\.\\s*(pp|tl)\\s*\\.")
    private val COPY = Regex("\\bcopy\\s*=\\s*true\\b")
    private const val OPEN = "([{"
    private const val CLOSE = ")]}"

    /**
     * True when the last statement calls a verb that changes its argument, as `sc.tl.umap(adata)` does.
     *
     * Such a call returns the object so that calls can be chained; a reader of the notebook does not want it again.
     */
    fun endsInVerb(code: String): Boolean {
        val last = lastStatement(code)
        return VERB.containsMatchIn(last) && !COPY.containsMatchIn(last)
    }

    /** The last statement, as far as brackets, line ends and semicolons tell. */
    fun lastStatement(code: String): String {
        val text = withoutCommentsAndStrings(code)
        var depth = 0
        var start = 0
        for (i in text.indices) {
            val c = text[i]
            when {
                c in OPEN -> depth++
                c in CLOSE -> depth--
                c == ';' && depth == 0 -> start = startAfter(text, i, start)
                c == '\n' && depth == 0 && !continues(text, i) -> start = startAfter(text, i, start)
            }
        }
        return text.substring(start).trim()
    }

    private fun startAfter(text: String, i: Int, start: Int): Int =
        if (text.substring(i + 1).isBlank()) start else i + 1

    /** A line that starts with a dot goes on with the one before. */
    private fun continues(text: String, lineEnd: Int): Boolean =
        text.substring(lineEnd + 1).trimStart().let { it.startsWith(".") || it.startsWith("?.") || it.startsWith("?:") }

    private fun withoutCommentsAndStrings(code: String): String =
        NOISE.replace(code) { if (it.value.startsWith("\"")) "\"\"" else "" }

    private val NOISE =
        Regex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|//[^\\n]*|/\\*[\\s\\S]*?\\*/")
}
