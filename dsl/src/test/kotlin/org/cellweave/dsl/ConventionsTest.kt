package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** What every verb of pp and tl, scanpy's and clone2vec's, promises its reader. */
class ConventionsTest {
    @TestFactory
    fun verbs(): List<DynamicTest> =
        verbs.map { verb ->
            dynamicTest(verb.name) {
                val parameters = verb.parameters.map { it.declaration() }
                if (verb.name !in MAKE_DATA) {
                    assertThat(parameters.first())
                        .matches("(adata1?|clones(Query)?): AnnData|mdata: MuData|(x|data): Matrix")
                    assertThat(verb.reads).`as`("a sentence with `Reads`").isNotEmpty
                }
                assertThat(verb.writes).`as`("a sentence with `Writes`").isNotEmpty
                assertThat(parameters).allMatch { Regex("[a-z][A-Za-z0-9]*: .*").matches(it) }
                assertThat(verb.parameters.filter { it.isNumber() }.map { it.name })
                    .`as`("numbers come from the Java record")
                    .isEmpty()
            }
        }

    @Test
    fun `there are verbs to check`() {
        assertThat(verbs).hasSizeGreaterThan(60)
        assertThat(verbs.map { it.name }).containsAll(MAKE_DATA)
    }

    @Test
    fun `a number written as default is noticed`() {
        fun parameter(default: String) = VerbIndex.Parameter(mapOf("name" to "a", "default" to "50", "code" to default))
        assertThat(parameter("50").isNumber()).isTrue
        assertThat(parameter("-1.5").isNumber()).isTrue
        assertThat(parameter("HVG.minDisp()").isNumber()).isFalse
        assertThat(VerbIndex.Parameter(mapOf("name" to "a", "default" to "7")).isNumber()).isTrue
    }

    private val verbs get() = VerbIndex.shared.all.filter { it.namespace in NAMESPACES }

    private fun VerbIndex.Parameter.isNumber() = Regex("-?[0-9].*").matches(code.orEmpty())

    private companion object {
        val NAMESPACES = setOf("sc.pp", "sc.tl", "c2v.pp", "c2v.tl", "c2v.utils")

        /** They are given no object. */
        val MAKE_DATA = listOf("sc.tl.sim")
    }
}
