package org.cellweave.dsl.plot

import kotlin.math.PI
import kotlin.math.ceil
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.ln
import kotlin.math.max
import kotlin.math.sin
import kotlin.math.sqrt

/** A part, a circle as large as its [cells]; parts of one [group] lie together. */
internal class LinkedPart(val name: String, val note: String, val cells: Int, val group: Int)

/** A line between two parts, labelled with what they share. */
internal class PartLink(val a: Int, val b: Int, val shared: Int)

/** Parts as circles and what they share as lines between them, each group of joined parts on a ring of its own. */
internal class LinkedPartsFigure(
    private val parts: List<LinkedPart>,
    private val links: List<PartLink>,
    private val unit: String,
    /** Above everything; empty for none. */
    private val title: String,
    private val look: Look,
) {
    private val groups = parts.indices
        .groupBy { parts[it].group }
        .toSortedMap()
        .values
        .toList()
    private val texts =
        parts.maxOf { max(Look.textWidth(it.name, look.labelSize), Look.textWidth(it.note, look.tickSize)) }
    private val rings = groups.map { if (it.size == 1) 0.0 else max(MIN_RING, (texts + SIDE) / 2 / sin(PI / it.size)) }
    private val side = max(texts / 2, LARGEST / 2) + PAD
    private val rooms = rings.map { 2 * (it + side) }
    private val width = ceil(max(rooms.sum(), minOf(Look.textWidth(title, look.titleSize), MAX_TITLE) + 2 * PAD))
    private val titleLines =
        if (title.isEmpty()) emptyList() else Look.wrapped(title, width - 2 * PAD, look.titleSize).lines()
    private val top = PAD + titleLines.size * 1.3 * look.titleSize

    /** Two parts lie side by side. */
    private val tall = groups.indices.maxOf { if (groups[it].size < 3) 0.0 else rings[it] }
    private val middle = top + tall + LARGEST / 2 + if (tall > 0) TEXT else PAD
    private val height = middle + tall + LARGEST / 2 + TEXT
    private val at = places()

    private fun places(): List<Pair<Double, Double>> {
        val out = MutableList(parts.size) { 0.0 to 0.0 }
        var left = (width - rooms.sum()) / 2
        groups.forEachIndexed { g, members ->
            members.forEachIndexed { i, part ->
                // two parts lie side by side, more begin at the top
                val angle = 2 * PI * i / members.size - if (members.size == 2) PI else PI / 2
                out[part] = left + rooms[g] / 2 + rings[g] * cos(angle) to middle + rings[g] * sin(angle)
            }
            left += rooms[g]
        }
        return out
    }

    fun build(): Panel {
        val canvas = Canvas(width.toInt(), ceil(height).toInt(), look)
        canvas.texts(
            titleLines.indices.map { width / 2 to PAD + (it + 0.5) * 1.3 * look.titleSize }, titleLines, look.titleSize,
        )
        val most = links.maxOfOrNull { it.shared } ?: 1
        canvas.links(
            links.map { doubleArrayOf(at[it.a].first, at[it.a].second, at[it.b].first, at[it.b].second) },
            links.map { THIN + (THICK - THIN) * ln(1.0 + it.shared) / ln(1.0 + most) }, "#9a9a9a", dashed = false,
            alpha = 1.0,
        )
        val largest = parts.maxOf { it.cells }
        val palette = Palettes.default(groups.size)
        canvas.dots(
            at, parts.map { SMALLEST + (LARGEST - SMALLEST) * sqrt(it.cells.toDouble() / largest) },
            parts.map { palette[groups.indexOfFirst { g -> parts[g[0]].group == it.group }] }, 1.0,
            mapOf("part" to parts.map { it.name }, "holds" to parts.map { it.note }),
        )
        labels(canvas)
        // outside of the ring, where no lines are
        val names = at.map { (x, y) ->
            x to if (y < middle - 1) y - LARGEST / 2 - 2 * look.labelSize else y + LARGEST / 2 + look.labelSize
        }
        canvas.texts(names, parts.map { it.name }, look.labelSize)
        canvas.texts(
            names.map { it.first to it.second + 1.3 * look.labelSize }, parts.map { it.note }, look.tickSize * SMALLER,
            color = "#666666",
        )
        return canvas.build()
    }

    /** On a white ground in the middle of a line, or off it where lines cross in the middle. */
    private fun labels(canvas: Canvas) {
        val places = links.map { link ->
            val (x0, y0) = at[link.a]
            val (x1, y1) = at[link.b]
            val crossed = links.any { other ->
                other !== link && hypot(
                    (at[other.a].first + at[other.b].first - x0 - x1) / 2,
                    (at[other.a].second + at[other.b].second - y0 - y1) / 2,
                ) < LABEL
            }
            val share = if (crossed) OFF_MIDDLE else 0.5
            x0 + share * (x1 - x0) to y0 + share * (y1 - y0)
        }
        val words = links.map { "${it.shared}" }
        canvas.boxes(
            places.indices.map {
                val w = Look.textWidth(words[it], look.tickSize) + 6
                Box(places[it].first - w / 2, places[it].second - 0.7 * look.tickSize, w, 1.4 * look.tickSize)
            },
            places.map { "#ffffff" },
            tooltips = mapOf(
                "between" to links.map { "${parts[it.a].name}, ${parts[it.b].name}" },
                unit to links.map { it.shared },
            ),
        )
        canvas.texts(places, words, look.tickSize)
    }

    private companion object {
        const val PAD = 14.0
        const val SIDE = 60.0
        const val TEXT = 48.0
        const val MIN_RING = 90.0
        const val SMALLEST = 16.0
        const val LARGEST = 44.0
        const val THIN = 1.0
        const val THICK = 5.0
        const val LABEL = 26.0
        const val OFF_MIDDLE = 0.36
        const val SMALLER = 0.9
        const val MAX_TITLE = 620.0
    }
}
