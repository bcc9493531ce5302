package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.io.path.walk

/** What every verb of pp and tl promises its reader. */
class ConventionsTest {
    @TestFactory
    fun verbs(): List<DynamicTest> =
        verbsIn("pp", "tl").map { verb ->
            dynamicTest(verb.name) {
                assertThat(verb.parameters.first()).matches("adata1?: AnnData|(x|data): Matrix")
                assertThat(verb.parameters).allMatch { Regex("[a-z][A-Za-z0-9]*: .*").matches(it) }
                assertThat(verb.doc).containsIgnoringCase("writes")
                assertThat(verb.doc).containsIgnoringCase("reads")
                assertThat(verb.parameters.filter { NUMBER.containsMatchIn(it) })
                    .`as`("numbers come from the Java record")
                    .isEmpty()
            }
        }

    @Test
    fun `there are verbs to check`() {
        assertThat(verbsIn("pp", "tl")).hasSizeGreaterThan(8)
    }

    @Test
    fun `a number written as default is noticed`() {
        assertThat(NUMBER.containsMatchIn("nComps: Int = 50")).isTrue
        assertThat(NUMBER.containsMatchIn("minDisp: Double = HVG.minDisp()")).isFalse
    }

    private class Verb(val name: String, val doc: String, val parameters: List<String>)

    private fun verbsIn(vararg folders: String): List<Verb> = folders.flatMap { sources(it) }.flatMap { parse(it) }

    @OptIn(ExperimentalPathApi::class)
    private fun sources(folder: String): List<Path> {
        val root = SharedData.projectRoot().resolve("dsl/src/main/kotlin/org/cellweave/dsl/$folder")
        return if (Files.isDirectory(root)) root.walk().filter { it.name.endsWith(".kt") }.toList() else emptyList()
    }

    private fun parse(file: Path): List<Verb> =
        FUNCTION
            .findAll(file.readText())
            .map { m ->
                val oneLineEach = m.groupValues[3].replace(Regex("\\n\\s*\\."), ".")
                val parameters = oneLineEach.lines().map { it.trim().removeSuffix(",") }
                Verb(m.groupValues[2], m.groupValues[1], parameters.filter { it.isNotEmpty() && !it.startsWith("//") })
            }.toList()

    private companion object {
        const val DOC = "/\\*\\*((?:(?!\\*/).)*)\\*/"
        const val HEAD = "\\s*public fun (?:Preprocessing|Tools)\\.(\\w+)"
        val FUNCTION = Regex("$DOC$HEAD\\(((?:(?!\\n\\)).)*)\\n\\)", RegexOption.DOT_MATCHES_ALL)
        val NUMBER = Regex("= -?[0-9]")
    }
}
