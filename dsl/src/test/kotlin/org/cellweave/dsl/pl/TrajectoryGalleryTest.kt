package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.dsl.diffmap
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.tsne
import org.cellweave.dsl.umap
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files

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
}
