package org.cellweave.script

import org.cellweave.dsl.Cellweave
import org.cellweave.dsl.help
import org.cellweave.util.Check

/** What an unknown name in a script may have meant: a verb, or an argument of one. */
internal object NearNames {
    private val REFERENCE = Regex("""Unresolved reference:? '?(\w+)""")
    private val ARGUMENT = Regex("""No parameter with name:? '?(\w+)""")
    private val NAMESPACE = Regex("""\bsc\.(?:(\w+(?:\.\w+)*)\.)?\s*$""")
    private val CALL = Regex("""\bsc\.([\w.]+)\s*$""")

    /**
     * As in " Did you mean 'neighbors'?", or "" where nothing is near.
     *
     * @param message of the compiler
     * @param before the script up to the name
     */
    fun hint(message: String, before: String): String {
        REFERENCE.find(message)?.let { return verb(it.groupValues[1], before) }
        ARGUMENT.find(message)?.let { return argument(it.groupValues[1], before) }
        return ""
    }

    private fun verb(name: String, before: String): String {
        val space = NAMESPACE.find(before)?.groupValues?.get(1) ?: return ""
        val prefix = if (space.isEmpty()) "" else "$space."
        val known = verbs().filter { it.startsWith(prefix) }.map { it.removePrefix(prefix).substringBefore('.') }
        return Check.suggestion(name, known.distinct())
    }

    private fun argument(name: String, before: String): String {
        val verb = CALL.find(openCall(before))?.groupValues?.get(1)
        if (verb == null || verb !in verbs()) return ""
        return Check.suggestion(name, Cellweave.help(verb).declarations.keys)
    }

    private fun verbs(): Set<String> =
        Cellweave
            .help()
            .verbs.keys
            .filter { it.startsWith("sc.") }
            .mapTo(LinkedHashSet()) { it.removePrefix("sc.") }

    /** The text before the parenthesis that is still open at the end. */
    private fun openCall(text: String): String {
        var closed = 0
        for (at in text.indices.reversed()) {
            if (text[at] == ')') closed++
            if (text[at] == '(' && closed-- == 0) return text.take(at)
        }
        return ""
    }
}
