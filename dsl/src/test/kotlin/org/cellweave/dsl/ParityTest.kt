package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.ParityList.Companion.camel
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.reflect.full.declaredFunctions

/**
 * The tables of scanpy's and anndata's functions and ours, `docs/scanpy-parity.md` and `docs/anndata-parity.md`, made
 * from the index of verbs. To write them anew:
 *
 * `mvn -q -Pquick -pl dsl -am test -Dtest=ParityTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.write=true`
 */
class ParityTest {
    private data class Function(
        val module: String,
        val namespace: String,
        val name: String,
        val arguments: List<String>,
    ) {
        /** As reasons.tsv names it. */
        val key get() = listOf(module, namespace, name).filter { it.isNotEmpty() }.joinToString(".")

        val isOfObject get() = module == ANNDATA && namespace in OBJECTS
        val isMaker get() = key == "anndata.AnnData"
    }

    private val scanpy = functions("scanpy.tsv", "")
    private val anndata = functions("anndata.tsv", ANNDATA)
    private val peer = scanpy + anndata
    private val reasons = ParityList("reasons.tsv").rows.associate { it[0] to it[1] }
    private val verbs = VerbIndex.shared.all
    private val public = PublicVerbs()
    private val ofAnnData = public.ofAnnData

    @Test
    fun `every function of scanpy and anndata has a counterpart or a reason`() {
        assertThat(peer).hasSizeGreaterThan(200)
        val keys = peer.map { it.key }
        assertThat(peer.filter { !exists(it) && it.key !in reasons }.map { it.key })
            .`as`("add the verb or a line to dsl/src/test/resources/parity/reasons.tsv")
            .isEmpty()
        assertThat(reasons.keys - keys.toSet()).`as`("reasons for nothing").isEmpty()
    }

    @Test
    fun `no reason is given for what exists`() {
        val stale = peer.filter { exists(it) && it.key in reasons }.map { it.key }
        if (System.getProperty("parity.write") == "true") {
            val file = SharedData.projectRoot().resolve("dsl/src/test/resources/parity/reasons.tsv")
            file.writeText(
                file
                    .readText()
                    .lines()
                    .filter { it.substringBefore("\t") !in stale }
                    .joinToString("\n"),
            )
            return
        }
        assertThat(stale)
            .`as`("take these lines out of dsl/src/test/resources/parity/reasons.tsv")
            .isEmpty()
    }

    @Test
    fun `the tables are up to date`() {
        upToDate("docs/scanpy-parity.md", ofScanpy())
        upToDate("docs/anndata-parity.md", ofAnndata())
    }

    private fun upToDate(name: String, table: String) {
        val page = SharedData.projectRoot().resolve(name)
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
    fun `an AnnData has what Java and Kotlin give it, and names change their case`() {
        assertThat(ofAnnData).contains("X", "nObs", "isView", "obsNames", "transpose", "writeH5ad", "chunkedX")
        assertThat(camel("read_10x_h5")).isEqualTo("read10xH5")
        assertThat(camel("X")).isEqualTo("X")
    }

    private fun counterparts(f: Function): List<VerbIndex.Verb> {
        val namespace = if (f.module == ANNDATA || f.namespace.isEmpty()) "sc" else "sc.${f.namespace}"
        return verbs.filter { it.name == "$namespace.${camel(f.name)}" }
    }

    /** How an AnnData spells it here, or null. anndata writes some names as one word. */
    private fun ofObject(f: Function): String? {
        val members = if (f.namespace == "Raw") public.ofRaw else ofAnnData
        val name = if (f.isOfObject && f.name == "var") "vars" else camel(f.name)
        return members.firstOrNull { it == name } ?: members.firstOrNull { it.equals(name, ignoreCase = true) }
    }

    private fun exists(f: Function) =
        when {
            f.isMaker -> true
            f.isOfObject -> ofObject(f) != null
            f.module == ANNDATA -> counterparts(f).isNotEmpty() || ofObject(f) != null
            else -> counterparts(f).isNotEmpty()
        }

    private fun ofScanpy() =
        buildString {
            appendLine("# scanpy's functions and ours")
            appendLine()
            appendLine("Made from the index of verbs by `ParityTest`; do not edit. Compared with scanpy")
            append("${ParityList("scanpy.tsv").version}. ")
            appendLine("Arguments have scanpy's names")
            appendLine("in camelCase. Every verb of `sc.pl` also takes `show`, `ax`, `figsize` and `dpi`.")
            appendLine()
            append("${scanpy.count { exists(it) }} of ${scanpy.size} functions of scanpy have a counterpart of their ")
            appendLine("name. Those of anndata are in [anndata-parity.md](anndata-parity.md).")
            scanpy.groupBy { it.namespace }.forEach { (namespace, functions) ->
                section(if (namespace.isEmpty()) "Reading, writing, joining" else "sc.$namespace", "scanpy", functions)
            }
        }

    private fun ofAnndata() =
        buildString {
            appendLine("# anndata's functions and members and ours")
            appendLine()
            appendLine("Made from the index of verbs and from the classes by `ParityTest`; do not edit. Compared with")
            appendLine("anndata ${ParityList("anndata.tsv").version}. Functions are in `sc`, to which `ad` and")
            appendLine("`anndata` hand on: `ad.concat`, `ad.readH5ad`, `ad.AnnData(X, obs = ...)`.")
            appendLine()
            append("${anndata.count { exists(it) }} of ${anndata.size} functions and members of anndata have a ")
            appendLine("counterpart of their name.")
            anndata.groupBy { it.namespace }.forEach { (namespace, functions) ->
                section("anndata.$namespace".trimEnd('.'), "anndata", functions)
            }
        }

    private fun StringBuilder.section(title: String, peer: String, functions: List<Function>) {
        appendLine()
        appendLine("## $title")
        appendLine()
        appendLine("| $peer | here | arguments that differ, what to use instead, or the reason |")
        appendLine("|---|---|---|")
        functions.forEach { appendLine(row(it)) }
    }

    private fun row(f: Function): String {
        val name = listOf(f.namespace, f.name).filter { it.isNotEmpty() }.joinToString(".")
        if (!exists(f)) {
            return "| `$name` | | ${reasons[f.key] ?: "?"} |"
        }
        if (f.isMaker) return "| `$name` | `ad.AnnData` | ${ParityList.differences(lackedByMaker(f), listOf("vars"))} |"
        val same = counterparts(f).map { verb -> verb.parameters.map { it.name } }.sortedBy { it.toString() }
        if (f.isOfObject || same.isEmpty()) {
            val owner = if (f.namespace == "Raw") "adata.raw" else "adata"
            return "| `$name` | `$owner.${ofObject(f)}` | |"
        }
        val have = same.flatten().distinct()
        val wanted = f.arguments.map { camel(it) }
        val lacking = wanted.filter { it !in have }
        val added = have - wanted.toSet() - ALL_FIGURES
        val text = ParityList.differences(lacking, added)
        val place = if (f.module == ANNDATA || f.namespace.isEmpty()) "sc." else "sc.${f.namespace}."
        return "| `$name` | `$place${camel(f.name)}` | $text |"
    }

    private fun lackedByMaker(f: Function): List<String> {
        val have = AnndataDoor::class
            .declaredFunctions
            .single { it.name == f.name }
            .parameters
            .map { it.name }
        return f.arguments.map { camel(it) }.filter { it !in have }
    }

    private fun functions(name: String, module: String): List<Function> =
        ParityList(name).rows.map { (namespace, function, arguments) ->
            Function(module, namespace, function, arguments.split(",").filter { it.isNotEmpty() })
        }

    private companion object {
        const val ANNDATA = "anndata"
        val ALL_FIGURES = setOf("show", "ax", "figsize", "dpi")
        val OBJECTS = setOf("AnnData", "Raw")
    }
}
