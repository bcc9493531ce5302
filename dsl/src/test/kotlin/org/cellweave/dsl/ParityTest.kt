package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.io.path.walk
import kotlin.io.path.writeText

/**
 * The table of scanpy's functions and ours, `docs/scanpy-parity.md`, made from the sources. To write it anew:
 *
 * `mvn -q -Pquick -pl jvm-core,dsl test -Dtest=ParityTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.write=true`
 */
class ParityTest {
    private data class Function(val namespace: String, val name: String, val arguments: List<String>) {
        val full get() = if (namespace.isEmpty()) name else "$namespace.$name"
    }

    private val peer =
        resource("scanpy.tsv").map { line ->
            val (namespace, name, arguments) = line.split("\t")
            Function(namespace, name, arguments.split(",").filter { it.isNotEmpty() })
        }
    private val reasons = resource("reasons.tsv").associate { it.substringBefore("\t") to it.substringAfter("\t") }
    private val ours = sources().flatMap { functions(it.readText()) }

    @Test
    fun `every function of scanpy has a counterpart or a reason`() {
        assertThat(peer).hasSizeGreaterThan(100)
        assertThat(peer.filter { counterparts(it).isEmpty() && it.full !in reasons }.map { it.full })
            .`as`("add the verb or a line to dsl/src/test/resources/parity/reasons.tsv")
            .isEmpty()
        assertThat(reasons.keys - peer.map { it.full }.toSet() - "read_zarr").`as`("reasons for nothing").isEmpty()
    }

    @Test
    fun `the table is up to date`() {
        val page = SharedData.projectRoot().resolve("docs/scanpy-parity.md")
        val table = table()
        if (System.getProperty("parity.write") == "true") {
            Files.createDirectories(page.parent)
            page.writeText(table)
        }
        assertThat(Files.exists(page)).`as`("$page").isTrue
        assertThat(page.readText())
            .`as`("$page is stale; see the comment of ParityTest for the command")
            .isEqualTo(table)
    }

    @Test
    fun `arguments are told apart at their own commas`() {
        val text = "public fun Tools.leiden(a: Map<String, Int> = f(1, 2), b: (Int, Int) -> Int = { x, y -> x }) = 1"
        assertThat(functions(text)).containsExactly(Function("tl", "leiden", listOf("a", "b")))
        assertThat(camel("read_10x_h5")).isEqualTo("read10xH5")
        assertThat(camel("X")).isEqualTo("X")
    }

    private fun counterparts(f: Function) = ours.filter { it.namespace == f.namespace && it.name == camel(f.name) }

    private fun table() =
        buildString {
            appendLine("# scanpy's functions and ours")
            appendLine()
            appendLine("Made from the sources by `ParityTest`; do not edit. Compared with scanpy $VERSION. Arguments")
            appendLine("have scanpy's names in camelCase; `show`, `ax` and `returnFig` are left out, since figures are")
            appendLine("values here.")
            val found = peer.count { counterparts(it).isNotEmpty() }
            appendLine()
            appendLine("$found of ${peer.size} functions have a counterpart.")
            peer.groupBy { it.namespace }.forEach { (namespace, functions) ->
                appendLine()
                appendLine("## ${if (namespace.isEmpty()) "Reading, writing, joining" else "sc.$namespace"}")
                appendLine()
                appendLine("| scanpy | here | arguments that differ, or the reason |")
                appendLine("|---|---|---|")
                functions.forEach { appendLine(row(it)) }
            }
        }

    private fun row(f: Function): String {
        val same = counterparts(f)
        if (same.isEmpty()) {
            return "| `${f.full}` | | ${reasons[f.full] ?: "?"} |"
        }
        val have = same.flatMap { it.arguments }.distinct()
        val wanted = f.arguments.map { camel(it) }
        val lacking = wanted.filter { it !in have && it !in MATPLOTLIB }
        val added = have - wanted.toSet()
        val notes = listOf("without" to lacking, "also" to added).filter { it.second.isNotEmpty() }
        val text = notes.joinToString("; ") { (word, names) -> "$word " + names.joinToString(", ") { "`$it`" } }
        return "| `${f.full}` | `sc.${if (f.namespace.isEmpty()) "" else f.namespace + "."}${camel(f.name)}` | $text |"
    }

    private fun functions(source: String): List<Function> =
        HEAD
            .findAll(source)
            .map { m ->
                Function(NAMESPACES.getValue(m.groupValues[1]), m.groupValues[2], arguments(source, m.range.last + 1))
            }.toList()

    /** Names before the colon of every argument, from behind the opening parenthesis on. */
    private fun arguments(source: String, start: Int): List<String> {
        val parts = mutableListOf(StringBuilder())
        var depth = 0
        var at = start
        while (depth >= 0) {
            val c = source[at]
            val closes = c in ")]}" || (c == '>' && source[at - 1] != '-')
            depth += if (c in "([{<") {
                1
            } else if (closes) {
                -1
            } else {
                0
            }
            if (c == ',' && depth == 0) parts += StringBuilder() else parts.last().append(c)
            at++
        }
        return parts.mapNotNull { ARGUMENT.find(it)?.groupValues?.get(1) }
    }

    @OptIn(ExperimentalPathApi::class)
    private fun sources(): List<Path> =
        SharedData
            .projectRoot()
            .resolve("dsl/src/main/kotlin")
            .walk()
            .filter { it.name.endsWith(".kt") }
            .sortedBy { it.toString() }
            .toList()

    private fun resource(name: String): List<String> =
        ParityTest::class.java
            .getResource("/parity/$name")!!
            .readText()
            .lines()
            .filter { it.isNotBlank() && !it.startsWith("#") }

    private fun camel(name: String): String {
        val words = name.split("_").filter { it.isNotEmpty() }
        return words.first() + words.drop(1).joinToString("") { w -> w.replaceFirstChar { it.uppercase() } }
    }

    private companion object {
        const val VERSION = "1.11.5"
        val MATPLOTLIB = setOf("show", "ax", "returnFig")
        val NAMESPACES =
            mapOf(
                "Cellweave" to "",
                "Preprocessing" to "pp",
                "Tools" to "tl",
                "Plotting" to "pl",
                "Get" to "get",
                "Metrics" to "metrics",
                "Datasets" to "datasets",
                "Queries" to "queries",
                "ExperimentalPreprocessing" to "experimental.pp",
            )
        val HEAD = Regex("public fun (${NAMESPACES.keys.joinToString("|")})\\.(\\w+)\\(")
        val ARGUMENT = Regex("^\\s*(?:vararg\\s+)?(\\w+)\\s*:", RegexOption.MULTILINE)
    }
}
