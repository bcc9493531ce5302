package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.paga
import org.cellweave.dsl.sc
import org.junit.jupiter.api.Test
import java.nio.file.Files

/** Draws graphs of groups of the kang data, to be looked at beside scanpy's. */
class PagaGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    @Test
    fun graphs() {
        val adata = FigureSamples.kang()
        sc.pl.paga(adata, save = path("paga.png"))
        sc.pl.paga(
            adata, color = listOf("leiden", "batch", "ISG15", "total_counts"), ncols = 2, fontoutline = 1,
            save = path("paga_colors.png"),
        )
        sc.pl.paga(
            adata, layout = "rt", root = "2", dashedEdges = "connectivities", solidEdges = "connectivities_tree",
            nodeSizeScale = 2.0, title = "tree", save = path("paga_tree.png"),
        )
        assertThat(Files.size(FigureSamples.figures.resolve("paga.png"))).isGreaterThan(5_000)
    }
}
