package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.plot.PlotPage
import org.junit.jupiter.api.Test

class ScriptSpecificationTest {
    @Test
    fun `margins become lists, top first`() {
        val margin = mapOf("t" to 8, "r" to 1, "b" to 6, "l" to 2)
        assertThat(PlotPage.forScript(mapOf("theme" to mapOf("plot_title" to mapOf("margin" to margin)))))
            .isEqualTo(mapOf("theme" to mapOf("plot_title" to mapOf("margin" to listOf(8, 1, 6, 2)))))
    }

    @Test
    fun `points without hover text get their colour's value, other layers stay`() {
        val points = mapOf("geom" to "point", "tooltips" to "none", "mapping" to mapOf("color" to "color"))
        val tiles = mapOf("geom" to "tile", "tooltips" to "none")
        val layers = PlotPage.forScript(mapOf("figures" to listOf(mapOf("layers" to listOf(points, tiles)))))
        val wanted = points + ("tooltips" to mapOf("lines" to listOf("@color")))
        assertThat(layers).isEqualTo(mapOf("figures" to listOf(mapOf("layers" to listOf(wanted, tiles)))))
    }
}
