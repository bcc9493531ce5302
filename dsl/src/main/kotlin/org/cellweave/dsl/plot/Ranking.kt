package org.cellweave.dsl.plot

import kotlin.math.log10

/** What a panel of a ranking ranks. */
internal class Scores(val title: String, val values: DoubleArray)

/** The arguments of `sc.pl.ranking` that say how. */
internal class RankingOptions(
    val nPoints: Int,
    val includeLowest: Boolean,
    val log: Boolean,
    val color: String,
    val look: Look,
    val fontSize: Double = 10.0,
)

/** Panels that write names upwards at their scores, the largest first. */
internal class Ranking(private val labels: List<String>, private val options: RankingOptions) {
    fun panels(scores: List<Scores>): List<Placed> {
        require(options.nPoints > 0) { "nPoints must be positive, got ${options.nPoints}" }
        val columns = if (scores.size <= 5) scores.size else 4
        return grid(scores.map(::panel), columns)
    }

    fun panel(scores: Scores): Panel {
        val values = if (options.log) logarithms(scores) else scores.values
        val order = values.indices.filter { !values[it].isNaN() }.sortedByDescending { values[it] }
        val shown = ends(order)
        val gap = if (shown.size < order.size && options.includeLowest) options.nPoints - options.nPoints / 2 else null
        val heights = DoubleArray(shown.size) { values[shown[it]] }
        val (low, high) = Ends.of(heights)
        return RankingPanel(
            shown.map { labels[it] }, heights, low, high, scores.title, "ranking", "",
            options.fontSize, options.look, WIDTH, HEIGHT, gapAfter = gap, color = options.color, log = options.log,
        ).build()
    }

    private fun ends(order: List<Int>): List<Int> {
        val n = options.nPoints
        return when {
            order.size <= n -> order
            options.includeLowest -> order.take(n - n / 2) + order.takeLast(n / 2)
            else -> order.take(n)
        }
    }

    private fun logarithms(scores: Scores): DoubleArray {
        val at = scores.values.indexOfFirst { !(it > 0) }
        require(at < 0) { "log needs positive values, but '${scores.title}' has ${scores.values[at]} at ${labels[at]}" }
        return DoubleArray(scores.values.size) { log10(scores.values[it]) }
    }

    private companion object {
        const val WIDTH = 400
        const val HEIGHT = 300
    }
}
