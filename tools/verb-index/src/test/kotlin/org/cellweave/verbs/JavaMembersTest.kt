package org.cellweave.verbs

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class JavaMembersTest {
    private val table = """
        package p;
        /** A table. */
        public final class Table implements Named {
          public Table(int n) {}
          /** Names of its rows, as text. */
          public List<String> getNames() { return null; }
          public void setNames(List<String> names) {}
          public int getNObs() { return 0; }
          public boolean isBacked() { return false; }
          /**
           * Some rows of {@code this}, in {@link Other#order}.
           *
           * <p>Copies them.
           *
           * @param rows positions, from
           *     zero
           * @return a new table
           * @throws IndexOutOfBoundsException names the row
           */
          public Table takeRows(int[] rows, Map<String, ? extends Object[]> more) { return this; }
          public static Table of() { return null; }
          void hidden() {}
          @Override
          public String toString() { return ""; }
        }
        final class Other {}
    """
    private val index = Sources(
        mapOf(
            "A.kt" to """
                package p
                public val sc: Root get() = Root
                public object Root
                /** The first rows. */
                public fun Table.head(n: Int = 5): Table = this
                public val Table.shape: Pair<Int, Int> get() = 1 to 1
                public fun Root.verb() {}
                internal fun Table.tail() {}
                public class Shown { public fun save() {}; private fun own() {} }
            """,
        ),
        mapOf("p/Table.java" to table),
    ).use { VerbReader(it, javaClass.classLoader).index() }

    private fun member(name: String) = index.members.single { it.name == name }

    @Test
    fun `public methods of Java classes, extensions and Kotlin classes are members, verbs are none`() {
        assertThat(index.members.map { it.name }).containsExactly(
            "Shown.save", "Table.head", "Table.isBacked", "Table.nObs", "Table.names", "Table.shape", "Table.takeRows",
        )
        assertThat(index.verbs.map { it.name }).containsExactly("sc.verb")
    }

    @Test
    fun `getters are properties, types are those of Kotlin`() {
        assertThat(member("Table.names").isProperty).isTrue()
        assertThat(member("Table.nObs").returns).isEqualTo("Int")
        assertThat(member("Table.shape").isProperty).isTrue()
        assertThat(
            member("Table.head")
                .parameters
                .single()
                .default!!
                .value,
        ).isEqualTo("5")
        assertThat(member("Table.takeRows").parameters.map { it.declared })
            .containsExactly("rows: IntArray", "more: Map<String, out Array<Any>>")
    }

    @Test
    fun `Javadoc is text without its marks`() {
        val said = member("Table.takeRows").documentation
        assertThat(said.text).isEqualTo("Some rows of `this`, in `Other.order`.\n\nCopies them.")
        assertThat(said.summary).isEqualTo("Some rows of `this`, in `Other.order`")
        assertThat(said.arguments).containsEntry("rows", "positions, from zero")
        assertThat(said.returns).isEqualTo("a new table")
        assertThat(said.throws).containsExactly("IndexOutOfBoundsException: names the row")
    }
}
