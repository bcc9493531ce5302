package org.cellweave.dsl

import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Trim

/** Which panels a verb changes, and what it needs of them. */
internal class Trimming(
    private val verb: String,
    private val needs: String,
    private val fits: (PointPanel) -> Boolean,
    private val change: (Trim) -> Trim,
) {
    /**
     * @param panel one panel or several, counted from 0; all that fit by default
     */
    fun applied(figure: Figure, panel: Any?, save: Any?): Figure {
        val chosen = chosen(figure, panel)
        val before = figure.cells.map { Placed(it.verbPanel, it.x, it.y) }
        val changed = before.mapIndexed { i, placed ->
            if (i in chosen) placed.panel.dots!!.trimmed(change) else placed.panel
        }
        val placed = respaced(before, before.zip(changed) { old, new -> Placed(new, old.x, old.y) })
        val trimmed = Figure(emptyList(), figure.name, figure.writekey, figure.genes)
        figure.cells.zip(placed) { cell, at -> trimmed.layout.cells += cell.copy(at.x, at.y, at.panel) }
        return finished(trimmed, save, listOf(figure))
    }

    private fun chosen(figure: Figure, panel: Any?): Set<Int> {
        val fitting = figure.cells.indices.filter { i ->
            figure.cells[i]
                .verbPanel.dots
                ?.let(fits) == true
        }
        if (panel == null) {
            require(fitting.isNotEmpty()) { "$verb needs $needs, but $figure has none" }
            return fitting.toSet()
        }
        val wanted = when (panel) {
            is Number -> listOf(panel.toInt())
            is Iterable<*> -> panel.map { (it as? Number)?.toInt() ?: throw badPanel(panel) }
            is IntArray -> panel.asList()
            else -> throw badPanel(panel)
        }
        for (i in wanted) {
            require(i in figure.cells.indices) {
                "panel must lie in 0..${figure.size - 1} for $figure, got $i"
            }
            require(i in fitting) { "$verb needs $needs, but panel $i of $figure is none" }
        }
        return wanted.toSet()
    }

    private fun badPanel(panel: Any) =
        IllegalArgumentException("panel must be a number counted from 0 or a list of such, got $panel")

    private companion object {
        /** Panels in their rows and columns, as far apart as they were. */
        fun respaced(old: List<Placed>, new: List<Placed>): List<Placed> {
            val x = moved(old.map { it.x to it.panel.width }, new.map { it.panel.width })
            val y = moved(old.map { it.y to it.panel.height }, new.map { it.panel.height })
            return new.map { Placed(it.panel, x.getValue(it.x), y.getValue(it.y)) }
        }

        /** Where columns begin, by where they began. */
        fun moved(old: List<Pair<Int, Int>>, lengths: List<Int>): Map<Int, Int> {
            val starts = old.map { it.first }.distinct().sorted()
            val out = HashMap<Int, Int>()
            var at = starts.first()
            starts.forEachIndexed { k, start ->
                out[start] = at
                val own = old.indices.filter { old[it].first == start }
                val gap = (starts.getOrNull(k + 1) ?: start) - start - own.maxOf { old[it].second }
                at += own.maxOf { lengths[it] } + gap
            }
            return out
        }
    }
}
