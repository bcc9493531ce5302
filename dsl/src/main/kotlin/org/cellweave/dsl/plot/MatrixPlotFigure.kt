package org.cellweave.dsl.plot

/** A table of groups and genes whose cells are coloured by one number each. */
internal class MatrixPlotFigure(
    private val frame: TableFrame,
    private val values: Array<DoubleArray>,
    private val edgeColor: String? = Palettes.GREY,
    private val edgeWidth: Double = Canvas.THIN,
) {
    private val map = frame.map
    private val limits = frame.bounds.of(values)
    private val layout = frame.layout(
        Track.uniform(frame.groups, CELL * frame.look.cells), Track.uniform(frame.genes, CELL * frame.look.cells),
        listOf(ColorLegend(frame.colorbarTitle, map, limits, frame.look.noteSize)), frame.style(),
    )

    fun build(): Panel {
        layout.tiles(values, map, limits, "gene", edgeColor, edgeWidth)
        return layout.build()
    }

    private companion object {
        const val CELL = 24.0
    }
}

/** Groups by groups, coloured by their correlation. */
internal class CorrelationFigure(
    private val names: List<String>,
    private val values: Array<DoubleArray>,
    tree: Tree?,
    private val map: ColorMap,
    private val limits: Limits,
    private val numbers: Boolean,
    private val look: Look,
    size: FigureSize? = null,
) {
    private val cell = (if (numbers) 36.0 else 26.0) * look.cells
    private val layout = fitted(size, Track.uniform(names, cell), Track.uniform(names, cell)) { rows, columns ->
        TableLayout(
            rows, columns, emptyList(), tree, listOf(UprightBar(map, limits, look, title = "Correlation")),
            TableStyle(null, false, null, look),
        )
    }

    fun build(): Panel {
        layout.tiles(values, map, limits, "other")
        if (numbers) {
            val cells = names.indices.flatMap { g -> names.indices.map { g to it } }
            for (dark in listOf(false, true)) {
                val shown = cells.filter { (g, j) -> isDark(map.rgb(limits.position(values[g][j]))) == dark }
                layout.canvas.texts(
                    shown.map { (g, j) -> layout.middle(g, j) },
                    shown.map { (g, j) -> "%.2f".format(java.util.Locale.ROOT, values[g][j]) },
                    NUMBER, color = if (dark) "#ffffff" else "#000000",
                )
            }
        }
        return layout.build()
    }

    private fun isDark(rgb: Int) =
        0.299 * (rgb shr 16 and 255) + 0.587 * (rgb shr 8 and 255) + 0.114 * (rgb and 255) < 110

    private companion object {
        const val NUMBER = 9.5
    }
}
