package org.cellweave.dsl

import org.cellweave.util.Check

/**
 * What a verb does and takes: `sc.help("pp.neighbors")`, or `sc.help("pp")` for the verbs of a namespace.
 *
 * @throws IllegalArgumentException when there is no such verb; the message names near ones
 */
public fun Cellweave.help(name: String = ""): Help = Help.of(name)

/**
 * Documentation of a verb, or the list of verbs of a namespace; printing it shows it.
 *
 * @property name as in `sc.pp.neighbors`
 * @property signature the call with its arguments and their defaults; empty for a namespace
 * @property text what it does, what it reads and writes
 * @property arguments what is said about single arguments
 * @property verbs the verbs of a namespace with a sentence each; empty for a verb
 */
public class Help internal constructor(
    public val name: String,
    public val signature: String,
    public val text: String,
    public val arguments: Map<String, String>,
    public val verbs: Map<String, String>,
) {
    override fun toString(): String =
        buildString {
            append(signature.ifEmpty { name }).append("\n")
            if (text.isNotEmpty()) append("\n").append(text).append("\n")
            if (arguments.isNotEmpty()) append("\n")
            for ((argument, said) in arguments) {
                append("  ")
                    .append(argument)
                    .append(": ")
                    .append(said)
                    .append("\n")
            }
            val width = verbs.keys.maxOfOrNull(String::length) ?: 0
            for ((verb, said) in verbs) {
                append("  ")
                    .append(verb.padEnd(width))
                    .append("  ")
                    .append(said)
                    .append("\n")
            }
        }.trimEnd()

    internal companion object {
        fun of(name: String): Help {
            val wanted = name.trim().removePrefix("sc.").removeSuffix("()")
            val all = VerbSources.verbs
            if (wanted.isEmpty() || wanted == "sc") return listed("sc", all.values.toList())
            all[wanted]?.let { return it }
            val inside = all.values.filter { it.name.startsWith("sc.$wanted.") }
            if (inside.isNotEmpty()) return listed("sc.$wanted", inside)
            val ends = all.keys.filter { it.substringAfterLast('.') == wanted }
            if (ends.size == 1) return all.getValue(ends.single())
            val hint =
                if (ends.isEmpty()) {
                    Check.suggestion(wanted, all.keys)
                } else {
                    " Did you mean ${ends.joinToString(" or ")}?"
                }
            throw IllegalArgumentException("there is no verb '$name'.$hint sc.help() lists all.")
        }

        private fun listed(name: String, verbs: List<Help>): Help =
            Help(name, "", "", emptyMap(), verbs.associate { it.name to firstSentence(it.text) })

        private fun firstSentence(text: String): String =
            text.substringBefore(". ").substringBefore("\n").removeSuffix(".")
    }
}
