// The README's script without Harmony and with the comparison of the two conditions that ../shared/bench/check_kang.py expects.
// usage: ./cellweave tools/check/kang.kts CTRL_FOLDER STIM_FOLDER OUT.h5ad
val (ctrl, stim, out) = args
val adata =
    sc.concat(
        mapOf("ctrl" to sc.read10xMtx(ctrl), "stim" to sc.read10xMtx(stim)),
        label = "batch",
        indexUnique = "-",
    )
sc.pp.calculateQcMetrics(adata, percentTop = listOf(50, 100))
sc.pp.filterCells(adata, minGenes = 200)
sc.pp.filterGenes(adata, minCells = 3)
adata.layers["counts"] = adata.X.copy()
sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
sc.pp.highlyVariableGenes(adata, nTopGenes = 1500, batchKey = "batch")
sc.pp.pca(adata, nComps = 30)
sc.pp.neighbors(adata, useRep = "X_pca")
sc.tl.umap(adata)
sc.tl.leiden(adata, flavor = "igraph", nIterations = 2)
sc.tl.rankGenesGroups(
    adata, groupby = "batch", groups = listOf("stim"), reference = "ctrl", method = "wilcoxon", tieCorrect = true,
)
sc.tl.dendrogram(adata, groupby = "batch")
adata.writeH5ad(out)
