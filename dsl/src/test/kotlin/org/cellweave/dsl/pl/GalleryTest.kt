package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.pca
import org.cellweave.dsl.pcaVarianceRatio
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
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

    @Test
    fun dotPlots() {
        val adata = FigureSamples.kang()
        val markers = mapOf(
            "B" to listOf("MS4A1", "CD79A"), "T" to listOf("CD3D", "CD8A"),
            "Mono" to listOf("CD14", "LYZ"), "IFN" to listOf("ISG15", "IFI6"),
        ).mapValues { (_, genes) -> genes.filter { it in adata.varNames } }
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
