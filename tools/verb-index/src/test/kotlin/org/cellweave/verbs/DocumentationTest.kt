package org.cellweave.verbs

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class DocumentationTest {
    private val head = "package p\npublic val sc: Root get() = Root\npublic object Root\n"

    private fun documentation(comment: String) =
        indexOf("$head$comment\npublic fun Root.f(a: Int) {}")
            .verbs
            .single()
            .documentation

    @Test
    fun `paragraphs become lines, links become names`() {
        val read = documentation(
            """
            /**
             * Does it with [Leiden] over
             * two lines. And [Root.f] more.
             *
             * Reads `obs[key]` and [x]. Writes `uns[pca][ratio]`,
             * with `k`. Never spreads.
             */
            """.trimIndent(),
        )
        assertThat(read.summary).isEqualTo("Does it with Leiden over two lines")
        assertThat(read.text).isEqualTo(
            "Does it with Leiden over two lines. And Root.f more.\n\n" +
                "Reads `obs[key]` and x. Writes `uns[pca][ratio]`, with `k`. Never spreads.",
        )
        assertThat(read.reads).isEqualTo("Reads `obs[key]` and x.")
        assertThat(read.writes).isEqualTo("Writes `uns[pca][ratio]`, with `k`.")
    }

    @Test
    fun `tags are told apart, in their order`() {
        val read = documentation(
            """
            /**
             * Does it.
             *
             * @param zeta the last,
             *   over two lines
             * @param a the first; like [zeta]
             * @return a list
             * @throws IllegalArgumentException when not
             */
            """.trimIndent(),
        )
        assertThat(read.text).isEqualTo("Does it.")
        assertThat(read.arguments.toList())
            .containsExactly("zeta" to "the last, over two lines", "a" to "the first; like zeta")
        assertThat(read.returns).isEqualTo("a list")
        assertThat(read.throws).containsExactly("IllegalArgumentException: when not")
    }

    @Test
    fun `code keeps its lines and its signs`() {
        val read = documentation(
            """
            /**
             * Does it:
             * ```kotlin
             * @Test
             * sc.f(a = [1],
             *     b)
             * ```
             * Then [more].
             * @param a one
             */
            """.trimIndent(),
        )
        assertThat(read.text).isEqualTo("Does it:\n\n@Test\nsc.f(a = [1],\n    b)\n\nThen more.")
        assertThat(read.arguments).isEqualTo(mapOf("a" to "one"))
    }

    @Test
    fun `annotations may stand between, other comments are none`() {
        assertThat(documentation("/** Does it. */\n@Suppress(\"a\", \"b\")\n@JvmName(\"g\")").text)
            .isEqualTo("Does it.")
        assertThat(documentation("/* Not this. */").text).isEmpty()
        assertThat(documentation("// Nor this.").summary).isEmpty()
    }
}
