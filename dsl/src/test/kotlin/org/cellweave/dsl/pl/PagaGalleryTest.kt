package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.paga
import org.cellweave.dsl.pagaCompare
import org.cellweave.dsl.pagaPath
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

    @Test
    fun besideCells() {
        val adata = FigureSamples.kang()
        sc.pl.pagaCompare(adata, save = path("paga_compare.png"))
        sc.pl.pagaCompare(adata, color = "ISG15", legendFontoutline = 1, save = path("paga_compare_gene.png"))
        assertThat(Files.size(FigureSamples.figures.resolve("paga_compare.png"))).isGreaterThan(10_000)
    }

    @Test
    fun paths() {
        val adata = FigureSamples.kang()
        adata.obs.set("dpt_pseudotime", NumericColumn.of(*adata.obs.get("total_counts").toDoubles()))
        val genes = listOf("CD3D", "LYZ", "ISG15", "MS4A1", "GNLY", "total_counts").dropLast(1)
        val nodes = if ("8" in adata.obs.get("leiden").texts()) listOf(1, 5, 8, 3) else listOf(1, 2, 4, 3)
        sc.pl.pagaPath(
            adata, nodes.map { "$it" }, genes, annotations = listOf("dpt_pseudotime", "batch"), nAvg = 20,
            title = "a path", save = path("paga_path.png"),
        )
        sc.pl.pagaPath(
            adata, nodes, genes, nAvg = 40, asHeatmap = false, normalizeToZeroOne = true,
            save = path("paga_path_lines.png"),
        )
        assertThat(Files.size(FigureSamples.figures.resolve("paga_path.png"))).isGreaterThan(10_000)
    }
}
