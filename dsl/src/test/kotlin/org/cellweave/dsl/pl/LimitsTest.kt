package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.data.Offset
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.LogNorm
import org.cellweave.dsl.TwoSlopeNorm
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.tickLabels
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test

/** Ends of scales where matplotlib 3.10 under scanpy 1.11.5 puts them, and what it refuses. */
class LimitsTest {
    private val nan = Double.NaN

    private fun ends(values: DoubleArray, vmin: Any? = null, vmax: Any? = null, vcenter: Any? = null): List<Double> =
        Limits.of(values, vmin, vmax, vcenter, 0).let { listOf(it.low, it.high) }

    private fun near(vararg wanted: Double): (List<Double>) -> Unit = { found ->
        wanted.forEachIndexed { i, v -> assertThat(found[i]).isCloseTo(v, Offset.offset(1e-9)) }
    }

    @Test
    fun oneValueIsInTheMiddleOfItsScale() {
        near(-0.1, 0.1)(ends(doubleArrayOf(0.0, 0.0)))
        near(1.8, 2.2)(ends(doubleArrayOf(2.0, nan, 2.0)))
        near(-3.3, -2.7)(ends(doubleArrayOf(-3.0)))
        near(-0.1, 0.1)(ends(doubleArrayOf(nan, nan)))
        near(0.45, 0.55)(ends(doubleArrayOf(0.0, 1.0), vmin = 0.5, vmax = 0.5))
        assertThat(Limits.of(doubleArrayOf(2.0), null, null, null, 0).position(2.0)).isCloseTo(0.5, Offset.offset(1e-9))
    }

    @Test
    fun infiniteValuesTakeTheEndColours() {
        val limits = Limits.of(doubleArrayOf(1.0, 3.0, Double.POSITIVE_INFINITY), null, null, null, 0)
        assertThat(listOf(limits.low, limits.high)).containsExactly(1.0, 3.0)
        assertThat(limits.position(Double.POSITIVE_INFINITY)).isEqualTo(1.0)
        assertThat(limits.position(Double.NEGATIVE_INFINITY)).isEqualTo(0.0)
    }

    @Test
    fun limitsOutsideTheValuesKeepThemAtTheEnd() {
        val values = doubleArrayOf(0.0, 1.0)
        near(10.0, 20.0)(ends(values, vmin = 10, vmax = 20))
        near(4.5, 5.5)(ends(values, vmin = 5))
        assertThat(Limits.of(values, 5, null, null, 0).position(1.0)).isEqualTo(0.0)
        near(-5.5, -4.5)(ends(values, vmax = -5))
        assertThat(Limits.of(values, null, -5, null, 0).position(0.0)).isEqualTo(1.0)
    }

    @Test
    fun theCentreStaysBetweenTheEnds() {
        near(0.02, 9.98)(ends(doubleArrayOf(0.02, 0.97), vcenter = 5))
        near(-2.96, 0.96)(ends(doubleArrayOf(0.02, 0.96), vcenter = -1))
        near(-0.1, 0.1)(ends(doubleArrayOf(0.0), vcenter = 0))
        assertThatThrownBy { ends(doubleArrayOf(0.0, 1.0), vmin = 0.2, vcenter = 0) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("vcenter must lie between vmin 0.2 and vmax 1.0, got 0.0")
        val norm = Limits.of(doubleArrayOf(1.0, 3.0), TwoSlopeNorm(0.0))
        near(-3.0, 3.0)(listOf(norm.low, norm.high))
    }

    @Test
    fun logarithmsLeaveZerosOut() {
        val limits = Limits.of(doubleArrayOf(0.0, 1.0, 100.0), LogNorm())
        assertThat(listOf(limits.low, limits.high)).containsExactly(1.0, 100.0)
        assertThat(limits.position(10.0)).isEqualTo(0.5)
        assertThat(limits.position(0.0)).isEqualTo(0.0)
        near(-0.1, 0.1)(Limits.of(doubleArrayOf(0.0, 0.0), LogNorm()).let { listOf(it.low, it.high) })
    }

    @Test
    fun wrongLimitsAreNamed() {
        assertThatThrownBy { ends(doubleArrayOf(0.0), vmin = 0.9, vmax = 0.1) }
            .hasMessage("vmin must not exceed vmax, got 0.9 and 0.1")
        assertThatThrownBy { ends(doubleArrayOf(0.0), vmin = nan) }.hasMessage("vmin must be finite, got NaN")
        assertThatThrownBy { LogNorm(vmin = Double.POSITIVE_INFINITY) }.hasMessageContaining("must be finite")
    }

    @Test
    fun endsOfAxesAreApart() {
        assertThat(Ends.padded(1.0, 3.0, 0.05, 1.0)).isEqualTo(0.9 to 3.1)
        assertThat(Ends.padded(2.0, 2.0, 0.05, 1.0)).isEqualTo(1.0 to 3.0)
        val (low, high) = Ends.padded(1e30, 1e30, 0.05, 1.0)
        assertThat(low).isLessThan(1e30)
        assertThat(high).isGreaterThan(1e30)
        assertThat(tickLabels(listOf(0.0, 2e20, 4e20))).containsExactly("0", "2e20", "4e20")
        assertThat(tickLabels(listOf(0.0, 5e-9))).containsExactly("0", "5e-9")
    }

    @Test
    fun aGeneThatNobodyExpressesHasOneColour() {
        val adata = FigureSamples.cells(30)
        adata.obs.set("flat", NumericColumn.of(*DoubleArray(30) { 2.0 }))
        adata.obs.set("none", NumericColumn.of(*DoubleArray(30) { nan }))
        val flat = sc.pl.umap(adata, color = "flat").toSvg()
        // The middle of viridis, #21918c, as in scanpy; the last bit depends on the scale's own interpolation.
        assertThat(Regex("<circle [^>]*fill=\"#2[012]9[012]8[bcd]\"").findAll(flat).count()).isEqualTo(30)
        val none = sc.pl.umap(adata, color = "none").toSvg()
        assertThat(Regex("<circle [^>]*fill=\"#d3d3d3\"").findAll(none).count()).isEqualTo(30)
        assertThat(flat).contains(">\n1.8\n<", ">\n2.2\n<")
        assertThat(sc.pl.umap(adata, color = "flat", vmin = 0, vmax = 1).toSvg()).contains("#fde725")
        adata.layers.set(
            "zero",
            org.cellweave.matrix.DenseMatrix
                .zeros(30, 4, org.cellweave.matrix.DType.FLOAT32),
        )
        assertThat(sc.pl.dotplot(adata, "Ga", "group", layer = "zero").toSvg()).contains("<svg")
    }
}
