package org.cellweave.dsl.plot

/** Genes by the rank of their loadings, each a dot at its loading; those with the largest are named. */
internal class LoadingPanel(
    private val names: List<String>,
    loadings: DoubleArray,
    private val nNamed: Int,
    private val title: String,
    private val yLabel: String,
    private val look: Look,
    /** Top of the axis; null for the largest loading. */
    top: Double? = null,
) {
    /** Rows of the genes, the smallest loading first. */
    private val order = loadings.indices.sortedBy { loadings[it] }
    private val sorted = DoubleArray(order.size) { loadings[order[it]] }
    private val high = (top ?: sorted.lastOrNull() ?: 0.0).let { if (it > 0) it else 1.0 }
    private val x = -MARGIN * order.size to order.size * (1 + MARGIN)
    private val y = -MARGIN * high to high * (1 + 2 * MARGIN)
    private val area = DotArea(x, y, SIDE, SIDE)

    fun build(): Panel {
        val shown = order.indices.toList()
        val named = shown.takeLast(nNamed).filter { sorted[it] > 0 }
        return AxesPanel(
            PanelAxis(x.first, x.second, "rank of the gene"), PanelAxis(y.first, y.second, yLabel),
            listOf(dots(shown - named.toSet(), OTHER, SMALL), ties(named), dots(named, NAMED, LARGE), text(named)),
            title, look, SIDE, SIDE, grid = false,
        ).build()
    }

    /** Heights of the names, one below the other beside the steep end of the curve. */
    private fun heights(named: List<Int>): List<Double> =
        TableLayout.spread(named.map { area.pixelY(sorted[it]) }, named.map { LINE }, LINE / 2, SIDE - LINE / 2)

    private fun text(named: List<Int>): Spec =
        area.text(heights(named).map { NAMES to it }, named.map { names[order[it]] }, FONT, 1.0, 0.5) +
            ("fontface" to "italic")

    private fun ties(named: List<Int>): Spec =
        area.lines(
            heights(named).mapIndexed { i, y ->
                doubleArrayOf(NAMES + 2, y, area.pixelX(named[i].toDouble()), area.pixelY(sorted[named[i]]))
            },
            TIE, THIN,
        )

    private fun dots(own: List<Int>, color: String, diameter: Double): Spec =
        layer(
            "point",
            mapOf(
                "x" to own.map { it }, "y" to own.map { tidy(sorted[it]) }, "name" to own.map { names[order[it]] },
            ),
            mapOf("x" to "x", "y" to "y"), "shape" to 21, "fill" to color, "color" to color, "stroke" to 0.0,
            "size" to Look.size(diameter), "tooltips" to spec("lines" to listOf("@name")),
        )

    private companion object {
        const val SIDE = 250
        const val MARGIN = 0.04
        const val OTHER = "#b0b0b0"
        const val NAMED = "#c2362f"
        const val TIE = "#b0b0b0"
        const val THIN = 0.6
        const val FONT = 10.0
        const val LINE = 13.0

        /** Where names end. */
        const val NAMES = 0.78 * SIDE
        const val SMALL = 3.0
        const val LARGE = 5.0
    }
}
