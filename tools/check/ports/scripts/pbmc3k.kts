// scanpy's tutorial on 2,700 blood cells: from counts to named clusters.
sc.settings.verbosity = 3 //= sc
sc.setFigureParams(dpi = 80, facecolor = "white") //= sc
sc.logging.printHeader() //= sc

val resultsFile = "write/pbmc3k.h5ad" //= py
var adata = sc.read10xMtx(
    "data/filtered_gene_bc_matrices/hg19/",
    varNames = "gene_symbols",
    cache = true,
) //= sc
adata.varNamesMakeUnique() //= py

// Quality of cells and genes.
sc.pl.highestExprGenes(adata, nTop = 20) //= sc
sc.pp.filterCells(adata, minGenes = 200) //= sc
sc.pp.filterGenes(adata, minCells = 3) //= sc
adata.vars["mt"] = adata.varNames.str.startsWith("MT-") //= py
sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt"), percentTop = null, log1p = false, inplace = true) //= sc
sc.pl.violin(
    adata,
    listOf("n_genes_by_counts", "total_counts", "pct_counts_mt"),
    jitter = 0.4,
    multiPanel = true,
) //= sc
val (fig, axs) = plt.subplots(1, 2, figsize = 10 to 4, layout = "constrained") //= py
sc.pl.scatter(adata, x = "total_counts", y = "pct_counts_mt", show = false, ax = axs[0]) //= sc
sc.pl.scatter(adata, x = "total_counts", y = "n_genes_by_counts", show = false, ax = axs[1]) //= sc
adata = adata[
    (adata.obs["n_genes_by_counts"] lt 2500) and (adata.obs["n_genes_by_counts"] gt 200) and
        (adata.obs["pct_counts_mt"] lt 5),
    all,
].copy() //= py
adata.layers["counts"] = adata.X.copy() //= py

// Scales and genes.
sc.pp.normalizeTotal(adata, targetSum = 1e4) //= sc
sc.pp.log1p(adata) //= sc
sc.pp.highlyVariableGenes(
    adata,
    layer = "counts",
    nTopGenes = 2000,
    minMean = 0.0125,
    maxMean = 3,
    minDisp = 0.5,
    flavor = "seurat_v3",
) //= sc
sc.pl.highlyVariableGenes(adata) //= sc
adata.layers["scaled"] = adata.X.toarray() //= py
sc.pp.regressOut(adata, listOf("total_counts", "pct_counts_mt"), layer = "scaled") //= sc
sc.pp.scale(adata, maxValue = 10, layer = "scaled") //= sc

// Components, neighbours, map.
sc.pp.pca(adata, layer = "scaled", svdSolver = "arpack") //= sc
sc.pl.pca(adata, annotateVarExplained = true, color = "CST3") //= sc
sc.pl.pcaVarianceRatio(adata, nPcs = 20) //= sc
sc.pl.pcaLoadings(adata, components = listOf(1, 2), includeLowest = true) //= sc
sc.pp.neighbors(adata, nNeighbors = 10, nPcs = 40) //= sc
sc.tl.umap(adata) //= sc
sc.pl.umap(adata, color = listOf("CST3", "NKG7", "PPBP")) //= sc
sc.pl.umap(adata, color = listOf("CST3", "NKG7", "PPBP"), layer = "counts") //= sc
sc.pl.umap(adata, color = listOf("CST3", "NKG7", "PPBP"), layer = "scaled") //= sc

// Clusters.
sc.tl.leiden(
    adata,
    resolution = 0.7,
    randomState = 0,
    flavor = "igraph",
    nIterations = 2,
    directed = false,
) //= sc
adata.obs["leiden"] = adata.obs["leiden"].copy() //= py
adata.uns["leiden"] = adata.uns["leiden"].copy() //= py
adata.obsm["X_umap"] = adata.obsm["X_umap"].copy() //= py
sc.pl.umap(adata, color = listOf("leiden", "CD14", "NKG7")) //= sc

// Genes that mark them.
sc.tl.rankGenesGroups(adata, "leiden", maskVar = "highly_variable", method = "t-test") //= sc
sc.pl.rankGenesGroups(adata, nGenes = 25, sharey = false) //= sc
sc.settings.verbosity = 2 //= sc
sc.tl.rankGenesGroups(adata, "leiden", maskVar = "highly_variable", method = "wilcoxon") //= sc
sc.pl.rankGenesGroups(adata, nGenes = 25, sharey = false) //= sc
adata.write(resultsFile) //= py
sc.tl.rankGenesGroups(adata, "leiden", maskVar = "highly_variable", method = "logreg", maxIter = 1000) //= sc
sc.pl.rankGenesGroups(adata, nGenes = 25, sharey = false) //= sc
val markerGenes =
    listOf("IL7R", "CD79A", "MS4A1", "CD8A", "CD8B", "LYZ", "CD14") +
        listOf("LGALS3", "S100A8", "GNLY", "NKG7", "KLRB1") +
        listOf("FCGR3A", "MS4A7", "FCER1A", "CST3", "PPBP") //= py
adata = sc.read(resultsFile) //= sc
pd.DataFrame(adata.uns["rank_genes_groups"]["names"]).head(5) //= py
val result = adata.uns["rank_genes_groups"] //= py
val groups = result["names"].dtype.names //= py
pd.DataFrame(
    groups.flatMap { group ->
        listOf("names", "pvals").map { key -> "${group}_${key.take(1)}" to result[key][group] }
    }.toMap(),
).head(5) //= py
sc.tl.rankGenesGroups(
    adata,
    "leiden",
    maskVar = "highly_variable",
    groups = listOf("0"),
    reference = "1",
    method = "wilcoxon",
) //= sc
sc.pl.rankGenesGroups(adata, groups = listOf("0"), nGenes = 20) //= sc
sc.pl.rankGenesGroupsViolin(adata, groups = "0", nGenes = 8) //= sc
adata = sc.read(resultsFile) //= sc
sc.pl.rankGenesGroupsViolin(adata, groups = "0", nGenes = 8) //= sc
sc.pl.violin(adata, listOf("CST3", "NKG7", "PPBP"), groupby = "leiden") //= sc

// Names for the clusters.
val newClusterNames = listOf(
    "CD4 T",
    "B",
    "CD14+ Monocytes",
    "NK",
    "CD8 T",
    "FCGR3A+ Monocytes",
    "Dendritic",
    "Megakaryocytes",
) //= py
adata.renameCategories("leiden", newClusterNames) //= py
sc.pl.umap(adata, color = "leiden", legendLoc = "on data", title = "", frameon = false) //= sc
sc.pl.dotplot(adata, markerGenes, groupby = "leiden") //= sc
sc.pl.stackedViolin(adata, markerGenes, groupby = "leiden") //= sc
adata.write(resultsFile, compression = "gzip") //= py
