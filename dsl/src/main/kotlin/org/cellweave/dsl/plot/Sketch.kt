package org.cellweave.dsl.plot

import kotlin.math.log10
import kotlin.math.pow

/**
 * Something drawn into axes by hand: points, a line, bars.
 *
 * @param xs values that the axis across has to show, as [ys] of the upright one
 */
internal class Mark(
    private val geom: String,
    private val data: Map<String, List<Any?>>,
    private val constants: Map<String, Any?>,
    val xs: List<Double>,
    val ys: List<Double>,
    val color: String? = null,
    /** What a legend calls it. */
    val label: String? = null,
    /** Whether its colour is that of areas. */
    val isFilled: Boolean = false,
    /** Names of places along the axes. */
    val xNames: Map<Double, String> = emptyMap(),
    val yNames: Map<Double, String> = emptyMap(),
    /** Whether bars stand on zero, so that an axis begins there. */
    val xBase: Boolean = false,
    val yBase: Boolean = false,
    /** Further aesthetics that have columns in [data]. */
    private val more: Map<String, String> = emptyMap(),
    /** The axis, `x` or `y`, along which it fills the whole panel. */
    private val span: String? = null,
) {
    private val aesthetic get() = if (isFilled) "fill" else "color"

    /**
     * @param named whether its colour is explained by a legend
     * @param ends of an axis of the panel
     */
    fun layer(named: Boolean, ends: (String) -> Pair<Double, Double>?): Spec {
        val (low, high) = span?.let(ends) ?: (0.0 to 1.0)
        val data = if (span == null) data else data + mapOf("${span}min" to listOf(low), "${span}max" to listOf(high))
        val mapping = data.keys.filter { it !in more.values }.associateWith { it } + more
        val own = constants.toList().toTypedArray()
        if (!named || label == null) return layer(geom, data, mapping, aesthetic to color, *own)
        val n = data.values.first().size
        return layer(
            geom, data + ("label_of" to List(n) { label }), mapping + (aesthetic to "label_of"), *own,
            "show_legend" to true,
        )
    }
}

/** Axes that are drawn into by hand, as matplotlib's: their ends lie around what they show. */
internal class Sketch(private val look: Look) {
    private val marks = ArrayList<Mark>()
    private val logs = HashSet<String>()

    val isBlank: Boolean get() = marks.isEmpty()

    /** What was drawn, over another panel. */
    fun layers(panel: Panel): List<Spec> = marks.map { mark -> mark.layer(false) { PanelChanges.ends(panel, it) } }

    /** Values that the axes have to show. */
    val reach: Pair<List<Double>, List<Double>> get() = marks.flatMap { it.xs } to marks.flatMap { it.ys }

    /** The next colour of a cycle of ten. */
    fun nextColor(): String = CYCLE[marks.count { it.color != null } % CYCLE.size]

    fun add(mark: Mark) {
        marks += mark
    }

    fun remove(mark: Mark) {
        marks -= mark
    }

    /** Makes an axis logarithmic, or linear again. */
    fun scale(axis: String, log: Boolean) {
        if (log) logs += axis else logs -= axis
    }

    fun panel(width: Int, height: Int): Panel {
        // Lets-Plot draws no axes without a layer.
        val corners = mapOf("x" to listOf(0.0, 1.0), "y" to listOf(0.0, 1.0))
        val blank = layer("point", corners, corners.keys.associateWith { it }, "size" to 0.0, "alpha" to 0.0)
        val sides = listOf(
            side("x", marks.flatMap { it.xs }, marks.any { it.xBase }, marks.map { it.xNames }),
            side("y", marks.flatMap { it.ys }, marks.any { it.yBase }, marks.map { it.yNames }),
        )
        val spec = spec(
            "kind" to "plot",
            "layers" to if (isBlank) listOf(blank) else marks.map { mark -> mark.layer(true) { ends(sides, it) } },
            "scales" to sides + listOfNotNull(
                keys("color", marks.filter { !it.isFilled }),
                keys("fill", marks.filter { it.isFilled }),
                spec("aesthetic" to LineLayer.PAINT, "scale_mapper_kind" to "identity", "guide" to "none"),
            ),
            "coord" to spec("name" to "cartesian"),
            "theme" to look.theme(legend = "none"),
        )
        return Panel(spec, width, height, remade = ::panel)
    }

    private fun ends(sides: List<Spec>, axis: String): Pair<Double, Double> {
        val (low, high) = sides.single { it["aesthetic"] == axis }["limits"] as List<*>
        return low as Double to high as Double
    }

    private fun keys(aesthetic: String, all: List<Mark>): Spec? {
        val named = all.filter { it.label != null }.distinctBy { it.label }
        if (named.isEmpty()) return null
        return spec(
            "aesthetic" to aesthetic, "discrete" to true, "name" to "", "limits" to named.map { it.label },
            "breaks" to named.map { it.label }, "values" to named.map { it.color ?: "#000000" },
            "guide" to spec("name" to "legend", "ncol" to 1),
        )
    }

    private fun side(axis: String, values: List<Double>, onZero: Boolean, names: List<Map<Double, String>>): Spec {
        val finite = values.filter { it.isFinite() && (axis !in logs || it > 0) }
        val called = names.flatMap { it.entries }.associate { it.key to it.value }
        if (axis in logs) {
            val (low, high) = Ends.padded(
                log10(finite.minOrNull() ?: LOG_LOW), log10(finite.maxOrNull() ?: LOG_HIGH), MARGIN, 1.0,
            )
            return axis(axis, tidy(10.0.pow(low)), tidy(10.0.pow(high))).also { it["trans"] = "log10" }
        }
        val (low, high) = if (finite.isEmpty()) 0.0 to 1.0 else Ends.padded(finite.min(), finite.max(), MARGIN, 1.0)
        val from = if (onZero && finite.isNotEmpty() && finite.min() >= 0) 0.0 else low
        val to = if (onZero && finite.isNotEmpty() && finite.max() <= 0) 0.0 else high
        val breaks = called.keys.sorted().ifEmpty { niceBreaks(from, to) }
        val labels = if (called.isEmpty()) tickLabels(breaks) else breaks.map { called.getValue(it) }
        return axis(axis, from, to, breaks = breaks, labels = labels)
    }

    private companion object {
        const val MARGIN = 0.05
        const val LOG_LOW = 0.1
        const val LOG_HIGH = 10.0
        val CYCLE = listOf(
            "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22",
            "#17becf",
        )
    }
}
