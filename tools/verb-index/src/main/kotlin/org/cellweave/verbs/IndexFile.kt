package org.cellweave.verbs

import java.nio.file.Files
import java.nio.file.Path

/**
 * The index as a file of JSON, one line for each value, so that a person can read it and a comparison shows what
 * changed. What is empty is left out. The fields are those of [Index]; `"format"` counts the versions of the schema.
 */
internal object IndexFile {
    private const val FORMAT = 1

    /** Leaves a file alone that has this content, so that nothing is packed anew without need. */
    fun write(file: Path, index: Index) {
        val text = text(index)
        if (Files.exists(file) && Files.readString(file) == text) return
        Files.createDirectories(file.toAbsolutePath().parent)
        Files.writeString(file, text)
    }

    fun text(index: Index): String =
        buildString {
            value(
                mapOf(
                    "format" to FORMAT,
                    "namespaces" to index.namespaces.map(::fields),
                    "verbs" to index.verbs.map(::fields),
                    "members" to index.members.map(::fields),
                ),
                "",
            )
            append("\n")
        }

    private fun fields(namespace: Namespace) =
        mapOf("path" to namespace.path, "declared" to namespace.declared, "summary" to namespace.summary)

    private fun fields(verb: Verb) =
        mapOf(
            "name" to verb.name,
            "namespace" to verb.namespace,
            "of" to verb.of,
            "property" to true.takeIf { verb.isProperty },
            "source" to verb.source,
            "returns" to verb.returns,
            "summary" to verb.documentation.summary,
            "text" to verb.documentation.text,
            "reads" to verb.documentation.reads,
            "writes" to verb.documentation.writes,
            "returned" to verb.documentation.returns,
            "throws" to verb.documentation.throws,
            "arguments" to verb.documentation.arguments,
            "parameters" to verb.parameters.map(::fields),
        )

    private fun fields(parameter: Parameter): Map<String, Any?> =
        mapOf("name" to parameter.name, "declared" to parameter.declared) + fields(parameter.default)

    private fun fields(default: Default?): Map<String, Any?> =
        when {
            default == null -> emptyMap()
            default.choices.isNotEmpty() -> mapOf("defaults" to default.choices, "code" to default.code)
            else -> mapOf("default" to default.value, "code" to default.code.takeIf { it != default.value })
        }

    // A library for JSON would be a new part of the build, for a format that takes these few lines to write.
    private fun StringBuilder.value(value: Any?, indent: String) {
        when (value) {
            is Map<*, *> -> block('{', '}', value.entries.filterNot { isEmpty(it.value) }, indent) { (name, held) ->
                text(name.toString())
                append(": ")
                value(held, "$indent  ")
            }
            is List<*> -> block('[', ']', value, indent) { value(it, "$indent  ") }
            is String -> text(value)
            else -> append(value)
        }
    }

    private fun isEmpty(value: Any?): Boolean =
        when (value) {
            is Map<*, *> -> value.isEmpty()
            is Collection<*> -> value.isEmpty()
            else -> value == null || value == ""
        }

    private fun <T> StringBuilder.block(
        open: Char,
        close: Char,
        parts: Collection<T>,
        indent: String,
        each: (T) -> Unit,
    ) {
        append(open)
        for ((i, part) in parts.withIndex()) {
            append(if (i == 0) "\n" else ",\n").append(indent).append("  ")
            each(part)
        }
        if (parts.isNotEmpty()) append("\n").append(indent)
        append(close)
    }

    private fun StringBuilder.text(text: String) {
        append('"')
        for (c in text) {
            when {
                c == '"' || c == '\\' -> append('\\').append(c)
                c == '\n' -> append("\\n")
                c == '\t' -> append("\\t")
                c < ' ' -> append("\\u").append(c.code.toString(HEX).padStart(HEX_DIGITS, '0'))
                else -> append(c)
            }
        }
        append('"')
    }

    private const val HEX = 16
    private const val HEX_DIGITS = 4
}
