package org.cellweave.dsl.plot

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.Base64

/** One of two linked panels: where its dots are and how they are coloured. */
internal class LinkedPanel(
    val title: String,
    val x: DoubleArray,
    val y: DoubleArray,
    /** Of every dot, as positions in [colors]; what lies behind them is grey. */
    val color: IntArray,
    val colors: List<String>,
    /** Names and colours of the legend. */
    val keys: List<Pair<String, String>>,
    /** Texts of the ends of a scale of [colors]; null where colours are no scale. */
    val ends: Pair<String, String>?,
    /** Pixels of a dot. */
    val diameter: Double,
)

/** How both panels look and what is drawn when dots are chosen. */
internal class LinkedLook(
    val filters: Boolean,
    val background: String,
    val chosen: String,
    val ramp: List<String>,
    val width: Int,
    val height: Int,
)

/**
 * A page of clones beside their cells: choosing some of one lights those of the other. It asks the network for nothing.
 *
 * Dots are drawn on canvases, which hold hundreds of thousands; places are kept in 16 bits, a 65,536th of the range.
 */
internal class LinkedPage(
    clones: LinkedPanel,
    cells: LinkedPanel,
    names: List<String>,
    cloneOf: IntArray,
    look: LinkedLook,
) {
    private val data: Map<String, Any> = mapOf(
        "mode" to if (look.filters) "filter" else "highlight",
        "background" to look.background,
        "chosen" to look.chosen,
        "ramp" to look.ramp,
        "width" to look.width,
        "height" to look.height,
        "cloneOf" to packed(cloneOf),
        "clones" to described(clones) + ("names" to names.map(ShownText::of)),
        "cells" to described(cells),
    )

    fun page(title: String): String = PlotPage.withScript(title, "<div id=\"linked\"></div>", data, LOADER)

    /** For a page that is there already; [id] is the place's own. */
    fun fragment(id: String): String =
        """
        |<div id="$id"></div>
        |<script type="text/javascript">(() => {
        |const data = ${PlotPage.scriptText(data)};
        |($SCRIPT)(document.getElementById("$id"), data);
        |})()</script>
        """.trimMargin()

    private fun described(panel: LinkedPanel): Map<String, Any> {
        val out = linkedMapOf<String, Any>(
            "title" to ShownText.of(panel.title),
            "x" to parts(panel.x),
            "y" to parts(panel.y),
            "color" to shorts(panel.color),
            "colors" to panel.colors + Palettes.NA,
            "keys" to panel.keys.map { (name, color) -> listOf(ShownText.of(name), color) },
            "size" to panel.diameter,
        )
        panel.ends?.let { out["ends"] = mapOf("low" to it.first, "high" to it.second, "colors" to panel.colors) }
        return out
    }

    private companion object {
        const val MOST = 65_535

        val SCRIPT: String by lazy {
            val file = LinkedPage::class.java.getResource("linked-panels.js")
            checkNotNull(file) { "the script is not beside the classes" }.readText().trim()
        }
        val LOADER: String by lazy {
            "($SCRIPT)(document.getElementById(\"linked\"), JSON.parse(document.getElementById(\"data\").textContent));"
        }

        fun parts(values: DoubleArray): String {
            val (low, high) = Ends.of(values).let { Ends.apart(it.first, it.second) }
            return shorts(IntArray(values.size) { Math.round((values[it] - low) / (high - low) * MOST).toInt() })
        }

        fun shorts(values: IntArray): String {
            val out = ByteBuffer.allocate(2 * values.size).order(ByteOrder.LITTLE_ENDIAN)
            values.forEach { out.putShort(it.toShort()) }
            return Base64.getEncoder().encodeToString(out.array())
        }

        fun packed(values: IntArray): String {
            val out = ByteBuffer.allocate(4 * values.size).order(ByteOrder.LITTLE_ENDIAN)
            values.forEach { out.putInt(it) }
            return Base64.getEncoder().encodeToString(out.array())
        }
    }
}
