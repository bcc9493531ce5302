package org.cellweave.dsl.plot

import org.cellweave.util.Check

/** Categorical palettes and colour names as scanpy's users spell them. */
internal object Palettes {
    const val NA = "#d3d3d3"
    const val GREY = "#808080"

    /** Categories that the largest default palette tells apart. */
    const val MOST = 102

    private val hex: Map<String, String> =
        mapOf(
            "tab10" to
                "1f77b4ff7f0e2ca02cd627289467bd8c564be377c27f7f7fbcbd2217becf",
            "tab20" to
                "1f77b4aec7e8ff7f0effbb782ca02c98df8ad62728ff98969467bdc5b0d58c564bc49c94e377c2f7b6d2" +
                "7f7f7fc7c7c7bcbd22dbdb8d17becf9edae5",
            "tab20b" to
                "393b795254a36b6ecf9c9ede6379398ca252b5cf6bcedb9c8c6d31bd9e39e7ba52e7cb94843c39ad494a" +
                "d6616be7969c7b4173a55194ce6dbdde9ed6",
            "tab20c" to
                "3182bd6baed69ecae1c6dbefe6550dfd8d3cfdae6bfdd0a231a35474c476a1d99bc7e9c0756bb19e9ac8" +
                "bcbddcdadaeb636363969696bdbdbdd9d9d9",
            "Set1" to
                "e41a1c377eb84daf4a984ea3ff7f00ffff33a65628f781bf999999",
            "Set2" to
                "66c2a5fc8d628da0cbe78ac3a6d854ffd92fe5c494b3b3b3",
            "Set3" to
                "8dd3c7ffffb3bebadafb807280b1d3fdb462b3de69fccde5d9d9d9bc80bdccebc5ffed6f",
            "Paired" to
                "a6cee31f78b4b2df8a33a02cfb9a99e31a1cfdbf6fff7f00cab2d66a3d9affff99b15928",
            "Dark2" to
                "1b9e77d95f027570b3e7298a66a61ee6ab02a6761d666666",
            "Accent" to
                "7fc97fbeaed4fdc086ffff99386cb0f0027fbf5b17666666",
            "Pastel1" to
                "fbb4aeb3cde3ccebc5decbe4fed9a6ffffcce5d8bdfddaecf2f2f2",
            "Pastel2" to
                "b3e2cdfdcdaccbd5e8f4cae4e6f5c9fff2aef1e2cccccccc",
            "default_28" to
                "023fa57d87b9bec1d4d6bcc0bb77848e063b4a6fe38595e1b5bbe3e6afb9e07b91d33f6a11c6388dd593" +
                "c6dec7ead3c6f0b98def97080fcfc09cded6d5eae7f3e1ebf6c4e1f79cd47f7f7fc7c7c71ce6ff336600",
            "default_102" to
                "ffff001ce6ffff34ffff4a46008941006fa6a30059ffdbe57a49000000a663ffacb79762004d438fb0ff" +
                "997d875a00078096936a3a4c1b44004fc6013b5dff4a3b53ff2f8061615aba09006b790000c2a0ffaa92" +
                "ff90c9b903aad16100ddefff0000357b4f4ba1c2993000180aa6d801334900846f372101ffb500c2ffed" +
                "a079bfcc0744c0b9b2c2ff99001e0900489c6f00620cbd66eec3ff456d75b77b687a87a1788d66885578" +
                "fad09fff8a9ad157a0bec4594566480086ed886f4c34362db4a8bd00a6aa452c2c636375a3c8c9ff913f" +
                "938a8157532900fecfb05b6f8cd0ff3b970004f757c8a1a11e6e007900d7a775006367a9a058376b002c" +
                "772600d790ff9b9700549e79fff69f20162572418fbc23ff99adc03a24659223295b4534fde8dc404e55" +
                "0089a3cb7e98a4e804324e72",
            "default_20" to
                "1f77b4ff7f0e279e68d62728aa40fc8c564be377c2b5bd6117becfaec7e8ffbb7898df8aff9896c5b0d5" +
                "c49c94f7b6d2dbdb8d9edae5ad494a8c6d31",
        )

    private val names: Map<String, String> by lazy {
        (
            "aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc " +
                "bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a " +
                "burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50 " +
                "cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b " +
                "darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b " +
                "darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000 " +
                "darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f " +
                "darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff " +
                "dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 " +
                "forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700 " +
                "goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 " +
                "hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa " +
                "lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 " +
                "lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 " +
                "lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa " +
                "lightslategray:778899 lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 " +
                "limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa " +
                "mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371 " +
                "mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585 " +
                "midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead " +
                "navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 " +
                "orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093 " +
                "papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6 " +
                "purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1 " +
                "saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d " +
                "silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa " +
                "springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 " +
                "turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 " +
                "yellowgreen:9acd32 "
        ).trim().split(' ').associate { it.substringBefore(':') to "#" + it.substringAfter(':') }
    }

    private val letters =
        mapOf(
            "b" to "#0000ff", "g" to "#008000", "r" to "#ff0000", "c" to "#00bfbf",
            "m" to "#bf00bf", "y" to "#bfbf00", "k" to "#000000", "w" to "#ffffff",
        )

    private val DEFAULTS = listOf("tab10", "default_20", "default_28", "default_102")

    fun isKnown(palette: String): Boolean = palette in hex

    /** Every name that [named] accepts. */
    val known: Set<String> get() = hex.keys

    fun named(palette: String): List<String> = hex.getValue(palette).chunked(6) { "#$it" }

    /** The shortest default that has [n] colours; grey for all beyond 102. [scanpy] has none of fewer than twenty. */
    fun default(n: Int, scanpy: Boolean = false): List<String> {
        val name = DEFAULTS.drop(if (scanpy) 1 else 0).firstOrNull { named(it).size >= n }
        return name?.let { named(it).take(n) } ?: List(n) { GREY }
    }

    /** `#rrggbb` of a colour, or null when it is not one. */
    fun find(color: String): String? {
        val c = color.trim().lowercase()
        return when {
            c.matches(Regex("#[0-9a-f]{6}")) -> c
            c.matches(Regex("#[0-9a-f]{8}")) -> c.take(7)
            c.matches(Regex("#[0-9a-f]{3,4}")) -> "#" + c.substring(1, 4).map { "$it$it" }.joinToString("")
            c.matches(Regex("c[0-9]+")) -> named("tab10")[c.drop(1).toInt() % 10]
            c.matches(Regex("0?\\.[0-9]+|[01](\\.0*)?")) -> grey(c.toDouble())
            c.startsWith("tab:") -> tab(c.drop(4))
            else -> names[c] ?: letters[c] ?: x11(c.replace(" ", ""))
        }
    }

    /** Names that only X11 has: `firebrick3`, and `grey80` for a lightness in hundredths. */
    private fun x11(name: String): String? {
        val level = Regex("gr[ae]y([0-9]{1,3})")
            .matchEntire(name)
            ?.groupValues
            ?.get(1)
            ?.toInt()
        return if (level == null) x11Names[name] else level.takeIf { it <= 100 }?.let { grey(it / 100.0) }
    }

    private val x11Names: Map<String, String> by lazy {
        FactTable.rows("x11-colors.txt").associate { (name, hex) -> name to "#$hex" }
    }

    /** `#rrggbb` of a name, a hexadecimal code, `tab:blue`, `C0` or a grey level as text. */
    fun color(color: String, argument: String): String =
        find(color) ?: throw IllegalArgumentException(
            "$argument must be a colour name or #rrggbb, got '$color'." + Check.suggestion(color, names.keys),
        )

    private fun grey(level: Double): String {
        val v = Math
            .round(level * 255)
            .toInt()
            .toString(16)
            .padStart(2, '0')
        return "#$v$v$v"
    }

    private val tabNames =
        listOf("blue", "orange", "green", "red", "purple", "brown", "pink", "gray", "olive", "cyan")

    private fun tab(name: String): String? =
        tabNames.indexOf(if (name == "grey") "gray" else name).takeIf { it >= 0 }?.let { named("tab10")[it] }
}
