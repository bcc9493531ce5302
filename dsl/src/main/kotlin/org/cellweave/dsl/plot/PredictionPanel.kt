package org.cellweave.dsl.plot

/** Observed and predicted values of one response, with the line of least squares and the correlation. */
internal class PredictionPanel(
    private val observed: DoubleArray,
    private val predicted: DoubleArray,
    private val title: String,
    private val color: String,
    private val look: Look,
) {
    fun build(): Panel {
        val shown = observed.indices.filter { observed[it].isFinite() && predicted[it].isFinite() }
        val x = DoubleArray(shown.size) { observed[shown[it]] }
        val y = DoubleArray(shown.size) { predicted[shown[it]] }
        val (lowX, highX) = Ends.of(x).let { Ends.padded(it.first, it.second, MARGIN, 0.0) }
        val (lowY, highY) = Ends.of(y).let { Ends.padded(it.first, it.second, MARGIN, 0.0) }
        val layers = ArrayList<Spec>()
        layers += dots(x, y, lowX to highX, lowY to highY)
        val fit = LeastSquares(x, y)
        fit.slope?.let { slope ->
            val ends = doubleArrayOf(x.min(), x.max())
            layers += AxesPanel.line(
                ends, DoubleArray(2) { fit.intercept + slope * ends[it] }, "color" to LINE, "size" to Look.size(1.9),
            )
        }
        fit.correlation?.let { r ->
            val area = DotArea(lowX to highX, lowY to highY, SIDE, SIDE)
            val words = "r = %.2f".format(java.util.Locale.ROOT, r)
            layers += area.text(listOf(8.0 to SIDE - 8.0), listOf(words), look.legendSize, 0.0, 1.0)
        }
        return AxesPanel(
            PanelAxis(lowX, highX, "Observed"), PanelAxis(lowY, highY, "Predicted"), layers, title, look, SIDE, SIDE,
        ).build()
    }

    private fun dots(
        x: DoubleArray,
        y: DoubleArray,
        across: Pair<Double, Double>,
        upright: Pair<Double, Double>,
    ): Spec {
        if (x.size <= PointPanel.RASTER_ABOVE) {
            return layer(
                "point", mapOf("x" to rounded(x), "y" to rounded(y)), mapOf("x" to "x", "y" to "y"),
                "shape" to 16, "color" to color, "alpha" to OPACITY, "size" to Look.size(DOT),
            )
        }
        val area = DotArea(across, upright, 2 * SIDE, 2 * SIDE)
        val raster = PointRaster(area.width, area.height, 2 * DOT)
        val rgb = color.drop(1).toInt(16)
        for (i in x.indices) raster.dot(area.pixelX(x[i]), area.height - area.pixelY(y[i]), rgb, OPACITY)
        return raster.layer(across, upright)
    }

    private companion object {
        const val SIDE = 240
        const val MARGIN = 0.05
        const val DOT = 4.0
        const val OPACITY = 0.6
        const val LINE = "#d62728"
    }
}

/** The line of least squares through points; null where they have no slope or no correlation. */
internal class LeastSquares(x: DoubleArray, y: DoubleArray) {
    val slope: Double?
    val intercept: Double
    val correlation: Double?

    init {
        val meanX = x.average()
        val meanY = y.average()
        val xx = x.sumOf { (it - meanX) * (it - meanX) }
        val yy = y.sumOf { (it - meanY) * (it - meanY) }
        val xy = x.indices.sumOf { (x[it] - meanX) * (y[it] - meanY) }
        slope = if (xx > 0) xy / xx else null
        intercept = meanY - (slope ?: 0.0) * meanX
        correlation = if (xx > 0 && yy > 0) xy / kotlin.math.sqrt(xx * yy) else null
    }
}
