package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.toLabels
import org.cellweave.matrix.DType
import org.cellweave.util.Check

/** This column as a categorical one: distinct values, naturally sorted (`b2` before `b10`), become the categories. */
public fun Column.asCategorical(): CategoricalColumn = toLabels()

/** This column as a table of one column. */
public fun Column.toFrame(name: String = "0"): DataFrame = oneColumn(numbered(size()), null, name, this)

/**
 * Other values by a map; what it lacks becomes missing, as in pandas. Keys and values of the column meet by their
 * text, so that `0` stands for the category `"0"`. Categories with different new values stay categories in their order;
 * where several become one, the result is plain text, as in pandas.
 */
public fun Column.map(values: Map<*, *>): Column {
    val byText = values.entries.associate { (key, value) -> keyText(key) to value }
    if (this is CategoricalColumn) {
        return recategorized(List(nCategories()) { byText[keyText(rawValue(categories(), it))] })
    }
    return columnOf(List(size()) { i -> rawValue(this, i)?.let { byText[keyText(it)] } }, size())
}

/** How keys of maps are matched: numbers by their size, what is written as text by its letters. */
private fun keyText(key: Any?): String =
    when (key) {
        is Double -> if (key == Math.rint(key) && kotlin.math.abs(key) < MOST_WHOLE) key.toLong().toString() else "$key"
        is Float -> keyText(key.toDouble())
        else -> spelledValue(key ?: "")
    }

private const val MOST_WHOLE = 1e15

internal fun spelledValue(value: Any): String =
    if (value is Boolean) value.toString().replaceFirstChar(Char::uppercase) else value.toString()

/**
 * Some values become others, the rest stays. Categories stay categories in their order; those that get a common name
 * become one, in the place of the first.
 */
public fun Column.replace(values: Map<*, *>): Column {
    val byText = values.entries.associate { (key, value) -> keyText(key) to value }
    if (this is CategoricalColumn) {
        val names = List(nCategories()) { i ->
            val old = rawValue(categories(), i)!!
            if (keyText(old) in byText) byText[keyText(old)] else old
        }
        val kept = names.filterNotNull().distinct()
        val place = IntArray(names.size) { kept.indexOf(names[it]) }
        val codes = IntArray(size()) { if (codes()[it] < 0) -1 else place[codes()[it]] }
        return CategoricalColumn(codes, columnOf(kept, kept.size), isOrdered)
    }
    val wanted = BooleanArray(size()) { !isMissing(it) && keyText(rawValue(this, it)) in byText }
    val at = wanted.indices.filter { wanted[it] }
    return replaced(wanted, columnOf(at.map { byText[keyText(rawValue(this, it))] }, at.size))
}

/** One value becomes another one; see [replace]. */
public fun Column.replace(toReplace: Any, value: Any?): Column =
    when (toReplace) {
        is Collection<*> -> replace(toReplace.associateWith { value })
        else -> replace(mapOf(toReplace to value))
    }

/**
 * Missing values become [value], or the value that a column has in their row.
 *
 * @throws IllegalArgumentException when it is not among the categories; add it by `cat.addCategories` first
 */
public fun Column.fillna(value: Any): Column {
    val holes = isNa()
    val other = operandOf(value, size())
    val filling = if (other.size() == 1) other else other[holes]
    return if (holes.any()) replaced(holes, filling) else this
}

/** The last value before each missing one. */
public fun Column.ffill(): Column {
    var last = -1
    return take(
        IntArray(size()) {
            if (!isMissing(it)) last = it
            last
        },
    )
}

/** The values where [condition] holds, and [other] elsewhere; missing without it. */
public fun Column.where(condition: BooleanArray, other: Any? = null): Column = replacedBy(!condition, other)

/** The values where [condition] does not hold, and [other] elsewhere; missing without it. */
public fun Column.mask(condition: BooleanArray, other: Any? = null): Column = replacedBy(condition, other)

internal fun Column.replacedBy(rows: BooleanArray, value: Any?): Column {
    Check.sameLength(rows.size, size(), "a mask", "the length of the column")
    if (value == null) return take(IntArray(size()) { if (rows[it]) -1 else it })
    val other =
        when (value) {
            is String, is Number, is Boolean -> operandOf(value, size())
            is Column -> value
            is DataFrame -> value.only()
            else -> columnOf(value, rows.sum())
        }
    return replaced(rows, if (other.size() == size() && size() != rows.sum()) other[rows] else other)
}

/** Chosen rows take the values in order, or one value all; the type widens as pandas widens it. */
internal fun Column.replaced(rows: BooleanArray, values: Column): Column {
    val n = rows.sum()
    if (values.size() != 1) {
        Check.sameLength(values.size(), n, "the values", "the number of chosen rows")
    }
    val fitting = fitted(values)
    var next = size()
    val at = IntArray(size()) {
        if (!rows[it]) {
            it
        } else if (fitting.size() == 1) {
            size()
        } else {
            next++
        }
    }
    return stackedValues(listOf(this, fitting)).take(at)
}

/** The values in this column's type, where it has them. */
private fun Column.fitted(values: Column): Column {
    val missing = values.isNa().all()
    return when (this) {
        is CategoricalColumn -> {
            val unknown = values.dropna().unique().filter { it !in categoryNames() }
            require(unknown.isEmpty()) {
                "$unknown is not among the categories ${categoryNames()}." +
                    Check.suggestion(unknown.first(), categoryNames()) +
                    " To have a new one, add it first: column.cat.addCategories(${unknown.map { "\"$it\"" }})"
            }
            val texts = values.texts()
            val codes = IntArray(texts.size) { if (values.isMissing(it)) -1 else categoryNames().indexOf(texts[it]) }
            CategoricalColumn(codes, categories(), isOrdered)
        }
        is NumericColumn -> {
            if (missing && values is StringColumn) return nothing(values.size())
            require(values is NumericColumn || values is BooleanColumn) { other(values) }
            if (values is NumericColumn && fits(values)) cast(values) else values
        }
        is BooleanColumn -> {
            if (missing && values is StringColumn) return BooleanColumn(BooleanArray(values.size()), values.isNa())
            require(values is BooleanColumn || values is NumericColumn) { other(values) }
            values
        }
        is StringColumn -> {
            require(values.isText() || missing) { other(values) }
            StringColumn(Array(values.size()) { if (values.isMissing(it)) null else values.text(it) }, isNullable)
        }
    }
}

private fun NumericColumn.nothing(n: Int): Column =
    if (isNullable) {
        NumericColumn.integers(dtype(), LongArray(n), BooleanArray(n) { true })
    } else {
        NumericColumn.of(*DoubleArray(n) { Double.NaN })
    }

private fun Column.other(values: Column) =
    "a column of type ${dtypeName()} cannot take ${values.dtypeName()} (such as '${values.text(0)}'); " +
        "use astype(\"${if (values.isText()) "str" else "float"}\") first"

private fun NumericColumn.fits(values: NumericColumn): Boolean {
    if (!isInteger) return true
    val longs = values.longs() ?: return false
    return dtype().bytes() == Long.SIZE_BYTES ||
        longs.all { it.toDouble() in dtype().lowest()..dtype().highest() }
}

private fun NumericColumn.cast(values: NumericColumn): Column =
    if (isInteger) {
        NumericColumn.integers(dtype(), values.longs(), values.mask())
    } else {
        NumericColumn.reals(dtype(), narrowed(dtype(), values.toDoubles()))
    }

private fun narrowed(type: DType, values: DoubleArray): DoubleArray =
    if (type == DType.FLOAT64) values else DoubleArray(values.size) { values[it].toFloat().toDouble() }

/**
 * The values in another type: `"str"`, `"category"`, `"int"`, `"float"`, `"bool"`, numpy's names such as `"int32"` and
 * `"float32"`, pandas' nullable `"Int64"` and `"boolean"`; or a Kotlin class such as `String::class`.
 *
 * Missing values stay missing in text, where pandas writes `nan`. Categories are those of pandas: distinct values in
 * order, text by its letters; [asCategorical] sorts `b2` before `b10`.
 *
 * @throws IllegalArgumentException for values that the type does not have, with the first one and its row
 */
public fun Column.astype(dtype: Any): Column {
    val name = typeName(dtype)
    if (name == "category") return if (this is CategoricalColumn) this else categorical(this)
    if (this is CategoricalColumn) {
        require(name !in WHOLE_TYPES || isNa().none { it }) { missingWhole(name, isNa().indexOf(true)) }
        return categories().astype(name).take(codes())
    }
    return when (name) {
        "str", "object" -> texts(nullable = false)
        "string" -> texts(nullable = true)
        "bool" -> booleans(nullable = false)
        "boolean" -> booleans(nullable = true)
        else -> numbersOf(name)
    }
}

private fun typeName(dtype: Any): String {
    val given =
        when (dtype) {
            is kotlin.reflect.KClass<*> -> dtype.simpleName ?: "$dtype"
            is DType -> dtype.numpyName()
            else -> dtype.toString()
        }
    val short = given.removePrefix("np.").removePrefix("numpy.")
    val name = TYPE_NAMES[short] ?: short
    require(name in KNOWN_TYPES) {
        "dtype must be one of ${KNOWN_TYPES.sorted()}, got '$given'.${Check.suggestion(given, KNOWN_TYPES)}"
    }
    return name
}

private val TYPE_NAMES =
    mapOf(
        "String" to "str", "int" to "int64", "Int" to "int64", "Long" to "int64", "i8" to "int64", "i4" to "int32",
        "float" to "float64", "Double" to "float64", "Float" to "float32", "f4" to "float32", "f8" to "float64",
        "Boolean" to "bool", "O" to "object",
    )

private val WHOLE_TYPES = DType.entries
    .filter { it.isInteger }
    .map { it.numpyName() }
    .toSet()

private val NULLABLE_TYPES = WHOLE_TYPES.map { it.replace("uint", "UInt").replaceFirstChar(Char::uppercase) }.toSet()

private val KNOWN_TYPES =
    WHOLE_TYPES + NULLABLE_TYPES +
        setOf("float16", "float32", "float64", "str", "string", "object", "bool", "boolean", "category")

private fun categorical(column: Column): CategoricalColumn {
    val levels = column.dropDuplicates().dropna().sortValues()
    val place = levels.texts().withIndex().associate { (i, text) -> text to i }
    val codes = IntArray(column.size()) { if (column.isMissing(it)) -1 else place.getValue(column.text(it)) }
    return CategoricalColumn(codes, levels, false)
}

private fun Column.texts(nullable: Boolean) =
    StringColumn(Array(size()) { if (isMissing(it)) null else text(it) }, nullable)

private fun Column.booleans(nullable: Boolean): Column {
    val missing = isNa()
    val holes = this !is NumericColumn || isNullable
    require(nullable || !holes || !missing.any()) {
        "bool has no missing values, but row ${missing.indexOf(true)} has none; use fillna(false) first, or " +
            "astype(\"boolean\")"
    }
    val values =
        when (this) {
            is BooleanColumn -> values()
            is StringColumn -> BooleanArray(size()) { truth(it) }
            // Like numpy, which takes NaN for true.
            else -> toDoubles().let { numbers -> BooleanArray(size()) { numbers[it] != 0.0 } }
        }
    return BooleanColumn(values, if (nullable) missing else null)
}

/** Only what is spelled so: Python takes every text for true, `"False"` among them. */
private fun StringColumn.truth(i: Int): Boolean =
    when (get(i)) {
        "True", "true", "TRUE" -> true
        "False", "false", "FALSE", null -> false
        else -> throw IllegalArgumentException(
            "astype(\"bool\") of text takes 'True' and 'False', but row $i is '${text(i)}'; compare it instead, such " +
                "as column ne \"\"",
        )
    }

private fun missingWhole(name: String, row: Int) =
    "$name has no missing values, but row $row has none; use fillna(0) first, or " +
        "astype(\"${name.replace("uint", "UInt").replaceFirstChar(Char::uppercase)}\")"

private fun Column.numbersOf(name: String): Column {
    val nullable = name in NULLABLE_TYPES
    val type = DType.valueOf(name.uppercase())
    if (type.isFloating) return NumericColumn.reals(type, narrowed(type, parsed()))
    val missing = isNa()
    require(nullable || !missing.any()) { missingWhole(name, missing.indexOf(true)) }
    val own = (this as? NumericColumn)?.longs()
    val values = own ?: parsed().let { numbers -> LongArray(size()) { numbers[it].toLong() } }
    return NumericColumn.integers(type, values, if (nullable) missing else null)
}

private fun Column.parsed(): DoubleArray {
    val texts = this as? StringColumn ?: return toDoubles()
    return DoubleArray(size()) { i ->
        val text = texts.get(i)?.trim() ?: return@DoubleArray Double.NaN
        text.toDoubleOrNull() ?: if (text.lowercase() in listOf("nan", "")) Double.NaN else notANumber(i, text)
    }
}

private fun notANumber(row: Int, text: String): Nothing =
    throw IllegalArgumentException(
        "row $row is '$text', which is no number; use pd.toNumeric(column, errors = \"coerce\") to make it missing",
    )

/** Columns are values: what would change one in place changes the table that holds it. */
@Suppress("UNUSED_PARAMETER", "unused")
@Deprecated(
    "A column is a value and does not change. Change the table: adata.obs.loc[mask, \"x\"] = value",
    level = DeprecationLevel.ERROR,
)
public operator fun Column.set(rows: Any, value: Any?): Unit = throw UnsupportedOperationException("columns are values")
