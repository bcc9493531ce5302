package org.cellweave.interop

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.get
import org.cellweave.matrix.DType
import org.cellweave.util.MissingKeyException
import org.jetbrains.kotlinx.dataframe.api.columnOf
import org.jetbrains.kotlinx.dataframe.api.convert
import org.jetbrains.kotlinx.dataframe.api.dataFrameOf
import org.jetbrains.kotlinx.dataframe.api.named
import org.jetbrains.kotlinx.dataframe.api.toDataFrame
import org.jetbrains.kotlinx.dataframe.api.with
import org.junit.jupiter.api.Test
import kotlin.reflect.typeOf

/** Categories on their way to a Kotlin DataFrame and back. */
class CategoriesOfFramesTest {
    private enum class Phase { S, G2M, G1 }

    @Test
    fun `categories become values of their type`() {
        val frame =
            table(
                "stage" to
                    CategoricalColumn.ofTexts(arrayOf("late", null, "early"), arrayOf("late", "early", "never"), true),
                "full" to CategoricalColumn.ofTexts("T", "B", "T"),
                "number" to CategoricalColumn(intArrayOf(1, 0, 1), NumericColumn.of(10L, 20L), false),
                "gaps" to CategoricalColumn(intArrayOf(1, 0, -1), NumericColumn.of(1.5, 2.5), false),
                "flag" to CategoricalColumn(intArrayOf(1, -1, 0), BooleanColumn.of(false, true), false),
            ).toDataFrame()
        assertThat(frame.values("stage")).containsExactly("late", null, "early")
        assertThat(frame.values("number")).containsExactly(20L, 10L, 20L)
        assertThat(frame.values("gaps")).containsExactly(2.5, 1.5, null)
        assertThat(frame.values("flag")).containsExactly(true, null, false)
        assertThat(frame.types()).containsAllEntriesOf(
            mapOf(
                "stage" to typeOf<String?>(),
                "full" to typeOf<String>(),
                "number" to typeOf<Long>(),
                "gaps" to typeOf<Double?>(),
                "flag" to typeOf<Boolean?>(),
            ),
        )
        val numbers =
            listOf(
                DType.INT8 to typeOf<Byte?>(), DType.UINT8 to typeOf<Short?>(), DType.INT32 to typeOf<Int?>(),
                DType.INT64 to typeOf<Long?>(),
            )
        for ((dtype, type) in numbers) {
            val column =
                CategoricalColumn(intArrayOf(0, -1), NumericColumn.integers(dtype, longArrayOf(7), null), false)
            assertThat(table("n" to column).toDataFrame().types()["n"]).isEqualTo(type)
        }
        val floats = CategoricalColumn(intArrayOf(0, -1), NumericColumn.of(1.5f), false)
        assertThat(table("n" to floats).toDataFrame().types()["n"]).isEqualTo(typeOf<Float?>())
    }

    @Test
    fun `categories come back with their order from the table they came from`() {
        val before =
            table(
                "stage" to
                    CategoricalColumn.ofTexts(arrayOf("late", null, "early"), arrayOf("late", "early", "never"), true),
                "number" to CategoricalColumn(intArrayOf(1, 0, 1), NumericColumn.of(20L, 10L), false),
                "flag" to CategoricalColumn(intArrayOf(1, -1, 0), BooleanColumn.of(true, false), false),
                "plain" to StringColumn.of("a", "b", "c"),
            )
        val after = before.toDataFrame().toAnnotations(categoriesOf = before)
        assertSame(after, before)
        for (key in listOf("stage", "number", "flag")) {
            val (was, now) = listOf(before, after).map { it.get(key) as CategoricalColumn }
            assertThat(now.categoryNames()).isEqualTo(was.categoryNames())
            assertThat(now.categories().dtypeName()).isEqualTo(was.categories().dtypeName())
            assertThat(now.codes()).isEqualTo(was.codes())
            assertThat(now.isOrdered).isEqualTo(was.isOrdered)
        }
    }

    @Test
    fun `new values follow the categories that were there`() {
        val before = table("type" to CategoricalColumn.ofTexts(arrayOf("T", "B", "NK"), arrayOf("T", "NK", "B"), false))
        val renamed = before.toDataFrame().convert("type").with {
            if (it ==
                "B"
            ) {
                "m10"
            } else if (it == "T") {
                "m9"
            } else {
                it
            }
        }
        val after = renamed.toAnnotations(categoriesOf = before).get("type") as CategoricalColumn
        assertThat(after.categoryNames()).containsExactly("T", "NK", "B", "m9", "m10")
        assertThat(after.texts()).containsExactly("m9", "m10", "NK")
    }

    @Test
    fun `new values of ordered or numeric categories are refused`() {
        val stages = table("stage" to CategoricalColumn.ofTexts(arrayOf("late"), arrayOf("early", "late"), true))
        val later = dataFrameOf(columnOf("c0") named "index", columnOf("lete") named "stage")
        assertThatThrownBy { later.toAnnotations(categoriesOf = stages) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "column 'stage' holds 'lete', which is not among its ordered categories [early, late]. Did you mean " +
                    "'late'? Name the column in categories = listOf(\"stage\") to make its categories anew",
            )
        assertThat(later.toAnnotations(categories = listOf("stage"), categoriesOf = stages).get("stage").texts())
            .containsExactly("lete")
        val numbers = table("n" to CategoricalColumn(intArrayOf(0), NumericColumn.of(1L), false))
        assertThatThrownBy {
            dataFrameOf(columnOf("c0") named "index", columnOf(2L) named "n").toAnnotations(categoriesOf = numbers)
        }.hasMessageStartingWith("column 'n' holds '2', which is not among its int64 categories [1].")
    }

    @Test
    fun `columns are made categorical where asked`() {
        val frame =
            dataFrameOf(
                columnOf("a", "b", "c") named "index",
                columnOf("s10", null, "s9") named "sample",
                columnOf("s10", "s9", "s10") named "text",
                columnOf(10, 9, 10) named "cluster",
                columnOf(Phase.G1, Phase.S, Phase.G1) named "phase",
                columnOf(Phase.G1, null, Phase.S) named "kept",
            )
        val out = frame.toAnnotations(categories = listOf("sample", "cluster", "phase"))
        assertThat((out.get("sample") as CategoricalColumn).categoryNames()).containsExactly("s9", "s10")
        assertThat((out.get("sample") as CategoricalColumn).codes()).containsExactly(1, -1, 0)
        assertThat((out.get("cluster") as CategoricalColumn).categoryNames()).containsExactly("9", "10")
        assertThat((out.get("phase") as CategoricalColumn).categoryNames()).containsExactly("S", "G1")
        assertThat((out.get("phase") as CategoricalColumn).codes()).containsExactly(1, 0, 1)
        assertThat(out.get("text").dtypeName()).isEqualTo("object")
        assertThat((out.get("kept") as StringColumn).values()).containsExactly("G1", null, "S")
    }

    @Test
    fun `categories that are not there are refused`() {
        val frame = table("sample" to StringColumn.of("a")).toDataFrame()
        assertThatThrownBy { frame.toAnnotations(categories = listOf("smaple")) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageStartingWith("categories: the frame['smaple'] is missing; ")
            .hasMessageContaining("Did you mean 'sample'?")
        assertThatThrownBy { frame.toAnnotations(categories = listOf("index")) }
            .hasMessage("categories must not name the index, got 'index'")
    }
}
