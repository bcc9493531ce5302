package org.cellweave.dsl

import org.cellweave.util.Check

/**
 * What a verb does and takes: `sc.help("pp.neighbors")`, or `sc.help("pp")` for the verbs of a namespace. What objects
 * can be asked: `sc.help("AnnData")`, `sc.help("AnnData.obsVector")`, and `sc.help("adata.obsVector")` for a value.
 *
 * @throws IllegalArgumentException when there is no such verb; the message names near ones
 */
public fun Cellweave.help(name: String = ""): Help = Help.of(name)

/** Prints what [Cellweave.help] gives, as Python's users write it: `help("pp.neighbors")`. */
public fun help(name: String): Unit = println(sc.help(name))

/** The last words of all that objects can be asked: `obs` of `AnnData.obs`. */
public fun Cellweave.memberWords(): Set<String> = VerbIndex.shared.membersByWord.keys

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
 * @property forms other ways to call a verb, as [signature], with a sentence each
 */
public class Help internal constructor(
    public val name: String,
    public val signature: String,
    public val text: String,
    public val arguments: Map<String, String>,
    public val declarations: Map<String, String>,
    public val verbs: Map<String, String>,
    public val forms: Map<String, String> = emptyMap(),
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
            if (text.isNotEmpty() && verbs.isNotEmpty()) append("\n")
            val width = verbs.keys.maxOfOrNull(String::length) ?: 0
            for ((verb, said) in verbs) {
                append("  ")
                    .append(verb.padEnd(width))
                    .append("  ")
                    .append(said)
                    .append("\n")
            }
            for ((form, said) in forms) {
                append("\nor ")
                    .append(form)
                    .append("\n\n")
                    .append(said)
                    .append("\n")
            }
        }.trimEnd()

    internal companion object {
        /** @param root where whoever asks has found `help`: `sc`, whose verbs are found by all, `c2v` or `scvi` */
        fun of(name: String, index: VerbIndex = VerbIndex.shared, root: String = ROOT): Help {
            val wanted = name.trim().removePrefix("$root.").removeSuffix("()")
            val verbs = if (root == ROOT) index.verbs else index.verbs.filterKeys { it.startsWith("$root.") }
            if (wanted.isEmpty() || wanted == root) return listed(root, verbs.values)
            // `.head` is a word of values, even where a verb is called so too.
            if (wanted.startsWith(".")) ofMember(wanted, index)?.let { return it }
            // A class, even where a door makes it by a verb of that name, unless the door is named too.
            if (wanted == name.trim() &&
                index.members.keys.any { it.startsWith("$wanted.") }
            ) {
                ofMember(wanted, index)?.let { return it }
            }
            val asked = if (root == ROOT) listOf(wanted, "$ROOT.$wanted") else listOf("$root.$wanted")
            asked.firstNotNullOfOrNull(verbs::get)?.let { return described(it, index) }
            val spaces = verbs.values.map { it.namespace }.distinct()
            val space =
                asked.lastOrNull { a -> spaces.any { it == a || it.startsWith("$a.") } }
                    ?: spaces.singleOrNull { it.endsWith(".$wanted") }
            if (space != null) return listed(space, verbs.values.filter { "${it.namespace}.".startsWith("$space.") })
            val last = wanted.substringAfterLast('.')
            val alike = verbs.filterKeys { OriginalNames.isSame(it.substringAfterLast('.'), last) }.values
            val ends = verbs.filterKeys { it.endsWith(".$wanted") }.values.ifEmpty { alike }
            if (ends.isOneVerb() && (last == wanted || ends !== alike)) {
                return described(ends.minBy { it.name.length }, index)
            }
            if (ends.isEmpty() && root == ROOT) ofMember(wanted, index)?.let { return it }
            val meant =
                ends.map { it.name.removePrefix("$ROOT.") }.ifEmpty { listOfNotNull(OriginalNames.verb(last)) }
            val hint =
                if (meant.isEmpty()) {
                    Check.suggestion(asked[0], verbs.keys)
                } else {
                    " Did you mean ${meant.joinToString(" or ")}?"
                }
            throw IllegalArgumentException("there is no verb '$name'.$hint $root.help() lists all.")
        }

        /**
         * What objects can be asked: `AnnData.obs`, all of `AnnData`, or `adata.obs`, where the word before the dot is a
         * value of the user's and the last one counts, in whatever classes have it.
         */
        private fun ofMember(wanted: String, index: VerbIndex): Help? {
            val own = index.members.filterKeys { it.startsWith("$wanted.") }
            if (own.isNotEmpty()) {
                val said = own.entries.associate { (name, forms) -> name to forms.maxBy { it.text.length }.summary }
                return Help(wanted, "", "", emptyMap(), emptyMap(), said)
            }
            val last = wanted.substringAfterLast('.')
            val forms = index.members[wanted] ?: index.membersByWord[last] ?: return null
            val first = forms.maxBy { it.text.length }
            return Help(
                name = first.name,
                signature = first.signature(),
                text = first.text,
                arguments = first.arguments,
                declarations = first.parameters.associate { it.name to it.declaration() },
                verbs = emptyMap(),
                forms = (forms - first).associate { it.signature() to it.summary },
            )
        }

        /** One by itself, or a method that several models have from one class. */
        private fun Collection<VerbIndex.Verb>.isOneVerb() =
            size == 1 || isNotEmpty() && all { it.of != null } && distinctBy { it.of }.size == 1

        private fun described(verb: VerbIndex.Verb, index: VerbIndex): Help =
            Help(
                name = verb.name,
                signature = verb.signature(),
                text = verb.text,
                arguments = verb.arguments,
                declarations = verb.parameters.associate { it.name to it.declaration() },
                verbs = emptyMap(),
                forms = index.all
                    .filter { it !== verb && it.name == verb.name && it.of == verb.of }
                    .associate { it.signature() to it.summary },
            )

        /** Methods, most of which all models have, are listed where one model is asked for. */
        private fun listed(name: String, verbs: Collection<VerbIndex.Verb>): Help {
            val (methods, others) = verbs.partition { it.of != null }
            val own = methods.filter { it.namespace == name }
            val root = name.substringBefore('.')
            val one = (own.firstOrNull()?.name ?: methods.lastOrNull()?.namespace)?.removePrefix("$root.")
            val text =
                when {
                    one == null || name == ROOT -> ""
                    own.isEmpty() -> "What a model can be asked: $root.help(\"$one\")."
                    else -> "More of each: $root.help(\"$one\")."
                }
            return Help(name, "", text, emptyMap(), emptyMap(), (others + own).associate { it.name to it.summary })
        }

        private const val ROOT = "sc"
    }
}
