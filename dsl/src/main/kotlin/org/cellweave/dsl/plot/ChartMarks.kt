package org.cellweave.dsl.plot

/** A bar over part of the axis of places, from one value to another. */
internal class ChartBar(val from: Double, val to: Double, val low: Double, val high: Double)

/**
 * Marks of a chart by their place and their value: places go across and values up, or, where charts are [lying], places
 * up and values across; [down] begins with the first place on top.
 */
internal class ChartMarks(private val lying: Boolean = false, private val down: Boolean = false) {
    private val built = ArrayList<Spec>()
    private val clouds = ArrayList<DotCloud>()
    val layers: List<Spec> get() = built
    val dots: List<DotCloud> get() = clouds

    private val place = if (lying) "y" else "x"
    private val value = if (lying) "x" else "y"

    fun bars(
        bars: List<ChartBar>,
        fill: String,
        alpha: Double = 1.0,
        edge: String? = "#000000",
        thickness: Double = 0.6,
        names: List<String>? = null,
    ) {
        if (bars.isEmpty()) return
        val data = linkedMapOf<String, List<Any?>>(
            "${place}min" to bars.map { tidy(if (down) -it.to else it.from) },
            "${place}max" to bars.map { tidy(if (down) -it.from else it.to) },
            "${value}min" to bars.map { tidy(it.low) }, "${value}max" to bars.map { tidy(it.high) },
            "value" to bars.map { tickLabel(it.high - it.low) },
        )
        names?.let { data["name"] = it }
        val lines = listOfNotNull("@name".takeIf { names != null }, "@value")
        built += layer(
            "rect", data, listOf("xmin", "xmax", "ymin", "ymax").associateWith { it },
            "fill" to fill, "alpha" to alpha, "color" to (edge ?: "rgba(0,0,0,0)"),
            "size" to if (edge == null) 0.0 else Look.size(thickness), "tooltips" to spec("lines" to lines),
        )
    }

    /** Lines from place and value to place and value, four numbers each. */
    fun lines(ends: List<DoubleArray>, color: String, thickness: Double) {
        if (ends.isEmpty()) return
        val names = listOf(place, value, "${place}end", "${value}end")
        built += layer(
            "segment",
            names.withIndex().associate { (k, name) ->
                name to
                    ends.map { tidy(if (down && k % 2 == 0) -it[k] else it[k]) }
            },
            names.associateWith { it }, "color" to color, "size" to Look.size(thickness),
        )
    }

    /** A line through points in their order. */
    fun path(places: DoubleArray, values: DoubleArray, color: String, thickness: Double) {
        built += layer(
            "path", mapOf(place to rounded(turned(places)), value to rounded(values)),
            mapOf(
                place to place,
                value to value,
            ),
            "color" to color, "size" to Look.size(thickness),
        )
    }

    /** A filled outline; without a [fill] only its line. */
    fun shape(
        places: DoubleArray,
        values: DoubleArray,
        fill: String?,
        alpha: Double,
        edge: String?,
        thickness: Double,
    ) {
        built += layer(
            "polygon", mapOf(place to rounded(turned(places)), value to rounded(values)),
            mapOf(place to place, value to value),
            "fill" to (fill ?: "rgba(0,0,0,0)"), "alpha" to if (fill == null) 0.0 else alpha,
            "color" to (edge ?: "rgba(0,0,0,0)"), "size" to if (edge == null) 0.0 else Look.size(thickness),
        )
    }

    /** The area between two curves over the same places. */
    fun area(places: DoubleArray, low: DoubleArray, high: DoubleArray, fill: String, alpha: Double) =
        shape(places + places.reversedArray(), high + low.reversedArray(), fill, alpha, null, 0.0)

    fun dots(places: DoubleArray, values: DoubleArray, color: String, diameter: Double) {
        val at = turned(places)
        clouds += if (lying) DotCloud(values, at, color, diameter) else DotCloud(at, values, color, diameter)
    }

    private fun turned(places: DoubleArray) = if (down) DoubleArray(places.size) { -places[it] } else places

    /** Rings, drawn below what comes later. */
    fun rings(places: DoubleArray, values: DoubleArray, color: String, diameter: Double) {
        if (places.isEmpty()) return
        built += layer(
            "point", mapOf(place to rounded(turned(places)), value to rounded(values)),
            mapOf(
                place to place,
                value to value,
            ),
            "shape" to 1, "size" to Look.size(diameter), "color" to color, "stroke" to 0.8,
        )
    }

    /** Marks at points, filled. */
    fun points(places: DoubleArray, values: DoubleArray, color: String, diameter: Double) {
        if (places.isEmpty()) return
        built += layer(
            "point", mapOf(place to rounded(turned(places)), value to rounded(values)),
            mapOf(
                place to place,
                value to value,
            ),
            "shape" to 16, "size" to Look.size(diameter), "color" to color,
        )
    }
}
