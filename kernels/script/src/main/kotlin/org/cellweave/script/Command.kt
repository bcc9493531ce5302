package org.cellweave.script

/** What the command line asks for. */
internal sealed interface Command {
    data object Help : Command

    data object Version : Command

    /** Fills the class-data archive that the launcher keeps; not for people. */
    data object WarmUp : Command

    /**
     * @property script a path, `-` for standard input, or null when [code] is given
     * @property trace whether a failure prints the whole stack
     */
    data class Run(
        val script: String?,
        val code: String?,
        val args: List<String>,
        val trace: Boolean,
        val verbose: Boolean,
    ) : Command

    companion object {
        /** Options end at the script: what follows belongs to it. */
        fun parse(words: List<String>, environment: Map<String, String>): Command {
            var trace = environment["CELLWEAVE_TRACE"] !in setOf(null, "", "0")
            var verbose = false
            var i = 0
            while (i < words.size) {
                val rest = words.drop(i + 1)
                when (val word = words[i]) {
                    "-h", "--help" -> return Help
                    "--version" -> return Version
                    "--warm-up" -> return WarmUp
                    "--trace" -> trace = true
                    "--verbose" -> verbose = true
                    "-e" -> {
                        val code = rest.firstOrNull() ?: throw UsageException("-e needs the code to run")
                        return Run(null, code, rest.drop(1), trace, verbose)
                    }
                    else -> {
                        if (word.startsWith("-") && word != "-") throw UsageException("unknown option $word")
                        return Run(word, null, rest, trace, verbose)
                    }
                }
                i++
            }
            throw UsageException("no script was given")
        }
    }
}

/** The command line cannot be followed; ends the program with exit code 2 and the usage line. */
internal class UsageException(message: String) : RuntimeException(message) {
    private companion object {
        const val serialVersionUID: Long = 1L
    }
}
