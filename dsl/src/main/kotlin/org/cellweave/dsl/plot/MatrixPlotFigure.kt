package org.cellweave.dsl.plot

/** A table of groups and genes whose cells are coloured by one number each. */
internal class MatrixPlotFigure(private val plan: TablePlan, private val values: Array<DoubleArray>) {
    private val map = ColorMap.of(plan.options.cmap, "viridis")
    private val limits = plan.limits(values)
    private val layout = TableLayout(
        Track.uniform(plan.groups, CELL), Track.uniform(plan.genes, CELL), plan.brackets, plan.tree,
        listOf(ColorLegend(plan.options.colorbarTitle, map, limits)), plan.style(),
    )

    fun build(): Panel {
        val boxes = ArrayList<Box>()
        val fills = ArrayList<String>()
        val tooltips = TableTooltips()
        for (g in plan.groups.indices) {
            for (j in plan.genes.indices) {
                val value = values[g][j]
                if (value.isNaN()) continue
                val (x, y) = layout.middle(g, j)
                boxes += Box(x - CELL / 2, y - CELL / 2, CELL, CELL)
                fills += map.hex(limits.position(value))
                tooltips.add(plan.groups[g], plan.genes[j], value)
            }
        }
        layout.canvas.boxes(boxes, fills, Palettes.GREY, tooltips.columns)
        return layout.build()
    }

    private companion object {
        const val CELL = 24.0
    }
}
