package org.cellweave.dsl.plot

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import java.util.SplittableRandom
import kotlin.math.abs

/** Numbers behind the figures of clones, by hand and against scipy. */
class ClonalPlotPartsTest {
    private fun assertNear(value: Double, wanted: Double, tolerance: Double) =
        assertThat(value).isBetween(wanted - tolerance, wanted + tolerance)

    @Test
    fun `a density is scipy's`() {
        val x = doubleArrayOf(0.0, 1.0, 2.0, 4.0, 3.0, 1.5)
        val y = doubleArrayOf(0.0, 2.0, 1.0, 3.0, 5.0, 0.5)
        val density = PlaneDensity(x, y, 0.15, 0.0 to 4.0, 0.0 to 5.0)
        // gaussian_kde(points, 0.15) of scipy 1.17.1
        assertNear(density.values[0], 0.6532805205703391, 1e-9)
        assertNear(density.values[25 * 100 + 50], 0.29753189940974734, 1e-9)
        assertNear(density.values[10 * 100 + 25], 0.0021824477202577906, 1e-9)
        assertNear(density.values.last(), 0.0, 1e-9)
        assertNear(density.at(50.0, 25.0), density.values[25 * 100 + 50], 1e-12)
    }

    @Test
    fun `it sums to one, and its contours lie on their heights`() {
        val random = SplittableRandom(2)

        fun normal() = List(12) { random.nextDouble() }.sum() - 6
        val x = DoubleArray(400) { normal() }
        val y = DoubleArray(400) { 0.5 * x[it] + normal() }
        val density = PlaneDensity(x, y, 0.3, -8.0 to 8.0, -8.0 to 8.0)
        val step = 16.0 / 99
        assertNear(density.values.sum() * step * step, 1.0, 1e-6)
        val level = density.values.max() / 3
        val ends = density.contour(level)
        assertThat(ends).hasSizeGreaterThan(20)
        for (e in ends) {
            for (k in listOf(0, 2)) {
                assertNear(density.at((e[k] + 8) / step, (e[k + 1] + 8) / step), level, 1e-9)
            }
        }
        // Closed lines: every point is the end of two pieces.
        val points = ends.flatMap { listOf(it[0] to it[1], it[2] to it[3]) }
        val met = points.groupingBy { (a, b) -> Math.round(a * 1e9) to Math.round(b * 1e9) }.eachCount()
        assertThat(met.values.distinct()).containsExactly(2)
        assertThat(DensityContours(density, ColorMap.named("Reds"), "#000000", 1.0).levels).hasSizeBetween(4, 9)
    }

    @Test
    fun `points on a line have no density`() {
        val x = doubleArrayOf(1.0, 2.0, 3.0)
        assertThatThrownBy { PlaneDensity(x, x, 0.15, 0.0 to 4.0, 0.0 to 4.0) }
            .hasMessage("points on a line have no density in the plane")
    }

    @Test
    fun `names do not meet where there is room, and lie within the panel`() {
        for (seed in 0L until 20) {
            val random = SplittableRandom(seed)
            val at = List(6) { random.nextDouble() * 300 to random.nextDouble() * 300 }
            val dots = List(500) { random.nextDouble() * 300 to random.nextDouble() * 300 }
            val widths = List(6) { 20.0 + 5 * it }
            val placer = NamePlacer(300, 300, dots)
            val places = placer.place(at, widths, 14.0, 80.0)
            for (i in places.indices) {
                val (x, y) = places[i]
                assertThat(x).isBetween(widths[i] / 2, 300 - widths[i] / 2)
                assertThat(y).isBetween(7.0, 293.0)
                for (j in 0 until i) {
                    val apart = abs(x - places[j].first) >= (widths[i] + widths[j]) / 2 - 1e-9 ||
                        abs(y - places[j].second) >= 14 - 1e-9
                    assertThat(apart).`as`("names $i and $j, seed $seed").isTrue()
                }
            }
            assertThat(placer.place(at, widths, 14.0, 80.0)).isEqualTo(places)
        }
    }

    @Test
    fun `a name stays where there are no dots`() {
        assertThat(NamePlacer(300, 300, emptyList()).place(listOf(150.0 to 150.0), listOf(40.0), 14.0, 50.0))
            .containsExactly(150.0 to 150.0)
        val wide = NamePlacer(300, 300, emptyList()).place(listOf(10.0 to 10.0), listOf(400.0), 14.0, 50.0)
        assertThat(wide.single().first).`as`("wider than the panel").isEqualTo(150.0)
    }

    @Test
    fun `two colours blend in straight lines`() {
        val colors = TwoColors("#ff0000", "#0000ff", 0.8, 0.9)
        assertThat("%06x".format(colors.rgb(0.0, 0.0))).isEqualTo("e6e6e6")
        assertThat("%06x".format(colors.rgb(1.0, 0.0))).isEqualTo("cc0000")
        assertThat("%06x".format(colors.rgb(1.0, 1.0))).isEqualTo("660066")
        assertThat("%06x".format(colors.rgb(0.5, 0.5))).`as`("the mean of the corners").isEqualTo("863986")
        val side = TwoColorKey.Side("q", 2.0, 5.0, 2)
        assertThat(side.marks).`as`("the middle of 2 and 5 is no half of 3").containsExactly("2", "3.5", "5")
    }

    @Test
    fun `a line of least squares`() {
        val fit = LeastSquares(doubleArrayOf(0.0, 1.0, 2.0), doubleArrayOf(1.0, 3.0, 5.0))
        assertNear(fit.slope!!, 2.0, 1e-12)
        assertNear(fit.intercept, 1.0, 1e-12)
        assertNear(fit.correlation!!, 1.0, 1e-12)
        assertThat(LeastSquares(doubleArrayOf(1.0, 1.0), doubleArrayOf(0.0, 2.0)).slope).isNull()
        assertThat(LeastSquares(doubleArrayOf(0.0, 1.0), doubleArrayOf(2.0, 2.0)).correlation).isNull()
    }

    @Test
    fun `places in a panel are pixels and back`() {
        val area = DotArea(-1.0 to 3.0, 10.0 to 20.0, 200, 100)
        assertNear(area.pixelX(area.atX(50.0)), 50.0, 1e-9)
        assertNear(area.pixelY(area.atY(25.0)), 25.0, 1e-9)
        assertThat(area.atX(0.0)).isEqualTo(-1.0)
        assertThat(area.atX(200.0)).`as`("not over the edge").isEqualTo(3.0)
        assertThat(area.atX(-10.0)).isLessThan(-1.0)
    }
}
