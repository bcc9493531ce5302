package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.RowNames
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.util.Check

/** Numbers of rows and columns. */
public val DataFrame.shape: Pair<Int, Int> get() = nRows() to nCols()

/** Names of the columns in order; setting renames all. */
public var DataFrame.columns: List<String>
    get() = keys.toList()
    set(value) {
        Check.sameLength(value.size, nCols(), "columns", "the number of columns")
        require(value.isUnique) { "names of columns must differ, but ${value[value.duplicated()]} repeat" }
        val renamed = value.zip(keys.map { get(it) })
        keys.toList().forEach { remove(it) }
        renamed.forEach { (name, column) -> set(name, column) }
    }

/** Number of rows; pandas' `len(df)`. */
public val DataFrame.size: Int get() = nRows()

/** Whether there is no value. */
public val DataFrame.empty: Boolean get() = nRows() == 0 || nCols() == 0

/** pandas' names of the columns' types. */
public val DataFrame.dtypes: Map<String, String> get() = keys.associateWith { get(it).dtypeName() }

/** Whether there is a column of this name: `"x" in table`. */
public operator fun DataFrame.contains(key: String): Boolean = contains(key)

/**
 * A table of these columns in this order: `table[listOf("a", "b")]`; of single ones `table["a"]` is the column. A list
 * of yes and no is a mask of rows.
 */
public operator fun DataFrame.get(keys: Collection<Any>): DataFrame {
    if (keys.isNotEmpty() && keys.all { it is Boolean }) return get(keys.map { it == true }.toBooleanArray())
    val names = keys.map { it.toString() }
    requireColumns(this, "table", names)
    return tableOf(index, indexName, names.map { it to get(it) })
}

/** The column of this number as its name, as files without a header give them. */
public operator fun DataFrame.get(key: Int): Column = get("$key")

/** Writes a column called by a number; see [set]. */
public operator fun DataFrame.set(key: Int, values: Any) {
    set("$key", columnFor(values))
}

/** A table of these columns; see [get]. */
public operator fun DataFrame.get(keys: Array<String>): DataFrame = get(keys.toList())

/** A table of these columns: `table["a", "b"]`. */
public operator fun DataFrame.get(first: String, vararg others: String): DataFrame = get(listOf(first) + others)

/** The rows that a mask holds. */
public operator fun DataFrame.get(mask: BooleanArray): DataFrame = takeRows(rowsOf(mask))

/** The rows that a boolean column holds. */
public operator fun DataFrame.get(mask: Column): DataFrame = takeRows(rowsOf(requireMask(mask)))

/** The rows that a table of one boolean column holds. */
public operator fun DataFrame.get(mask: DataFrame): DataFrame = takeRows(rowsOf(requireMask(mask.only())))

/** The rows of a range, cut at the end: `table[0 until 5]`. */
public operator fun DataFrame.get(rows: IntRange): DataFrame = takeRows(rowsOf(rows))

private fun requireMask(column: Column) =
    requireNotNull(maskOf(column)) { "a mask needs booleans, got a column of type ${column.dtypeName()}" }

/**
 * Writes a column: numbers, booleans, text, or a [Column]; a scalar fills it. A table of one column, such as
 * `groupby("x")["y"].transform("mean")`, goes by its names: rows are put where their names are.
 *
 * @throws org.cellweave.util.MissingKeyException when such a table lacks a row's name
 */
public operator fun DataFrame.set(key: String, values: Any) {
    set(key, columnFor(values))
}

internal fun DataFrame.columnFor(values: Any): Column =
    when (values) {
        is DataFrame -> values.only().take(RowNames.aligned(names, values, "table"))
        is Value -> values.asColumn().take(IntArray(nRows()))
        is Map<*, *> -> throw IllegalArgumentException(
            "a column needs a value for each row, got a map; table[\"old\"].map(mapOf(...)) translates a column",
        )
        else -> columnOf(values, nRows())
    }

/** Writes several columns at once. */
public operator fun DataFrame.set(keys: Collection<String>, values: DataFrame) {
    Check.sameLength(values.nCols(), keys.size, "the columns of a table", "the number of names")
    keys.zip(values.columns).forEach { (key, from) ->
        set(
            key,
            columnFor(
                values[from].toFrame().also {
                    it.index =
                        values.index
                },
            ),
        )
    }
}

/** A table with more columns, from values, lists, columns, or functions of the table. This one does not change. */
public fun DataFrame.assign(vararg columns: Pair<String, Any>): DataFrame {
    val out = copy()
    for ((key, value) in columns) {
        @Suppress("UNCHECKED_CAST")
        out.set(key, out.columnFor((value as? (DataFrame) -> Any)?.invoke(out) ?: value))
    }
    return out
}

/** Puts a column at a place. */
public fun DataFrame.insert(loc: Int, column: String, value: Any) {
    require(!contains(column)) { "table['$column'] is there already; use table[\"$column\"] = values to replace it" }
    require(loc in 0..nCols()) { "loc must lie in 0..${nCols()}, got $loc" }
    val behind = columns.drop(loc).map { it to get(it) }
    val new = columnFor(value)
    behind.forEach { (key, _) -> remove(key) }
    set(column, new)
    behind.forEach { (key, old) -> set(key, old) }
}

/** Takes a column out of the table and gives it. */
public fun DataFrame.pop(key: String): Column = get(key).also { remove(key) }

/**
 * A table without these rows or columns; `adata.obs.remove("x")` takes a column out of this one.
 *
 * @param labels names of rows with [axis] 0, of columns with 1
 * @param index names of rows
 * @param columns names of columns
 * @param inplace changes this table and gives it. The tables of an object keep their rows: `adata[mask]` chooses those
 */
public fun DataFrame.drop(
    labels: Any? = null,
    axis: Int = 0,
    index: Any? = null,
    columns: Any? = null,
    inplace: Boolean = false,
): DataFrame = changed(inplace) { dropped(labels, axis, index, columns) }

private fun DataFrame.dropped(labels: Any?, axis: Int, index: Any?, columns: Any?): DataFrame {
    require(axis == 0 || axis == 1) { "axis must be 0 for rows or 1 for columns, got $axis" }
    val goneColumns = listOfNotNull(columns, labels.takeIf { axis == 1 }).flatMap(::namesIn)
    val goneRows = listOfNotNull(index, labels.takeIf { axis == 0 }).flatMap(::namesIn)
    requireColumns(this, "table", goneColumns)
    val rows = if (goneRows.isEmpty()) this else without(goneRows)
    return rows[rows.columns - goneColumns.toSet()]
}

private fun DataFrame.without(names: List<String>): DataFrame {
    val there = this.names.toHashSet()
    val unknown = names.filter { it !in there }
    if (unknown.isNotEmpty()) throw org.cellweave.util.MissingKeyException("index", unknown, this.names, "")
    return this[!this.names.isin(names)]
}

/**
 * A table with other names of some columns or rows; unknown ones are passed over, as in pandas. Names may be numbers,
 * as of files without a header.
 *
 * @param inplace changes this table and gives it
 */
public fun DataFrame.rename(
    columns: Map<*, *> = emptyMap<String, String>(),
    index: Map<*, *> = emptyMap<String, String>(),
    inplace: Boolean = false,
): DataFrame {
    val ofColumns = columns.entries.associate { (old, new) -> "$old" to "$new" }
    val ofRows = index.entries.associate { (old, new) -> "$old" to "$new" }
    return changed(inplace) { renamed({ ofColumns[it] ?: it }, { ofRows[it] ?: it }) }
}

/** A table with names of columns changed by a function. */
public fun DataFrame.rename(columns: (String) -> String): DataFrame = renamed(columns) { it }

private fun DataFrame.renamed(columns: (String) -> String, rows: (String) -> String): DataFrame {
    val new = keys.map(columns)
    require(new.isUnique) { "names of columns must differ, but ${new[new.duplicated()]} would repeat" }
    val named = names.map(rows)
    val other = if (named == names) index else StringColumn.of(*named.toTypedArray())
    return tableOf(other, indexName, new.zip(keys.map { get(it) }))
}

/** A table with a prefix to all names of columns. */
public fun DataFrame.addPrefix(prefix: String): DataFrame = rename { prefix + it }

/** A table with a suffix to all names of columns. */
public fun DataFrame.addSuffix(suffix: String): DataFrame = rename { it + suffix }

/** Columns in another type; see [Column.astype]. */
public fun DataFrame.astype(dtype: Any): DataFrame = mapColumns { it.astype(dtype) }

/** Some columns in another type; see [Column.astype]. */
public fun DataFrame.astype(dtypes: Map<String, Any>): DataFrame {
    requireColumns(this, "table", dtypes.keys)
    return tableOf(index, indexName, keys.map { key -> key to (dtypes[key]?.let { get(key).astype(it) } ?: get(key)) })
}

/**
 * The columns of some types: `"number"`, `"category"`, `"object"`, `"bool"`, or pandas' names.
 */
public fun DataFrame.selectDtypes(include: Any? = null, exclude: Any? = null): DataFrame {
    fun isOf(column: Column, kinds: List<String>) =
        column.dtypeName() in kinds || (column is NumericColumn && "number" in kinds)
    val wanted = include?.let(::namesIn)
    val unwanted = exclude?.let(::namesIn).orEmpty()
    return get(keys.filter { key -> (wanted == null || isOf(get(key), wanted)) && !isOf(get(key), unwanted) })
}

/** The columns whose names are among [items], contain [like], or match [regex]. */
public fun DataFrame.filter(items: Collection<String>? = null, like: String? = null, regex: String? = null): DataFrame =
    get(
        keys.filter { key ->
            (items == null || key in items) && (like == null || like in key) &&
                (regex == null || Regex(regex).containsMatchIn(key))
        },
    )

/** Columns as maps by column and row: `toDict("list")` gives lists, `toDict("records")` is [toRecords]. */
public fun DataFrame.toDict(orient: String = "dict"): Map<String, Any> =
    keys.associateWith { key ->
        val values = List(nRows()) { rawValue(get(key), it) }
        when (orient) {
            "dict" -> names.zip(values).toMap()
            "list" -> values
            else -> throw IllegalArgumentException(
                "orient must be 'dict' or 'list', got '$orient'; toRecords() has rows",
            )
        }
    }

/** Rows as maps by column. */
public fun DataFrame.toRecords(): List<Map<String, Any?>> =
    List(nRows()) { i -> keys.associateWith { rawValue(get(it), i) } }

/** Names of rows with the values of a table of one column: `for ((group, n) in column.valueCounts().items())`. */
public fun DataFrame.items(): List<Pair<String, Entry>> = only().let { column ->
    names.mapIndexed { i, name ->
        name to
            Entry(column, i)
    }
}

/** Names of rows with their rows, to iterate over. */
public fun DataFrame.iterrows(): List<Pair<String, Row>> = names.mapIndexed { i, name -> name to Row(this, i) }

/** Rows to iterate over. */
public fun DataFrame.itertuples(): List<Row> = List(nRows()) { Row(this, it) }

/** The numbers of all columns, rows by columns, as float64. */
public fun DataFrame.toNumpy(): org.cellweave.matrix.DenseMatrix {
    val out = org.cellweave.matrix.DenseMatrix
        .zeros(nRows(), nCols(), org.cellweave.matrix.DType.FLOAT64)
    val parts = keys.map { get(it).toDoubles() }
    val row = DoubleArray(parts.size)
    for (i in 0 until nRows()) {
        for (j in row.indices) row[j] = parts[j][i]
        out.setRow(i, row)
    }
    return out
}

/** The numbers; see [toNumpy]. */
public val DataFrame.values: org.cellweave.matrix.DenseMatrix get() = toNumpy()

/** Rows as columns and columns as rows, in the common type of the columns. */
@Suppress("ktlint:standard:property-naming")
public val DataFrame.T: DataFrame
    get() {
        require(names.isUnique) { "names of rows become names of columns and must differ; use resetIndex() first" }
        val n = nCols()
        val stacked = stackedValues(
            keys.map {
                get(it).let { c ->
                    if (c is CategoricalColumn) c.astype("str") else c
                }
            },
        )
        val rows = nRows()
        val columns = List(rows) { i -> names[i] to stacked.take(IntArray(n) { it * rows + i }) }
        return tableOf(StringColumn.of(*columns().toTypedArray()), null, columns)
    }

private fun DataFrame.columns() = columns
