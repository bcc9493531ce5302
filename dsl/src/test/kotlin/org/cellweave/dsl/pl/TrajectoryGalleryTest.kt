package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.dsl.all
import org.cellweave.dsl.diffmap
import org.cellweave.dsl.dpt
import org.cellweave.dsl.dptGroupsPseudotime
import org.cellweave.dsl.dptTimeseries
import org.cellweave.dsl.embeddingDensity
import org.cellweave.dsl.get
import org.cellweave.dsl.highestExprGenes
import org.cellweave.dsl.pcaLoadings
import org.cellweave.dsl.pcaOverview
import org.cellweave.dsl.ranking
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.scrublet
import org.cellweave.dsl.scrubletScoreDistribution
import org.cellweave.dsl.tsne
import org.cellweave.dsl.umap
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files

/** Draws from scanpy's result on the kang data what scanpy draws, to be looked at side by side. */
class TrajectoryGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    private fun kang(): AnnData = read.copy()

    private companion object {
        val read: AnnData by lazy { sc.readH5ad(SharedData.require("reference/kang.h5ad").toString()) }
    }

    @Test
    fun embeddings() {
        val adata = kang()
        sc.pl.tsne(adata, color = listOf("leiden", "batch"), legendLoc = "best", save = path("tsne.png"))
        sc.pl.diffmap(adata, color = "leiden", components = listOf("1,2", "2,3"), save = path("diffmap.png"))
        sc.pl.umap(adata, color = "leiden", edges = true, save = path("umap_edges.png"))
        sc.pl.umap(
            adata,
            color = "leiden", addOutline = true, legendLoc = "on data", legendFontoutline = 2,
            save = path("umap_outline.png"),
        )
        assertThat(Files.size(FigureSamples.figures.resolve("umap_edges.png"))).isGreaterThan(10_000)
    }

    @Test
    fun rankings() {
        val adata = kang()
        sc.pl.highestExprGenes(adata, nTop = 20, save = path("highest_expr_genes.png"))
        sc.pl.highestExprGenes(adata, nTop = 10, layer = "counts", log = true, save = path("highest_log.png"))
        sc.pl.pcaLoadings(adata, components = "1,2", save = path("pca_loadings.png"))
        sc.pl.pcaOverview(adata, color = "leiden", save = path("pca_overview.png"))
        sc.pl.ranking(adata, "obs", "total_counts", log = true, nPoints = 12, save = path("ranking.png"))
    }

    @Test
    fun densities() {
        val adata = kang()
        sc.tl.embeddingDensity(adata, basis = "umap", groupby = "batch")
        sc.pl.embeddingDensity(adata, key = "umap_density_batch", save = path("embedding_density.png"))
        val counts = AnnData(adata.layers.get("counts") as Matrix, adata.obs, adata.`var`)
        sc.pp.scrublet(counts, batchKey = "batch")
        sc.pl.scrubletScoreDistribution(counts, save = path("scrublet.png"))
        assertThat(Files.size(FigureSamples.figures.resolve("scrublet.png"))).isGreaterThan(5_000)
    }

    @Test
    fun arrows() {
        val adata = kang()
        val at = adata.obsm.get("X_umap") as Matrix
        val moves = DenseMatrix.wrap(DoubleArray(2 * adata.nObs) { if (it % 2 == 0) 1.0 else 0.0 }, adata.nObs, 2)
        for (i in 0 until adata.nObs) {
            moves.set(i, 0, -at.get(i, 1) / 5)
            moves.set(i, 1, at.get(i, 0) / 5)
        }
        adata.obsm.set("velocity_umap", moves)
        sc.pl.umap(adata, color = "leiden", arrows = true, save = path("umap_arrows.png"))
        sc.pl.umap(
            adata, color = "leiden", arrows = true, save = path("umap_arrows_long.png"),
            arrowsKwds = mapOf("color" to "grey", "scale" to 40.0, "width" to 1.2),
        )
        assertThat(Files.size(FigureSamples.figures.resolve("umap_arrows.png"))).isGreaterThan(10_000)
    }

    @Test
    fun pseudotimes() {
        val adata = kang()
        val names = adata.obs.get("leiden").texts()
        adata.uns["iroot"] = names.indexOf("7").toLong()
        sc.tl.dpt(adata, nBranchings = 1)
        sc.pl.dptGroupsPseudotime(adata, save = path("dpt_groups_pseudotime.png"))
        val genes = adata[all, listOf("ISG15", "LYZ", "CD3D", "MS4A1", "GNLY")]
        sc.pl.dptTimeseries(genes, save = path("dpt_timeseries.png"))
        sc.pl.dptTimeseries(genes, asHeatmap = false, save = path("dpt_timeseries_dots.png"))
        assertThat(Files.size(FigureSamples.figures.resolve("dpt_timeseries.png"))).isGreaterThan(5_000)
    }
}
