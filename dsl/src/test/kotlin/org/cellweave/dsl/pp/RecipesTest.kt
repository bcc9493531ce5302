package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.dsl.X
import org.cellweave.dsl.dispersionFigure
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pl.Specs
import org.cellweave.dsl.recipeSeurat
import org.cellweave.dsl.recipeZheng17
import org.cellweave.dsl.sc
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.simulatedBatches
import org.cellweave.preprocess.DispersionFilter
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.log10

class RecipesTest {
    @TempDir
    lateinit var folder: Path

    private fun cells(): AnnData = sc.datasets.simulatedBatches(nCells = 300, nGenes = 500)

    private fun names(): List<String> =
        if (Files.exists(folder)) {
            Files.list(folder).use { list ->
                list.map { "${it.fileName}" }.toList()
            }
        } else {
            listOf()
        }

    @Test
    fun `recipes draw the dispersions when asked`() {
        val before = Settings.figdir
        try {
            Settings.figdir = folder
            sc.pp.recipeZheng17(cells(), nTopGenes = 50)
            sc.pp.recipeSeurat(cells())
            assertThat(names()).isEmpty()
            sc.pp.recipeSeurat(cells(), plot = true)
            assertThat(names()).containsExactly("filter_genes_dispersion." + Settings.fileFormatFigs)
            Files.delete(folder.resolve(names()[0]))
            sc.pp.recipeZheng17(cells(), nTopGenes = 50, plot = true)
            assertThat(names()).hasSize(1)
        } finally {
            Settings.figdir = before
        }
    }

    @Test
    fun `the figure shows both dispersions of all genes`() {
        val adata = cells()
        sc.pp.normalizeTotal(adata)
        val params = DispersionFilter.Params
            .builder()
            .flavor(DispersionFilter.Flavor.CELL_RANGER)
            .nTopGenes(50)
            .log(false)
            .build()
        val result = DispersionFilter.run(adata.X, params)
        val plots = Specs.plots(dispersionFigure(result, true))
        assertThat(plots).hasSize(2)
        val dots = Specs.layers(plots[1]).first { it["geom"] == "point" }
        val x = Specs.column(dots, "x").map { (it as Number).toDouble() }
        val y = Specs.column(dots, "y").map { (it as Number).toDouble() }
        // dots may be in any order
        val wanted = result
            .means()
            .indices
            .map { log10(result.means()[it]) to log10(result.dispersions()[it]) }
            .filter { it.second.isFinite() }
        assertThat(wanted).hasSizeBetween(490, 500)
        assertThat(x).hasSameSizeAs(wanted)
        val sorted = compareBy<Pair<Double, Double>>({ it.first }, { it.second })
        x.zip(y).sortedWith(sorted).zip(wanted.sortedWith(sorted)).forEach { (a, b) ->
            assertThat(a.first).isCloseTo(b.first, within(1e-4))
            assertThat(a.second).isCloseTo(b.second, within(1e-4))
        }
        assertThat(dispersionFigure(result, true).toSvg())
            .contains("highly variable genes")
            .contains("log10 dispersions of genes (normalized)")
        assertThat(dispersionFigure(result, false).toSvg()).doesNotContain("log10")
    }
}
