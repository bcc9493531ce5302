package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check

/** Colours of categories: `uns["{key}_colors"]`, or chosen and written there. */
internal object CategoryColors {
    fun of(adata: AnnData, key: String, names: List<String>, palette: Any?): List<String> {
        val slot = key + "_colors"
        if (palette == null) {
            stored(adata.uns[slot])?.let { texts ->
                val colors = texts.take(names.size).map(Palettes::find)
                if (colors.size == names.size && colors.all { it != null }) {
                    return colors.filterNotNull()
                }
                val reason = if (colors.size < names.size) {
                    "has ${texts.size} colours, but obs['$key'] has ${names.size} categories"
                } else {
                    "holds what is no colour"
                }
                Log.warning("uns['$slot'] $reason; the default palette replaces it")
            }
        }
        val chosen = if (palette == null) default(key, names.size) else fromPalette(palette, names)
        adata.uns[slot] = NdArray.of(*chosen.toTypedArray())
        return chosen
    }

    private fun default(key: String, n: Int): List<String> {
        if (n > Palettes.MOST) {
            Log.warning(
                "'$key' has $n categories, more than the ${Palettes.MOST} default colours; all are drawn grey, " +
                    "without a legend",
            )
        }
        return Settings.figures.palette(n)
    }

    private fun stored(value: Any?): List<String>? =
        when (value) {
            is NdArray -> if (value.isText) value.texts().asList() else null
            is Column -> value.texts().asList()
            is Iterable<*> -> value.map { it.toString() }
            is Array<*> -> value.map { it.toString() }
            else -> null
        }

    /** One colour for each of [names]: of a palette's name, a list, or a map. */
    fun fromPalette(palette: Any, names: List<String>): List<String> =
        when (palette) {
            is String -> named(palette, names.size)
            is Map<*, *> -> names.map { name ->
                val color = palette.entries.firstOrNull { it.key.toString() == name }?.value
                    ?: throw IllegalArgumentException(
                        "palette has no colour for category '$name'; it has ${palette.keys}",
                    )
                Palettes.color(color.toString(), "palette['$name']")
            }
            is Iterable<*> -> cycled(palette.map { Palettes.color(it.toString(), "palette") }, names.size)
            is Array<*> -> cycled(palette.map { Palettes.color(it.toString(), "palette") }, names.size)
            else -> throw IllegalArgumentException(
                "palette must be a name, a list of colours or a map from category to colour, got $palette",
            )
        }

    private fun named(name: String, n: Int): List<String> {
        if (Palettes.isKnown(name)) {
            return cycled(Palettes.named(name), n)
        }
        val map = try {
            ColorMap.named(name)
        } catch (e: IllegalArgumentException) {
            throw IllegalArgumentException(
                "palette '$name' is not known." + Check.suggestion(name, Palettes.known) +
                    " Known are ${Palettes.known.joinToString()} and every cmap; a list of colours works too.",
                e,
            )
        }
        return if (n == 1) listOf(map.hex(0.0)) else map.sampled(n) { it }
    }

    private fun cycled(colors: List<String>, n: Int): List<String> {
        require(colors.isNotEmpty()) { "palette must have at least one colour, got an empty list" }
        if (colors.size < n) {
            Log.warning("palette has ${colors.size} colours for $n categories; colours repeat")
        }
        return List(n) { colors[it % colors.size] }
    }
}
