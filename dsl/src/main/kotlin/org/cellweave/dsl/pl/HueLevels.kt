package org.cellweave.dsl

import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Variable
import org.cellweave.dsl.shown.inOrder
import kotlin.math.log10

/** Categories that colours tell apart. */
internal object HueLevels {
    /** The categories in the order wanted, with their colours. */
    fun of(data: ChartData, by: Variable, order: Any?, palette: Any?): Pair<Categories, List<String>> {
        val all = by.categories()
        val colors = data.colors(by, all.names, palette)
        val levels = all.inOrder(order, "hueOrder", by.name)
        require(levels.names.isNotEmpty()) { "hue = '${by.name}' has no category" }
        return levels to levels.names.map { colors[all.names.indexOf(it)] }
    }
}

/** Logarithms to the base 10, NaN where there is none, which is said. */
internal fun logarithms(values: DoubleArray): DoubleArray {
    if (values.any { it <= 0 }) Log.warning("values that are not positive are left out of the logarithmic axis")
    return DoubleArray(values.size) { if (values[it] > 0) log10(values[it]) else Double.NaN }
}
