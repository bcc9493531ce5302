package org.cellweave.dsl.plot

/** One panel drawn over another, in the axes of both: their ends lie around what either shows. */
internal object PanelOverlay {
    /** Aesthetics that the library takes in place of another, so that two scales of one kind share a panel. */
    private val OTHER = mapOf("color" to "paint_b", "fill" to "paint_c")
    private val AXES = listOf("x", "y")

    /** Whether both have axes, so that one can lie over the other. */
    fun fits(below: Panel, above: Panel): Boolean =
        !below.isDrawing && !above.isDrawing && below.spec["kind"] == "plot" && above.spec["kind"] == "plot"

    /** [below] with all that [above] draws; the later title and names of axes stay, as do marks that are names. */
    fun over(below: Panel, above: Panel): Panel {
        val top = above.sized(below.width, below.height)
        val renamed = scales(top.spec).map { "${it["aesthetic"]}" }.filter { it in OTHER && clash(below, top, it) }
        val layers = layers(top.spec).map { layer -> renamed.fold(layer) { sum, key -> renamed(sum, key) } }
        val others = scales(top.spec).filter { "${it["aesthetic"]}" !in AXES }.mapNotNull { scale ->
            val key = "${scale["aesthetic"]}"
            when {
                key in renamed -> scale + ("aesthetic" to OTHER.getValue(key))
                PanelChanges.scale(below.spec, key) == null -> scale
                else -> null
            }
        }
        val axes = AXES.mapNotNull { axis(it, below, top) }
        val kept = scales(below.spec).filter { "${it["aesthetic"]}" !in AXES }
        val spec = below.spec + ("layers" to layers(below.spec) + layers) + ("scales" to axes + kept + others) +
            ("theme" to theme(below, top)) + ("coord" to coord(below))
        val title = top.spec["ggtitle"] ?: below.spec["ggtitle"]
        return below.changed(if (title == null) spec else spec + ("ggtitle" to title))
    }

    /** The ends of an axis around [values], with a little room, unless it shows them already. */
    fun reaching(panel: Panel, aesthetic: String, values: List<Double>): Panel {
        val finite = values.filter { it.isFinite() }
        val (low, high) = PanelChanges.ends(panel, aesthetic) ?: return panel
        if (finite.all { it in low..high }) return panel
        val (from, to) = minOf(low, finite.min()) to maxOf(high, finite.max())
        val room = MARGIN * (to - from)
        return PanelChanges.limits(
            panel, aesthetic, if (from < low) from - room else low, if (to > high) to + room else high,
        )
    }

    private fun clash(below: Panel, top: Panel, key: String): Boolean {
        val one = PanelChanges.scale(below.spec, key) ?: return false
        val two = PanelChanges.scale(top.spec, key)
        return !(isIdentity(one) && isIdentity(two!!))
    }

    private fun isIdentity(scale: Spec) = scale["scale_mapper_kind"] == "identity"

    /** A layer whose [key] is told by another aesthetic, if it has a column for it. */
    private fun renamed(layer: Spec, key: String): Spec {
        val mapping = (layer["mapping"] as? Map<*, *>).orEmpty()
        if (key !in mapping) return layer
        val other = OTHER.getValue(key)
        val told = mapping.entries.associate { (name, column) -> (if (name == key) other else name) to column }
        return layer + ("mapping" to told) + ("${key}_by" to other)
    }

    private fun axis(key: String, below: Panel, top: Panel): Spec? {
        val one = PanelChanges.scale(below.spec, key)
        val two = PanelChanges.scale(top.spec, key)
        if (one == null || two == null) return one ?: two
        val (first, second) = PanelChanges.ends(below, key) to ends(two)
        if (first == null || second == null) return one
        val both = minOf(first.first, second.first) to maxOf(first.second, second.second)
        val name = "${two["name"] ?: ""}".ifEmpty { "${one["name"] ?: ""}" }
        val scale = one + ("limits" to both.toList()) + ("name" to name)
        if (both == first || !PanelChanges.hasNumbers(one) || !PanelChanges.hasNumbers(two)) return scale
        val breaks = niceBreaks(both.first, both.second)
        return scale + ("breaks" to breaks) + ("labels" to tickLabels(breaks))
    }

    private fun ends(scale: Spec): Pair<Double, Double>? {
        val ends = (scale["limits"] as? List<*>)?.mapNotNull { (it as? Number)?.toDouble() }.orEmpty()
        return if (ends.size == 2) ends[0] to ends[1] else null
    }

    /** Ends that were asked for are among those of the scales by now. */
    private fun coord(below: Panel): Map<*, *> =
        (below.spec["coord"] as? Map<*, *>).orEmpty().filterKeys { it != "xlim" && it != "ylim" }.ifEmpty {
            spec("name" to "cartesian")
        }

    /** The lower panel's, but with room for a legend that the upper one has. */
    private fun theme(below: Panel, top: Panel): Map<*, *> {
        val own = (below.spec["theme"] as? Map<*, *>).orEmpty()
        val other = (top.spec["theme"] as? Map<*, *>).orEmpty()
        if (own["legend_position"] != "none" || other["legend_position"] == "none") return own
        val place = other["legend_position"]
        return if (place == null) own - "legend_position" else own + ("legend_position" to place)
    }

    @Suppress("UNCHECKED_CAST")
    private fun layers(spec: Spec): List<Spec> = spec["layers"] as List<Spec>

    @Suppress("UNCHECKED_CAST")
    private fun scales(spec: Spec): List<Spec> = (spec["scales"] as? List<Spec>).orEmpty()

    private const val MARGIN = 0.05
}
