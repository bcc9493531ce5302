package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.dsl.Figure
import org.cellweave.dsl.clustermap
import org.cellweave.dsl.correlationMatrix
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.get
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.pca
import org.cellweave.dsl.pcaVarianceRatio
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.rankGenesGroupsHeatmap
import org.cellweave.dsl.rankGenesGroupsMatrixplot
import org.cellweave.dsl.rankGenesGroupsStackedViolin
import org.cellweave.dsl.rankGenesGroupsTracksplot
import org.cellweave.dsl.rankGenesGroupsViolin
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.stackedViolin
import org.cellweave.dsl.tracksplot
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test

/** Draws from scanpy's result what scanpy draws, to be looked at side by side; texts, marks and colours are checked. */
class GalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    private fun drawn(figure: Figure) = Drawing(figure)

    private val clusters = List(9) { "$it" }
    private val genes get() = markers.values.flatten()

    /** Dots of as many cells as each category has, in its colour. */
    private fun assertCells(drawing: Drawing, adata: AnnData, key: String, colors: List<String>, legend: Int) {
        Drawing.sizes(adata, key).forEachIndexed { i, n ->
            assertThat(drawing.fills("circle")[colors[i]]).`as`("$key $i").isEqualTo(n + legend)
        }
    }

    @Test
    fun embeddings() {
        val adata = FigureSamples.kang()
        val four = drawn(
            sc.pl.umap(
                adata, color = listOf("batch", "leiden", "ISG15", "total_counts"), ncols = 2, frameon = false,
                save = path("umap.png"),
            ),
        )
        assertThat(four.texts).contains("batch", "leiden", "ISG15", "total_counts", "ctrl", "stim")
        assertThat(four.texts).containsAll(clusters)
        assertThat(four.texts).doesNotContain("UMAP1")
        assertThat(four.count("circle")).isEqualTo(4 * adata.nObs + 2 + 9)
        val batches = Drawing.sizes(adata, "batch")
        val leiden = Drawing.sizes(adata, "leiden")
        for (i in batches.indices) {
            assertThat(four.fills("circle")[Drawing.TAB10[i]]).isEqualTo(batches[i] + leiden[i] + 2)
        }
        val named = drawn(
            sc.pl.umap(
                adata, color = "leiden", legendLoc = "on data", title = "clusters", groups = listOf("0", "1", "2"),
                save = path("umap_on_data.png"),
            ),
        )
        assertThat(named.texts).containsExactlyInAnyOrder("0", "1", "2", "clusters", "UMAP1", "UMAP2")
        assertThat(named.fills("circle")["#d3d3d3"]).isEqualTo(leiden.drop(3).sum())
        val pca = drawn(sc.pl.pca(adata, color = "batch", annotateVarExplained = true, save = path("pca.png")))
        assertThat(pca.texts).contains("batch", "ctrl", "stim")
        assertThat(pca.texts).anyMatch { Regex("PC1 \\(\\d+\\.\\d\\d%\\)").matches(it) }
        assertCells(pca, adata, "batch", Drawing.TAB10, 1)
    }

    @Test
    fun distributions() {
        val adata = FigureSamples.kang()
        val keys = listOf("n_genes_by_counts", "total_counts")
        val violins = drawn(sc.pl.violin(adata, keys, groupby = "batch", save = path("violin.png")))
        assertThat(violins.texts).contains("ctrl", "stim", "batch").containsAll(keys)
        assertThat(violins.count("circle")).isEqualTo(2 * adata.nObs)
        assertThat(violins.fills("path")).containsEntry("#1f77b4", 2).containsEntry("#ff7f0e", 2)
        val multi = drawn(sc.pl.violin(adata, keys, multiPanel = true, log = true, save = path("violin_multi.png")))
        assertThat(multi.texts).contains("value").containsAll(keys)
        assertThat(multi.fills("path")).containsEntry("#1f77b4", 2).doesNotContainKey("#ff7f0e")
        val scatter = drawn(
            sc.pl.scatter(
                adata, x = keys[1], y = keys[0], color = "pct_counts_in_top_50_genes", save = path("scatter.png"),
            ),
        )
        assertThat(scatter.texts).contains("pct counts in top 50 genes").containsAll(keys)
        assertThat(scatter.count("circle")).isEqualTo(adata.nObs)
        assertThat(scatter.fills("circle").keys).contains("#440154", "#fde725").hasSizeGreaterThan(50)
    }

    @Test
    fun rankings() {
        val adata = FigureSamples.kang()
        val ranked = drawn(
            sc.pl.rankGenesGroups(adata, key = "wilcoxon", nGenes = 15, save = path("rank_genes_groups.png")),
        )
        assertThat(ranked.texts).containsAll(clusters.map { "$it vs. rest" }).contains("score", "ranking")
        val names = (adata.uns["wilcoxon"] as Map<*, *>)["names"] as RecordArray
        for (group in clusters) assertThat(ranked.texts).containsAll(names.get(group).texts().take(15))
        val ratio =
            drawn(sc.pl.pcaVarianceRatio(adata, nPcs = 30, log = true, save = path("pca_variance_ratio.png")))
        assertThat(ratio.texts).contains("variance ratio", "ranking").containsAll(List(30) { "PC${it + 1}" })
        assertThat(ratio.texts).doesNotContain("PC31")
        val variable = drawn(sc.pl.highlyVariableGenes(adata, save = path("highly_variable_genes.png")))
        assertThat(variable.texts).contains(
            "highly variable genes", "other genes", "dispersions of genes (normalized)",
            "dispersions of genes (not normalized)",
        )
        val chosen = adata.`var`["highly_variable"].toDoubles().count { it == 1.0 }
        // Genes without a normalised dispersion have no dot in the first panel.
        val shown = adata.`var`["dispersions_norm"].toDoubles().count { it.isFinite() }
        assertThat(variable.fills("circle")["#000000"]).isBetween(chosen, 2 * chosen + 1)
        assertThat(variable.count("circle")).isGreaterThanOrEqualTo(shown)
    }

    private val markers = mapOf(
        "B" to listOf("MS4A1", "CD79A"), "T" to listOf("CD3D", "CD8A"),
        "Mono" to listOf("CD14", "LYZ"), "IFN" to listOf("ISG15", "IFI6"),
    )

    private val cells = 9 * 8

    @Test
    fun tables() {
        val adata = FigureSamples.kang()
        val plain = drawn(
            sc.pl.matrixplot(
                adata, markers, "leiden", cmap = "viridis", swapAxes = true, save = path("matrixplot.png"),
            ),
        )
        assertThat(plain.texts).containsAll(clusters).containsAll(genes).containsAll(markers.keys)
        assertThat(plain.texts).contains("Mean expression", "in group")
        // The colour bar has 65 parts beside the cells.
        assertThat(
            plain
                .fills("rect")
                .filterKeys { it != "#ffffff" }
                .values
                .sum(),
        ).isEqualTo(cells + 65)
        assertThat(plain.fills("rect")).containsKeys("#440154", "#fde725")
        val tree =
            drawn(sc.pl.matrixplot(adata, markers, "leiden", dendrogram = true, save = path("matrixplot_tree.png")))
        val order = (adata.uns["dendrogram_leiden"] as Map<*, *>)["categories_ordered"] as NdArray
        assertThat(tree.texts.filter { it in clusters }.take(9)).containsExactlyElementsOf(order.texts().asList())
        // A tree over nine groups joins eight times, with three lines each.
        assertThat(tree.count("line")).isGreaterThanOrEqualTo(plain.count("line") + 24 - 2 * markers.size)
    }

    @Test
    fun violinTables() {
        val adata = FigureSamples.kang()
        val upright =
            drawn(sc.pl.stackedViolin(adata, markers, "leiden", dendrogram = true, save = path("stacked_violin.png")))
        assertThat(upright.texts).containsAll(clusters).containsAll(genes).contains("Median expression", "in group")
        assertThat(
            upright
                .fills("path")
                .filterKeys { it !in GROUND }
                .values
                .sum(),
        ).isBetween(cells - 9, cells)
        assertThat(upright.fills("path")).containsKey("#f7fbff")
        assertThat(upright.count("image")).isZero()
        val swapped = drawn(
            sc.pl.stackedViolin(
                adata, markers, "leiden", dendrogram = true, swapAxes = true, stripplot = true, jitter = true,
                save = path("stacked_violin_swapped.png"),
            ),
        )
        assertThat(swapped.count("image")).isEqualTo(1)
        assertThat(swapped.texts).containsAll(upright.texts)
    }

    @Test
    fun singleCells() {
        val adata = FigureSamples.kang()
        val upright = drawn(
            sc.pl.heatmap(
                adata, markers, "leiden", showGeneLabels = true, dendrogram = true, save = path("heatmap.png"),
            ),
        )
        assertThat(upright.texts).contains("leiden", "Expression in cell").containsAll(genes).containsAll(clusters)
        assertThat(upright.count("image")).isEqualTo(1)
        assertThat(upright.fills("rect")).containsKeys(*Drawing.TAB10.take(9).toTypedArray())
        val swapped = drawn(
            sc.pl.heatmap(
                adata, markers, "leiden", swapAxes = true, dendrogram = true, save = path("heatmap_swapped.png"),
            ),
        )
        assertThat(swapped.texts).containsExactlyInAnyOrderElementsOf(upright.texts)
        val tracks = drawn(sc.pl.tracksplot(adata, genes, "leiden", save = path("tracksplot.png")))
        assertThat(tracks.texts).contains("leiden").containsAll(genes).containsAll(clusters)
        assertThat(tracks.texts).doesNotContainAnyElementsOf(markers.keys)
        assertThat(tracks.fills("rect")).containsKeys(*Drawing.TAB10.take(9).toTypedArray())
        val sorted =
            drawn(sc.pl.tracksplot(adata, markers, "leiden", dendrogram = true, save = path("tracksplot_tree.png")))
        assertThat(sorted.texts).containsAll(markers.keys)
        assertThat(sorted.count("line")).isGreaterThanOrEqualTo(tracks.count("line") + 24)
    }

    @Test
    fun trees() {
        val adata = FigureSamples.kang()
        sc.tl.dendrogram(adata, "leiden")
        val order = ((adata.uns["dendrogram_leiden"] as Map<*, *>)["categories_ordered"] as NdArray).texts().asList()
        for (orientation in listOf("top", "left", "bottom")) {
            val file = if (orientation == "top") "dendrogram.png" else "dendrogram_$orientation.png"
            val tree = drawn(sc.pl.dendrogram(adata, "leiden", orientation = orientation, save = path(file)))
            assertThat(tree.texts).containsExactlyElementsOf(order)
            assertThat(tree.count("line")).isEqualTo(24)
        }
        val matrix = drawn(
            sc.pl.correlationMatrix(
                adata, "leiden", showCorrelationNumbers = true, save = path("correlation_matrix.png"),
            ),
        )
        assertThat(matrix.texts).contains("Correlation")
        assertThat(matrix.texts.count { Regex("-?[01]\\.\\d\\d").matches(it) }).isEqualTo(81)
        assertThat(matrix.texts.count { it == "1.00" }).isGreaterThanOrEqualTo(9)
        assertThat(matrix.fills("rect")["#ff0000"]).isGreaterThanOrEqualTo(9)
        val part = adata[BooleanArray(adata.nObs) { true }, genes]
        val map = drawn(
            sc.pl.clustermap(part, obsKeys = listOf("leiden", "batch"), useRaw = false, save = path("clustermap.png")),
        )
        assertThat(map.texts).contains("leiden", "batch", "Expression", "ctrl", "stim").containsAll(genes)
        assertThat(map.count("image")).isEqualTo(1)
        // Both trees and the frame.
        assertThat(map.count("line")).isGreaterThanOrEqualTo(3 * (adata.nObs - 1) + 3 * (genes.size - 1) + 4)
    }

    @Test
    fun topGenes() {
        val adata = FigureSamples.kang()
        val names = (adata.uns["wilcoxon"] as Map<*, *>)["names"] as RecordArray
        val violins = drawn(
            sc.pl.rankGenesGroupsViolin(
                adata, key = "wilcoxon", groups = listOf("0", "2"), nGenes = 8,
                save = path("rank_genes_groups_violin.png"),
            ),
        )
        assertThat(violins.texts).contains("0 vs. rest", "2 vs. rest").containsAll(names.get("2").texts().take(8))
        assertThat(violins.fills("path"))
            .containsEntry(Drawing.TAB10[0], 8)
            .containsEntry(Drawing.TAB10[2], 8)
            .containsEntry("#d3d3d3", 16)
        val top = clusters.flatMap { names.get(it).texts().take(2) }
        val matrix = drawn(
            sc.pl.rankGenesGroupsMatrixplot(
                adata, key = "wilcoxon", nGenes = 3, valuesToPlot = "logfoldchanges", vmin = -4, vmax = 4, cmap = "bwr",
                save = path("rank_genes_groups_matrixplot.png"),
            ),
        )
        assertThat(matrix.texts).contains("log fold change").containsAll(top).containsAll(clusters)
        assertThat(matrix.fills("rect")).containsKeys("#ff0000", "#0000ff")
        val heat = drawn(
            sc.pl.rankGenesGroupsHeatmap(
                adata, key = "wilcoxon", nGenes = 3, save = path("rank_genes_groups_heatmap.png"),
            ),
        )
        assertThat(heat.texts).containsAll(top).contains("leiden")
        val many = drawn(
            sc.pl.rankGenesGroupsHeatmap(
                adata, key = "wilcoxon", swapAxes = true, save = path("rank_genes_groups_heatmap_swapped.png"),
            ),
        )
        // More than 50 genes are not named.
        assertThat(many.texts).containsAll(clusters).doesNotContain(top[0])
        assertThat(many.count("image")).isEqualTo(1)
        val tracks = drawn(
            sc.pl.rankGenesGroupsTracksplot(
                adata, key = "wilcoxon", nGenes = 2, save = path("rank_genes_groups_tracksplot.png"),
            ),
        )
        assertThat(tracks.texts).containsAll(top)
        val stacked = drawn(
            sc.pl.rankGenesGroupsStackedViolin(
                adata, key = "wilcoxon", nGenes = 3, save = path("rank_genes_groups_stacked_violin.png"),
            ),
        )
        assertThat(stacked.texts).containsAll(top).contains("Median expression")
        assertThat(stacked.fills("path")).containsKeys("#f7fbff", "#08306b")
    }

    @Test
    fun dotPlots() {
        val adata = FigureSamples.kang()
        val upright = drawn(
            sc.pl.dotplot(
                adata, markers, groupby = "leiden", dendrogram = true, standardScale = "var",
                save = path("dotplot.png"),
            ),
        )
        assertThat(upright.texts).containsAll(markers.keys).containsAll(genes).containsAll(clusters)
        assertThat(upright.texts).contains("Fraction of cells", "Mean expression")
        val fills = upright.fills("circle")
        // Grey dots explain the sizes; of every gene some group has the least and some the largest mean.
        assertThat(fills.values.sum() - fills.getValue("#808080")).isEqualTo(cells)
        assertThat(fills["#67000d"]).isGreaterThanOrEqualTo(genes.size)
        assertThat(fills["#fff5f0"]).isGreaterThanOrEqualTo(genes.size)
        val swapped = drawn(
            sc.pl.dotplot(
                adata, markers, groupby = "leiden", swapAxes = true, dendrogram = true, title = "markers",
                save = path("dotplot_swapped.png"),
            ),
        )
        assertThat(swapped.texts).contains("markers")
        val changes = drawn(
            sc.pl.rankGenesGroupsDotplot(
                adata, key = "wilcoxon", nGenes = 3, valuesToPlot = "logfoldchanges", vmin = -4, vmax = 4, cmap = "bwr",
                save = path("rank_genes_groups_dotplot.png"),
            ),
        )
        assertThat(changes.texts).contains("log fold change", "Fraction of cells")
        assertThat(changes.fills("circle")).containsKeys("#ff0000", "#0000ff")
    }

    private companion object {
        /** What the ground and frames of plots are filled with. */
        val GROUND = setOf("#ffffff", "#000000")
    }
}
