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
import org.cellweave.testing.H5Reference
import org.junit.jupiter.api.Test

/** Draws from scanpy's result on the kang data what scanpy draws, to be looked at side by side. */
class TrajectoryGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    private fun kang(): AnnData = read.copy()

    private companion object {
        val read: AnnData by lazy { sc.readH5ad(H5Reference.kangFile().toString()) }
    }

    @Test
    fun embeddings() {
        val adata = kang()
        val clusters = Drawing.names(adata, "leiden")
        val tsne = Drawing(
            sc.pl.tsne(adata, color = listOf("leiden", "batch"), legendLoc = "best", save = path("tsne.png")),
        )
        assertThat(tsne.texts).contains("tSNE1", "tSNE2", "leiden", "batch", "ctrl", "stim").containsAll(clusters)
        assertThat(tsne.count("circle")).isEqualTo(2 * adata.nObs + clusters.size + 2)
        val diffmap = Drawing(
            sc.pl.diffmap(adata, color = "leiden", components = listOf("1,2", "2,3"), save = path("diffmap.png")),
        )
        assertThat(diffmap.texts).contains("DC1", "DC2", "DC3").doesNotContain("DC4")
        val edges = Drawing(sc.pl.umap(adata, color = "leiden", edges = true, save = path("umap_edges.png")))
        // More than 20,000 edges are a picture.
        assertThat((adata.obsp["connectivities"] as Matrix).toCsr().nnz() / 2).isGreaterThan(20_000)
        assertThat(edges.count("image")).isEqualTo(1)
        assertThat(edges.count("line")).isZero()
        val outlined = Drawing(
            sc.pl.umap(
                adata,
                color = "leiden", addOutline = true, legendLoc = "on data", legendFontoutline = 2,
                save = path("umap_outline.png"),
            ),
        )
        assertThat(outlined.fills("circle")).containsEntry("#000000", adata.nObs).containsEntry("#ffffff", adata.nObs)
        // Twelve white copies and the name itself.
        for (name in clusters) assertThat(outlined.texts.count { it == name }).isEqualTo(13)
    }

    @Test
    fun rankings() {
        val adata = kang()
        val highest = Drawing(sc.pl.highestExprGenes(adata, nTop = 20, save = path("highest_expr_genes.png")))
        assertThat(highest.texts).contains("% of total counts", "MALAT1")
        assertThat(highest.texts.count { it in adata.varNames }).isEqualTo(20)
        val log = Drawing(
            sc.pl.highestExprGenes(adata, nTop = 10, layer = "counts", log = true, save = path("highest_log.png")),
        )
        assertThat(log.texts.count { it in adata.varNames }).isEqualTo(10)
        val loadings = Drawing(sc.pl.pcaLoadings(adata, components = "1,2", save = path("pca_loadings.png")))
        assertThat(loadings.texts.count { it in adata.varNames }).isEqualTo(2 * 30)
        assertThat(loadings.texts).contains("PC1", "PC2", "...").doesNotContain("PC3")
        val overview = Drawing(sc.pl.pcaOverview(adata, color = "leiden", save = path("pca_overview.png")))
        assertThat(overview.texts).contains("variance ratio", "leiden", "PC1", "PC2", "PC3")
        assertThat(overview.count("circle")).isEqualTo(adata.nObs + Drawing.names(adata, "leiden").size)
        val ranking =
            Drawing(sc.pl.ranking(adata, "obs", "total_counts", log = true, nPoints = 12, save = path("ranking.png")))
        assertThat(ranking.texts).contains("total counts", "ranking")
        val counts = adata.obs["total_counts"].toDoubles()
        assertThat(ranking.texts).containsAll(
            counts.indices
                .sortedByDescending { counts[it] }
                .take(12)
                .map { "$it" },
        )
    }

    @Test
    fun densities() {
        val adata = kang()
        sc.tl.embeddingDensity(adata, basis = "umap", groupby = "batch")
        val density =
            Drawing(sc.pl.embeddingDensity(adata, key = "umap_density_batch", save = path("embedding_density.png")))
        assertThat(density.texts).contains("ctrl", "stim", "UMAP1", "0.0", "1.0")
        // In each of two panels the cells of the other batch are grey.
        assertThat(density.fills("circle")["#d3d3d3"]).isEqualTo(adata.nObs)
        assertThat(density.fills("circle").values.sum()).isEqualTo(2 * adata.nObs)
        val counts = AnnData(adata.layers.get("counts") as Matrix, adata.obs, adata.`var`)
        sc.pp.scrublet(counts, batchKey = "batch")
        val scores = Drawing(sc.pl.scrubletScoreDistribution(counts, save = path("scrublet.png")))
        assertThat(scores.texts).contains(
            "Observed transcriptomes (ctrl)", "Simulated doublets (ctrl)", "Observed transcriptomes (stim)",
            "Simulated doublets (stim)", "Doublet score", "Prob. density",
        )
        assertThat(scores.fills("rect")["#808080"]).isGreaterThan(20)
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
        val short = Drawing(sc.pl.umap(adata, color = "leiden", arrows = true, save = path("umap_arrows.png")))
        // A shaft and two sides of a head per cell, but for those few that point out of the panel from its edge.
        val lines = 3 * (adata.nObs - 10)..3 * adata.nObs
        assertThat(short.count("line")).isIn(lines)
        val long = sc.pl.umap(
            adata, color = "leiden", arrows = true, save = path("umap_arrows_long.png"),
            arrowsKwds = mapOf("color" to "grey", "scale" to 40.0, "width" to 1.2),
        )
        assertThat(Drawing(long).count("line")).isIn(lines)
        assertThat(long.toSvg()).contains("stroke=\"rgb(128,128,128)\"")
    }

    @Test
    fun pseudotimes() {
        val adata = kang()
        val names = adata.obs.get("leiden").texts()
        adata.uns["iroot"] = maxOf(names.indexOf("7"), 0).toLong()
        sc.tl.dpt(adata, nBranchings = 1)
        val groups = Drawing(sc.pl.dptGroupsPseudotime(adata, save = path("dpt_groups_pseudotime.png")))
        assertThat(groups.texts).contains("dpt groups", "dpt order", "pseudotime")
        assertThat(groups.texts).containsAll(Drawing.names(adata, "dpt_groups"))
        val genes = adata[all, listOf("ISG15", "LYZ", "CD3D", "MS4A1", "GNLY")]
        val heat = Drawing(sc.pl.dptTimeseries(genes, save = path("dpt_timeseries.png")))
        assertThat(heat.texts).containsAll(genes.varNames).contains("dpt order")
        assertThat(heat.count("image")).isEqualTo(1)
        val dots = Drawing(sc.pl.dptTimeseries(genes, asHeatmap = false, save = path("dpt_timeseries_dots.png")))
        assertThat(dots.texts).containsAll(genes.varNames).contains("gene expression")
        for (color in Drawing.TAB10.take(5)) assertThat(dots.fills("circle")).containsEntry(color, adata.nObs + 1)
    }
}
