package org.cellweave.dsl.plot

/** Texts of a panel one by one: marks of its axes, names of its legend, numbers of its colour bar. */
internal object PanelTexts {
    /** Names or numbers at the marks of an axis. */
    fun marks(panel: Panel, axis: String): List<String> =
        (PanelChanges.scale(panel.spec, axis)?.get("labels") as? List<*>).orEmpty().map { "$it" }

    /** Where the marks of an axis are. */
    fun places(panel: Panel, axis: String): List<Double> =
        (PanelChanges.scale(panel.spec, axis)?.get("breaks") as? List<*>).orEmpty().mapNotNull {
            (it as? Number)?.toDouble()
        }

    /** The aesthetic whose colours or shapes a legend explains; null where there is none. */
    fun legend(panel: Panel): String? {
        if ((panel.spec["theme"] as? Map<*, *>)?.get("legend_position") == "none") return null
        return KEYS.firstOrNull { key ->
            PanelChanges.scale(panel.spec, key)?.let { it["discrete"] == true && it["guide"] != "none" } == true
        }
    }

    /** The names that the legend of an aesthetic shows. */
    fun names(panel: Panel, aesthetic: String): List<String> {
        val scale = PanelChanges.scale(panel.spec, aesthetic) ?: return emptyList()
        return ((scale["labels"] ?: scale["breaks"] ?: scale["limits"]) as? List<*>).orEmpty().map { "$it" }
    }

    /** Another name at a position of a legend. */
    fun named(panel: Panel, aesthetic: String, at: Int, text: String): Panel {
        val all = names(panel, aesthetic).toMutableList().also { it[at] = text }
        return panel.changed(PanelChanges.scaled(panel.spec, spec("aesthetic" to aesthetic, "labels" to all)))
    }

    /** What explains an aesthetic; `none` for nothing. */
    fun guide(panel: Panel, aesthetic: String, guide: Any): Panel =
        panel.changed(PanelChanges.scaled(panel.spec, spec("aesthetic" to aesthetic, "guide" to guide)))

    /**
     * A name along an axis of a table with other constants. Names of an axis lie in a line: across for `x`, upright for
     * `y`, which numbers of a colour bar that happen to be called so do not.
     *
     * @param all the names along the axis
     */
    fun changed(panel: Panel, axis: String, all: Collection<String>, name: String, more: Map<String, Any>): Panel =
        withTexts(panel) { layer ->
            if (isAlong(layer, axis, all)) parted(layer, more) { it == name } else listOf(layer)
        }

    private fun isAlong(layer: Spec, axis: String, all: Collection<String>): Boolean {
        val data = layer["data"] as? Map<*, *> ?: return false
        val labels = data["label"] as? List<*> ?: return false
        val line = data[if (axis == "x") "y" else "x"] as? List<*> ?: return false
        return line.distinct().size == 1 && labels.all { "$it" in all }
    }

    /** The texts of a layer that are [chosen] as a layer of their own, with other constants. */
    fun parted(layer: Spec, more: Map<String, Any>, chosen: (String) -> Boolean): List<Spec> {
        val data = layer["data"] as? Map<*, *> ?: return listOf(layer)
        val labels = data["label"] as? List<*> ?: return listOf(layer)
        val (own, others) = labels.indices.partition { chosen("${labels[it]}") }
        if (own.isEmpty()) return listOf(layer)

        fun part(rows: List<Int>) =
            layer + ("data" to data.mapValues { (_, column) -> rows.map { (column as List<*>)[it] } })
        return listOfNotNull(others.takeIf { it.isNotEmpty() }?.let(::part), part(own) + more)
    }

    /** Whether a colour bar stands beside the dots. */
    fun hasBar(panel: Panel): Boolean = layers(panel).any(::isColors) && layers(panel).any(::isBar)

    /** The numbers of the colour bar. */
    fun bar(panel: Panel): List<String> =
        layers(panel)
            .firstOrNull(::isBar)
            ?.let { (it["data"] as Map<*, *>)["label"] as List<*> }
            ?.map { "$it" }
            .orEmpty()

    /** Numbers of the colour bar with other constants; the panel grows by what they grow. */
    fun bar(panel: Panel, more: Map<String, Any>): Panel {
        val old = layers(panel).firstOrNull(::isBar) ?: return panel
        val (low, high) = PanelChanges.ends(panel, "x") ?: return panel
        val sizes = listOf(old["size"], more["size"] ?: old["size"]).map { 2 * (it as Number).toDouble() }
        val (before, after) = sizes.map { size -> bar(panel).maxOf { Look.textWidth(it, size) } }
        val wider = maxOf(0.0, after - before)
        val styled = withTexts(panel) { layer -> listOf(if (isBar(layer)) layer + more else layer) }
        val scale = spec("aesthetic" to "x", "limits" to listOf(low, high + wider * unit(panel)))
        return styled.changed(PanelChanges.scaled(styled.spec, scale), Sides(right = wider.toInt()))
    }

    /** Where the dots' own panel ends on the axis across, if a colour bar follows. */
    fun edge(panel: Panel): Double? {
        val bar = layers(panel).firstOrNull(::isColors) ?: return null
        return column(bar, "xmin")[0] - PanelBar.GAP * unit(panel)
    }

    /** Data units of a pixel across, of a panel with a colour bar. */
    private fun unit(panel: Panel): Double {
        val bar = layers(panel).first(::isColors)
        val numbers = layers(panel).first(::isBar)
        return (column(numbers, "x")[0] - column(bar, "xmax")[0]) / PanelBar.TO_NUMBERS
    }

    private fun column(layer: Spec, name: String) =
        ((layer["data"] as Map<*, *>)[name] as List<*>).map { (it as Number).toDouble() }

    private fun isColors(layer: Spec): Boolean =
        layer["geom"] == "rect" && ((layer["data"] as? Map<*, *>)?.get("fill") as? List<*>)?.size == PanelBar.STEPS

    /** Numbers above one another, each at a mark of a bar. */
    private fun isBar(layer: Spec): Boolean {
        val data = layer["data"] as? Map<*, *> ?: return false
        val at = data["x"] as? List<*> ?: return false
        val labels = data["label"] as? List<*> ?: return false
        return layer["geom"] == "text" && layer["hjust"] == 0.0 && at.size > 1 && at.distinct().size == 1 &&
            labels.all { "$it".toDoubleOrNull() != null }
    }

    private fun withTexts(panel: Panel, change: (Spec) -> List<Spec>): Panel =
        panel.changed(
            panel.spec + ("layers" to layers(panel).flatMap { if (it["geom"] == "text") change(it) else listOf(it) }),
        )

    @Suppress("UNCHECKED_CAST")
    private fun layers(panel: Panel): List<Spec> = panel.spec["layers"] as? List<Spec> ?: emptyList()

    private val KEYS = listOf("color", "fill", "paint_b", "paint_c", "shape")
}
