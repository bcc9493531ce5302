package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.junit.jupiter.api.Test

class ColumnsTest {
    private val numbers: Column = NumericColumn.of(3.0, Double.NaN, 1.0, 2.0)
    private val whole: Column = NumericColumn.of(5L, 1L, 4L, 1L)
    private val text: Column = StringColumn.of("b_1", null, "a_2", "b_3")
    private val kinds: Column = CategoricalColumn.ofTexts(arrayOf("T", "B", null, "T"), arrayOf("T", "B", "NK"), false)
    private val flags: Column =
        BooleanColumn(booleanArrayOf(true, false, true, false), booleanArrayOf(false, false, true, false))

    private fun mask(vararg rows: Int) = BooleanArray(4) { it in rows }

    @Test
    fun `comparisons leave missing values out, and only differing takes NaN in`() {
        assertThat(numbers gt 1).isEqualTo(mask(0, 3))
        assertThat(numbers le 2).isEqualTo(mask(2, 3))
        assertThat(numbers ne 3).isEqualTo(mask(1, 2, 3))
        assertThat(numbers lt whole).isEqualTo(mask(0, 2))
        assertThat(kinds eq "T").isEqualTo(mask(0, 3))
        assertThat(kinds ne "T").isEqualTo(mask(1, 2))
        assertThat(text gt "a_3").isEqualTo(mask(0, 3))
        assertThat(flags ne true).isEqualTo(mask(1, 3))
        assertThat(whole eq "5").isEqualTo(mask(0))
        assertThat(numbers.between(1, 2)).isEqualTo(mask(2, 3))
        assertThat(numbers.between(1, 2, inclusive = "left")).isEqualTo(mask(2))
    }

    @Test
    fun `ordered categories compare by their order`() {
        val ordered = kinds.cat.asOrdered()
        assertThat(ordered gt "T").isEqualTo(mask(1))
        assertThat(ordered le "B").isEqualTo(mask(0, 1, 3))
        assertThatThrownBy { kinds gt "T" }.hasMessageContaining("have no order; use cat.asOrdered()")
        assertThatThrownBy { ordered gt "NKT" }
            .hasMessageContaining("'NKT' is not among the categories [T, B, NK]. Did you mean 'NK'?")
        assertThatThrownBy { text gt 3 }.hasMessageContaining("text and numbers have no common order")
    }

    @Test
    fun `masks and boolean columns combine`() {
        assertThat((whole gt 1) and flags).isEqualTo(mask(0))
        assertThat(flags or (whole eq 4)).isEqualTo(mask(0, 2))
        assertThat(!flags).isEqualTo(mask(1, 3))
        assertThat(!(whole gt 1)).isEqualTo(mask(1, 3))
        assertThat(mask(1, 2).sum()).isEqualTo(2)
        assertThat(mask(1, 2).mean()).isEqualTo(0.5)
        assertThat(mask().any()).isFalse
        assertThatThrownBy { whole and flags }.hasMessageContaining("a mask needs booleans, got a column of type int64")
    }

    @Test
    fun `members go by size, by text and by category`() {
        assertThat(whole isIn listOf(1.0, 4)).isEqualTo(mask(1, 2, 3))
        assertThat(NumericColumn.of(1.0, 2.0, 3.0, 4.0) isIn listOf(2, 4)).isEqualTo(mask(1, 3))
        assertThat(kinds.isin(listOf("T", "x"))).isEqualTo(mask(0, 3))
        assertThat(kinds.isin(listOf("T", null))).isEqualTo(mask(0, 2, 3))
        assertThat(text.isin(kinds)).isEqualTo(mask(1))
        assertThatThrownBy { kinds.isin("T") }.hasMessageContaining("use eq 'T' or isIn(listOf('T'))")
    }

    @Test
    fun `arithmetic keeps whole numbers, float32 and holes`() {
        assertThat((whole + 1).dtype).isEqualTo("int64")
        assertThat((whole * 2).tolist()).containsExactly("10", "2", "8", "2")
        assertThat((whole / 2).tolist()).containsExactly("2.5", "0.5", "2.0", "0.5")
        assertThat((2 - whole).tolist()).containsExactly("-3", "1", "-2", "1")
        assertThat((10 / whole).toDoubles()).containsExactly(2.0, 10.0, 2.5, 10.0)
        assertThat((-whole % 3).tolist()).containsExactly("1", "2", "2", "2")
        assertThat((numbers + whole).toDoubles()).containsExactly(8.0, Double.NaN, 5.0, 3.0)
        assertThat((NumericColumn.of(1f, 2f) * 0.5).dtype).isEqualTo("float32")
        assertThat((NumericColumn.integers(DType.INT8, longArrayOf(100, 1), null) + 100).dtype).isEqualTo("int64")
        assertThat((text.astype("str") + "!").tolist()).containsExactly("b_1!", "NaN", "a_2!", "b_3!")
        assertThat((whole pow 2).tolist()).containsExactly("25", "1", "16", "1")
        assertThatThrownBy { text * 2 }
            .hasMessageContaining("arithmetic needs numbers, but a column is object (first value 'b_1')")
        assertThatThrownBy { text + whole }.hasMessageContaining("use astype(\"str\")")
        assertThatThrownBy { whole + NumericColumn.of(1.0, 2.0) }
            .hasMessage("what stands beside a column has length 2, but the column's length is 4")
    }

    @Test
    fun `statistics leave missing values out`() {
        assertThat(numbers.mean()).isEqualTo(2.0)
        assertThat(numbers.std()).isEqualTo(1.0)
        assertThat(numbers.std(ddof = 0)).isCloseTo(Math.sqrt(2 / 3.0), within(1e-15))
        assertThat(whole.median()).isEqualTo(2.5)
        assertThat(whole.quantile(0.25)).isEqualTo(1.0)
        assertThat(numbers.sum()).isEqualTo(6.0)
        assertThat(flags.sum()).isEqualTo(1.0)
        assertThat(kinds.nunique()).isEqualTo(2)
        assertThat(numbers.argmax()).isEqualTo(0)
        assertThat(whole.mode().tolist()).containsExactly("1")
        assertThat(whole.mad()).isEqualTo(1.5)
        assertThat(whole.rank().toDoubles()).containsExactly(4.0, 1.5, 3.0, 1.5)
        assertThat(whole.cumsum().tolist()).containsExactly("5", "6", "10", "11")
        assertThatThrownBy { text.mean() }
            .hasMessageContaining("a statistic of numbers cannot be taken of a column of type object")
        assertThatThrownBy { numbers.quantile(2) }.hasMessage("q must lie in [0, 1], got 2.0")
    }

    @Test
    fun `counts are a table by value`() {
        val counts = kinds.valueCounts()
        assertThat(counts.index.tolist()).containsExactly("T", "B", "NK")
        assertThat(counts["count"].tolist()).containsExactly("2", "1", "0")
        assertThat(counts.loc["T"].toInt()).isEqualTo(2)
        assertThat(counts.loc["T"]).hasToString("2")
        assertThat(counts.loc["T", "count"] + 1).isEqualTo(3.0)
        assertThat(whole.valueCounts(normalize = true)["proportion"].toDoubles()).containsExactly(0.5, 0.25, 0.25)
        assertThat(text.valueCounts(dropna = false).nRows()).isEqualTo(4)
        assertThat(counts.items().associate { (k, n) -> k to n.toInt() }).containsEntry("B", 1)
        assertThat(counts[counts gt 0].names).containsExactly("T", "B")
        assertThat(counts.names[counts["count"] gt 1]).containsExactly("T")
    }

    @Test
    fun `values are mapped, replaced and filled`() {
        val named = kinds.map(mapOf("T" to "T cell", "B" to "B cell", "NK" to "NK cell"))
        assertThat((named as CategoricalColumn).categoryNames()).containsExactly("T cell", "B cell", "NK cell")
        assertThat(kinds.map(mapOf("T" to "lymphoid", "B" to "lymphoid")).dtype).isEqualTo("object")
        assertThat(whole.map(mapOf(5 to "five", 1 to "one")).tolist()).containsExactly("five", "one", "NaN", "one")
        assertThat(kinds.replace(mapOf("NK" to "T")).cat.categories).containsExactly("T", "B")
        assertThat(whole.replace(1, 7).tolist()).containsExactly("5", "7", "4", "7")
        assertThat(numbers.fillna(0).toDoubles()).containsExactly(3.0, 0.0, 1.0, 2.0)
        assertThat(kinds.fillna("B").tolist()).containsExactly("T", "B", "B", "T")
        assertThat(numbers.fillna(whole).toDoubles()).containsExactly(3.0, 1.0, 1.0, 2.0)
        assertThat(whole.where(whole gt 1).toDoubles()).containsExactly(5.0, Double.NaN, 4.0, Double.NaN)
        assertThat(whole.where(whole gt 1, 0).dtype).isEqualTo("int64")
        assertThatThrownBy { kinds.fillna("Mono") }
            .hasMessageContaining("add it first: column.cat.addCategories([\"Mono\"])")
        assertThatThrownBy { numbers.fillna("x") }.hasMessageContaining("a column of type float64 cannot take object")
    }

    @Test
    fun `types change as in pandas`() {
        assertThat(whole.astype("str").tolist()).containsExactly("5", "1", "4", "1")
        assertThat(
            StringColumn
                .of("10", "9", "10")
                .astype("category")
                .cat.categories,
        ).containsExactly("10", "9")
        assertThat(StringColumn.of("10", "9").asCategorical().categoryNames()).containsExactly("9", "10")
        assertThat(StringColumn.of("1", "2").astype("int").sum()).isEqualTo(3.0)
        assertThat(NumericColumn.of(1.7, -1.7).astype(Int::class).tolist()).containsExactly("1", "-1")
        assertThat(numbers.astype("Int64").dtype).isEqualTo("Int64")
        assertThat(whole.astype("float32").dtype).isEqualTo("float32")
        assertThat(StringColumn.of("True", "False").astype("bool").sum()).isEqualTo(1.0)
        assertThatThrownBy { numbers.astype("int") }
            .hasMessageContaining("int64 has no missing values, but row 1 has none")
        assertThatThrownBy { text.astype("float") }.hasMessageContaining("row 0 is 'b_1', which is no number")
        assertThatThrownBy { whole.astype("categry") }.hasMessageContaining("Did you mean 'category'?")
        assertThatThrownBy { whole.cat }.hasMessageContaining("use astype(\"category\").cat")
    }

    @Test
    fun `texts are asked and changed`() {
        assertThat(text.str.startsWith("b")).isEqualTo(mask(0, 3))
        assertThat(text.str.startsWith(listOf("a", "x"))).isEqualTo(mask(2))
        assertThat(text.str.contains("_[12]$")).isEqualTo(mask(0, 2))
        assertThat(text.str.contains("B", case = false)).isEqualTo(mask(0, 3))
        assertThat(
            text.str
                .split("_")
                .str[0]
                .tolist(),
        ).containsExactly("b", "NaN", "a", "b")
        assertThat(text.str.split("_")[-1].tolist()).containsExactly("1", "NaN", "2", "3")
        assertThat(text.str.split("_", expand = true).columns).containsExactly("0", "1")
        assertThat(text.str.replace("b(_)", "c\\1", regex = true).tolist()).containsExactly("c_1", "NaN", "a_2", "c_3")
        assertThat(text.str.extract("(\\d)").tolist()).containsExactly("1", "NaN", "2", "3")
        assertThat(text.str.len().toDoubles()).containsExactly(3.0, Double.NaN, 3.0, 3.0)
        assertThat(text.str[0].tolist()).containsExactly("b", "NaN", "a", "b")
        val genes = listOf("MT-CO1", "RPS3", "RPL4", "HBA1")
        assertThat(genes.str.startsWith("MT-")).isEqualTo(mask(0))
        assertThat(genes.str.startswith(listOf("RPS", "RPL"))).isEqualTo(mask(1, 2))
        assertThat(genes.str.contains("^HB[^(P)]")).isEqualTo(mask(3))
        assertThat(genes.str.lower()).startsWith("mt-co1")
        assertThat(genes.isin(listOf("RPS3"))).isEqualTo(mask(1))
        assertThat(genes[genes.str.contains("RP")]).containsExactly("RPS3", "RPL4")
        assertThatThrownBy { text.str.contains("(") }
            .hasMessageContaining("is no regular expression")
            .hasMessageContaining("regex = false")
    }

    @Test
    fun `categories change and keep their rows`() {
        assertThat(kinds.cat.categories).containsExactly("T", "B", "NK")
        assertThat(kinds.cat.codes.dtype).isEqualTo("int8")
        assertThat(
            kinds.cat
                .removeUnusedCategories()
                .cat.categories,
        ).containsExactly("T", "B")
        assertThat(kinds.cat.reorderCategories(listOf("NK", "B", "T")).tolist()).isEqualTo(kinds.tolist())
        assertThat(kinds.cat.renameCategories { it.lowercase() }.tolist()).containsExactly("t", "b", "NaN", "t")
        assertThat(kinds.cat.removeCategories("B").isna()).isEqualTo(mask(1, 2))
        assertThatThrownBy { kinds.cat.reorderCategories(listOf("T")) }
            .hasMessageContaining("needs the categories [T, B, NK] in another order")
        assertThatThrownBy { kinds.cat.removeCategories("b") }.hasMessageContaining("[b] are not among the categories")
        assertThatThrownBy { kinds.cat.addCategories("B") }.hasMessageContaining("[B] are there")
    }
}
