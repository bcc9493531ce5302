package org.cellweave.dsl

import org.cellweave.dsl.session.Preset
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import java.util.Optional

/** The verbs' own sources, packed beside the classes: signatures and documentation cannot differ from the code. */
internal object VerbSources {
    private const val FOLDER = "verbs"
    private val NAMESPACES =
        mapOf(
            "Cellweave" to "sc",
            "Preprocessing" to "sc.pp",
            "Tools" to "sc.tl",
            "Plotting" to "sc.pl",
            "Get" to "sc.get",
            "Metrics" to "sc.metrics",
            "Datasets" to "sc.datasets",
            "ExperimentalPreprocessing" to "sc.experimental.pp",
            "ExternalPreprocessing" to "sc.external.pp",
        )

    /** By name without `sc.`, sorted; of overloads the one with the most arguments. */
    val verbs: Map<String, Help> by lazy {
        val sources = sources()
        val constants = sources.map(KotlinDefaults::constantsOf).fold(emptyMap<String, String>()) { all, own ->
            all +
                own
        }
        sources
            .flatMap { verbsOf(it, constants) }
            .groupBy { it.name.removePrefix("sc.") }
            .mapValues { (_, overloads) -> overloads.maxBy { it.signature.length } }
            .toSortedMap()
    }

    private fun sources(): List<String> {
        val place = VerbSources::class.java.protectionDomain.codeSource
            ?.location
            ?.toURI() ?: return emptyList()
        val path = Path.of(place)
        if (Files.isDirectory(path)) return read(path.resolve(FOLDER))
        return FileSystems.newFileSystem(path).use { read(it.getPath(FOLDER)) }
    }

    private fun read(folder: Path): List<String> {
        if (!Files.isDirectory(folder)) return emptyList()
        return Files.walk(folder).use { files ->
            files
                .filter { it.toString().endsWith(".kt") }
                .sorted()
                .map { Files.readString(it) }
                .toList()
        }
    }

    private val VERB =
        Regex("/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*(?:@[^\\n]*\\n)*public fun (?:<[^>]*> )?(\\w+)\\.(\\w+)\\(")

    private fun verbsOf(source: String, constants: Map<String, String>): List<Help> =
        VERB
            .findAll(source)
            .mapNotNull { found ->
                val (comment, receiver, name) = found.destructured
                val namespace = NAMESPACES[receiver] ?: return@mapNotNull null
                val inside = bracketed(source, found.range.last)
                val result = Regex("^\\s*:\\s*([\\w.<>?, ]+?)\\s*[={\\n]")
                    .find(source.substring(found.range.last + inside.length + 2))
                help(
                    "$namespace.$name", comment, KotlinDefaults(source, constants).arguments(inside),
                    result
                        ?.groupValues
                        ?.get(1),
                )
            }.toList()

    private fun help(name: String, comment: String, arguments: List<String>, result: String?): Help {
        val lines = comment.lines().map { it.trim().removePrefix("*").removePrefix(" ") }
        val tags = lines.indexOfFirst { it.startsWith("@") }.let { if (it < 0) lines.size else it }
        val call =
            name + arguments.joinToString(",\n    ", "(\n    ", ",\n)").takeIf { arguments.isNotEmpty() }.orEmpty()
        val signature = (if (arguments.isEmpty()) "$name()" else call) + (result?.let { ": $it" } ?: "")
        return Help(name, signature, prose(lines.subList(0, tags)), tagged(lines.subList(tags, lines.size)), emptyMap())
    }

    /** Joins the lines of a paragraph; brackets around names are KDoc's, not the reader's. */
    private fun prose(lines: List<String>): String =
        lines
            .joinToString("\n")
            .trim()
            .split(Regex("\n\\s*\n"))
            .joinToString("\n\n") { plain(it) }

    private fun plain(text: String): String =
        text
            .replace(Regex("\\s*\n\\s*"), " ")
            .replace(Regex("(?<![\\w\"`])\\[([A-Za-z][\\w.]*)](?![\\w\\[])"), "$1")
            .trim()

    private fun tagged(lines: List<String>): Map<String, String> =
        lines
            .joinToString("\n")
            .split(Regex("(?m)^@"))
            .filter { it.startsWith("param ") }
            .associate { tag ->
                val words = tag.removePrefix("param ").trim()
                words.substringBefore(' ') to plain(words.substringAfter(' ', ""))
            }

    /** The text between the bracket at [open] and its counterpart. */
    private fun bracketed(source: String, open: Int): String {
        var depth = 0
        for (i in open until source.length) {
            if (source[i] == '(') depth++
            if (source[i] == ')' && --depth == 0) return source.substring(open + 1, i)
        }
        return ""
    }
}

/** The arguments of a Kotlin signature, with defaults that are read from `Params.DEFAULTS` as values. */
internal class KotlinDefaults(private val source: String, private val shared: Map<String, String>) {
    /** `name: Type = default` for each. */
    fun arguments(inside: String): List<String> =
        split(inside).map { argument ->
            val declared = argument.substringBefore('=').trim()
            if ('=' !in argument) declared else "$declared = ${value(argument.substringAfter('=').trim())}"
        }

    /** Cuts at the commas outside of brackets and strings. */
    private fun split(inside: String): List<String> {
        val parts = mutableListOf(StringBuilder())
        var depth = 0
        var quoted = false
        for ((i, c) in inside.withIndex()) {
            if (c == '"') quoted = !quoted
            if (!quoted) {
                if (c in "([{" || c == '<') depth++
                if (c in ")]}" || (c == '>' && inside.getOrNull(i - 1) != '-')) depth--
            }
            if (c == ',' && depth == 0 && !quoted) parts += StringBuilder() else parts.last().append(c)
        }
        return parts.map { it.toString().trim() }.filter(String::isNotEmpty)
    }

    private fun value(expression: String): String {
        val flat = expression.replace(Regex("\\s+"), "").replace("?.", ".")
        val named = NAMED.matchEntire(flat)?.let { constants[it.groupValues[1]]?.plus(it.groupValues[2]) } ?: flat
        val found = DEFAULT.matchEntire(named)
        val preset = PRESET.matchEntire(named)
        return when {
            found != null -> shown(member(found.groupValues[1], found.groupValues[2]) ?: return expression)
            preset != null -> shown(Optional.ofNullable(ofPreset(preset.groupValues[1], preset.groupValues[2])))
            named != flat -> named
            else -> expression.replace(Regex("\\s+"), " ")
        }
    }

    /** What a chain of calls on a record's defaults gives; null when the record is not found. */
    private fun member(record: String, calls: String): Optional<Any>? {
        val type = recordOf(record) ?: return null
        var value: Any? = type.getField("DEFAULTS").get(null)
        for (call in calls.removePrefix(".").removeSuffix("()").split("().")) {
            val held = value ?: break
            value =
                when {
                    call == "spelled" -> (held as Enum<*>).spelled()
                    held is DoubleArray -> held.toList()
                    held is IntArray -> held.toList()
                    else -> held.javaClass.getMethod(call).invoke(held)
                }
        }
        return Optional.ofNullable(value)
    }

    private fun ofPreset(property: String, argument: String): Any? =
        when {
            argument.isNotEmpty() -> preset.keyAdded(argument)
            property == "zeroCenter" -> if (preset == Preset.SCANPY_V1) preset.zeroCenter() else null
            else -> Preset::class.java.getMethod("get" + property.replaceFirstChar(Char::uppercase)).invoke(preset)
        }

    private fun shown(value: Optional<Any>): String =
        when (val held: Any? = value.orElse(null)) {
            is String -> "\"$held\""
            else -> held?.toString() ?: "null"
        }

    /** The class of `Leiden.Params` or `TenX.MtxOptions`, by the file's imports. */
    private fun recordOf(name: String): Class<*>? {
        val outer = name.substringBefore('.')
        val imported =
            Regex("(?m)^import ((?:[a-z]\\w*\\.)+${Regex.escape(outer)})(?=\\.|$)").find(source) ?: return null
        return try {
            Class.forName(imported.groupValues[1] + "\$" + name.substringAfter('.').replace('.', '$'))
        } catch (_: ClassNotFoundException) {
            null
        }
    }

    /** Constants of this file, and those that other files share. */
    private val constants: Map<String, String> by lazy { shared + constantsOf(source) }

    internal companion object {
        private val NAMED = Regex("([A-Z][A-Z_]*)((?:\\.\\w+\\(\\))*)")
        private val DEFAULT = Regex("(\\w+\\.[\\w.]+)\\.DEFAULTS((?:\\.\\w+\\(\\))+)")
        private val PRESET = Regex("preset\\.(\\w+)(?:\\((?:\"([^\"]*)\")?\\))?")
        private val IMPORTED = Regex("(?m)^import (?:[a-z]\\w*\\.)+([A-Z][\\w.]*) as ([A-Z][A-Z_]*)$")
        private val CONSTANT =
            Regex("(?m)^(?:private |internal |public )?(?:const )?val ([A-Z][A-Z_]*)(?:: [\\w.]+)? =\\s*(\\S.*)$")

        /** Name and expression of the constants that stand outside of classes. */
        fun constantsOf(source: String): Map<String, String> =
            CONSTANT.findAll(source).associate { it.groupValues[1] to it.groupValues[2].trim() } +
                IMPORTED.findAll(source).associate { it.groupValues[2] to it.groupValues[1] }
    }
}
