package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.dsl.slots.numberColumn
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/** What notebooks take from pandas, under its names: `pd.DataFrame(mapOf(...))`, `pd.crosstab(a, b)`. */
@Suppress("ktlint:standard:property-naming")
public val pd: Pandas get() = Pandas

/** See [pd]. Tables are Cellweave's, whose columns keep types and categories as files do. */
public object Pandas {
    /** A missing value. */
    @Suppress("ktlint:standard:property-naming")
    public val NA: Double = Double.NaN

    /**
     * A table of columns by name (lists, arrays, columns, one value for all rows), of rows as maps, or of a matrix.
     *
     * @param index names of rows, 0, 1, 2, ... without it
     * @param columns names of columns: of a matrix, or those to keep of a map
     */
    @Suppress("ktlint:standard:function-naming", "FunctionName")
    public fun DataFrame(data: Any? = null, index: Any? = null, columns: Any? = null): DataFrame {
        val names = columns?.let(::namesIn)
        val table =
            when (data) {
                null -> tableOf(indexOf(index, 0), null, names.orEmpty().map { it to StringColumn.of() })
                is DataFrame -> data.copy()
                is Map<*, *> -> ofColumns(data, index, names)
                is Matrix -> ofMatrix(data, index, names)
                is Column, is DoubleArray, is IntArray, is FloatArray, is LongArray -> {
                    ofColumns(mapOf((names?.single() ?: "0") to data), index, null)
                }
                is Collection<*> -> ofList(data.toList(), index, names)
                is Array<*> -> ofList(data.toList(), index, names)
                is org.cellweave.data.RecordArray -> ofColumns(data.fields(), index, names)
                else -> throw IllegalArgumentException(
                    "a table is made of a map, a list or a matrix, not of a ${data::class.simpleName}",
                )
            }
        return if (data is DataFrame && (index != null || names != null)) table.reindex(index, names) else table
    }

    private fun ofColumns(data: Map<*, *>, index: Any?, names: List<String>?): DataFrame {
        val lengths = data.values.mapNotNull { it?.let(::lengthOf) }
        val n = lengths.firstOrNull() ?: index?.let { namesIn(it).size } ?: 1
        val first = data.values.firstOrNull { it is DataFrame } as DataFrame?
        val rows = if (index == null && first != null) first.index else indexOf(index, n)
        val out = tableOf(rows, null, emptyList())
        for ((key, value) in data) {
            out[key.toString()] = if (value is DataFrame && index != null) value.only() else value ?: Double.NaN
        }
        return if (names == null) out else out.reindex(columns = names)
    }

    private fun lengthOf(value: Any): Int? =
        when (value) {
            is String, is Number, is Boolean -> null
            is DataFrame -> value.nRows()
            is Column -> value.size()
            is Collection<*> -> value.size
            is Array<*> -> value.size
            else -> if (value.javaClass.isArray) {
                java.lang.reflect.Array
                    .getLength(value)
            } else {
                columnOf(value, 0).size()
            }
        }

    private fun ofMatrix(data: Matrix, index: Any?, names: List<String>?): DataFrame {
        val columns = names ?: List(data.nCols()) { "$it" }
        Check.sameLength(columns.size, data.nCols(), "columns", "the number of the matrix's columns")
        val values = columnsOf(data, IntArray(data.nCols()) { it })
        return tableOf(
            indexOf(index, data.nRows()), null,
            columns.indices.map {
                columns[it] to
                    numberColumn(data.dtype(), values[it])
            },
        )
    }

    private fun ofList(data: List<*>, index: Any?, names: List<String>?): DataFrame {
        if (data.isNotEmpty() && data.all { it is Map<*, *> }) {
            val rows = data.map { it as Map<*, *> }
            val keys = rows.flatMap { it.keys }.distinct()
            val columns = keys.associateWith { key -> rows.map { it[key] } }
            return ofColumns(columns.ifEmpty { mapOf("0" to emptyList<String>()) }, index, names)
        }
        if (data.isNotEmpty() && data.all { it is List<*> }) {
            val rows = data.map { it as List<*> }
            val width = rows.maxOf { it.size }
            val keys = names ?: List(width) { "$it" }
            Check.sameLength(keys.size, width, "columns", "the length of the rows")
            return ofColumns(keys.indices.associate { j -> keys[j] to rows.map { it.getOrNull(j) } }, index, null)
        }
        return ofColumns(mapOf((names?.single() ?: "0") to data), index, null)
    }

    private fun indexOf(index: Any?, n: Int): Column =
        when (index) {
            null -> numbered(n)
            is Column -> index
            is IntArray, is LongArray -> columnOf(index, n)
            is IntRange -> columnOf(index.toList(), n)
            else -> StringColumn.of(*namesIn(index).toTypedArray())
        }

    /**
     * A table of one column, as Cellweave has it for pandas' Series.
     *
     * @param index names of rows; of a map its keys without it
     */
    @Suppress("ktlint:standard:function-naming", "FunctionName")
    public fun Series(data: Any, index: Any? = null, name: String = "0", dtype: Any? = null): DataFrame {
        val table =
            if (data is Map<*, *>) {
                val values = data.values.toList()
                val named = oneColumn(indexOf(data.keys, values.size), null, name, columnOf(values, values.size))
                index?.let { named.reindex(it) } ?: named
            } else {
                val n = lengthOf(data) ?: index?.let { namesIn(it).size } ?: 1
                val rows = if (data is DataFrame && index == null) data.index else indexOf(index, n)
                oneColumn(rows, null, name, if (data is DataFrame) data.only() else columnOf(data, n))
            }
        return if (dtype == null) table else table.astype(dtype)
    }

    /**
     * A categorical column.
     *
     * @param categories in their order; without them the distinct values in order, text by its letters
     * @throws IllegalArgumentException when names repeat
     */
    @Suppress("ktlint:standard:function-naming", "FunctionName")
    public fun Categorical(values: Any, categories: Any? = null, ordered: Boolean = false): CategoricalColumn {
        val column = if (values is DataFrame) values.only() else columnOf(values, 0)
        val plain = if (column is CategoricalColumn) column else column.astype("category") as CategoricalColumn
        val chosen = if (categories == null) plain else plain.setCategories(namesIn(categories))
        return CategoricalColumn(chosen.codes(), chosen.categories(), ordered)
    }

    /** Names as an index: a list of text. */
    @Suppress("ktlint:standard:function-naming", "FunctionName")
    public fun Index(data: Any): List<String> = namesIn(data)

    /**
     * How often the values of two columns meet: the first one's down, the second one's across, categories in their
     * order, those that no row has left out.
     *
     * @param normalize true or `"all"` for shares of all, `"index"` of rows, `"columns"` of columns
     * @param margins adds sums, called `All`
     */
    public fun crosstab(index: Any, columns: Any, normalize: Any = false, margins: Boolean = false): DataFrame {
        val a = if (index is DataFrame) index.only() else columnOf(index, 0)
        val b = if (columns is DataFrame) columns.only() else columnOf(columns, 0)
        Check.sameLength(b.size(), a.size(), "columns", "the length of index")
        val table = crossTable(a, b, normalize, margins)
        table.indexName = (index as? DataFrame)?.columns?.single()
        return table
    }

    /** Tables one below the other, or with [axis] 1 side by side by the names of their rows. */
    public fun concat(
        objs: Collection<DataFrame>,
        axis: Any = 0,
        join: String = "outer",
        ignoreIndex: Boolean = false,
    ): DataFrame {
        require(join == "outer" || join == "inner") { "join must be 'outer' or 'inner', got '$join'" }
        return when (axis) {
            0, "index", "rows" -> concatRows(objs.toList(), join == "inner", ignoreIndex)
            1, "columns" -> concatColumns(objs.toList(), join == "inner")
            else -> throw IllegalArgumentException("axis must be 0 or 1, got $axis")
        }
    }

    /** See [DataFrame.merge]. */
    public fun merge(
        left: DataFrame,
        right: DataFrame,
        how: String = "inner",
        on: Any? = null,
        leftOn: Any? = null,
        rightOn: Any? = null,
        leftIndex: Boolean = false,
        rightIndex: Boolean = false,
        suffixes: Pair<String, String> = "_x" to "_y",
    ): DataFrame = left.merge(right, how, on, leftOn, rightOn, leftIndex, rightIndex, suffixes)

    /**
     * Classes of numbers, as categories in order.
     *
     * @param bins number of classes of one width, or the bounds between them
     * @param labels their names; pandas' intervals `(0.0, 1.0]` without it
     * @param right whether upper bounds belong to the class
     */
    public fun cut(
        x: Any,
        bins: Any,
        labels: Any? = null,
        right: Boolean = true,
        includeLowest: Boolean = false,
    ): Column =
        Classes.cut(numbersOf(x), bins, labels?.let(::namesIn), right, includeLowest)

    /** Classes of numbers with equally many values, as categories in order; see [cut]. */
    public fun qcut(
        x: Any,
        q: Any,
        labels: Any? = null,
    ): Column = Classes.quantiles(numbersOf(x), q, labels?.let(::namesIn))

    private fun numbersOf(x: Any): Column = if (x is DataFrame) x.only() else columnOf(x, 0)

    /** The distinct values, as text, in the order of their appearance. */
    public fun unique(
        values: Any,
    ): List<String> = (if (values is DataFrame) values.only() else columnOf(values, 0)).unique()

    /** Mask of what is missing in a column. */
    public fun isna(obj: Column): BooleanArray = obj.isna()

    /** Which values of a table are missing. */
    public fun isna(obj: DataFrame): DataFrame = obj.isna()

    /** Whether one value is missing: null, NaN. */
    public fun isna(obj: Any?): Boolean =
        obj == null || (obj is Double && obj.isNaN()) || (obj is Float && obj.isNaN()) ||
            (obj is Value && obj.isMissing)

    /** [isna] under pandas' other name. */
    public fun isnull(obj: Column): BooleanArray = obj.isna()

    /** Mask of what is there in a column. */
    public fun notna(obj: Column): BooleanArray = obj.notna()

    /**
     * Text as numbers.
     *
     * @param errors `"raise"` refuses what is no number, `"coerce"` makes it missing
     */
    public fun toNumeric(arg: Column, errors: String = "raise"): Column {
        require(errors == "raise" || errors == "coerce") { "errors must be 'raise' or 'coerce', got '$errors'" }
        if (!arg.isText()) return arg
        val texts = arg.texts()
        val clean =
            StringColumn.of(
                *Array(texts.size) { i ->
                    texts[i].trim().takeIf { !arg.isMissing(i) && (errors == "raise" || it.toDoubleOrNull() != null) }
                },
            )
        val whole = clean.values().all { it != null && it.toLongOrNull() != null }
        return clean.astype(if (whole) "int" else "float")
    }

    /** A column of 0 and 1 for each value of a column, true and false with [dtype] `"bool"` (pandas' default). */
    public fun getDummies(data: Any, prefix: String? = null, prefixSep: String = "_", dtype: Any = "bool"): DataFrame {
        val column = if (data is DataFrame) data.only() else columnOf(data, 0)
        val index = (data as? DataFrame)?.index ?: numbered(column.size())
        val labels = column.astype("category") as CategoricalColumn
        val columns =
            labels.categoryNames().mapIndexed { j, name ->
                val flags = BooleanArray(column.size()) { labels.codes()[it] == j }
                (prefix?.let { it + prefixSep }.orEmpty() + name) to columnOf(flags, flags.size).astype(dtype)
            }
        return tableOf(index, null, columns)
    }

    /** See [DataFrame.melt]. */
    public fun melt(
        frame: DataFrame,
        idVars: Any = emptyList<String>(),
        valueVars: Any? = null,
        varName: String = "variable",
        valueName: String = "value",
    ): DataFrame = frame.melt(idVars, valueVars, varName, valueName)

    /** See [DataFrame.pivotTable]. */
    public fun pivotTable(
        data: DataFrame,
        values: String,
        index: Any,
        columns: String,
        aggfunc: String = "mean",
        fillValue: Number? = null,
    ): DataFrame = data.pivotTable(values, index, columns, aggfunc, fillValue)

    /**
     * Reads a text table with a type for each column; compressed ones as well.
     *
     * @param sep between fields; null for blanks
     * @param indexCol number or name of the column that names the rows
     * @param header number of the line that names the columns; null for none, whose columns are called 0, 1, ... then;
     *   without it the first one, or none where [names] are given
     * @param names names of the columns
     * @param usecols names or numbers of the columns that are kept
     * @param skiprows lines that are passed over at the start
     * @param nrows rows at most
     * @param dtype a type for all columns, or types by column
     * @param comment what starts the part of a line that is passed over
     */
    public fun readCsv(
        path: String,
        sep: String? = ",",
        indexCol: Any? = null,
        header: Any? = "infer",
        names: Any? = null,
        usecols: Any? = null,
        skiprows: Int = 0,
        nrows: Int? = null,
        dtype: Any? = null,
        comment: String? = null,
        delimiter: String? = null,
    ): DataFrame =
        ReadTable(header, names?.let(::namesIn), dtype, usecols?.let(::namesIn), indexCol)
            .read(path, delimiter ?: sep, skiprows, nrows, comment)

    /** [readCsv] for fields between tabs. */
    public fun readTable(
        path: String,
        sep: String? = "\t",
        indexCol: Any? = null,
        header: Any? = "infer",
        names: Any? = null,
        usecols: Any? = null,
        skiprows: Int = 0,
        nrows: Int? = null,
        dtype: Any? = null,
        comment: String? = null,
    ): DataFrame = readCsv(path, sep, indexCol, header, names, usecols, skiprows, nrows, dtype, comment)
}
