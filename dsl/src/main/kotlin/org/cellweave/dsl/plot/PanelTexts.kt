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

    /** Texts that lie in layers, and are among [names], with other constants. */
    fun changed(panel: Panel, names: Set<String>, more: Map<String, Any>): Panel =
        withTexts(panel) { layer -> parted(layer, more) { it in names } }

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
    fun hasBar(panel: Panel): Boolean = layers(panel).any(::isBar)

    /** The numbers of the colour bar. */
    fun bar(panel: Panel): List<String> =
        layers(panel).firstOrNull(::isBar)?.let { (it["data"] as Map<*, *>)["label"] as List<*> }.orEmpty().map { "$it" }

    /** Numbers of the colour bar in another size. */
    fun bar(panel: Panel, more: Map<String, Any>): Panel =
        withTexts(panel) { layer -> listOf(if (isBar(layer)) layer + more else layer) }

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
