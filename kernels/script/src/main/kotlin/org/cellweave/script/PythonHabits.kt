package org.cellweave.script

/** What a line that was written as in Python must be in Kotlin, said behind the compiler's message. */
internal object PythonHabits {
    private class Habit(val message: Regex, val line: Regex, val advice: (MatchResult) -> String)

    private val ANY = Regex("")
    private val UNKNOWN = Regex("Unresolved reference|Function invocation")

    private val HABITS = listOf(
        Habit(ANY, Regex("""^\s*(?:import\s+[\w.]+\s+as\b|from\s+[\w.]+\s+import\b|import\s+(?:numpy|pandas)\b)""")) {
            "nothing is imported here: sc, ad, np, pd, plt and sns are there"
        },
        Habit(Regex("Unresolved reference '(?:None|True|False)'"), Regex("""\b(None|True|False)\b""")) {
            "${it.groupValues[1]} is ${if (it.groupValues[1] == "None") "null" else it.groupValues[1].lowercase()}"
        },
        Habit(Regex("Collection literals"), ANY) { "a list is listOf(\"a\", \"b\")" },
        Habit(Regex("Expecting|Syntax"), Regex("""\bf["']""")) { "a text with values is \"\$name \${n + 1}\"" },
        Habit(Regex("Expecting|Property getter"), Regex("""\[\s*:|:\s*[,\]]""")) {
            "a colon is `all`, as in adata[all, genes]; a slice is a range, as in 0 until 5"
        },
        Habit(UNKNOWN, Regex("""\.(obs|vars)\.([A-Za-z_]\w*)""")) {
            "a column is taken by its name: ${it.groupValues[1]}[\"${it.groupValues[2]}\"]"
        },
        Habit(Regex("compareTo|'[<>]=?'"), Regex("""[<>]""")) {
            "columns and arrays are compared by gt, ge, lt, le, eq and ne: obs[\"n\"] gt 3"
        },
        Habit(Regex("Operator '[!=]=' cannot"), ANY) {
            "columns and arrays are compared by eq and ne: obs[\"type\"] eq \"B\""
        },
        Habit(Regex("candidates|mismatch"), Regex("""\b(?:gt|ge|lt|le|eq|ne)\s+[\w."]+\s+(?:and|or)\s""")) {
            "masks stand in brackets: (a gt 1) and (b lt 5)"
        },
        Habit(Regex("No parameter with name|candidates"), Regex("""\b([a-z]+(?:_[a-z0-9]+)+)\s*=(?!=)""")) {
            "arguments are camelCase: ${camelCase(it.groupValues[1])}"
        },
        Habit(Regex("Unresolved reference '[a-z]+_"), Regex("""\b([a-z]+(?:_[a-z0-9]+)+)\b(?=\s*[(.\[]|$)""")) {
            "names are camelCase: ${camelCase(it.groupValues[1])}"
        },
    )

    /** A sentence such as " (None is null.)", or "" where the line shows no habit that fits the message. */
    fun hint(message: String, line: String): String {
        for (habit in HABITS) {
            if (!habit.message.containsMatchIn(message)) continue
            val found = habit.line.find(line) ?: continue
            return " In Kotlin ${habit.advice(found)}."
        }
        return ""
    }

    private fun camelCase(name: String): String =
        name.split('_').reduce { sum, word -> sum + word.replaceFirstChar(Char::uppercaseChar) }
}
