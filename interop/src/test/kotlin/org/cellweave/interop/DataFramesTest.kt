package org.cellweave.interop

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.get
import org.cellweave.dsl.set
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.jetbrains.kotlinx.dataframe.api.add
import org.jetbrains.kotlinx.dataframe.api.columnOf
import org.jetbrains.kotlinx.dataframe.api.convert
import org.jetbrains.kotlinx.dataframe.api.dataFrameOf
import org.jetbrains.kotlinx.dataframe.api.dropNulls
import org.jetbrains.kotlinx.dataframe.api.emptyDataFrame
import org.jetbrains.kotlinx.dataframe.api.filter
import org.jetbrains.kotlinx.dataframe.api.flatten
import org.jetbrains.kotlinx.dataframe.api.group
import org.jetbrains.kotlinx.dataframe.api.groupBy
import org.jetbrains.kotlinx.dataframe.api.into
import org.jetbrains.kotlinx.dataframe.api.named
import org.jetbrains.kotlinx.dataframe.api.remove
import org.jetbrains.kotlinx.dataframe.api.toDataFrame
import org.jetbrains.kotlinx.dataframe.api.toStr
import org.jetbrains.kotlinx.dataframe.api.with
import org.junit.jupiter.api.Test
import java.math.BigDecimal
import kotlin.reflect.typeOf
import org.jetbrains.kotlinx.dataframe.DataFrame as KotlinDataFrame

class DataFramesTest {
    @Test
    fun `every kind comes back as it went`() {
        assertSame(kinds().toDataFrame().toAnnotations(), kinds())
    }

    @Test
    fun `types say what can be missing`() {
        val types = kinds().toDataFrame().types()
        assertThat(types).containsAllEntriesOf(
            mapOf(
                "index" to typeOf<String>(),
                "int8" to typeOf<Byte>(),
                "int16" to typeOf<Short>(),
                "int32" to typeOf<Int>(),
                "int64" to typeOf<Long>(),
                "Int32" to typeOf<Int?>(),
                "Int64 full" to typeOf<Long?>(),
                "float32" to typeOf<Float?>(),
                "float64" to typeOf<Double?>(),
                "float64 full" to typeOf<Double>(),
                "bool" to typeOf<Boolean>(),
                "boolean" to typeOf<Boolean?>(),
                "boolean full" to typeOf<Boolean?>(),
                "object" to typeOf<String>(),
                "string" to typeOf<String?>(),
                "string full" to typeOf<String?>(),
            ),
        )
    }

    @Test
    fun `missing values are null`() {
        val frame = kinds().toDataFrame()
        assertThat(frame.values("Int32")).containsExactly(1, null, 3)
        assertThat(frame.values("float32")).containsExactly(0.1f, null, Float.POSITIVE_INFINITY)
        assertThat(frame.values("float64")).containsExactly(0.1, null, -0.0)
        assertThat(frame.values("boolean")).containsExactly(true, false, null)
        assertThat(frame.values("string")).containsExactly("B", null, "T")
        val gaps = table("object" to StringColumn.of("B", null)).toDataFrame()
        assertThat(gaps.types()["object"]).isEqualTo(typeOf<String?>())
        assertThat(gaps.toAnnotations().get("object").dtypeName()).isEqualTo("string")
    }

    @Test
    fun `unsigned integers and float16 widen`() {
        val large = longArrayOf(0, 4294967295L)
        val frame =
            table(
                "uint8" to NumericColumn.integers(DType.UINT8, longArrayOf(0, 255), null),
                "uint16" to NumericColumn.integers(DType.UINT16, longArrayOf(0, 65535), null),
                "uint32" to NumericColumn.integers(DType.UINT32, large, null),
                "uint64" to
                    NumericColumn.integers(DType.UINT64, longArrayOf(Long.MAX_VALUE, -1), booleanArrayOf(false, true)),
                "float16" to NumericColumn.reals(DType.FLOAT16, doubleArrayOf(0.5, Double.NaN)),
            ).toDataFrame()
        assertThat(frame.values("uint8")).containsExactly(0.toShort(), 255.toShort())
        assertThat(frame.values("uint16")).containsExactly(0, 65535)
        assertThat(frame.values("uint32")).containsExactly(0L, 4294967295L)
        assertThat(frame.values("uint64")).containsExactly(Long.MAX_VALUE, null)
        assertThat(frame.values("float16")).containsExactly(0.5f, null)
    }

    @Test
    fun `an uint64 beyond Long is refused`() {
        val wide = table("umis" to NumericColumn.integers(DType.UINT64, longArrayOf(1, -1), null))
        assertThatThrownBy { wide.toDataFrame() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "column 'umis' holds 18446744073709551615 in row 1, which is beyond Long; make it float64 first: " +
                    "table[\"umis\"] = table[\"umis\"].toDoubles()",
            )
        wide["umis"] = wide["umis"].toDoubles()
        assertThat(wide.toDataFrame().values("umis")).containsExactly(1.0, 18446744073709551616.0)
    }

    @Test
    fun `unsigned values of a frame become unsigned columns`() {
        val out =
            dataFrameOf(
                columnOf("a", "b") named "index",
                columnOf(1.toUByte(), 255.toUByte()) named "uint8",
                columnOf(1.toUShort(), 65535.toUShort()) named "uint16",
                columnOf(1u, UInt.MAX_VALUE) named "uint32",
                columnOf(1uL, ULong.MAX_VALUE) named "uint64",
            ).toAnnotations()
        for (name in listOf("uint8", "uint16", "uint32", "uint64")) {
            assertThat(out.get(name).dtypeName()).isEqualTo(name)
        }
        assertThat(out.get("uint8").text(1)).isEqualTo("255")
        assertThat(out.get("uint16").text(1)).isEqualTo("65535")
        assertThat(out.get("uint32").text(1)).isEqualTo("4294967295")
        assertThat(out.get("uint64").text(1)).isEqualTo("18446744073709551615")
    }

    @Test
    fun `the index keeps its name`() {
        val named = DataFrame("obs", StringColumn.of("a", "b"), "barcode")
        named.set("index", NumericColumn.of(1L, 2L))
        assertThat(named.toDataFrame().columnNames()).containsExactly("barcode", "index")
        assertSame(named.toDataFrame().toAnnotations(), named)
        val unnamed = named.toDataFrame().toAnnotations(index = "barcode")
        assertThat(unnamed.indexName).isEqualTo("barcode")
        val stored = dataFrameOf(columnOf("a") named DataFrame.UNNAMED_INDEX).toAnnotations()
        assertThat(stored.indexName).isNull()
        assertThat(stored.getNames()).containsExactly("a")
    }

    @Test
    fun `an index of integers is asked for by name`() {
        val numbered = DataFrame("table", NumericColumn.of(5L, 7L), null)
        val frame = numbered.toDataFrame()
        assertThatThrownBy { frame.toAnnotations() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "the first column 'index' is of type Long, but row names must be text; say which column holds them: " +
                    "toAnnotations(index = \"...\")",
            )
        assertThat(frame.toAnnotations(index = "index").index.dtypeName()).isEqualTo("int64")
        assertThat(frame.toAnnotations(index = "index").getNames()).containsExactly("5", "7")
    }

    @Test
    fun `an index that clashes with a column is refused`() {
        val unnamed = table("index" to NumericColumn.of(1L))
        assertThatThrownBy { unnamed.toDataFrame() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "the index has no name and would be called 'index', as a column is; give it another name first: " +
                    "table.indexName = \"cell\", or rename the column: table.rename(\"index\", \"index_column\")",
            )
        unnamed.indexName = "cell"
        assertThat(unnamed.toDataFrame().columnNames()).containsExactly("cell", "index")
        unnamed.rename("index", "cell")
        assertThatThrownBy { unnamed.toDataFrame() }
            .hasMessageStartingWith("the index is called 'cell', as a column is;")
    }

    @Test
    fun `an index that is not there or has gaps is refused`() {
        val frame = table("sample" to StringColumn.of("a", null)).toDataFrame()
        assertThatThrownBy { frame.toAnnotations(index = "sampel") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageStartingWith("index: the frame['sampel'] is missing; ")
            .hasMessageContaining("Did you mean 'sample'?")
        assertThatThrownBy { frame.toAnnotations(index = "sample") }
            .hasMessage("the index 'sample' has no value in row 1; drop such rows first: frame.dropNulls(\"sample\")")
        val dropped = frame.dropNulls("sample").toAnnotations(index = "sample")
        assertThat(dropped.index.dtypeName()).isEqualTo("object")
        assertThat(dropped.getKeys()).containsExactly("index")
        assertThatThrownBy { emptyDataFrame<Any>().toAnnotations() }
            .hasMessage("a frame without columns has no row names; add a column of them first")
    }

    @Test
    fun `groups and frames of columns are refused`() {
        val frame = table("a" to NumericColumn.of(1L, 2L), "b" to NumericColumn.of(1L, 1L)).toDataFrame()
        val grouped = frame.group("a", "b").into("both")
        assertThatThrownBy { grouped.toAnnotations() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("column 'both' is a column group; bring its columns to the top first: frame.flatten()")
        assertThat(grouped.flatten().toAnnotations().getKeys()).containsExactly("a", "b")
        val nested = frame
            .convert("b")
            .toStr()
            .groupBy("b")
            .toDataFrame("cells")
        assertThatThrownBy { nested.toAnnotations() }
            .hasMessage(
                "column 'cells' holds a table in every row; unfold it with frame.explode(\"cells\") and flatten(), " +
                    "or leave it out with frame.remove(\"cells\")",
            )
        assertThatThrownBy { nested.remove("b").toAnnotations() }
            .hasMessageStartingWith("the first column 'cells' is a column of frames, but row names must be text")
    }

    @Test
    fun `types without a column are refused`() {
        val frame = dataFrameOf(columnOf("a") named "index", columnOf(BigDecimal("1.5")) named "price")
        assertThatThrownBy { frame.toAnnotations() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "column 'price' is of type BigDecimal, which annotations cannot hold; convert it first: " +
                    "frame.convert(\"price\").toStr() or .toDouble(), or leave it out with frame.remove(\"price\")",
            )
        assertThat(
            frame
                .convert("price")
                .toStr()
                .toAnnotations()
                .get("price")
                .text(0),
        ).isEqualTo("1.5")
        val mixed = dataFrameOf(columnOf("a", "b") named "index", columnOf<Any>(1, "x") named "mixed")
        assertThatThrownBy { mixed.toAnnotations() }
            .hasMessageStartingWith("column 'mixed' is of type Comparable<*>, which")
        val lists = dataFrameOf(columnOf("a") named "index", columnOf(listOf("x")) named "lists")
        assertThatThrownBy { lists.toAnnotations() }
            .hasMessageStartingWith("column 'lists' is of type List<String>, which")
        val nothing = dataFrameOf(columnOf("a") named "index", columnOf(null) named "void")
        assertThatThrownBy { nothing.toAnnotations() }.hasMessageStartingWith("column 'void' is of type ")
    }

    @Test
    fun `values of one type need not be declared as such`() {
        val wide = dataFrameOf(columnOf("a", "b") named "index", columnOf<Any?>(1L, null) named "wide")
        val loose = wide.convert("wide").with { it }
        assertThat(loose.types()["wide"]!!.classifier).isEqualTo(Any::class)
        assertThat(loose.toAnnotations().get("wide").dtypeName()).isEqualTo("Int64")
        assertThat(loose.toAnnotations().get("wide").isMissing(1)).isTrue()
    }

    @Test
    fun `empty tables keep their types`() {
        val none = kinds().takeRows(IntArray(0))
        val frame = none.toDataFrame()
        assertThat(frame.rowsCount()).isZero()
        assertThat(frame.types()["int8"]).isEqualTo(typeOf<Byte>())
        val back = frame.toAnnotations()
        assertSame(back, none)
        assertThat(back.nRows()).isZero()
        val bare = DataFrame.ofNames("a", "b")
        assertSame(bare.toDataFrame().toAnnotations(), bare)
        val categories = table("x" to CategoricalColumn.ofTexts("a")).takeRows(IntArray(0))
        val kept = categories.toDataFrame().toAnnotations(categoriesOf = categories).get("x") as CategoricalColumn
        assertThat(kept.categoryNames()).containsExactly("a")
    }

    @Test
    fun `values are copied`() {
        val texts = arrayOf("B", "T")
        val numbers = doubleArrayOf(1.0, 2.0)
        val frame = table("text" to StringColumn.of(*texts), "number" to NumericColumn.of(*numbers)).toDataFrame()
        texts[0] = "changed"
        numbers[0] = 10.0
        assertThat(frame.values("text")).containsExactly("B", "T")
        assertThat(frame.values("number")).containsExactly(1.0, 2.0)
    }

    @Test
    fun `obs is replaced and cells are chosen through a frame`() {
        val obs =
            table(
                "n_genes" to NumericColumn.of(100L, 600L, 700L),
                "leiden" to CategoricalColumn.ofTexts(arrayOf("1", "0", "1"), arrayOf("1", "0"), false),
            )
        val adata = AnnData(DenseMatrix.zeros(3, 2, DType.FLOAT32), obs, DataFrame.ofNames("g0", "g1"))

        val large: KotlinDataFrame<*> = adata.obs.toDataFrame().filter { "n_genes"<Long>() > 500 }
        val kept = adata[large["index"].toList()]
        assertThat(kept.obsNames).containsExactly("c1", "c2")

        adata.obs =
            adata.obs
                .toDataFrame()
                .add("log_genes") { kotlin.math.ln("n_genes"<Long>().toDouble()) }
                .toAnnotations(categoriesOf = adata.obs)
        assertThat(adata.obs.getKeys()).containsExactly("n_genes", "leiden", "log_genes")
        assertThat(adata.obs.get("log_genes").toDoubles()[0]).isEqualTo(kotlin.math.ln(100.0))
        assertThat((adata.obs.get("leiden") as CategoricalColumn).categoryNames()).containsExactly("1", "0")
        assertThatThrownBy { adata.obs = large.toAnnotations() }.hasMessageContaining("obs")
    }
}
