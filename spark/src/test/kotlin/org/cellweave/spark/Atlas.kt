package org.cellweave.spark

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.dsl.aggregate
import org.cellweave.dsl.calculateQcMetrics
import org.cellweave.dsl.filterCells
import org.cellweave.dsl.filterGenes
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.log1p
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.sc
import org.cellweave.dsl.scoreGenes
import org.cellweave.dsl.writeH5ad
import org.cellweave.matrix.RowStore
import org.cellweave.testing.Seeds
import java.nio.file.Files
import java.nio.file.Path

/** Counts of several blocks, and the main line over them. */
internal object Atlas {
    const val CELLS = 5000
    const val GENES = 1200

    /** About 3 million values. */
    fun counts(): AnnData {
        val x = Seeds.counts(CELLS, GENES, 0.5, 3)
        val obs = DataFrame.ofNames(*Array(CELLS) { "cell$it" })
        val groups = IntArray(CELLS) { (it * 7 + it / 11) % 4 }
        obs.set("group", CategoricalColumn(groups, StringColumn.of("a", "b", "c", "d"), false))
        obs.set("batch", CategoricalColumn(IntArray(CELLS) { it % 3 % 2 }, StringColumn.of("x", "y"), false))
        val names = Array(GENES) { if (it in 10 until 60) "MT-$it" else "gene$it" }
        val genes = DataFrame.ofNames(*names)
        genes.set("mt", BooleanColumn.of(*BooleanArray(GENES) { it in 10 until 60 }))
        return AnnData(x, obs, genes)
    }

    fun part(
        whole: AnnData,
        from: Int,
        to: Int,
    ): AnnData {
        val rows = RowStore.range(from, to)
        return AnnData(whole.x.takeRows(rows), whole.obs.takeRows(rows), whole.`var`)
    }

    /** Every verb that passes over `X`; answers with files of what it made. */
    fun mainLine(
        adata: AnnData,
        folder: Path,
    ): List<Path> {
        Files.createDirectories(folder)
        sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt"))
        sc.pp.filterCells(adata, minGenes = 585)
        sc.pp.filterGenes(adata, minCells = 2050)
        for (flavor in listOf("seurat_v3", "seurat_v3_paper")) {
            sc.pp.highlyVariableGenes(adata, nTopGenes = 300, flavor = flavor, batchKey = "batch")
            renamed(adata, flavor)
        }
        sc.pp.normalizeTotal(adata, targetSum = 1e4)
        sc.pp.log1p(adata)
        val groups = listOf("mean", "var").map { sc.get.aggregate(adata, by = "group", func = it) }
        for (flavor in listOf("cell_ranger", "seurat")) {
            sc.pp.highlyVariableGenes(adata, nTopGenes = 300, flavor = flavor, batchKey = "batch")
            renamed(adata, flavor)
        }
        sc.pp.pca(adata, nComps = 10)
        sc.pp.neighbors(adata, nNeighbors = 10)
        sc.pp.neighbors(adata, nNeighbors = 10, search = "approximate", keyAdded = "approximate")
        sc.tl.scoreGenes(adata, listOf("gene100", "gene101", "gene107"))
        sc.tl.rankGenesGroups(adata, "group", method = "t-test", keyAdded = "t")
        sc.tl.rankGenesGroups(adata, "group", method = "wilcoxon", keyAdded = "w", pts = true)
        val out = listOf("atlas", "mean", "var").map { folder.resolve("$it.h5ad") }
        (listOf(adata) + groups).zip(out).forEach { (made, file) -> made.copy().toMemory().writeH5ad(file) }
        return out
    }

    private fun renamed(
        adata: AnnData,
        flavor: String,
    ) {
        val written = Regex("highly_variable.*|dispersions.*|variances_norm")
        for (key in adata.`var`.keys.filter { it.matches(written) }) {
            adata.`var`.set("$flavor $key", adata.`var`.get(key))
        }
    }
}
