package org.cellweave.dsl.plot

import kotlin.math.abs

/** Palettes by seaborn's names. */
internal object SeabornColors {
    private const val OF_MAPS = 6

    private val own =
        mapOf(
            "deep" to "4c72b0dd845255a868c44e528172b3937860da8bc38c8c8cccb97464b5cd",
            "muted" to "4878d0ee854a6acc64d65f5f956cb48c613cdc7ec0797979d5bb6782c6e2",
            "pastel" to "a1c9f4ffb4828de5a1ff9f9bd0bbffdebb9bfab0e4cfcfcffffea3b9f2f0",
            "bright" to "023effff7c001ac938e8000b8b2be29f4800f14cc1a3a3a3ffc40000d7ff",
            "dark" to "001c7fb1400d12711c8c0800591e71592f0da235823c3c3cb8850a006374",
            "colorblind" to "0173b2de8f05029e73d55e00cc78bcca9161fbafe4949494ece13356b4e9",
        )

    /** @param n null for as many as there are */
    fun of(palette: Any, n: Int?): List<String> {
        val colors = when (palette) {
            is Iterable<*> -> palette.map { Palettes.color(it.toString(), "palette") }
            is String -> named(palette, n)
            else -> throw IllegalArgumentException("palette must be a name or a list of colours, got $palette")
        }
        require(colors.isNotEmpty()) { "palette must have at least one colour, got an empty list" }
        return List(n ?: colors.size) { colors[it % colors.size] }
    }

    private fun named(name: String, n: Int?): List<String> {
        own[name]?.let { hex -> return hex.chunked(6) { "#$it" } }
        if (Palettes.isKnown(name)) return Palettes.named(name)
        val count = n ?: OF_MAPS
        if (name == "hls" || name == "husl") return List(count) { hls(HUE + it.toDouble() / count) }
        // Without the ends of the map, as in seaborn.
        val map = ColorMap.named(name)
        return List(count) { map.hex((it + 1.0) / (count + 1)) }
    }

    /** A hue with a lightness of 0.6 and a saturation of 0.65. */
    private fun hls(hue: Double): String {
        val chroma = (1 - abs(2 * LIGHTNESS - 1)) * SATURATION
        val parts = listOf(0.0, 4.0, 2.0).map { shift ->
            val k = (hue * 6 + shift) % 6
            LIGHTNESS - chroma / 2 + chroma * (abs(k - 3) - 1).coerceIn(0.0, 1.0)
        }
        return parts.joinToString("", "#") { "%02x".format(Math.round(255 * it)) }
    }

    private const val HUE = 0.01
    private const val LIGHTNESS = 0.6
    private const val SATURATION = 0.65
}
