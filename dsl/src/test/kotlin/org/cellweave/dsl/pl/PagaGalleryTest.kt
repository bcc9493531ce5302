package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.paga
import org.cellweave.dsl.pagaCompare
import org.cellweave.dsl.pagaPath
import org.cellweave.dsl.sc
import org.junit.jupiter.api.Test

/** Draws graphs of groups of the kang data, to be looked at beside scanpy's. */
class PagaGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    @Test
    fun graphs() {
        val adata = FigureSamples.kang()
        val clusters = Drawing.names(adata, "leiden")
        val plain = Drawing(sc.pl.paga(adata, save = path("paga.png")))
        assertThat(plain.texts).containsExactlyElementsOf(clusters)
        assertThat(plain.fills("circle").keys).containsExactlyInAnyOrderElementsOf(Drawing.TAB10.take(9))
        val four = sc.pl.paga(
            adata, color = listOf("leiden", "batch", "ISG15", "total_counts"), ncols = 2, fontoutline = 1,
            save = path("paga_colors.png"),
        )
        assertThat(Drawing(four).texts).contains("leiden", "batch", "ISG15", "total_counts", "ctrl", "stim")
        // Pies of both batches, and dots in the other three panels.
        assertThat(Drawing(four).fills("path")).containsEntry("#1f77b4", 9).containsEntry("#ff7f0e", 9)
        assertThat(Drawing(four).count("circle")).isEqualTo(3 * 9)
        val tree = sc.pl.paga(
            adata, layout = "rt", root = "2", dashedEdges = "connectivities", solidEdges = "connectivities_tree",
            nodeSizeScale = 2.0, title = "tree", save = path("paga_tree.png"),
        )
        assertThat(Drawing(tree).texts).contains("tree").containsAll(clusters)
        assertThat(Drawing(tree).count("line")).isGreaterThan(plain.count("line"))
    }

    @Test
    fun besideCells() {
        val adata = FigureSamples.kang()
        val groups = Drawing(sc.pl.pagaCompare(adata, save = path("paga_compare.png")))
        for (name in Drawing.names(adata, "leiden")) assertThat(groups.texts.count { it == name }).isEqualTo(2)
        assertThat(groups.count("circle")).isEqualTo(adata.nObs + 9)
        Drawing.sizes(adata, "leiden").forEachIndexed { i, n ->
            assertThat(groups.fills("circle")).containsEntry(Drawing.TAB10[i], n + 1)
        }
        val gene = Drawing(
            sc.pl.pagaCompare(adata, color = "ISG15", legendFontoutline = 1, save = path("paga_compare_gene.png")),
        )
        assertThat(gene.texts).contains("ISG15")
        assertThat(gene.fills("circle").keys).contains("#440154", "#fde725")
    }

    @Test
    fun paths() {
        val adata = FigureSamples.kang()
        adata.obs.set("dpt_pseudotime", NumericColumn.of(*adata.obs.get("total_counts").toDoubles()))
        val genes = listOf("CD3D", "LYZ", "ISG15", "MS4A1", "GNLY", "total_counts").dropLast(1)
        val nodes = listOf(1, 5, 8, 3)
        val heat = sc.pl.pagaPath(
            adata, nodes.map { "$it" }, genes, annotations = listOf("dpt_pseudotime", "batch"), nAvg = 20,
            title = "a path", save = path("paga_path.png"),
        )
        assertThat(Drawing(heat).texts).contains("a path", "leiden", "dpt_pseudotime", "batch").containsAll(genes)
        assertThat(Drawing(heat).texts).containsAll(nodes.map { "$it" })
        // The genes and two annotations are pictures, the four nodes boxes in their colours.
        assertThat(Drawing(heat).count("image")).isEqualTo(3)
        for (node in nodes) assertThat(Drawing(heat).fills("rect")).containsKey(Drawing.TAB10[node])
        val lines = sc.pl.pagaPath(
            adata, nodes, genes, nAvg = 40, asHeatmap = false, normalizeToZeroOne = true,
            save = path("paga_path_lines.png"),
        )
        assertThat(Drawing(lines).texts).contains("leiden").containsAll(genes)
        assertThat(Drawing(lines).fills("path")).containsEntry("none", genes.size)
    }
}
