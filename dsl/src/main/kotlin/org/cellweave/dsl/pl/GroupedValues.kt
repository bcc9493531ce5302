package org.cellweave.dsl

import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartKeys
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.Variable
import org.cellweave.dsl.shown.inOrder
import org.cellweave.util.Check

/** The arguments that say by what values are grouped, and in which order and colours. */
internal class GroupChoice(
    val x: Any?,
    val y: Any?,
    val hue: Any?,
    val order: Any?,
    val hueOrder: Any?,
    val palette: Any?,
    val color: String?,
    orient: String?,
) {
    /** Whether values go across; null where the data decide. */
    val lying: Boolean? = when (orient) {
        null -> null
        "v", "x" -> false
        "h", "y" -> true
        else -> throw IllegalArgumentException("orient must be \"v\" or \"h\" (\"x\" or \"y\"), got '$orient'")
    }
}

/** Numbers apart by a category, and by a second one whose groups stand side by side. */
internal class GroupedValues private constructor(
    val names: List<String>,
    /** Groups of the second category, or one without a name. */
    val levels: List<String>,
    /** By category, then by level. */
    val values: List<List<DoubleArray>>,
    private val colors: List<List<String>>,
    val categoryTitle: String,
    val valueTitle: String,
    private val hue: String?,
    val lying: Boolean,
    /** Whether the category is what colours tell apart. */
    private val isColoredByName: Boolean = false,
) {
    /** Which of the colours' groups it belongs to: sizes are compared within each. */
    fun part(name: Int, level: Int): Int = if (isColoredByName) name else level

    /** Half the room that one level of a category has. */
    val half: Double get() = WIDTH / levels.size / 2

    fun middle(name: Int, level: Int): Double = name + (2 * level + 1 - levels.size) * half

    fun color(name: Int, level: Int): String = colors[name][level]

    fun keys(): ChartKeys? = hue?.let { title -> ChartKeys(title, levels, levels.indices.map { colors[0][it] }) }

    fun axis(): ChartAxis = ChartAxis.names(names, categoryTitle, down = lying)

    fun marks(): ChartMarks = ChartMarks(lying, down = lying)

    fun each(body: (name: Int, level: Int, values: DoubleArray) -> Unit) {
        for (i in names.indices) {
            for (l in levels.indices) {
                if (values[i][l].isNotEmpty()) body(i, l, values[i][l])
            }
        }
    }

    /** With logarithms in place of values, where [log] asks for them. */
    fun shown(log: Boolean): GroupedValues =
        if (!log) {
            this
        } else {
            GroupedValues(
                names, levels, GroupedFigure.scaled(values), colors, categoryTitle, valueTitle, hue, lying,
                isColoredByName,
            )
        }

    companion object {
        /** Part of a category's place that its groups fill together. */
        const val WIDTH = 0.8

        fun of(data: ChartData, choice: GroupChoice): GroupedValues {
            val x = data.variable(choice.x, "x")
            val y = data.variable(choice.y, "y")
            if (x == null && y == null) return wide(data, choice)
            if (x == null || y == null) {
                val only = x ?: y!!
                return Grouping(data, choice, null, only, choice.lying ?: (x != null)).values()
            }
            val lying = choice.lying ?: (x.isNumeric && !y.isNumeric)
            return Grouping(data, choice, if (lying) y else x, if (lying) x else y, lying).values()
        }

        /** Rows as values, so that a group has as many as it has rows. */
        fun counted(data: ChartData, choice: GroupChoice): GroupedValues {
            val category = data.required(choice.x ?: choice.y, if (choice.x != null) "x" else "y")
            val ones = Variable("count", Numbers(DoubleArray(category.size) { 1.0 }), "count")
            return Grouping(data, choice, category, ones, choice.lying ?: (choice.x == null)).values()
        }

        /** Cells of a table: rows are categories and [columns] levels, with one value each. */
        fun crossed(data: ChartData, columns: List<Variable>, choice: GroupChoice): GroupedValues {
            val rows = data.rowNames()
            val shown = rows.inOrder(choice.order, "order", data.rowTitle)
            val names = columns.map { it.name }
            val levels = Categories(IntArray(0), names).inOrder(choice.hueOrder, "hueOrder", "columns").names
            val colors = data.colors(Variable("", Categories(IntArray(0), levels), "data"), levels, choice.palette)
            val values = List(shown.names.size) { List(levels.size) { ArrayList<Double>() } }
            for (i in shown.codes.indices) {
                val at = shown.codes[i]
                if (at >=
                    0
                ) {
                    levels.forEachIndexed { l, name -> values[at][l] += columns[names.indexOf(name)].numbers()[i] }
                }
            }
            return GroupedValues(
                shown.names, levels, values.map { row -> row.map { it.toDoubleArray() } },
                List(shown.names.size) { colors }, data.rowTitle, "", data.columnTitle, choice.lying ?: false,
            )
        }

        /** Every column of numbers as a category. */
        private fun wide(data: ChartData, choice: GroupChoice): GroupedValues {
            require(choice.hue == null) { "hue needs x or y" }
            val columns = listOfNotNull(data.single).ifEmpty { data.wide() }
            require(columns.isNotEmpty()) { "give x or y; without them data must be a table with columns of numbers" }
            val names = columns.map { it.name }
            val shown = Categories(IntArray(0), names).inOrder(choice.order, "order", "data").names
            val colors = if (choice.color == null) {
                data.colors(Variable("", Categories(IntArray(0), shown), "data"), shown, choice.palette)
            } else {
                List(shown.size) { Palettes.color(choice.color, "color") }
            }
            return GroupedValues(
                shown, listOf(""),
                shown.map { name -> listOf(finite(columns[names.indexOf(name)].numbers())) },
                colors.map { listOf(it) }, "", "", null, choice.lying ?: false,
            )
        }

        private fun finite(values: DoubleArray) = values.filter { it.isFinite() }.toDoubleArray()

        private class Grouping(
            private val data: ChartData,
            private val choice: GroupChoice,
            private val category: Variable?,
            private val value: Variable,
            private val lying: Boolean,
        ) {
            private val numbers = value.numbers()
            private val hue = data.variable(choice.hue, "hue")
            private val all = category?.categories() ?: Categories(IntArray(numbers.size), listOf(""))
            private val shown = all.inOrder(choice.order, "order", category?.name.orEmpty())

            /** A colour by the category itself needs no room of its own. */
            private val same = hue != null && category != null && hue.name == category.name && hue.name.isNotEmpty()

            fun values(): GroupedValues {
                Check.sameLength(all.codes.size, numbers.size, "the category", "the number of values")
                require(shown.names.isNotEmpty()) { "'${category?.name}' has no category" }
                val (levels, hues) = if (hue == null || same) {
                    Categories(IntArray(numbers.size), listOf("")) to emptyList()
                } else {
                    Check.sameLength(hue.size, numbers.size, "hue", "the number of values")
                    HueLevels.of(data, hue, choice.hueOrder, choice.palette)
                }
                val apart = List(shown.names.size) { List(levels.names.size) { ArrayList<Double>() } }
                for (i in numbers.indices) {
                    val (c, l) = shown.codes[i] to levels.codes[i]
                    if (c >= 0 && l >= 0 && numbers[i].isFinite()) apart[c][l] += numbers[i]
                }
                return GroupedValues(
                    shown.names, levels.names, apart.map { row -> row.map { it.toDoubleArray() } },
                    colors(hues), category?.name.orEmpty(), value.name, hue?.name.takeIf { !same }, lying, same,
                )
            }

            private fun colors(hues: List<String>): List<List<String>> {
                if (hues.isNotEmpty()) return List(shown.names.size) { hues }
                choice.color?.let { own -> return List(shown.names.size) { listOf(Palettes.color(own, "color")) } }
                val stored = category != null && data.adata?.obs?.find(category.name) != null && !category.isNumeric
                if (!same && choice.palette == null && !stored) {
                    return List(shown.names.size) { ChartData.cycle(1) }
                }
                val own = category ?: Variable("", shown, "x")
                val every = data.colors(own, all.names, choice.palette)
                return shown.names.map { listOf(every[all.names.indexOf(it)]) }
            }
        }
    }
}
