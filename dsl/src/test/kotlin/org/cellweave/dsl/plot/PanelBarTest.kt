package org.cellweave.dsl.plot

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test

/** What stands beside a panel of dots, by the numbers of the drawing. */
class PanelBarTest {
    /** The corner of a panel in its own plot; what follows is an axis without marks. */
    private val corner = Regex(
        """translate\(([\d.]+) ([\d.]+) \) ">\s*(?:<[^>]*>\s*){0,2}<g transform="translate\(0.0 [\d.]+ \) "/>""",
    )
    private val height = Regex("""clip-bounds-jfx="\[rect \(0.0, 0.0\), \([\d.]+, ([\d.]+)""")
    private val part =
        Regex("""<rect x="([\d.]+)" y="([\d.]+)" height="([\d.]+)" width="10(?:\.\d+)?" stroke="rgb\(0,0,0\)"""")

    private fun numbers(pattern: Regex, svg: String) =
        pattern.findAll(svg).map { it.groupValues.drop(1).map(String::toDouble) }.toList()

    @Test
    fun `a bar is as high as its panel and stands close to it`() {
        val svg = sc.pl.umap(FigureSamples.cells(60), color = "score").toSvg()
        val parts = numbers(part, svg)
        assertThat(parts).hasSize(128)
        val (top, bottom) = parts.minOf { it[1] } to parts.maxOf { it[1] + it[2] }
        assertThat(bottom - top).isCloseTo(numbers(height, svg)[0][0], within(2.0))
        assertThat(parts[0][0]).isBetween(300.0, 308.0)
    }

    @Test
    fun `at a centre the bar is split into halves of the same height`() {
        val limits = Limits.of(doubleArrayOf(-1.0, 4.0), vmin = null, vmax = null, vcenter = 0, panel = 0)
        assertThat(limits.bent).isTrue
        assertThat(limits.along(0.0)).isEqualTo(0.5)
        assertThat(limits.along(-1.0)).isZero
        assertThat(limits.along(4.0)).isEqualTo(1.0)
        assertThat(limits.breaks()).contains(0.0).isSorted
        val map = ColorMap.named("bwr")
        assertThat(limits.bar(map, 3)).containsExactly(map.hex(0.0), map.hex(0.5), map.hex(1.0))
        val odd = Limits.of(doubleArrayOf(0.0, 10.0), vmin = null, vmax = null, vcenter = 1.3, panel = 0)
        assertThat(odd.breaks()).contains(1.3)
        assertThat(odd.breaks().zipWithNext { a, b -> odd.along(b) - odd.along(a) }).allMatch { it >= 0.07 }
    }

    @Test
    fun `panels of a row and of a column are in line whatever stands beside them`() {
        val adata = FigureSamples.cells(60)
        adata.obs.set("large", NumericColumn.of(*DoubleArray(60) { 1e4 * it }))
        val svg = sc.pl.umap(adata, color = listOf("group", "score", "large", "Ga"), ncols = 2).toSvg()
        assertThat(numbers(corner, svg)).hasSize(4).allMatch { it == numbers(corner, svg)[0] }
        assertThat(numbers(height, svg).toSet()).hasSize(1)
    }

    @Test
    fun `a page may make the picture smaller`() {
        assertThat(
            sc.pl
                .umap(FigureSamples.cells(9))
                .toSvg()
                .take(400),
        ).contains("max-width: 100%; height: auto;")
    }
}
