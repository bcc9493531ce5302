// Most verbs in one file, whose bytes must not depend on the number of threads; see run.
// usage: ./cellweave tools/check/threads/verbs.kts CTRL_FOLDER STIM_FOLDER OUT.h5ad
val (ctrl, stim, out) = args
val adata = sc.concat(
    mapOf("ctrl" to sc.read10xMtx(ctrl), "stim" to sc.read10xMtx(stim)),
    label = "batch", indexUnique = "-",
)
sc.pp.calculateQcMetrics(adata, percentTop = listOf(50, 100))
sc.pp.scrublet(adata, batchKey = "batch")
sc.pp.filterCells(adata, minGenes = 200)
sc.pp.filterGenes(adata, minCells = 3)
adata.layers["counts"] = adata.X.copy()
sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
sc.tl.scoreGenes(adata, adata.varNames.subList(0, 30))
sc.pp.highlyVariableGenes(adata, nTopGenes = 1500, batchKey = "batch")
sc.pp.pca(adata, nComps = 30)
sc.pp.harmonyIntegrate(adata, key = "batch")
sc.pp.neighbors(adata, useRep = "X_pca_harmony")
sc.tl.umap(adata)
sc.tl.tsne(adata, useRep = "X_pca_harmony", maxIter = 500)
sc.tl.tsne(adata, useRep = "X_pca_harmony", maxIter = 500, method = "interpolation", keyAdded = "X_fit")
sc.tl.leiden(adata)
sc.tl.louvain(adata)
sc.tl.paga(adata, groups = "leiden")
sc.tl.diffmap(adata)
adata.uns["iroot"] = 5
sc.tl.dpt(adata)
sc.tl.drawGraph(adata)
sc.tl.embeddingDensity(adata, groupby = "batch")
sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "wilcoxon", keyAdded = "w")
sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "t-test")
val hv = adata[all, adata.vars["highly_variable"]].copy()
sc.pp.combat(hv, key = "batch")
sc.pp.regressOut(hv, listOf("total_counts"))
adata.obsm["combat"] = hv.X.toDense()
val table = sc.metrics.benchmark(adata, "batch", "leiden", listOf("X_pca", "X_pca_harmony"))
adata.uns["benchmark"] = table.toDataFrame()
adata.writeH5ad(out)
