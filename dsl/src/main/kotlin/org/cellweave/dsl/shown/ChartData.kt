package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** What a chart reads along one of its axes: its name, and a value for every row. */
internal class Variable(val name: String, val values: CellValues, private val argument: String) {
    val isNumeric: Boolean get() = values is Numbers

    val size: Int get() = when (values) {
        is Numbers -> values.values.size
        is Categories -> values.codes.size
    }

    fun numbers(): DoubleArray =
        (values as? Numbers)?.values
            ?: throw IllegalArgumentException("$argument = '$name' must be numeric, but it holds categories")

    /** Categories as they are; numbers by size, each a category of its own. */
    fun categories(): Categories {
        if (values is Categories) return values
        val numbers = numbers()
        val levels = numbers.filter { it.isFinite() }.distinct().sorted()
        require(levels.size <= MOST) {
            "$argument = '$name' has ${levels.size} different numbers, more than the $MOST that a chart tells apart; " +
                "cut them into intervals first"
        }
        val at = levels.withIndex().associate { it.value to it.index }
        return Categories(IntArray(numbers.size) { at[numbers[it]] ?: -1 }, levels.map { tickLabel(it, DIGITS) })
    }

    private companion object {
        const val MOST = 200
        const val DIGITS = 15
    }
}

/** Where a chart's values come from: cells with their obs columns and genes, the rows of a table, or bare numbers. */
internal class ChartData private constructor(
    val adata: AnnData?,
    private val table: DataFrame?,
    /** Bare numbers that stand for the one variable there is. */
    val single: Variable?,
    private val expression: Expression?,
) {
    /** The variable that a name, or a list of values, stands for. */
    fun variable(choice: Any?, argument: String): Variable? =
        when (choice) {
            null -> null
            is String -> Variable(choice, named(choice), argument)
            else -> Variable("", bare(choice, argument), argument)
        }

    fun required(choice: Any?, argument: String): Variable =
        variable(choice, argument)
            ?: throw IllegalArgumentException("$argument must name a column, got nothing; there are ${keys()}")

    private fun named(key: String): CellValues {
        if (expression != null) {
            if (key == "index" && expression.adata.obs.find(key) == null && !expression.has(key)) {
                return columnValues(expression.adata.obs.index)
            }
            return cellValues(expression, key)
        }
        requireNotNull(table) { "'$key' names a column, but no table was given as data" }
        val column = table.find(key) ?: table.index.takeIf { key == "index" || key == table.indexName }
            ?: throw MissingKeyException("table", key, table.keys, "")
        return inOrder(column)
    }

    private fun keys(): Collection<String> = adata?.obs?.keys ?: table?.keys ?: emptyList()

    /** Columns of numbers by their names, for charts of whole tables. */
    fun wide(): List<Variable> =
        table
            ?.keys
            .orEmpty()
            .filter { table!!.get(it) is NumericColumn }
            .map { Variable(it, Numbers(table!!.get(it).toDoubles()), "data") }

    /** The names of the rows, as categories in their order. */
    fun rowNames(): Categories = inOrder(table!!.index) as? Categories
        ?: Variable("index", columnValues(table.index), "index").categories()

    val rowTitle: String get() = table?.rowTitle.orEmpty()

    /** What the columns of a table are called together, which it does not tell. */
    val columnTitle: String get() = ""

    /** Of every category, those of `uns` where they are an object's. */
    fun colors(variable: Variable, names: List<String>, palette: Any?): List<String> =
        when {
            adata != null && variable.values is Categories && adata.obs.find(variable.name) != null ->
                CategoryColors.of(adata, variable.name, names, palette)
            palette != null -> CategoryColors.fromPalette(palette, names)
            else -> cycle(names.size)
        }

    companion object {
        private val TAB10 = Palettes.named("tab10")

        /** matplotlib's own cycle, and scanpy's palettes for more than it has. */
        fun cycle(n: Int): List<String> = if (n <= TAB10.size) TAB10.take(n) else Palettes.default(n)

        fun of(data: Any?, useRaw: Boolean? = null, layer: String? = null): ChartData =
            when (data) {
                null -> ChartData(null, null, null, null)
                is AnnData -> {
                    require(data.nObs > 0) { "a chart needs cells, but the object has none" }
                    ChartData(data, null, null, Expression(data, useRaw, layer))
                }
                is DataFrame -> {
                    require(data.nRows() > 0) { "a chart needs rows, but the table has none" }
                    ChartData(null, data, null, null)
                }
                is Map<*, *> -> of(tableOf(data))
                else -> ChartData(null, null, Variable("", bare(data, "data"), "data"), null)
            }

        private fun tableOf(columns: Map<*, *>): DataFrame {
            val all = columns.entries.map { (name, values) -> name.toString() to columnOf(values!!, "data['$name']") }
            require(all.isNotEmpty()) { "data must have a column, got an empty map" }
            val n = all[0].second.size()
            val out = DataFrame(StringColumn.of(*Array(n) { "$it" }))
            for ((name, column) in all) {
                Check.sameLength(column.size(), n, "data['$name']", "that of the first column")
                out.set(name, column)
            }
            return out
        }

        private fun bare(values: Any, argument: String): CellValues = inOrder(columnOf(values, argument))

        private fun columnOf(values: Any, argument: String): Column =
            when (values) {
                is Column -> values
                is DoubleArray -> NumericColumn.of(*values)
                is FloatArray -> NumericColumn.of(*DoubleArray(values.size) { values[it].toDouble() })
                is IntArray -> NumericColumn.of(*DoubleArray(values.size) { values[it].toDouble() })
                is LongArray -> NumericColumn.of(*values)
                is BooleanArray -> BooleanColumn.of(*values)
                is NdArray -> if (values.isText) StringColumn.of(*values.texts()) else numbersOf(values)
                is Iterable<*> -> listed(values.toList(), argument)
                is Array<*> -> listed(values.toList(), argument)
                else -> throw IllegalArgumentException(
                    "$argument must be an AnnData, a table, a column's name or a list of values, got " +
                        values::class.simpleName,
                )
            }

        private fun numbersOf(values: NdArray): Column = NumericColumn.of(*values.toDoubles())

        private fun listed(values: List<Any?>, argument: String): Column {
            require(values.isNotEmpty()) { "$argument must have a value, got an empty list" }
            return when {
                values.all { it == null || it is Number } ->
                    NumericColumn.of(
                        *DoubleArray(values.size) { (values[it] as Number?)?.toDouble() ?: Double.NaN },
                    )
                values.all { it is Boolean } -> BooleanColumn.of(*BooleanArray(values.size) { values[it] as Boolean })
                else -> StringColumn.of(*Array(values.size) { values[it]?.toString() })
            }
        }

        /** Texts of a table are categories in the order in which they come, as in seaborn. */
        private fun inOrder(column: Column): CellValues {
            if (column !is StringColumn) return columnValues(column)
            val at = LinkedHashMap<String, Int>()
            val codes = IntArray(column.size()) { i ->
                if (column.isMissing(i)) -1 else at.getOrPut(column.text(i)) { at.size }
            }
            return Categories(codes, at.keys.toList())
        }
    }
}

/** Categories in the order that a caller wants, without those that are left out. */
internal fun Categories.inOrder(order: Any?, argument: String, of: String): Categories {
    val wanted = texts(order, argument) ?: return this
    require(wanted.isNotEmpty()) { "$argument must name at least one category of '$of' $names, got an empty list" }
    return only(
        wanted.map { name ->
            names.indexOf(name).also {
                require(it >= 0) {
                    "$argument names '$name', which is no category of '$of' $names." + Check.suggestion(name, names)
                }
            }
        },
    )
}

/** What the rows of a table are called together; empty where it does not tell. */
internal val DataFrame.rowTitle: String get() = indexName.orEmpty().takeIf { it != DataFrame.UNNAMED_INDEX }.orEmpty()
