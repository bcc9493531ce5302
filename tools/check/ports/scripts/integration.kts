// A user's notebook on two lungs: the same steps for each, ingest, shares of clusters.
sc.setFigureParams(dpi = 100) //= sc

fun pp(h5Path: String): AnnData { //= py
    var adata = sc.read10xH5(h5Path) //= sc
    adata.varNamesMakeUnique() //= py
    sc.pp.filterCells(adata, minGenes = 200) //= sc
    sc.pp.filterGenes(adata, minCells = 3) //= sc
    adata.vars["mt"] = adata.varNames.str.startsWith("mt-") //= py
    sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt"), percentTop = null, log1p = false, inplace = true) //= sc
    val upperLim = np.quantile(adata.obs["n_genes_by_counts"].values, .98) //= py
    val lowerLim = np.quantile(adata.obs["n_genes_by_counts"].values, .02) //= py
    adata = adata[
        (adata.obs["n_genes_by_counts"] lt upperLim) and (adata.obs["n_genes_by_counts"] gt lowerLim),
    ] //= py
    adata = adata[adata.obs["pct_counts_mt"] lt 20] //= py
    sc.pp.normalizeTotal(adata, targetSum = 1e4) //= sc
    sc.pp.log1p(adata) //= sc
    sc.pp.highlyVariableGenes(adata, minMean = 0.0125, maxMean = 3, minDisp = 0.5) //= sc
    adata.raw = adata //= py
    adata = adata[all, adata.vars["highly_variable"]] //= py
    sc.pp.regressOut(adata, listOf("total_counts", "pct_counts_mt")) //= sc
    sc.pp.scale(adata, maxValue = 10) //= sc
    sc.tl.pca(adata, svdSolver = "arpack") //= sc
    sc.pp.neighbors(adata, nNeighbors = 10, nPcs = 20) //= sc
    sc.tl.leiden(adata, resolution = 0.25) //= sc
    sc.tl.umap(adata) //= sc
    return adata //= py
}

var lung1 = pp("data/lung1.h5") //= py
var lung2 = pp("data/lung2.h5") //= py
plt.rcContext(mapOf("figure.figsize" to (4 to 4))) { //d py
    sc.pl.umap(lung1, color = "leiden", frameon = false, title = "Sample1", legendLoc = null) //= sc
    sc.pl.umap(lung2, color = "leiden", frameon = false, title = "Sample2", legendLoc = null) //= sc
}
lung1.obs["Sample"] = "lung1" //= py
lung2.obs["Sample"] = "lung2" //= py
val varNames = lung2.varNames.intersection(lung1.varNames) //= py
lung2 = lung2[all, varNames] //= py
lung1 = lung1[all, varNames] //= py
sc.tl.ingest(lung1, lung2, obs = "leiden") //= sc
plt.rcContext(mapOf("figure.figsize" to (4 to 4))) { //d py
    sc.pl.umap(lung1, color = "leiden") //= sc
    sc.pl.umap(lung2, color = "leiden") //= sc
}
val merged = lung2.concatenate(lung1) //= py
plt.rcContext(mapOf("figure.figsize" to (4 to 4))) { //d py
    sc.pl.umap(merged, color = "leiden", frameon = false, title = "Integrated", legendLoc = null) //= sc
    sc.pl.umap(merged, color = "Sample") //= sc
}
val counts = merged.obs.groupby(listOf("Sample", "leiden")).count().resetIndex() //= py

fun mapPer(row: Row): Double { //d py
    val (samp, y) = row //= py
    val tot = counts[counts["Sample"] eq samp]["total_counts"].sum() //= py
    return (y / tot) * 100 //= py
}

counts["per"] = counts[listOf("Sample", "total_counts")].apply(axis = 1, ::mapPer) //= py
plt.figure(figsize = 10 to 3) //= py
val ax = sns.barplot(x = "leiden", y = "per", hue = "Sample", data = counts) //= py
