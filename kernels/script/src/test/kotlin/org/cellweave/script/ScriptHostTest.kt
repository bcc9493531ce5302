package org.cellweave.script

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText

class ScriptHostTest {
    @TempDir lateinit var folder: Path

    private val cache: Path get() = folder.resolve("cache")

    private fun script(name: String, text: String): String = folder.resolve(name).also { it.writeText(text) }.toString()

    private fun run(vararg words: String): HostRun = HostRun.of(cache, *words)

    @Test
    fun snippetPrintsTheValueOfItsLastExpression() {
        val run = run("-e", "listOf(1.0, 4.0).map { sqrt(it) }")
        assertThat(run.err).isEmpty()
        assertThat(run.out.trim()).isEqualTo("[1.0, 2.0]")
        assertThat(run.exitCode).isZero()
    }

    @Test
    fun snippetWithoutAValuePrintsNothing() {
        assertThat(run("-e", "val x = 3").out).isEmpty()
        assertThat(run("-e", "listOf(1).forEach { }").out).isEmpty()
    }

    @Test
    fun scriptReachesTheClassPathAndWritesWhereItsArgumentsSay() {
        val out = folder.resolve("out.txt")
        val text =
            """
            import org.cellweave.util.Check
            val (target, value) = args
            java.io.File(target).writeText(Check.positive(value.toInt(), "value").toString() + " of " + args.size)
            """.trimIndent()
        val run = run(script("write.kts", text), out.toString(), "7", "rest")
        assertThat(run.err).isEmpty()
        assertThat(run.exitCode).isZero()
        assertThat(out.readText()).isEqualTo("7 of 3")
    }

    @Test
    fun optionsAfterTheScriptBelongToIt() {
        val run = run("-e", "args.toList()", "--trace", "-e", "--heap")
        assertThat(run.out.trim()).isEqualTo("[--trace, -e, --heap]")
    }

    @Test
    fun scriptComesFromStandardInput() {
        val out = folder.resolve("out.txt")
        val run = HostRun.of(cache, "-", out.toString(), input = "java.io.File(args[0]).writeText(\"piped\")\r\n")
        assertThat(run.err).isEmpty()
        assertThat(out.readText()).isEqualTo("piped")
    }

    @Test
    fun everyCompileErrorIsShownWithItsLineAndColumn() {
        val path = script("bad.kts", "val n: Int = \"x\"\n\tval cells = nCells + 1\n")
        val run = run(path)
        assertThat(run.exitCode).isEqualTo(1)
        assertThat(run.errLines).containsExactly(
            "bad.kts:1:14: error: Initializer type mismatch: expected 'Int', actual 'String'.",
            "    val n: Int = \"x\"",
            "                 ^",
            "bad.kts:2:14: error: Unresolved reference 'nCells'.",
            "    \tval cells = nCells + 1",
            "    \t            ^",
        )
    }

    @Test
    fun unknownNamesOfVerbsAndArgumentsComeWithNearOnes() {
        val text =
            """
            val a = sc.datasets.simulatedBatches(nCell = 100)
            sc.pp.nighbors(a)
            sc.tl.umap(
                a,
                minDst = listOf(0.5)[0],
            )
            sc.pk.umap(a)
            a.nighbors
            """.trimIndent()
        val run = run(script("near.kts", text))
        assertThat(run.exitCode).isEqualTo(1)
        assertThat(run.errLines.filter { "error:" in it }.map { it.substringAfter("error: ") }).containsExactly(
            "No parameter with name 'nCell' found. Did you mean 'nCells'?",
            "Unresolved reference 'nighbors'. Did you mean 'neighbors'?",
            "No parameter with name 'minDst' found. Did you mean 'minDist'?",
            "Unresolved reference 'pk'. Did you mean 'pl'?",
            "Unresolved reference 'nighbors'.",
        )
    }

    @Test
    fun linesAsInPythonAreToldHowKotlinWritesThem() {
        for ((line, advice) in mapOf(
            "val x = None" to "In Kotlin None is null.",
            "val x = True" to "In Kotlin True is true.",
            "sc.pp.pca(adata, n_comps = 10)" to "In Kotlin arguments are camelCase: nComps.",
            "val t = adata.var_names" to "In Kotlin names are camelCase: varNames.",
            "val t = adata.obs.blobs" to "In Kotlin a column is taken by its name: obs[\"blobs\"].",
            "val t = adata.obs[\"blobs\"] == \"0\"" to "compared by eq and ne",
            "val t = adata.obs[\"blobs\"] > 3" to "compared by gt, ge, lt, le, eq and ne",
            "val t = adata[:, 0]" to "In Kotlin a colon is `all`",
            "val t = [\"a\"]" to "In Kotlin a list is listOf(\"a\", \"b\").",
            "import numpy as np" to "In Kotlin nothing is imported here",
        )) {
            val run = run(script("habit.kts", "val adata = sc.datasets.blobs()\n$line"))
            assertThat(run.exitCode).`as`(line).isEqualTo(1)
            assertThat(run.err).`as`(line).contains(advice)
        }
    }

    @Test
    fun namesThatAreNotHereAreToldWithWhatToDo() {
        val text =
            """
            val adata = sc.datasets.blobs()
            sc.external.tl.phate(adata, k = 5)
            sc.queries.mitochondrialGenes("hsapiens")
            """.trimIndent()
        val run = run(script("absent.kts", text))
        assertThat(run.exitCode).isEqualTo(1)
        assertThat(run.err)
            .contains("Not in Cellweave: a wrapper of the Python package phate")
            .contains("select names that begin with MT- instead")
    }

    @Test
    fun theKeywordVarIsToldOnceALine() {
        val text =
            """
            val adata = sc.datasets.blobs()
            val n = adata.var["mt"]
            println(adata.var)
            """.trimIndent()
        val run = run(script("var.kts", text))
        assertThat(run.exitCode).isEqualTo(1)
        val said = "error: 'var' begins a variable in Kotlin; write .vars for the genes, as in adata.vars"
        assertThat(run.errLines.filter { "error:" in it }).contains("var.kts:2:15: $said", "var.kts:3:15: $said")
        assertThat(run.errLines.filter { "var.kts:2:" in it }).hasSize(1)
    }

    @Test
    fun failureShowsItsMessageAndTheScriptsOwnLines() {
        val text =
            """
            fun check(n: Int): Int {
                require(n < 0) { "nPcs must be negative, got ${'$'}n" }
                return n
            }
            val xs = listOf(1).map { check(it) }
            """.trimIndent()
        val run = run(script("fails.kts", text))
        assertThat(run.exitCode).isEqualTo(1)
        assertThat(run.errLines).containsExactly(
            "error: nPcs must be negative, got 1",
            "  at fails.kts:2",
            "  at fails.kts:5",
        )
    }

    @Test
    fun unexpectedFailureNamesItsTypeAndTheWayToTheTrace() {
        val run = run(script("fails.kts", "error(\"no clusters\")"))
        assertThat(run.errLines).containsExactly(
            "error: IllegalStateException: no clusters",
            "  at fails.kts:1",
            "  (--trace shows the full trace)",
        )
    }

    @Test
    fun traceIsPrintedOnRequest() {
        val path = script("fails.kts", "error(\"no clusters\")")
        val frame = "java.lang.IllegalStateException: no clusters"
        assertThat(run("--trace", path).errLines).contains(frame)
        assertThat(HostRun.of(cache, path, environment = mapOf("CELLWEAVE_TRACE" to "1")).errLines).contains(frame)
        assertThat(HostRun.of(cache, path, environment = mapOf("CELLWEAVE_TRACE" to "0")).errLines)
            .doesNotContain(frame)
    }

    @Test
    fun missingArgumentSaysWhatWasGivenAndHowToCallTheScript() {
        val path = script("few.kts", "// Integrates.\n// usage: few.kts CTRL STIM OUT\nval (ctrl, stim, out) = args\n")
        val one = run(path, "a")
        assertThat(one.exitCode).isEqualTo(2)
        assertThat(one.errLines).containsExactly(
            "error: few.kts: argument 2 is missing; 1 was given: a",
            "usage: few.kts CTRL STIM OUT",
            "  at few.kts:3",
        )
        assertThat(run(path).errLines).startsWith("error: few.kts: argument 1 is missing; none was given")
        assertThat(run(path, "a", "b").errLines).startsWith("error: few.kts: argument 3 is missing; 2 were given: a b")
        assertThat(run(path, "a", "b", "c").exitCode).isZero()
    }

    @Test
    fun missingScriptIsOneLine() {
        script("quickstart.kts", "")
        val run = run(folder.resolve("quickstrat.kts").toString())
        assertThat(run.exitCode).isEqualTo(2)
        assertThat(run.errLines).hasSize(1)
        assertThat(run.err).contains("there is no script").contains("Did you mean 'quickstart.kts'?")
    }

    @Test
    fun wrongOptionsEndWithTheUsageLine() {
        for (words in listOf(emptyArray(), arrayOf("--bogus"), arrayOf("-e"))) {
            val run = run(*words)
            assertThat(run.exitCode).isEqualTo(2)
            assertThat(run.errLines.last()).startsWith("usage: cellweave [OPTIONS] SCRIPT.kts")
        }
    }

    @Test
    fun helpAndVersionGoToStandardOutput() {
        assertThat(run("--help").out).contains("--heap SIZE").contains("exit codes")
        assertThat(run("--version").out).startsWith("cellweave ").contains("Kotlin ${KotlinVersion.CURRENT}")
    }

    @Test
    fun cancellationIsNotAnError() {
        val run = run("-e", "throw java.util.concurrent.CancellationException(\"interrupted\")")
        assertThat(run.exitCode).isEqualTo(130)
        assertThat(run.errLines).containsExactly("interrupted")
    }

    @Test
    fun whateverFailsUnderAnInterruptIsReportedAsTheInterrupt() {
        val run = HostRun.of(cache, "-e", "error(\"channel closed\")", isInterrupted = { true })
        assertThat(run.exitCode).isEqualTo(130)
        assertThat(run.errLines).containsExactly("interrupted")
    }

    @Test
    fun secondRunTakesTheScriptFromTheCache() {
        val first = run("-e", "1 + 1")
        val entry = cache.listDirectoryEntries().single()
        val other = folder.resolve("other")
        val marked = HostRun.of(other, "-e", "\"from the cache\"")
        val markedEntry = other.listDirectoryEntries().single()
        assertThat(first.out.trim()).isEqualTo("2")
        assertThat(marked.out.trim()).isEqualTo("from the cache")
        // Under this key, an entry of another script is not run.
        Files.copy(markedEntry, entry, StandardCopyOption.REPLACE_EXISTING)
        assertThat(run("-e", "1 + 1").out.trim()).isEqualTo("2")
        // A marked entry made for the same key: only a run that reads the cache can show it.
        val marking = checkNotNull(ScriptCache(other).load(markedEntry.nameWithoutExtension))
        ScriptCache(cache).store(entry.nameWithoutExtension, marking)
        assertThat(run("-e", "1 + 1").out.trim()).isEqualTo("from the cache")
        assertThat(run("-e", "1 + 2").out.trim()).isEqualTo("3")
    }

    @Test
    fun damagedEntryIsCompiledAgain() {
        assertThat(run("-e", "40 + 2").out.trim()).isEqualTo("42")
        val entry = cache.listDirectoryEntries().single()
        val whole = Files.readAllBytes(entry)
        entry.writeBytes(whole.copyOf(whole.size / 2))
        val again = run("-e", "40 + 2")
        assertThat(again.err).isEmpty()
        assertThat(again.out.trim()).isEqualTo("42")
        assertThat(ScriptCache(cache).load(entry.fileName.toString().removeSuffix(".zip"))).isNotNull
    }

    @Test
    fun cacheThatCannotBeWrittenOnlyCostsTime() {
        val file = Files.createFile(folder.resolve("file"))
        val run = HostRun.of(file.resolve("cache"), "--verbose", "-e", "40 + 2")
        assertThat(run.out.trim()).isEqualTo("42")
        assertThat(run.err).contains("the compile cache cannot be written")
    }
}
