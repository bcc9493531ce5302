package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
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
import java.nio.file.Files

/** Draws from scanpy's result what scanpy draws, to be looked at side by side. */
class GalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    @Test
    fun embeddings() {
        val adata = FigureSamples.kang()
        sc.pl.umap(
            adata,
            color =
                listOf("batch", "leiden", "ISG15", "total_counts"),
            ncols = 2, frameon = false, save = path("umap.png"),
        )
        sc.pl.umap(
            adata,
            color =
                "leiden",
            legendLoc =
                "on data",
            title = "clusters", groups = listOf("0", "1", "2"), save = path("umap_on_data.png"),
        )
        sc.pl.pca(adata, color = "batch", annotateVarExplained = true, save = path("pca.png"))
        assertThat(Files.size(FigureSamples.figures.resolve("umap.png"))).isGreaterThan(10_000)
    }

    @Test
    fun distributions() {
        val adata = FigureSamples.kang()
        sc.pl.violin(adata, listOf("n_genes_by_counts", "total_counts"), groupby = "batch", save = path("violin.png"))
        sc.pl.violin(
            adata, listOf("n_genes_by_counts", "total_counts"),
            multiPanel =
            true,
            log = true, save = path("violin_multi.png"),
        )
        sc.pl.scatter(
            adata,
            x =
                "total_counts",
            y =
                "n_genes_by_counts",
            color = "pct_counts_in_top_50_genes", save = path("scatter.png"),
        )
        sc.pl.rankGenesGroups(adata, key = "wilcoxon", nGenes = 15, save = path("rank_genes_groups.png"))
        sc.pl.pcaVarianceRatio(adata, nPcs = 30, log = true, save = path("pca_variance_ratio.png"))
        sc.pl.highlyVariableGenes(adata, save = path("highly_variable_genes.png"))
    }

    private val markers = mapOf(
        "B" to listOf("MS4A1", "CD79A"), "T" to listOf("CD3D", "CD8A"),
        "Mono" to listOf("CD14", "LYZ"), "IFN" to listOf("ISG15", "IFI6"),
    )

    @Test
    fun tables() {
        val adata = FigureSamples.kang()
        sc.pl.matrixplot(adata, markers, "leiden", cmap = "viridis", swapAxes = true, save = path("matrixplot.png"))
        sc.pl.matrixplot(adata, markers, "leiden", dendrogram = true, save = path("matrixplot_tree.png"))
        sc.pl.stackedViolin(adata, markers, "leiden", dendrogram = true, save = path("stacked_violin.png"))
        sc.pl.stackedViolin(
            adata, markers, "leiden", dendrogram = true, swapAxes = true, stripplot = true, jitter = true,
            save = path("stacked_violin_swapped.png"),
        )
    }

    @Test
    fun singleCells() {
        val adata = FigureSamples.kang()
        sc.pl.heatmap(
            adata, markers, "leiden", showGeneLabels = true, dendrogram = true, save = path("heatmap.png"),
        )
        sc.pl.heatmap(
            adata, markers, "leiden", swapAxes = true, dendrogram = true, save = path("heatmap_swapped.png"),
        )
        sc.pl.tracksplot(adata, markers.values.flatten(), "leiden", save = path("tracksplot.png"))
        sc.pl.tracksplot(adata, markers, "leiden", dendrogram = true, save = path("tracksplot_tree.png"))
    }

    @Test
    fun trees() {
        val adata = FigureSamples.kang()
        sc.tl.dendrogram(adata, "leiden")
        sc.pl.dendrogram(adata, "leiden", save = path("dendrogram.png"))
        sc.pl.dendrogram(adata, "leiden", orientation = "left", save = path("dendrogram_left.png"))
        sc.pl.dendrogram(adata, "leiden", orientation = "bottom", save = path("dendrogram_bottom.png"))
        sc.pl.correlationMatrix(
            adata, "leiden", showCorrelationNumbers = true, save = path("correlation_matrix.png"),
        )
        val part = adata[BooleanArray(adata.nObs) { true }, markers.values.flatten()]
        sc.pl.clustermap(part, obsKeys = listOf("leiden", "batch"), useRaw = false, save = path("clustermap.png"))
    }

    @Test
    fun topGenes() {
        val adata = FigureSamples.kang()
        sc.pl.rankGenesGroupsViolin(
            adata, key = "wilcoxon", groups = listOf("0", "2"), nGenes = 8,
            save = path("rank_genes_groups_violin.png"),
        )
        sc.pl.rankGenesGroupsMatrixplot(
            adata, key = "wilcoxon", nGenes = 3, valuesToPlot = "logfoldchanges", vmin = -4, vmax = 4, cmap = "bwr",
            save = path("rank_genes_groups_matrixplot.png"),
        )
        sc.pl.rankGenesGroupsHeatmap(adata, key = "wilcoxon", nGenes = 3, save = path("rank_genes_groups_heatmap.png"))
        sc.pl.rankGenesGroupsHeatmap(
            adata, key = "wilcoxon", swapAxes = true, save = path("rank_genes_groups_heatmap_swapped.png"),
        )
        sc.pl.rankGenesGroupsTracksplot(
            adata, key = "wilcoxon", nGenes = 2, save = path("rank_genes_groups_tracksplot.png"),
        )
        sc.pl.rankGenesGroupsStackedViolin(
            adata, key = "wilcoxon", nGenes = 3, save = path("rank_genes_groups_stacked_violin.png"),
        )
    }

    @Test
    fun dotPlots() {
        val adata = FigureSamples.kang()
        sc.pl.dotplot(
            adata, markers, groupby = "leiden", dendrogram = true, standardScale = "var", save = path("dotplot.png"),
        )
        sc.pl.dotplot(
            adata, markers,
            groupby =
                "leiden",
            swapAxes = true, dendrogram = true, title = "markers", save = path("dotplot_swapped.png"),
        )
        sc.pl.rankGenesGroupsDotplot(
            adata, key = "wilcoxon", nGenes = 3, valuesToPlot = "logfoldchanges", vmin = -4, vmax = 4, cmap = "bwr",
            save = path("rank_genes_groups_dotplot.png"),
        )
    }
}
