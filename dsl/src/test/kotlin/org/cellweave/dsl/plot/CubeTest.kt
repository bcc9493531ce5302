package org.cellweave.dsl.plot

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.dsl.pca
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.Specs
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import kotlin.math.sqrt

class CubeTest {
    private val look = Look()

    /** Both ends of every dimension, one after another. */
    private val ends = List(3) { d -> DoubleArray(6) { if (it / 2 == d) (it % 2) * 10.0 else 5.0 } }
    private val cube = Cube(ends, listOf("a", "b", "c"), 300, look)

    @Test
    fun `dimensions go where matplotlib draws them`() {
        // Half sides are 2, 2 and 1.5, less the margin of 2 % on each side.
        val part = 1 / 1.04
        val root = sqrt(3.0)
        assertThat(cube.across[1]).isCloseTo(2 * part * root / 2, within(1e-9))
        assertThat(cube.up[1]).isCloseTo(-2 * part / 4, within(1e-9))
        assertThat(cube.across[3]).isCloseTo(2 * part / 2, within(1e-9))
        assertThat(cube.up[3]).isCloseTo(2 * part * root / 4, within(1e-9))
        assertThat(cube.across[5]).isCloseTo(0.0, within(1e-9))
        assertThat(cube.up[5]).isCloseTo(1.5 * part * root / 2, within(1e-9))
        // Larger x, smaller y and larger z are nearer.
        assertThat(cube.nearness[1]).isGreaterThan(cube.nearness[0])
        assertThat(cube.nearness[3]).isLessThan(cube.nearness[2])
        assertThat(cube.nearness[5]).isGreaterThan(cube.nearness[4])
    }

    @Test
    fun `the box has nine edges behind the dots and holds them`() {
        val frame = cube.frame()
        assertThat(frame).hasSize(9)
        val (low, high) = cube.limits
        for (i in 0 until 6) {
            assertThat(cube.across[i]).isBetween(frame.minOf { it[0] }, frame.maxOf { it[2] })
        }
        for (line in frame) {
            assertThat(line[0]).isBetween(low, high)
            assertThat(line[1]).isBetween(low, high)
        }
        assertThat(cube.labels.map { it.text }).containsExactly("a", "b", "c")
        assertThat(cube.labels.map { it.side }).containsExactly(1.0, 0.0, 0.0)
    }

    @Test
    fun `names have room inside of the panel`() {
        for (name in listOf("UMAP3", "PC3 (20.00%)", "a_basis_with_a_long_name_indeed12")) {
            val wide = Cube(ends, listOf(name, name, name), 300, look)
            val pixels = 300 / (wide.limits.second - wide.limits.first)
            for (label in wide.labels) {
                val width = label.text.lines().maxOf { Look.textWidth(it, look.labelSize) }
                val left = (label.x - wide.limits.first) * pixels - label.side * width
                assertThat(left).isGreaterThanOrEqualTo(-1e-6)
                assertThat(left + width).isLessThanOrEqualTo(300 + 1e-6)
            }
        }
    }

    @Test
    fun `cells without a coordinate and cells in one place are drawn`() {
        val holes =
            Cube(
                listOf(doubleArrayOf(1.0, Double.NaN), doubleArrayOf(1.0, 2.0), doubleArrayOf(1.0, 2.0)),
                List(3) { "" },
                300,
                look,
            )
        assertThat(holes.across[0]).isCloseTo(0.0, within(1e-9))
        assertThat(holes.across[1]).isNaN()
        val none = Cube(List(3) { doubleArrayOf(Double.NaN) }, List(3) { "" }, 300, look)
        assertThat(none.limits.second).isGreaterThan(none.limits.first)
    }

    @Test
    fun `an embedding in three dimensions`() {
        val adata = FigureSamples.cells(40)
        val values = FloatArray(160) { ((it * 37) % 101).toFloat() }
        adata.obsm.set("X_pca", DenseMatrix.wrap(values, 40, 4))
        val figure = sc.pl.pca(adata, color = listOf("group", "score"), projection = "3d")
        val plots = Specs.plots(figure)
        assertThat(plots).hasSize(2)
        assertThat(Specs.layers(plots[0]).map { it["geom"] }).containsExactly("segment", "text", "point")
        assertThat(Specs.column(Specs.layers(plots[0])[1], "label")).containsExactly("PC1", "PC2", "PC3")
        val all = sc.pl.pca(adata, components = "all", projection = "3d")
        assertThat(Specs.plots(all)).hasSize(4)
        for (dimensions in listOf(listOf(0, 1, 3), Triple(0, 1, 3), listOf(listOf(0, 1, 3)), intArrayOf(0, 1, 3))) {
            val one = Specs.plots(sc.pl.pca(adata, dimensions = dimensions, projection = "3d")).single()
            assertThat(Specs.column(Specs.layers(one)[1], "label")).containsExactly("PC1", "PC2", "PC4")
        }
        assertThatThrownBy { sc.pl.pca(adata, components = "1,2", projection = "3d") }
            .hasMessageContaining("components must look like \"1,2,3\", be a list of such triples, or \"all\"")
        assertThatThrownBy { sc.pl.pca(adata, dimensions = 0 to 1, projection = "3d") }
            .hasMessageContaining("dimensions must be a triple or a list of triples, got (0, 1)")
        assertThatThrownBy { sc.pl.umap(adata, projection = "3d") }
            .hasMessageContaining("components must lie in 1..2 for obsm['X_umap'], got 3")
        assertThatThrownBy { sc.pl.pca(adata, projection = "3d", arrows = true) }
            .hasMessageContaining("arrows are drawn in two dimensions only")
        assertThatThrownBy { sc.pl.pca(adata, components = listOf<String>()) }
            .hasMessageContaining("components must have at least one pair, got none")
        assertThatThrownBy { sc.pl.pca(adata, dimensions = listOf<Int>()) }
            .hasMessageContaining("dimensions must have at least one pair, got none")
        assertThatThrownBy { sc.pl.pca(adata, dimensions = listOf(0.5, 1, 2), projection = "3d") }
            .hasMessageContaining("dimensions must be a triple or a list of triples, got [0.5, 1, 2]")
        assertThatThrownBy { sc.pl.pca(adata, dimensions = Triple(0, 1, 4), projection = "3d") }
            .hasMessageContaining("dimensions must lie in 0..3, got 4")
        assertThatThrownBy { sc.pl.pca(adata, size = List(40) { "x" }) }
            .hasMessageContaining("size must be a number or one per cell, got x")
    }
}
