package org.cellweave.script

import org.cellweave.util.Check
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.CodingErrorAction
import java.nio.file.Files
import java.nio.file.Path

/**
 * The text to run.
 *
 * @property name file name that messages and stack frames carry, always ending in `.kts`
 * @property text line ends are `\n`
 * @property showsResult whether the value of the last expression is printed
 */
internal class ScriptSource private constructor(
    val name: String,
    val text: String,
    val showsResult: Boolean,
) {
    val lines: List<String> by lazy { text.split('\n') }

    /** The `usage: ...` lines of the comment that opens the script, without the comment signs. */
    fun usage(): String? =
        lines
            .map(String::trim)
            .takeWhile { it.isEmpty() || COMMENT_SIGNS.any(it::startsWith) }
            .map { it.trimStart('/', '*', ' ').removeSuffix("*/").trim() }
            .firstOrNull { it.startsWith("usage:", ignoreCase = true) }

    companion object {
        const val EXTENSION: String = ".kts"
        private val COMMENT_SIGNS = listOf("//", "/*", "*", "#!")

        fun ofSnippet(code: String): ScriptSource = ScriptSource("snippet.kts", normalized(code), showsResult = true)

        fun ofStream(input: InputStream): ScriptSource =
            ScriptSource("stdin.kts", normalized(decoded(input.readBytes(), "standard input")), showsResult = false)

        /** @throws NoScriptException when there is no readable script at [given] */
        fun ofFile(given: String): ScriptSource {
            val path = Path.of(given)
            when {
                Files.isDirectory(path) ->
                    throw NoScriptException("$given is a folder, not a script.${scriptsIn(path)}")
                !Files.exists(path) -> throw NoScriptException("there is no script $given.${nearest(path)}")
                !given.endsWith(EXTENSION) ->
                    throw NoScriptException("$given is not a script: its name must end in $EXTENSION")
                !Files.isReadable(path) -> throw NoScriptException("$given cannot be read: permission denied")
            }
            val text = decoded(Files.readAllBytes(path), given)
            return ScriptSource(path.fileName.toString(), normalized(text), showsResult = false)
        }

        private fun decoded(bytes: ByteArray, what: String): String =
            try {
                Charsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
            } catch (e: CharacterCodingException) {
                throw NoScriptException("$what is not UTF-8 text: save it as UTF-8", e)
            }

        private fun normalized(text: String): String =
            text.removePrefix("\uFEFF").replace("\r\n", "\n").replace('\r', '\n')

        private fun nearest(path: Path): String {
            val folder = path.toAbsolutePath().parent ?: return ""
            if (!Files.isDirectory(folder)) return " There is no folder $folder either."
            val known = scripts(folder)
            val name = path.fileName.toString()
            if (name + EXTENSION in known) return " Did you mean '$name$EXTENSION'?"
            return Check.suggestion(name, known)
        }

        private fun scriptsIn(folder: Path): String {
            val known = scripts(folder)
            if (known.isEmpty()) return ""
            val more = if (known.size > SHOWN) ", ..." else ""
            return " It holds ${known.take(SHOWN).joinToString()}$more"
        }

        private fun scripts(folder: Path): List<String> =
            folder
                .toFile()
                .list()
                .orEmpty()
                .filter { it.endsWith(EXTENSION) }
                .sorted()

        private const val SHOWN = 8
    }
}

/** There is nothing to run; ends the program with exit code 2 and one line. */
internal class NoScriptException(message: String, cause: Throwable? = null) : RuntimeException(message, cause) {
    private companion object {
        const val serialVersionUID: Long = 1L
    }
}
