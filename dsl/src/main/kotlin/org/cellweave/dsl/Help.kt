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
 * @property declarations every argument with its type and default, by name: `nNeighbors: Int = 15`; empty for a
 *   namespace
 * @property verbs the verbs of a namespace with a sentence each; empty for a verb
 */
public class Help internal constructor(
    public val name: String,
    public val signature: String,
    public val text: String,
    public val arguments: Map<String, String>,
    public val declarations: Map<String, String>,
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
        fun of(name: String, index: VerbIndex = VerbIndex.shared): Help {
            val wanted = name.trim().removePrefix("sc.").removeSuffix("()")
            val all = index.verbs
            if (wanted.isEmpty() || wanted == "sc") return listed("sc", all.values)
            all[wanted]?.let { return described(it) }
            for (space in listOf("sc.$wanted", wanted)) {
                val inside = all.values.filter { it.name.startsWith("$space.") }
                if (inside.isNotEmpty()) return listed(space, inside)
            }
            val root = ROOTS.firstOrNull(wanted::startsWith).orEmpty()
            val last = wanted.substringAfterLast('.')
            val inside = all.keys.filter { it.startsWith(root) }
            val ends = inside.filter { OriginalNames.isSame(it.substringAfterLast('.'), last) }
            if (ends.size == 1 && wanted == root + last) return described(all.getValue(ends.single()))
            val hint = hint(wanted, last, inside, ends)
            throw IllegalArgumentException("there is no verb '$name'.$hint sc.help() lists all.")
        }

        private val ROOTS = listOf("c2v.", "scvi.")

        /** Verbs of this name elsewhere, what the package's name is here, or a near name. */
        private fun hint(wanted: String, last: String, inside: List<String>, ends: List<String>): String {
            val meant = ends.ifEmpty { listOfNotNull(OriginalNames.verb(last)) }
            if (meant.isNotEmpty()) return " Did you mean ${meant.joinToString(" or ")}?"
            return Check.suggestion(wanted, inside)
        }

        private fun described(verb: VerbIndex.Verb): Help =
            Help(
                name = verb.name,
                signature = verb.signature(),
                text = verb.text,
                arguments = verb.arguments,
                declarations = verb.parameters.associate { it.name to it.declaration() },
                verbs = emptyMap(),
            )

        private fun listed(name: String, verbs: Collection<VerbIndex.Verb>): Help =
            Help(name, "", "", emptyMap(), emptyMap(), verbs.associate { it.name to it.summary })
    }
}
