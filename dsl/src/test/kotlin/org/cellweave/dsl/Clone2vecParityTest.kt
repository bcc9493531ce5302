package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * The table of clone2vec's functions and ours, `docs/clone2vec-parity.md`, made from the index of verbs; written anew
 * as that of [ParityTest], with `-Dtest=Clone2vecParityTest`.
 */
class Clone2vecParityTest {
    private class Function(val namespace: String, val name: String, val arguments: List<String>) {
        val key get() = "$namespace.$name"
    }

    private val functions = ParityList(LIST).rows.map { (namespace, name, arguments) ->
        Function(namespace, name, arguments.split(","))
    }
    private val notes = ParityList("clone2vec-notes.tsv").rows.associate { it[0] to it[1] }
    private val verbs = VerbIndex.shared.verbs

    @Test
    fun `every function has a counterpart or a reason`() {
        assertThat(functions).hasSizeGreaterThan(45)
        assertThat(functions.filter { counterpart(it) == null && it.key !in notes }.map { it.key }).isEmpty()
        assertThat(notes.keys - functions.map { it.key }.toSet()).`as`("notes on nothing").isEmpty()
        assertThat(functions.filter { counterpart(it) == null }.map { it.namespace }.distinct())
            .`as`("what is missing")
            .containsExactly("datasets", "seurat")
    }

    @Test
    fun `the table is up to date`() {
        val page = SharedData.projectRoot().resolve("docs/clone2vec-parity.md")
        if (System.getProperty("parity.write") == "true") page.writeText(table())
        assertThat(page.readText())
            .`as`("$page is stale; see the comment of ParityTest for the command")
            .isEqualTo(table())
    }

    private fun counterpart(f: Function): VerbIndex.Verb? =
        verbs.values.firstOrNull { OriginalNames.isSame(it.name, "c2v.${f.key}") }
            ?: OriginalNames.verb(f.name)?.let(verbs::get)

    private fun table() =
        buildString {
            append("# clone2vec's functions and ours\n\n")
            append("Made from the index of verbs by `Clone2vecParityTest`; do not edit. Compared with clone2vec\n")
            append("${ParityList(LIST).version}. $LEFT_OUT\n")
            append("${functions.count { counterpart(it) != null }} of ${functions.size} functions have ")
            append("a counterpart.\n")
            functions.groupBy { it.namespace }.forEach { (namespace, all) ->
                append("\n## c2v.$namespace\n\n")
                append("| clone2vec | here | arguments that differ; what else differs, and why, or the reason |\n")
                append("|---|---|---|\n")
                all.forEach { append(row(it)).append("\n") }
            }
            append("\n## Only here\n\n| verb | what it does |\n|---|---|\n")
            val known = functions.mapNotNull { counterpart(it)?.name }
            verbs.values.filter { it.name.startsWith("c2v.") && it.name !in known }.forEach {
                append("| `${it.name}` | ${it.summary} |\n")
            }
            append("\n## Slots and tables\n\n")
            append(SLOTS)
        }

    private fun row(f: Function): String {
        val verb = counterpart(f)
        val note = notes[f.key].orEmpty()
        if (verb == null) return "| `${f.key}` | | $note |"
        val wanted = f.arguments.map { ParityList.camel(it) }
        val have = verb.parameters.map { it.name }
        val differences =
            ParityList.differences(wanted.filter { it !in have && it !in IGNORED }, have - wanted.toSet() - IGNORED)
        val text = listOf(differences, note).filter { it.isNotEmpty() }.joinToString("; ")
        return "| `${f.key}` | `${verb.name}` | $text |"
    }

    private companion object {
        const val LIST = "clone2vec.tsv"
        val LEFT_OUT =
            """
            Arguments have its names in camelCase; every figure also takes `show`, `ax`, `figsize` and `dpi`,
            which are left out here. Matplotlib's styles are missing, and so are `progressBar` and `device`:
            progress is shown where there is a place for it, and work runs on all cores.

            """.trimIndent()
        val SLOTS =
            """
            `adata.obsm["X_clone"]` is a matrix or a table; `adata.obsm.matrix("X_clone")` is the matrix,
            as in `adata.obsm.matrix("X_clone").nCols()`. Of a table `table["a"]` is a column,
            `table[listOf("a", "b")]` some columns, `table.sortValues("a", ascending = false)` the rows in
            the order of one, and `table.head(10)` the first rows, in pandas' words.

            """.trimIndent()
        val IGNORED = setOf("show", "ax", "returnFig", "figsize", "dpi", "progressBar", "device")
    }
}
