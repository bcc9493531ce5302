package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.help
import org.cellweave.dsl.sc
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import kotlin.reflect.KParameter
import kotlin.reflect.jvm.kotlinFunction

/** The figures of embeddings take the same arguments in the same order, and say the same about them. */
class EmbeddingVerbsTest {
    private fun parameters(name: String): List<KParameter> {
        val file = Class.forName("org.cellweave.dsl.Pl" + name.replaceFirstChar(Char::uppercase) + "Kt")
        val verb = file.declaredMethods.single { it.name == name }
        return verb.kotlinFunction!!.parameters.filter { it.kind == KParameter.Kind.VALUE }
    }

    private fun described(parameters: List<KParameter>) =
        parameters.map { "${it.name}: ${it.type}${if (it.isOptional) " = ..." else ""}" }

    @TestFactory
    fun verbs(): List<DynamicTest> {
        val shared = described(parameters("embedding").drop(2))
        val said = sc.help("pl.embedding").arguments
        return listOf("umap", "tsne", "diffmap", "pca", "drawGraph").map { name ->
            dynamicTest(name) {
                assertThat(shared).hasSize(49)
                val own = described(parameters(name))
                val before = if (name == "drawGraph") listOf("layout: kotlin.String? = ...") else emptyList()
                val after = if (name == "pca") listOf("annotateVarExplained: kotlin.Boolean = ...") else emptyList()
                assertThat(own.drop(1)).isEqualTo(before + shared + after)
                val help = sc.help("pl.$name")
                assertThat(help.arguments).containsAllEntriesOf(said)
                val defaults = { text: String -> text.lines().filter { " = " in it } }
                assertThat(defaults(help.signature)).containsAll(defaults(sc.help("pl.embedding").signature))
            }
        }
    }
}
