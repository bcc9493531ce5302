package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.roundToInt
import kotlin.math.sin

/** What is changed of a panel after a verb has made it. */
internal object PanelChanges {
    private const val USUAL_TITLE = 14.0
    private const val USUAL_LABEL = 12.0
    private const val USUAL_LEGEND = 11.0
    private const val LINE = 1.2

    /** Pixels beside the letters of an axis title. */
    private const val AXIS_GAP = 10
    private const val KEY = 34
    private const val ROW = 22
    private const val BELOW = 21
    private const val BAR = 52
    private const val EDGE = 24

    /** Pixels of a mark and the gap beside it. */
    private const val MARK = 8

    /** Another title, with room for its lines; an empty one takes the title away. */
    fun title(panel: Panel, text: String): Panel {
        val size = themeSize(panel, "plot_title", USUAL_TITLE)
        val before = titleOf(panel.spec)
        val shown = Look.wrapped(text, maxOf(panel.width - EDGE, LEAST).toDouble(), size)
        val title = (panel.spec["ggtitle"] as? Map<*, *>).orEmpty().mapKeys { "${it.key}" } + ("text" to shown)
        val spec = if (text.isEmpty()) panel.spec - "ggtitle" else panel.spec + ("ggtitle" to title)
        @Suppress("UNCHECKED_CAST")
        return panel.changed(spec as Spec, Sides(top = titleRoom(shown, size) - titleRoom(before, size)))
    }

    /** Another name of an axis, `x` or `y`; an empty one takes the name away. */
    fun axisTitle(panel: Panel, aesthetic: String, text: String): Panel {
        val size = themeSize(panel, "axis_title", USUAL_LABEL)
        val side = if (aesthetic == "x") panel.width else panel.height
        val shown = Look.wrapped(text, maxOf(side - EDGE, LEAST).toDouble(), size)
        val before = scale(panel.spec, aesthetic)?.get("name")?.toString().orEmpty()
        val isHidden = theme(panel)["axis_title"] == "blank" && "axis_title_$aesthetic" !in theme(panel)
        val more = axisRoom(shown, size) - if (isHidden) 0 else axisRoom(before, size)
        val named = scaled(panel.spec, spec("aesthetic" to aesthetic, "name" to shown))
        val spec = if (isHidden) themed(named, mapOf("axis_title_$aesthetic" to text(size))) else named
        return panel.changed(spec, if (aesthetic == "x") Sides(bottom = more) else Sides(left = more))
    }

    /** The ends of an axis; marks follow where they are numbers. */
    fun limits(panel: Panel, aesthetic: String, low: Double, high: Double): Panel {
        val old = scale(panel.spec, aesthetic)
        val ends = (old?.get("limits") as? List<*>)?.map { (it as? Number)?.toDouble() }
        val coord = coord(panel.spec) + ("${aesthetic}lim" to listOf(low, high))
        val scale = spec("aesthetic" to aesthetic)
        if (ends != null && ends.size == 2 && null !in ends) {
            val (from, to) = ends.map { it!! }
            scale["limits"] = listOf(minOf(from, low, high), maxOf(to, low, high))
            // Marks that were taken away stay away.
            if (hasNumbers(old) && (old?.get("breaks") as? List<*>)?.isEmpty() != true) {
                val breaks = niceBreaks(minOf(low, high), maxOf(low, high))
                scale["breaks"] = breaks
                scale["labels"] = tickLabels(breaks)
            }
        }
        val shown = ends(panel, aesthetic)
        val ratio = (coord["ratio"] as? Number)?.toDouble()
        val kept = if (ratio != null && shown != null) {
            val stretch = (high - low) / (shown.second - shown.first)
            coord + ("ratio" to if (aesthetic == "x") ratio * stretch else ratio / stretch)
        } else {
            coord
        }
        return panel.changed(scaled(panel.spec, scale) + ("coord" to kept))
    }

    /** The ends of an axis that a panel shows, where they are numbers. */
    fun ends(panel: Panel, aesthetic: String): Pair<Double, Double>? {
        val given = coord(panel.spec)["${aesthetic}lim"] ?: scale(panel.spec, aesthetic)?.get("limits")
        val ends = (given as? List<*>)?.mapNotNull { (it as? Number)?.toDouble() }.orEmpty()
        return if (ends.size == 2) ends[0] to ends[1] else null
    }

    /** Whether the marks of an axis are its numbers, and not names that stand for them. */
    fun hasNumbers(scale: Spec): Boolean {
        val breaks = (scale["breaks"] as? List<*>)?.map { (it as? Number)?.toDouble() ?: return false } ?: return true
        return scale["labels"] == null || scale["labels"] == tickLabels(breaks)
    }

    /** Marks of an axis; names stand for the numbers where given. */
    fun ticks(panel: Panel, aesthetic: String, at: List<Double>, names: List<String>?): Panel =
        panel.changed(
            scaled(
                panel.spec,
                spec("aesthetic" to aesthetic, "breaks" to at, "labels" to (names ?: tickLabels(at))),
            ),
        )

    /** Layers above all others. */
    fun layers(panel: Panel, more: List<Spec>): Panel =
        panel.changed(panel.spec + ("layers" to (panel.spec["layers"] as List<*>) + more))

    /** Another relation of the axes; ends that were asked for stay. */
    fun coordinates(panel: Panel, coord: Spec): Panel {
        val kept = coord(panel.spec).filterKeys { it == "xlim" || it == "ylim" }
        return panel.changed(panel.spec + ("coord" to kept + coord))
    }

    /** Parts of the theme, as [Look.theme] spells them. */
    fun theme(panel: Panel, parts: Map<String, Any>): Panel = panel.changed(themed(panel.spec, parts))

    /** @param place `right`, `left`, `top`, `bottom`, `none` or a place inside such as `upper left`; null leaves it */
    fun legend(panel: Panel, place: String?, title: String?, columns: Int?): Panel {
        var spec = panel.spec
        for (key in LEGENDS.filter { title != null && scale(spec, it) != null }) {
            spec = scaled(spec, spec("aesthetic" to key, "name" to title))
        }
        val scale = LEGENDS.firstNotNullOfOrNull { key -> scale(spec, key)?.takeIf { it["guide"] != "none" } }
        if (columns != null && scale?.get("discrete") == true) spec = laidOut(spec, scale, columns)
        if (place == null) return panel.changed(spec)
        val now = theme(panel)["legend_position"]
        val names = names(scale)
        val isSideways = place in listOf("top", "bottom")
        val perRow = maxOf(1, panel.width / (KEY + widest(names)))
        if (scale?.get("discrete") == true && columns == null) {
            spec = laidOut(spec, scale, if (isSideways) minOf(perRow, names.size) else usualColumns(scale))
        }
        val parts = if (place in MARGINS) {
            mapOf("legend_position" to place)
        } else {
            val (x, y) = LegendStyle.INSIDE.getValue(place) ?: (1.0 to 1.0)
            mapOf("legend_position" to listOf(x, y), "legend_justification" to listOf(x, y))
        }
        val rows = ceil(names.size.toDouble() / perRow).toInt()
        val deep = if (scale?.get("discrete") == true) rows * ROW + BELOW else BAR
        val was = room(now, names, deep)
        val will = room(place, names, deep)
        return panel.changed(themed(spec, parts), will + Sides(-was.left, -was.top, -was.right, -was.bottom))
    }

    private fun room(place: Any?, names: List<String>, deep: Int): Sides =
        if (names.isEmpty()) {
            Sides.NONE
        } else {
            when (place) {
                null, "right" -> Sides(right = KEY + widest(names))
                "left" -> Sides(left = KEY + widest(names))
                "top" -> Sides(top = deep)
                "bottom" -> Sides(bottom = deep)
                else -> Sides.NONE
            }
        }

    private fun usualColumns(scale: Spec): Int = PointLegend.columns((scale["breaks"] as? List<*>)?.size ?: 1)

    private fun laidOut(spec: Spec, scale: Spec, columns: Int): Spec {
        val guide = (scale["guide"] as? Map<*, *>).orEmpty() + ("name" to "legend") + ("ncol" to columns) +
            ("byrow" to true)
        return scaled(spec, spec("aesthetic" to scale["aesthetic"], "guide" to guide))
    }

    private fun names(scale: Spec?): List<String> =
        ((scale?.get("labels") ?: scale?.get("breaks")) as? List<*>).orEmpty().map { "$it" }

    private fun widest(names: List<String>) =
        names.maxOfOrNull { Look.textWidth(it, USUAL_LEGEND) }?.let { ceil(it).toInt() } ?: 0

    /** Names of genes in italics wherever they stand: as title, along the axes, or in a drawing. */
    fun italic(panel: Panel, isGene: (String) -> Boolean): Panel {
        val parts = LinkedHashMap<String, Any>()
        val title = (panel.spec["ggtitle"] as? Map<*, *>)?.get("text")?.toString()
        if (title != null && isGene(title)) parts["plot_title"] = slanted(panel, "plot_title")
        for (axis in listOf("x", "y")) {
            val scale = scale(panel.spec, axis) ?: continue
            if (isGene("${scale["name"]}")) parts["axis_title_$axis"] = slanted(panel, "axis_title", axis)
            val marks = (scale["labels"] as? List<*>).orEmpty().map { "$it" }.filter { it.isNotEmpty() }
            if (marks.isNotEmpty() && marks.all(isGene)) parts["axis_text_$axis"] = slanted(panel, "axis_text", axis)
        }
        val layers = (panel.spec["layers"] as List<*>).flatMap { layer ->
            @Suppress("UNCHECKED_CAST")
            val own = layer as Spec
            if (own["geom"] == "text") slantedTexts(own, isGene) else listOf(own)
        }
        return panel.changed(themed(panel.spec, parts) + ("layers" to layers))
    }

    private fun slanted(panel: Panel, key: String, axis: String? = null): Map<*, *> {
        val own = axis?.let { theme(panel)["${key}_$it"] as? Map<*, *> }
        return (own ?: theme(panel)[key] as? Map<*, *>).orEmpty() + ("face" to "italic") +
            ("name" to "text") + ("blank" to false)
    }

    /** The texts of a layer that are genes as a layer of their own. */
    private fun slantedTexts(layer: Spec, isGene: (String) -> Boolean): List<Spec> =
        PanelTexts.parted(
            layer, mapOf("fontface" to if (layer["fontface"] == "bold") "bold_italic" else "italic"), isGene,
        )

    /** What a plot of the library's own holds, laid over a panel as the library adds parts: later ones win. */
    fun merged(panel: Panel, more: Spec): Panel {
        var spec = panel.spec + ("layers" to (panel.spec["layers"] as List<*>) + (more["layers"] as? List<*>).orEmpty())
        for (scale in (more["scales"] as? List<*>).orEmpty()) {
            @Suppress("UNCHECKED_CAST")
            spec = scaled(spec, scale as Spec)
        }
        @Suppress("UNCHECKED_CAST")
        (more["theme"] as? Spec)?.let { spec = if ("name" in it) spec + ("theme" to it) else themed(spec, it) }
        for ((key, value) in more) {
            if (key in OWN_RULES) continue
            val before = spec[key]
            val both = if (before is Map<*, *> && value is Map<*, *> && key != "coord") before + value else value
            spec = spec + (key to both)
        }
        val size = themeSize(panel, "plot_title", USUAL_TITLE)
        val above = titleRoom(titleOf(spec), size) - titleRoom(titleOf(panel.spec), size)
        val whole = more["ggsize"] as? Map<*, *> ?: return panel.changed(spec, Sides(top = above))
        return panel.changed(spec).sized((whole["width"] as Number).toInt(), (whole["height"] as Number).toInt())
    }

    private fun titleOf(spec: Spec): String {
        val title = spec["ggtitle"] as? Map<*, *>
        return listOfNotNull(title?.get("text"), title?.get("subtitle")).joinToString("\n")
    }

    /** About how many pixels title, names and marks of axes take, so that panels beside one another can be in line. */
    fun margins(panel: Panel): Sides {
        val theme = theme(panel)
        val top = titleRoom(titleOf(panel.spec), themeSize(panel, "plot_title", USUAL_TITLE))

        fun name(axis: String): Int {
            if ((theme["axis_title_$axis"] ?: theme["axis_title"]) == "blank") return 0
            val text = scale(panel.spec, axis)?.get("name")?.toString().orEmpty()
            return axisRoom(text, themeSize(panel, "axis_title", USUAL_LABEL))
        }

        fun marks(axis: String): List<String> {
            if ((theme["axis_text_$axis"] ?: theme["axis_text"]) == "blank") return emptyList()
            return (scale(panel.spec, axis)?.get("labels") as? List<*>).orEmpty().map { "$it" }
        }
        val size = themeSize(panel, "axis_text", USUAL_LEGEND)
        val upright = marks("y").maxOfOrNull { Look.textWidth(it, size).roundToInt() + MARK } ?: 0
        val turned = ((theme["axis_text_x"] as? Map<*, *>)?.get("angle") as? Number)?.toDouble() ?: 0.0
        val lying = marks("x")
        val high = when {
            lying.isEmpty() -> 0
            turned == 0.0 -> size.roundToInt() + MARK
            else -> lying.maxOf { Look.textWidth(it, size) * sin(Math.toRadians(abs(turned))) }.roundToInt() + MARK
        }
        return Sides(left = name("y") + upright, top = top, bottom = name("x") + high)
    }

    private fun titleRoom(text: String, size: Double) =
        if (text.isEmpty()) 0 else (size * (2 + LINE * text.count { it == '\n' })).roundToInt()

    private fun axisRoom(text: String, size: Double) =
        if (text.isEmpty()) 0 else (size * (1 + LINE * text.count { it == '\n' })).roundToInt() + AXIS_GAP

    private fun theme(panel: Panel): Map<*, *> = (panel.spec["theme"] as? Map<*, *>).orEmpty()

    private fun themeSize(panel: Panel, key: String, usual: Double) =
        ((theme(panel)[key] as? Map<*, *>)?.get("size") as? Number)?.toDouble() ?: usual

    private fun themed(spec: Spec, parts: Map<String, Any>): Spec {
        val before = (spec["theme"] as? Map<*, *>).orEmpty()
        val both = parts.mapValues { (key, value) ->
            val old = before[key]
            if (old is Map<*, *> && value is Map<*, *>) old + value else value
        }
        return spec + ("theme" to before + both)
    }

    private fun coord(spec: Spec): Map<*, *> =
        spec["coord"] as? Map<*, *> ?: spec("name" to "cartesian")

    @Suppress("UNCHECKED_CAST")
    fun scale(spec: Spec, aesthetic: String): Spec? =
        (spec["scales"] as? List<*>).orEmpty().map { it as Spec }.lastOrNull { it["aesthetic"] == aesthetic }

    /** With what [change] says of the scale of its aesthetic. */
    fun scaled(spec: Spec, change: Spec): Spec {
        val all = (spec["scales"] as? List<*>).orEmpty().map { it as Map<*, *> }
        val (same, others) = all.partition { it["aesthetic"] == change["aesthetic"] }
        val merged = same.fold(emptyMap<Any?, Any?>()) { sum, scale -> sum + scale } + change
        return spec + ("scales" to others + listOf(merged))
    }

    /** Places beside a panel. */
    val MARGINS: List<String> = listOf("right", "left", "top", "bottom", "none")
    private val LEGENDS = listOf("color", "fill", "size", "shape", "paint_b", "paint_c")
    private val OWN_RULES = listOf("layers", "scales", "theme", "kind", "mapping", "data", "ggsize")
    private const val LEAST = 60
}
