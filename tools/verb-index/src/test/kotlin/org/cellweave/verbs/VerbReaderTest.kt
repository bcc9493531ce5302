package org.cellweave.verbs

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class VerbReaderTest {
    private val root = """
        package p
        public val sc: Root get() = Root
        public object Root { public val pp: Pre get() = Pre }
        public object Pre
    """

    @Test
    fun `extension functions on a namespace are verbs, by the path that properties make`() {
        val index = indexOf(
            root,
            """
            package p
            /** Does it. */
            public fun Pre.one(x: Int, vararg names: String): Map<String, List<Int>> = emptyMap()
            public fun Root.two() {}
            """,
        )
        assertThat(index.verbs.map { it.name }).containsExactly("sc.pp.one", "sc.two")
        val one = index.verbs.first()
        assertThat(one.namespace).isEqualTo("sc.pp")
        assertThat(one.source).isEqualTo("1.kt")
        assertThat(one.parameters.map { it.declared }).containsExactly("x: Int", "vararg names: String")
        assertThat(one.returns).isEqualTo("Map<String, List<Int>>")
        assertThat(index.verbs.last().returns).isNull()
    }

    @Test
    fun `overloads stay apart, in the order of the file`() {
        val index = indexOf(root, "package p\npublic fun Pre.f(b: Int) {}\npublic fun Pre.f(a: Int, c: Int) {}")
        assertThat(index.verbs.map { v -> v.parameters.map { it.name } }).containsExactly(listOf("b"), listOf("a", "c"))
    }

    @Test
    fun `functions of other types and hidden ones are none`() {
        val index = indexOf(
            root,
            """
            package p
            public class Other { public companion object; public fun member() {} }
            public fun Other.a() {}
            public fun Other.Companion.b() {}
            public fun String.c() {}
            internal fun Pre.d() {}
            private fun Pre.e() {}
            public fun plain() {}
            public val Pre.f: Int get() = 1
            // public fun Pre.g() {}
            public fun outer() { fun Pre.h() {} }
            public const val TEXT: String = "public fun Pre.i() {}"
            """,
        )
        assertThat(index.verbs).isEmpty()
    }

    @Test
    fun `generics, function types, annotations and line breaks are read`() {
        val index = indexOf(
            root,
            """
            package p
            /** Typed. */
            @JvmName("other")
            @Deprecated("use (this), or that")
            public inline fun <reified T : Comparable<T>, K> Pre.typed(
                // told apart
                map: Map<K,
                    List<T>>,
                run: (Int, T) -> K, /* here */
                last: T? = null,
            ): (T) -> Unit
                where K : Any = error("")
            """,
        )
        val verb = index.verbs.single()
        assertThat(verb.parameters.map { it.declared })
            .containsExactly("map: Map<K, List<T>>", "run: (Int, T) -> K", "last: T?")
        assertThat(verb.returns).isEqualTo("(T) -> Unit")
        assertThat(verb.documentation.text).isEqualTo("Typed.")
    }

    @Test
    fun `a namespace of its own root needs nothing but its file`() {
        val index = indexOf(
            SCVI,
            "package q\nimport org.cellweave.verbs.scvi.Scvi as Models\npublic fun Models.model(n: Int = 3) {}",
        )
        assertThat(index.namespaces.map { it.path }).containsExactly("scvi", "scvi.settings")
        assertThat(index.namespaces.first().declared).isEqualTo("org.cellweave.verbs.scvi.Scvi")
        assertThat(index.namespaces.first().summary).isEqualTo("Models of counts")
        assertThat(index.verbs.map { it.name }).containsExactly("scvi.model", "scvi.settings.seed")
    }

    @Test
    fun `a namespace hangs below another by a member or by an extension property`() {
        val index = indexOf(
            root,
            """
            package p.more
            import p.*
            public object External { public val pp: Pre get() = Pre }
            public object Pre
            public val Root.external: External get() = External
            public fun Pre.f() {}
            """,
        )
        assertThat(index.namespaces.map { it.path }).containsExactly("sc", "sc.external", "sc.external.pp", "sc.pp")
        assertThat(index.verbs.map { it.name }).containsExactly("sc.external.pp.f")
    }

    @Test
    fun `methods of what a namespace makes are verbs of it, its own and those of the classes above`() {
        val index = indexOf(
            root,
            """
            package p
            public sealed class Model<T>(x: Int) : Any() {
                /** Asks. */
                public fun ask(n: Int = 3): Int = n
                internal fun hidden() {}
                public val size: Int get() = 1
                override fun toString(): String = ""
            }
            public class Own internal constructor() : Model<Int>(1) { public fun tell() {} }
            public class Other { public fun never() {} }
            public operator fun Pre.invoke(x: Int): Own = Own()
            public fun Pre.load(): Other = Other()
            public fun Model<*>.train(epochs: Int) {}
            """,
        )
        assertThat(index.verbs.map { it.name to it.of }).containsExactly(
            "sc.pp.ask" to "Model", "sc.pp.invoke" to null, "sc.pp.load" to null, "sc.pp.tell" to "Own",
            "sc.pp.train" to "Model",
        )
        assertThat(
            index.verbs
                .first()
                .documentation.text,
        ).isEqualTo("Asks.")
    }

    @Test
    fun `an object with verbs that no property leads to stops the build`() {
        assertThatThrownBy { indexOf(root, "package p\npublic object Lost\npublic fun Lost.f() {}") }
            .hasMessage(
                "1.kt: f belongs to the object Lost, which no public property leads to. Declare one, such as " +
                    "`public val name: Lost get() = Lost`.",
            )
    }

    @Test
    fun `text that is no Kotlin is named with its line`() {
        assertThatThrownBy { indexOf("package p\n\npublic fun (\n") }.hasMessageStartingWith("0.kt:")
    }
}
