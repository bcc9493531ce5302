package org.cellweave.dsl.plot

import org.cellweave.dsl.Settings
import org.cellweave.util.Check
import kotlin.math.roundToInt

/** Colours for numbers, by matplotlib's names; `_r` reverses. Colours between the stops are interpolated. */
internal class ColorMap(private val stops: List<String>, private val stepped: Boolean = false) {
    private val rgb = stops.map { it.removePrefix("#").toInt(16) }

    /** The colour of [t] in 0..1, as 0xRRGGBB; outside values take the ends, missing ones are grey. */
    fun rgb(t: Double): Int {
        if (t.isNaN()) return Palettes.NA.drop(1).toInt(16)
        if (stepped) return rgb[(t.coerceIn(0.0, 1.0) * rgb.size).toInt().coerceAtMost(rgb.size - 1)]
        val at = t.coerceIn(0.0, 1.0) * (rgb.size - 1)
        val low = at.toInt().coerceAtMost(rgb.size - 2)
        val part = at - low
        var out = 0
        for (shift in intArrayOf(16, 8, 0)) {
            val a = rgb[low] shr shift and 255
            val b = rgb[low + 1] shr shift and 255
            out = out or ((a + (b - a) * part).roundToInt() shl shift)
        }
        return out
    }

    fun hex(t: Double): String = "#%06x".format(rgb(t))

    /** Colours of [n] equally spaced values under [position], which maps 0..1 to 0..1. */
    fun sampled(n: Int, position: (Double) -> Double): List<String> = List(n) { hex(position(it / (n - 1.0))) }

    companion object {
        private val hex: Map<String, String> =
            mapOf(
                "Reds" to
                    "fff5f0fee0d2fcbba1fc9272fb694aee3a2cca181da30f1567000d",
                "Blues" to
                    "f7fbffdeebf7c6dbef9dcae16aaed64191c62070b408509b08306b",
                "Greens" to
                    "f7fcf5e5f5e0c7e9c0a0d99b73c47640aa5d228a44006c2c00441b",
                "Greys" to
                    "fffffff0f0f0d9d9d9bdbdbd959595727272515151242424000000",
                "Oranges" to
                    "fff5ebfee6cefdd0a2fdae6afd8c3bf16813d84801a536037f2704",
                "Purples" to
                    "fcfbfdefedf5dadaebbcbddc9e9ac8807cba6950a353268f3f007d",
                "YlOrRd" to
                    "ffffccffeda0fed976feb24cfd8c3cfc4d2ae2191cbb0026800026",
                "YlOrBr" to
                    "ffffe5fff7bcfee390fec34ffe9829eb6f14cb4b02983404662506",
                "YlGnBu" to
                    "ffffd9edf8b1c6e9b47ecdbb40b5c41d90c0225da8243392081d58",
                "YlGn" to
                    "ffffe5f7fcb9d9f0a3acdd8e77c67940aa5c228343006737004529",
                "OrRd" to
                    "fff7ecfee8c8fdd49efdba83fc8c59ef6447d62f1eb200007f0000",
                "PuBu" to
                    "fff7fbece7f2d0d1e6a5bddb73a9cf358fc0056faf04598c023858",
                "PuBuGn" to
                    "fff7fbece2f0d0d1e6a5bddb66a9cf3590bf028189016b58014636",
                "BuPu" to
                    "f7fcfde0ecf4bfd3e69ebcda8c95c68c6ab188409c800f7b4d004b",
                "RdPu" to
                    "fff7f3fde0ddfcc5c0fa9eb5f767a1dc3397ad017e79017749006a",
                "PuRd" to
                    "f7f4f9e7e1efd4b9dac993c7df64afe72989cd125697004267001f",
                "GnBu" to
                    "f7fcf0e0f3dbccebc5a7ddb57accc44db2d32a8bbe0867ab084081",
                "BuGn" to
                    "f7fcfde5f5f9ccece698d8c965c2a340ad75228a44006c2c00441b",
                "RdBu" to
                    "67001fb1182bd6604df3a481fddbc7f6f7f7d1e5f090c4dd4393c32065ab053061",
                "RdYlBu" to
                    "a50026d62f27f46d43fdad60fee090feffc0e0f3f8aad8e974add14574b3313695",
                "RdYlGn" to
                    "a50026d62f27f46d43fdad60fee08bfeffbed9ef8ba5d86a66bd63199750006837",
                "PiYG" to
                    "8e0152c41a7cde77aef1b5d9fde0eff7f7f6e6f5d0b7e0857fbc414c9121276419",
                "PRGn" to
                    "40004b7529829970abc1a4cee7d4e8f6f7f6d9f0d3a5da9f5aae611a773600441b",
                "BrBG" to
                    "5430058b500abf812ddec17bf6e8c3f4f5f5c7eae57fccc035978f01655d003c30",
                "PuOr" to
                    "7f3b08b25706e08214fcb761fee0b6f6f6f7d8daebb1aad18073ac5326872d004b",
                "RdGy" to
                    "67001fb1182bd6604df3a481fddbc7fefefee0e0e0b9b9b98787874c4c4c1a1a1a",
                "Spectral" to
                    "9e0142d43d4ff46d43fdad60fee08bffffbee6f598aadca466c2a53387bc5e4fa2",
                "viridis" to
                    "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44b" +
                    "addc30d8e219fde725",
                "magma" to
                    "0000040a08221d114736106b51127c6a1c818326819c2e7fb73779d0416fe75263f56b5cfc8961fea772" +
                    "fec488fde2a3fcfdbf",
                "inferno" to
                    "0000040b0724210c4a3d096557106e71196e8a226aa32c61bc3754d24644e45a31f1731df98e09fcac11" +
                    "f9cb35f2ea69fcffa4",
                "plasma" to
                    "0d08873105974c02a16600a77e03a89511a1aa2395bc3587cc4778da5a6ae66c5cf0804ef89540fdac33" +
                    "fdc527f8df25f0f921",
                "cividis" to
                    "00224e002e6a1a386f32436d434e6c535a6d61656f6f70737d7c788c88789b9476aba072bcae6ccdbb63" +
                    "dec958f0d846fee838",
                "coolwarm" to
                    "3b4cc04e68d86282ea779af78db0fea3c2feb9d0f9ccd9eddddcdcecd3c5f5c4acf7b093f4987aeb7d62" +
                    "dd5f4bca3b37b40426",
                "bwr" to
                    "0000ffffffffff0000",
                "seismic" to
                    "00004c0000ffffffffff0000800000",
                "turbo" to
                    "30123b392a734040a24456c7466be34680f64294ff37a8fa28bceb1ccdd818ddc21fe9af32f2984ef97d" +
                    "6dfe628bff4ba4fc3cb9f635cdec34dfdf37eecf3af8be39fdac34fe962bfb7e21f46617eb500edf3f08" +
                    "d02f05be2102a91601920b017a0403",
                "jet" to
                    "0000800000a40000c80000ed0000ff0020ff0040ff0060ff0080ff00a0ff00c0ff00e0fb16ffe130ffc7" +
                    "49ffad63ff947dff7a97ff60b1ff46caff2ce4ff13feed00ffd000ffb200ff9400ff7700ff5900ff3b00" +
                    "ff1e00e80000c400009f0000800000",
                "hot" to
                    "0b00002000003500004a00005f00007400008900009e0000b30000c80000dd0000f20000ff0800ff1d00" +
                    "ff3200ff4700ff5c00ff7100ff8600ff9b00ffb000ffc500ffda00ffef00ffff07ffff26ffff46ffff65" +
                    "ffff85ffffa4ffffc4ffffe3ffffff",
                "gray" to
                    "000000ffffff",
            )

        private val aliases = mapOf("grey" to "gray", "Grays" to "Greys")

        /** Further maps: a name, `smooth` or `steps`, and the stops; steps have no colours between them. */
        private val more: Map<String, Pair<Boolean, String>> by lazy {
            FactTable.rows("colormaps.txt").associate { (name, kind, stops) -> name to ((kind == "steps") to stops) }
        }

        /** @throws IllegalArgumentException names the nearest map */
        fun named(name: String): ColorMap {
            val reversed = name.endsWith("_r")
            val plain = name.removeSuffix("_r").let { aliases[it] ?: it }
            val (stepped, found) = hex[plain]?.let { false to it } ?: more[plain] ?: throw unknown(name)
            val stops = found.chunked(6) { "#$it" }
            return ColorMap(if (reversed) stops.reversed() else stops, stepped)
        }

        private fun unknown(name: String): IllegalArgumentException {
            val known = hex.keys + more.keys
            return IllegalArgumentException(
                "cmap '$name' is not known." + Check.suggestion(name, known) +
                    " Known are ${known.joinToString()}, each also with _r; a list of colours works too.",
            )
        }

        /** A name, or a list of at least two colours. */
        fun of(choice: Any?, default: String): ColorMap =
            when (choice) {
                null -> named(Settings.figures.colorMap ?: default)
                is String -> named(choice)
                is Iterable<*> -> {
                    val colors = choice.map { Palettes.color(it.toString(), "cmap") }
                    require(colors.size >= 2) { "cmap must have at least two colours, got ${colors.size}" }
                    ColorMap(colors)
                }
                else -> throw IllegalArgumentException("cmap must be a name or a list of colours, got $choice")
            }
    }
}
