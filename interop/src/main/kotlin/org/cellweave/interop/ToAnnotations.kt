package org.cellweave.interop

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NaturalOrder
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.asCategorical
import org.cellweave.matrix.DType
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.jetbrains.kotlinx.dataframe.AnyCol
import org.jetbrains.kotlinx.dataframe.AnyFrame
import org.jetbrains.kotlinx.dataframe.columns.ColumnKind
import kotlin.reflect.KClass
import kotlin.reflect.KType

/**
 * A table of annotations, ready for `adata.obs` or `adata.var`.
 *
 * ```
 * adata.obs = adata.obs.toDataFrame().remove("doublet_score").toAnnotations(categoriesOf = adata.obs)
 * ```
 *
 * Assigning it to `obs` needs as many rows as there are cells, and **in the cells' order**: neither
 * library matches rows by name. Of a filtered or sorted frame take the cells instead,
 * `adata[frame["index"].toList()]`, and assign to what this gives.
 *
 * Integers, floating types, booleans and strings keep their type; unsigned integers become the unsigned
 * types, Char and enum constants text. A column declared wider than its values, as after
 * `convert("x").with { ... }`, takes the one type they all have. Integers, booleans and strings of a
 * nullable type become nullable columns, null and NaN of floating types NaN. Values are copied.
 *
 * @param index the column that names the rows, of text by default the first one, as [toDataFrame] puts it;
 *   `index` and `_index` make an index without a name
 * @param categories columns that become categorical: distinct values in natural order, enum constants
 *   in the order of their declaration
 * @param categoriesOf a table such as the one the frame came from: columns that are categorical there
 *   become so again with its categories in its order, used or not; new text values follow in natural order
 * @throws IllegalArgumentException for a column of another type, such as a column group; names the column
 *   and says what to do
 */
public fun AnyFrame.toAnnotations(
    index: String? = null,
    categories: Collection<String> = emptyList(),
    categoriesOf: DataFrame? = null,
): DataFrame {
    val rowNames = rowNames(index)
    val others = columns().filter { it.name() != rowNames.name() }
    for (name in categories) {
        require(name != rowNames.name()) { "categories must not name the index, got '$name'" }
        if (others.none { it.name() == name }) {
            throw MissingKeyException("categories: the frame", name, others.map { it.name() }, "")
        }
    }
    val indexName = rowNames.name().takeUnless { it == INDEX || it == DataFrame.UNNAMED_INDEX }
    val out = DataFrame("table", indexColumn(rowNames), indexName)
    for (column in others) {
        val known = categoriesOf?.find(column.name()) as? CategoricalColumn
        out.set(
            column.name(),
            when {
                column.name() in categories -> categorical(column)
                known != null -> recategorized(column.name(), annotation(column), known)
                else -> annotation(column)
            },
        )
    }
    return out
}

private fun AnyFrame.rowNames(index: String?): AnyCol {
    val columns = columns()
    require(columns.isNotEmpty()) { "a frame without columns has no row names; add a column of them first" }
    if (index != null) {
        return columns.find { it.name() == index }
            ?: throw MissingKeyException("index: the frame", index, columns.map { it.name() }, "")
    }
    val first = columns.first()
    require(first.kind() == ColumnKind.Value && elementType(first) == String::class) {
        "the first column '${first.name()}' is ${first.described()}, but row names must be text; say which " +
            "column holds them: toAnnotations(index = \"...\")"
    }
    return first
}

private fun indexColumn(rowNames: AnyCol): Column {
    val column = annotation(rowNames)
    for (i in 0 until column.size()) {
        require(!column.isMissing(i)) {
            "the index '${rowNames.name()}' has no value in row $i; drop such rows first: " +
                "frame.dropNulls(\"${rowNames.name()}\")"
        }
    }
    return when (column) {
        is StringColumn -> StringColumn.of(*column.values())
        is NumericColumn -> column.longs()?.let { NumericColumn.integers(column.dtype(), it, null) } ?: column
        else -> column
    }
}

/** The column as it is. */
private fun annotation(column: AnyCol): Column {
    require(column.kind() != ColumnKind.Group) {
        "column '${column.name()}' is a column group; bring its columns to the top first: frame.flatten()"
    }
    require(column.kind() != ColumnKind.Frame) {
        "column '${column.name()}' holds a table in every row; unfold it with frame.explode(\"${column.name()}\") " +
            "and flatten(), or leave it out with frame.remove(\"${column.name()}\")"
    }
    val values = column.values()
    val of = elementType(column)
    return when (of) {
        Byte::class -> integers(DType.INT8, column) { (it as Byte).toLong() }
        Short::class -> integers(DType.INT16, column) { (it as Short).toLong() }
        Int::class -> integers(DType.INT32, column) { (it as Int).toLong() }
        Long::class -> integers(DType.INT64, column) { it as Long }
        UByte::class -> integers(DType.UINT8, column) { (it as UByte).toLong() }
        UShort::class -> integers(DType.UINT16, column) { (it as UShort).toLong() }
        UInt::class -> integers(DType.UINT32, column) { (it as UInt).toLong() }
        ULong::class -> integers(DType.UINT64, column) { (it as ULong).toLong() }
        Float::class -> NumericColumn.reals(DType.FLOAT32, reals(column))
        Double::class -> NumericColumn.of(*reals(column))
        Boolean::class -> {
            val missing = missing(column)
            val out = BooleanArray(column.size())
            values.forEachIndexed { i, v -> out[i] = v == true }
            BooleanColumn(out, missing)
        }
        String::class, Char::class -> texts(column) { it.toString() }
        else -> {
            require(of.isEnum()) {
                "column '${column.name()}' is ${column.described()}, which annotations cannot hold; " +
                    "convert it first: frame.convert(\"${column.name()}\").toStr() or .toDouble(), " +
                    "or leave it out with frame.remove(\"${column.name()}\")"
            }
            texts(column) { (it as Enum<*>).name }
        }
    }
}

private val HELD: Set<KClass<*>> =
    setOf(
        Byte::class,
        Short::class,
        Int::class,
        Long::class,
        UByte::class,
        UShort::class,
        UInt::class,
        ULong::class,
        Float::class,
        Double::class,
        Boolean::class,
        String::class,
        Char::class,
    )

/**
 * The declared type, or the one all values have where that is wider: a conversion that names its column
 * by a string declares Any, a column of enum constants Enum.
 */
private fun elementType(column: AnyCol): KClass<*>? {
    val declared = column.type().classifier as? KClass<*>
    if (declared in HELD) {
        return declared
    }
    val found = HashSet<KClass<*>>()
    for (value in column.values()) {
        if (value != null) {
            found.add(if (value is Enum<*>) value.declaringJavaClass.kotlin else value::class)
        }
    }
    return found.singleOrNull() ?: declared
}

private fun KClass<*>?.isEnum(): Boolean = this != null && java.isEnum

private fun AnyCol.described(): String =
    when (kind()) {
        ColumnKind.Group -> "a column group"
        ColumnKind.Frame -> "a column of frames"
        else -> "of type ${shortName(type())}"
    }

private fun shortName(type: KType): String = type.toString().replace(Regex("\\b[a-z]\\w*\\."), "")

private fun texts(column: AnyCol, text: (Any) -> String): StringColumn {
    val out = arrayOfNulls<String>(column.size())
    column.values().forEachIndexed { i, v -> out[i] = v?.let(text) }
    return StringColumn(out, column.type().isMarkedNullable || out.any { it == null })
}

private fun reals(column: AnyCol): DoubleArray {
    val out = DoubleArray(column.size())
    column.values().forEachIndexed { i, v -> out[i] = (v as Number?)?.toDouble() ?: Double.NaN }
    return out
}

private inline fun integers(dtype: DType, column: AnyCol, value: (Any) -> Long): NumericColumn {
    val out = LongArray(column.size())
    column.values().forEachIndexed { i, v -> out[i] = if (v == null) 0 else value(v) }
    return NumericColumn.integers(dtype, out, missing(column))
}

/** Where a column has null; nothing for a column that has none and cannot by its type. */
private fun missing(column: AnyCol): BooleanArray? {
    val out = BooleanArray(column.size())
    var any = column.type().isMarkedNullable
    column.values().forEachIndexed { i, v ->
        out[i] = v == null
        any = any || v == null
    }
    return out.takeIf { any }
}

private fun categorical(column: AnyCol): CategoricalColumn {
    val plain = annotation(column)
    val of = elementType(column)
    if (of == null || !of.isEnum()) {
        return plain.asCategorical()
    }
    val present = column.values().toSet()
    val declared = of.java.enumConstants
        .filter { it in present }
        .map { (it as Enum<*>).name }
    return CategoricalColumn.ofTexts((plain as StringColumn).values(), declared.toTypedArray(), false)
}

/** Matches by text, so that numeric categories are found again whatever the frame made of them. */
private fun recategorized(name: String, column: Column, known: CategoricalColumn): CategoricalColumn {
    val position = HashMap<String, Int>()
    known.categoryNames().forEachIndexed { c, text -> position[text] = c }
    val texts = Array(column.size()) { if (column.isMissing(it)) null else column.text(it) }
    val added = texts
        .filterNotNull()
        .filterNot(position::containsKey)
        .distinct()
        .sortedWith(NaturalOrder.INSTANCE)
    require(added.isEmpty() || (known.categories() is StringColumn && !known.isOrdered)) {
        val kind = if (known.isOrdered) "ordered" else known.categories().dtypeName()
        val first = added.first()
        "column '$name' holds '$first', which is not among its $kind categories ${known.categoryNames()}." +
            "${Check.suggestion(first, known.categoryNames())} Name the column in " +
            "categories = listOf(\"$name\") to make its categories anew"
    }
    added.forEach { position[it] = position.size }
    val codes = IntArray(texts.size) { i -> texts[i]?.let(position::getValue) ?: -1 }
    if (added.isEmpty()) {
        return CategoricalColumn(codes, known.categories(), known.isOrdered)
    }
    val all = StringColumn.of(*known.categories().texts(), *added.toTypedArray())
    return CategoricalColumn(codes, all, known.isOrdered)
}
