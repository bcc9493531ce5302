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

    fun layers(plot: Map<String, Any>): List<Map<String, Any>> = plot["layers"] as List<Map<String, Any>>

    fun geoms(plot: Map<String, Any>): List<String> = layers(plot).map { it["geom"] as String }

    fun scale(plot: Map<String, Any>, aesthetic: String): Map<String, Any> =
        (plot["scales"] as List<Map<String, Any>>).first { it["aesthetic"] == aesthetic }

    fun column(layer: Map<String, Any>, name: String): List<Any?> =
        (layer["data"] as Map<String, List<Any?>>).getValue(name)

    fun title(plot: Map<String, Any>): String? = (plot["ggtitle"] as? Map<String, Any>)?.get("text") as String?
}
