package org.cellweave.jupyter

/**
 * What a script gets as `args`: [words], or else those of the environment variable CELLWEAVE_ARGS.
 *
 * `val (ctrl, stim, out) = arguments("ctrl", "stim", "out.h5ad")` takes them apart. In CELLWEAVE_ARGS blanks part the
 * words; a word with blanks stands in quotes.
 */
public fun arguments(vararg words: String): List<String> =
    Arguments(words.toList().ifEmpty { wordsOf(System.getenv("CELLWEAVE_ARGS").orEmpty()) })

private val WORD = Regex("\"([^\"]*)\"|'([^']*)'|(\\S+)")

internal fun wordsOf(line: String): List<String> =
    WORD.findAll(line).map { word -> word.groupValues.drop(1).joinToString("") }.toList()

/** A list that says what to do when the notebook asks for more than it was given. */
private class Arguments(private val words: List<String>) : AbstractList<String>() {
    override val size: Int get() = words.size

    override fun get(index: Int): String {
        require(index in words.indices) {
            val given = if (words.isEmpty()) "none was given" else "given: ${words.joinToString(" ")}"
            "argument ${index + 1} is missing; $given. Put the words into arguments(\"...\"), or into " +
                "the environment variable CELLWEAVE_ARGS before Jupyter starts."
        }
        return words[index]
    }
}
