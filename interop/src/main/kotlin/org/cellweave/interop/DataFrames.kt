package org.cellweave.interop

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.jetbrains.kotlinx.dataframe.AnyCol
import org.jetbrains.kotlinx.dataframe.AnyFrame
import org.jetbrains.kotlinx.dataframe.DataColumn
import org.jetbrains.kotlinx.dataframe.api.dataFrameOf
import kotlin.reflect.typeOf

/** What a Kotlin DataFrame calls an index without a name. */
internal const val INDEX: String = "index"

/**
 * A Kotlin DataFrame of this table: the index first, under its own name or `index`, then the columns.
 *
 * ```
 * val large = adata.obs.toDataFrame().filter { "n_genes"<Long>() > 500 }
 * val kept = adata[large["index"].toList()]
 *
 * adata.obs = adata.obs.toDataFrame()
 *     .add("log_counts") { ln("n_counts"<Double>()) }
 *     .toAnnotations(categoriesOf = adata.obs)
 * ```
 *
 * Missing values, NaN among them, become null. Columns that can miss values by their type (nullable
 * integers, booleans and strings) and those that do are of a nullable type. Signed integers keep their
 * width; unsigned ones take the next wider signed type, uint64 Long; float16 is Float. A categorical
 * column becomes one of its categories' type: a Kotlin DataFrame knows no order of categories, and
 * [toAnnotations] takes it from the table given as `categoriesOf`. Values are copied.
 *
 * Both libraries have a class `DataFrame`. Code that names both imports one under another name:
 * `import org.jetbrains.kotlinx.dataframe.DataFrame as KotlinDataFrame`; [AnyFrame] has no namesake.
 *
 * @throws IllegalArgumentException when a column has the name of the index, or an uint64 exceeds Long
 */
public fun DataFrame.toDataFrame(): AnyFrame {
    val name = indexName ?: INDEX
    require(!contains(name)) {
        val state = if (indexName == null) "has no name and would be called" else "is called"
        "the index $state '$name', as a column is; give it another name first: table.indexName = \"cell\", " +
            "or rename the column: table.rename(\"$name\", \"${name}_column\")"
    }
    val columns = mutableListOf<AnyCol>(kotlinColumn(name, index))
    keys.mapTo(columns) { kotlinColumn(it, get(it)) }
    return dataFrameOf(columns)
}

private fun kotlinColumn(name: String, column: Column): AnyCol =
    when (column) {
        is NumericColumn -> kotlinNumbers(name, column)
        is BooleanColumn -> {
            val values = column.values()
            values(name, column.size(), column.isNullable) { if (column.isMissing(it)) null else values[it] }
        }
        is StringColumn -> {
            val values = column.values()
            values(name, values.size, column.isNullable) { values[it] }
        }
        is CategoricalColumn -> kotlinCategories(name, column)
    }

private fun kotlinNumbers(name: String, column: NumericColumn): AnyCol {
    val n = column.size()
    val longs: LongArray? = column.longs()
    if (longs == null) {
        return if (column.dtype() == DType.FLOAT64) {
            values(name, n, false) { i -> column.get(i).takeUnless { it.isNaN() } }
        } else {
            values(name, n, false) { i -> column.get(i).toFloat().takeUnless { it.isNaN() } }
        }
    }
    val nullable = column.isNullable
    val missing = column::isMissing
    return when (column.dtype()) {
        DType.INT8 -> values(name, n, nullable) { if (missing(it)) null else longs[it].toByte() }
        DType.INT16, DType.UINT8 -> values(name, n, nullable) { if (missing(it)) null else longs[it].toShort() }
        DType.INT32, DType.UINT16 -> values(name, n, nullable) { if (missing(it)) null else longs[it].toInt() }
        DType.UINT64 ->
            values(name, n, nullable) {
                require(missing(it) || longs[it] >= 0) {
                    "column '$name' holds ${column.text(it)} in row $it, which is beyond Long; make it float64 " +
                        "first: table[\"$name\"] = table[\"$name\"].toDoubles()"
                }
                if (missing(it)) null else longs[it]
            }
        else -> values(name, n, nullable) { if (missing(it)) null else longs[it] }
    }
}

/** Every category is boxed once, whatever the number of rows. */
private fun kotlinCategories(name: String, column: CategoricalColumn): AnyCol {
    val categories = kotlinColumn(name, column.categories())
    val boxed = categories.toList()
    val values = column.codes().map { if (it < 0) null else boxed[it] }
    val type = if (values.any { it == null }) categories.nullableType() else categories.type()
    return DataColumn.createValueColumn(name, values, type)
}

private fun AnyCol.nullableType() =
    when (type().classifier) {
        Byte::class -> typeOf<Byte?>()
        Short::class -> typeOf<Short?>()
        Int::class -> typeOf<Int?>()
        Long::class -> typeOf<Long?>()
        Float::class -> typeOf<Float?>()
        Double::class -> typeOf<Double?>()
        Boolean::class -> typeOf<Boolean?>()
        else -> typeOf<String?>()
    }

private inline fun <reified T : Any> values(name: String, size: Int, nullable: Boolean, value: (Int) -> T?): AnyCol {
    var holes = nullable
    val list = ArrayList<T?>(size)
    for (i in 0 until size) {
        val item = value(i)
        holes = holes || item == null
        list.add(item)
    }
    return DataColumn.createValueColumn(name, list, if (holes) typeOf<T?>() else typeOf<T>())
}
