package org.cellweave.dsl.pl

import org.cellweave.dsl.Figure

/** Reads a figure's specification. */
@Suppress("UNCHECKED_CAST")
internal object Specs {
    fun plots(figure: Figure): List<Map<String, Any>> {
        val spec = figure.toSpec()
        val items = spec["items"] as? List<Map<String, Any>> ?: return listOf(spec)
        return items.map { it["feature_spec"] as Map<String, Any> }
    }

    /** All layers but a panel's colour bar (colours, frame, marks and numbers) and the frame that it comes with. */
    fun layers(plot: Map<String, Any>): List<Map<String, Any>> {
        val all = plot["layers"] as List<Map<String, Any>>
        val bar = all.indexOfFirst { it["geom"] == "rect" && fills(it) == BAR_STEPS }
        if (bar < 0) return all
        // Beside a bar the panel's own frame is a layer too.
        val first = if (all[bar - 1]["geom"] == "segment") bar - 1 else bar
        return all.take(first) + all.drop(bar + BAR_LAYERS)
    }

    /** Numbers at a panel's colour bar. */
    fun barLabels(plot: Map<String, Any>): List<Any?> =
        column((plot["layers"] as List<Map<String, Any>>).last(), "label")

    private fun fills(layer: Map<String, Any>) = (layer["data"] as? Map<String, List<Any?>>)?.get("fill")?.size

    private const val BAR_STEPS = 128
    private const val BAR_LAYERS = 4

    fun geoms(plot: Map<String, Any>): List<String> = layers(plot).map { it["geom"] as String }

    fun scale(plot: Map<String, Any>, aesthetic: String): Map<String, Any> =
        (plot["scales"] as List<Map<String, Any>>).first { it["aesthetic"] == aesthetic }

    fun column(layer: Map<String, Any>, name: String): List<Any?> =
        (layer["data"] as Map<String, List<Any?>>).getValue(name)

    fun title(plot: Map<String, Any>): String? = (plot["ggtitle"] as? Map<String, Any>)?.get("text") as String?
}
