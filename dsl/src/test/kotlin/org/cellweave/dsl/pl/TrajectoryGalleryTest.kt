package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.all
import org.cellweave.dsl.diffmap
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
import org.cellweave.dsl.scrubletScoreDistribution
import org.cellweave.dsl.tsne
import org.cellweave.dsl.umap
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.util.SplittableRandom

/** Draws from scanpy's result on the kang data what scanpy draws, to be looked at side by side. */
class TrajectoryGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    private fun kang(): AnnData = sc.readH5ad(SharedData.require("reference/kang.h5ad").toString())

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
        val random = SplittableRandom(0)
        adata.obs.set("umap_density_batch", NumericColumn.of(*DoubleArray(adata.nObs) { random.nextDouble() }))
        adata.uns["umap_density_batch_params"] = mapOf("covariate" to "batch", "components" to NdArray.of(1, 2))
        sc.pl.embeddingDensity(adata, key = "umap_density_batch", save = path("embedding_density.png"))
        val scores = DoubleArray(adata.nObs) { random.nextDouble() * random.nextDouble() * 0.6 }
        adata.obs.set("doublet_score", NumericColumn.of(*scores))
        val simulated = DoubleArray(4000) { (random.nextDouble() + (it % 2)) * 0.3 }
        val run = mapOf("doublet_scores_sim" to NdArray.of(*simulated), "threshold" to 0.25)
        adata.uns["scrublet"] = mapOf("batched_by" to "batch", "batches" to mapOf("ctrl" to run, "stim" to run))
        sc.pl.scrubletScoreDistribution(adata, save = path("scrublet.png"))
    }

    @Test
    fun pseudotimes() {
        val adata = kang()
        val component = (adata.obsm.get("X_diffmap") as org.cellweave.matrix.Matrix).let { x ->
            DoubleArray(x.nRows()) { x.get(it, 2) }
        }
        val low = component.min()
        val time = DoubleArray(component.size) { (component[it] - low) / (component.max() - low) }
        adata.obs.set("dpt_pseudotime", NumericColumn.of(*time))
        adata.obs.set("dpt_groups", adata.obs.get("leiden"))
        adata.uns["dpt_changepoints"] = NdArray.of(300, 900)
        sc.pl.dptGroupsPseudotime(adata, save = path("dpt_groups_pseudotime.png"))
        val genes = adata[all, listOf("ISG15", "LYZ", "CD3D", "MS4A1", "GNLY")]
        sc.pl.dptTimeseries(genes, save = path("dpt_timeseries.png"))
        sc.pl.dptTimeseries(genes, asHeatmap = false, save = path("dpt_timeseries_dots.png"))
    }
}
