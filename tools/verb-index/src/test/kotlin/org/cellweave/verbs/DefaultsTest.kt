package org.cellweave.verbs

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class DefaultsTest {
    private fun default(
        expression: String,
        packageName: String = "org.cellweave.verbs",
        head: String = "",
    ): Default {
        val file = """
            package $packageName
            $head
            public val sc: Root get() = Root
            public object Root
            private const val N_PCS = 50
            internal val TITLE: String = SHARED_TITLE
            public fun Root.f(layout: String, x: Any? = $expression) {}
        """
        return checkNotNull(
            indexOf(SAMPLES, file)
                .verbs
                .single()
                .parameters
                .last()
                .default,
        )
    }

    private fun value(expression: String) = default(expression).value

    @Test
    fun `literals stay as they are written`() {
        for (literal in listOf("1_000", "1e-4", "-0.5", "2.5f", "10L", "null", "true", "\"a\\tb\"", "'c'")) {
            assertThat(value(literal)).isEqualTo(literal)
        }
    }

    @Test
    fun `records are read`() {
        assertThat(value("SampleParams.DEFAULTS.tol()")).isEqualTo("1.0E-4")
        assertThat(value("SampleParams.DEFAULTS.limit()")).isEqualTo("null")
        assertThat(value("SampleParams.DEFAULTS.weights().toList()")).isEqualTo("[1.0, 2.5]")
        assertThat(value("SampleParams.DEFAULTS.weights()")).isEqualTo("[1.0, 2.5]")
        assertThat(value("SampleParams.DEFAULTS.names()")).isEqualTo("{a=1, b=2, c=3}")
        assertThat(value("SampleParams.DEFAULTS.title()")).isEqualTo("\"a \\\"b\\\"\"")
        assertThat(value("SampleParams.DEFAULTS\n    .mode()\n    .spelled()")).isEqualTo("\"fast_mode\"")
        assertThat(value("SampleParams.DEFAULTS.limit()?.toString()")).isEqualTo("null")
        assertThat(value("(SampleMode.SLOW_MODE.spelled())")).isEqualTo("\"slow_mode\"")
    }

    @Test
    fun `imports, with another name too, lead to records`() {
        val named = "import org.cellweave.verbs.SampleParams.DEFAULTS as SAMPLE"
        assertThat(default("SAMPLE.tol()", "elsewhere", named).value).isEqualTo("1.0E-4")
        assertThat(default("SampleParams.DEFAULTS.tol()", "elsewhere", "import org.cellweave.verbs.*").value)
            .isEqualTo("1.0E-4")
        assertThat(default("SampleParams.DEFAULTS.tol()", "elsewhere", "import org.cellweave.verbs.SampleParams").value)
            .isEqualTo("1.0E-4")
    }

    @Test
    fun `constants of this file and of others stand for their values`() {
        assertThat(value("N_PCS")).isEqualTo("50")
        assertThat(value("TITLE")).isEqualTo("\"Mean\"")
        assertThat(default("N_PCS").code).isEqualTo("N_PCS")
        // Private in its file.
        assertThat(value("FOREIGN")).isEqualTo("FOREIGN")
    }

    @Test
    fun `what is no constant stays, in one line`() {
        assertThat(value("emptyList()")).isEqualTo("emptyList()")
        assertThat(value("0.3 to\n    0.05")).isEqualTo("0.3 to 0.05")
        assertThat(value("layout")).isEqualTo("layout")
        assertThat(value("{ it + 1 }")).isEqualTo("{ it + 1 }")
        assertThat(value("mapOf(\"a\" to 1)")).isEqualTo("mapOf(\"a\" to 1)")
    }

    @Test
    fun `a default that reads a setting is given for each of its values`() {
        val steps = default("setting.steps()")
        assertThat(steps.choices).isEqualTo(mapOf("FAST_MODE" to "3"))
        assertThat(default("setting.key(\"graph_\$layout\")").choices)
            .isEqualTo(mapOf("FAST_MODE" to "null", "SLOW_MODE" to "\"graph_\$layout\""))
        assertThat(default("setting.name.length").choices).isEmpty()
    }

    @Test
    fun `a record without the value stops the build`() {
        assertThatThrownBy { default("SampleParams.NONE.tol()") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("1.kt: the default `SampleParams.NONE.tol()` cannot be read")
    }
}
