package org.cellweave.script

/**
 * The arguments of a script: a list that says what is missing when the script asks for more than it was given.
 *
 * `val (ctrl, stim, out) = args` takes them apart; `args.getOrNull(2)` and `args.size` serve optional ones.
 */
public class ScriptArgs internal constructor(
    private val values: List<String>,
    private val script: String,
) : AbstractList<String>() {
    override val size: Int get() = values.size

    override fun get(index: Int): String {
        if (index !in values.indices) throw MissingArgumentException(script, index, values)
        return values[index]
    }

    public operator fun component1(): String = get(0)

    public operator fun component2(): String = get(1)

    public operator fun component3(): String = get(2)

    public operator fun component4(): String = get(3)

    public operator fun component5(): String = get(4)

    public operator fun component6(): String = get(5)

    public operator fun component7(): String = get(6)

    public operator fun component8(): String = get(7)

    public operator fun component9(): String = get(8)
}

/** The script asked for an argument that the command line does not have. */
internal class MissingArgumentException(script: String, index: Int, given: List<String>) :
    IllegalArgumentException(message(script, index, given)) {
    private companion object {
        const val serialVersionUID: Long = 1L

        fun message(script: String, index: Int, given: List<String>): String {
            val had =
                when (given.size) {
                    0 -> "none was given"
                    1 -> "1 was given: ${given[0]}"
                    else -> "${given.size} were given: ${given.joinToString(" ")}"
                }
            return "$script: argument ${index + 1} is missing; $had"
        }
    }
}
