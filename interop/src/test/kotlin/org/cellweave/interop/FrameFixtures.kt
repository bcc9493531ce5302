package org.cellweave.interop

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.jetbrains.kotlinx.dataframe.AnyFrame
import kotlin.reflect.KType

internal fun table(vararg columns: Pair<String, Column>): DataFrame {
    val out = DataFrame.ofNames(*Array(columns.first().second.size()) { "c$it" })
    columns.forEach { (key, column) -> out.set(key, column) }
    return out
}

internal fun holes(vararg at: Int): BooleanArray = BooleanArray(3) { it in at }

/** Every kind of column that comes back as it went. */
internal fun kinds(): DataFrame =
    table(
        "int8" to NumericColumn.integers(DType.INT8, longArrayOf(-128, 0, 127), null),
        "int16" to NumericColumn.integers(DType.INT16, longArrayOf(-32768, 0, 32767), null),
        "int32" to NumericColumn.of(Int.MIN_VALUE, 0, Int.MAX_VALUE),
        "int64" to NumericColumn.of(Long.MIN_VALUE, 0, Long.MAX_VALUE),
        "Int32" to NumericColumn.integers(DType.INT32, longArrayOf(1, 0, 3), holes(1)),
        "Int64 full" to NumericColumn.integers(DType.INT64, longArrayOf(1, 2, 3), holes()),
        "float32" to NumericColumn.of(0.1f, Float.NaN, Float.POSITIVE_INFINITY),
        "float64" to NumericColumn.of(0.1, Double.NaN, -0.0),
        "float64 full" to NumericColumn.of(1.0, 2.0, 3.0),
        "bool" to BooleanColumn.of(true, false, true),
        "boolean" to BooleanColumn(booleanArrayOf(true, false, false), holes(2)),
        "boolean full" to BooleanColumn(booleanArrayOf(true, false, false), holes()),
        "object" to StringColumn.of("B", "", "T"),
        "string" to StringColumn(arrayOf("B", null, "T"), true),
        "string full" to StringColumn(arrayOf("B", "NK", "T"), true),
    )

internal fun assertSame(a: DataFrame, b: DataFrame) {
    assertThat(a.getNames()).isEqualTo(b.getNames())
    assertThat(a.indexName).isEqualTo(b.indexName)
    assertThat(a.getKeys().toList()).isEqualTo(b.getKeys().toList())
    for (key in b.getKeys()) {
        assertThat(a.get(key).dtypeName()).describedAs(key).isEqualTo(b.get(key).dtypeName())
        assertThat(Column.sameValues(a.get(key), b.get(key))).describedAs(key).isTrue()
    }
}

internal fun AnyFrame.types(): Map<String, KType> = columns().associate { it.name() to it.type() }

internal fun AnyFrame.values(name: String): List<Any?> = get(name).toList()
