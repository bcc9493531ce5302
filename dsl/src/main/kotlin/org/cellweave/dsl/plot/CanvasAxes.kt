package org.cellweave.dsl.plot

/** Two axes around a rectangle of a drawing. */
internal class CanvasAxes(
    private val canvas: Canvas,
    private val box: Box,
    val x: ChartAxis,
    val y: ChartAxis,
) {
    fun x(value: Double): Double = box.x + (value - x.low) / (x.high - x.low) * box.w

    fun y(value: Double): Double = box.y + (y.high - value) / (y.high - y.low) * box.h

    fun frame() = canvas.frame(box.x, box.y, box.w, box.h)

    /** Marks, numbers and a title below. */
    fun below() {
        val low = box.y + box.h
        canvas.lines(x.breaks.map { doubleArrayOf(x(it), low, x(it), low + TICK) })
        canvas.texts(x.breaks.map { x(it) to low + TICK + 8 }, x.labels, canvas.look.tickSize)
        if (x.title.isNotEmpty()) {
            canvas.texts(listOf(box.x + box.w / 2 to low + BELOW - 8), listOf(x.title), canvas.look.labelSize)
        }
    }

    /** Marks, numbers and a title at the left; without [marks] the title alone. */
    fun left(marks: Boolean = true) {
        if (marks) {
            canvas.lines(y.breaks.map { doubleArrayOf(box.x - TICK, y(it), box.x, y(it)) })
            canvas.texts(y.breaks.map { box.x - TICK - 3 to y(it) }, y.labels, canvas.look.tickSize, hjust = 1.0)
        }
        if (y.title.isNotEmpty()) {
            val at = box.x - besides(y, canvas.look) + 8
            canvas.texts(listOf(at to box.y + box.h / 2), listOf(y.title), canvas.look.labelSize, angle = 90.0)
        }
    }

    /** Bars over values, or, [lying], beside them: ends in units of the axis, heights in parts of 1. */
    fun bars(edges: DoubleArray, high: DoubleArray, lying: Boolean, fill: String, alpha: Double) {
        val boxes = high.indices.filter { high[it] > 0 }.map { i ->
            if (lying) {
                Box(box.x, y(edges[i + 1]), high[i] * box.w, y(edges[i]) - y(edges[i + 1]))
            } else {
                val left = x(edges[i])
                Box(left, box.y + (1 - high[i]) * box.h, x(edges[i + 1]) - left, high[i] * box.h)
            }
        }
        val edge = "#000000".takeIf { high.size <= THIN_ABOVE }
        canvas.boxes(boxes, List(boxes.size) { fill }, edge, thickness = 0.5, alpha = alpha)
    }

    /** A curve over values, or beside them, heights in parts of 1, with the area below it. */
    fun curve(at: DoubleArray, heights: DoubleArray, lying: Boolean, color: String) {
        val across = at.indices.map { if (lying) box.x + heights[it] * box.w else x(at[it]) }
        val up = at.indices.map { if (lying) y(at[it]) else box.y + (1 - heights[it]) * box.h }
        val (endX, endY) = if (lying) {
            listOf(box.x, box.x) to listOf(up.last(), up.first())
        } else {
            listOf(across.last(), across.first()) to List(2) { box.y + box.h }
        }
        canvas.shape(across + endX, up + endY, color, 0.0, AREA)
        canvas.lines(
            (1 until at.size).map { doubleArrayOf(across[it - 1], up[it - 1], across[it], up[it]) }, color, 1.4,
        )
    }

    /** Dots in the colours of their groups; a picture where there are many. */
    fun dots(xs: DoubleArray, ys: DoubleArray, colors: List<String>, group: (Int) -> Int, diameter: Double) {
        if (xs.size <= PointPanel.RASTER_ABOVE) {
            canvas.dots(
                xs.indices.map { x(xs[it]) to y(ys[it]) }, List(xs.size) { diameter },
                xs.indices.map { colors[group(it)] }, 0.0, edgeColor = "rgba(0,0,0,0)",
            )
            return
        }
        val picture = PointRaster((SCALE * box.w).toInt(), (SCALE * box.h).toInt(), SCALE * diameter)
        val rgb = colors.map { it.drop(1).toInt(16) }
        for (i in xs.indices) picture.dot(SCALE * (x(xs[i]) - box.x), SCALE * (y(ys[i]) - box.y), rgb[group(i)])
        canvas.picture(box, picture.toDataUrl())
    }

    companion object {
        const val TICK = 4.0

        /** Pixels that marks, numbers and a title need below. */
        const val BELOW = 46.0
        private const val SCALE = 2
        private const val AREA = 0.25

        /** More bars than this have no edges. */
        private const val THIN_ABOVE = 100

        /** Pixels that marks, numbers and a title need at the left. */
        fun besides(y: ChartAxis, look: Look): Double =
            (y.labels.maxOfOrNull { Look.textWidth(it, look.tickSize) } ?: 0.0) + TICK + 26
    }
}
