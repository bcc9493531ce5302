package org.cellweave.dsl.plot

import kotlin.math.ceil

/** A panel that says why there is nothing to draw. */
internal class Notice(private val text: String, private val look: Look) {
    fun build(): Panel {
        val canvas = Canvas(ceil(Look.textWidth(text, SIZE)).toInt() + 2 * EDGE, 3 * EDGE, look)
        canvas.texts(listOf(canvas.width / 2.0 to canvas.height / 2.0), listOf(text), SIZE)
        return canvas.build()
    }

    private companion object {
        const val SIZE = 12.0
        const val EDGE = 24
    }
}
