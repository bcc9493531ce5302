// What scanpy's page on its figures goes through: embeddings, dot plots, violins, matrices, tracks, marker genes, trees.
sc.setFigureParams(dpi = 100, colorMap = "viridis_r") //= sc
sc.settings.verbosity = 1 //= sc
sc.logging.printHeader() //= sc
val pbmc = offline("data/pbmc68k_reduced.h5ad") { sc.datasets.pbmc68kReduced() } //= sc
plt.rcContext(mapOf("figure.figsize" to (4 to 4))) { //d py
    sc.pl.umap(pbmc, color = "CD79A") //= sc
}
val colorVars = listOf(
    "CD79A", "MS4A1", "IGJ", "CD3D", "FCER1A", "FCGR3A", "n_counts", "bulk_labels",
) //= py
plt.rcContext(mapOf("figure.figsize" to (3 to 3))) { //d py
    sc.pl.umap(pbmc, color = colorVars, s = 50, frameon = false, ncols = 4, vmax = "p99") //= sc
}
sc.tl.leiden(
    pbmc,
    keyAdded = "clusters",
    resolution = 0.5,
    nIterations = 2,
    flavor = "igraph",
    directed = false,
) //= sc
plt.rcContext(mapOf("figure.figsize" to (5 to 5))) { //d py
    sc.pl.umap(
        pbmc,
        color = "clusters",
        addOutline = true,
        legendLoc = "on data",
        legendFontsize = 12,
        legendFontoutline = 2,
        frameon = false,
        title = "clustering of cells",
        palette = "Set1",
    ) //= sc
}

// Known genes by cluster, and names from them.
val markerGenesDict = mapOf(
    "B-cell" to listOf("CD79A", "MS4A1"),
    "Dendritic" to listOf("FCER1A", "CST3"),
    "Monocytes" to listOf("FCGR3A"),
    "NK" to listOf("GNLY", "NKG7"),
    "Other" to listOf("IGLL1"),
    "Plasma" to listOf("IGJ"),
    "T-cell" to listOf("CD3D"),
) //= py
sc.pl.dotplot(pbmc, markerGenesDict, "clusters", dendrogram = true) //= sc
val cluster2annotation = mapOf(
    "0" to "Monocytes",
    "1" to "NK",
    "2" to "T-cell",
    "3" to "Dendritic",
    "4" to "Dendritic",
    "5" to "Plasma",
    "6" to "B-cell",
    "7" to "Dendritic",
    "8" to "Other",
) //= py
pbmc.obs["cell type"] = pbmc.obs["clusters"].map(cluster2annotation).astype("category") //= py
sc.pl.dotplot(pbmc, markerGenesDict, "cell type", dendrogram = true) //= sc
sc.pl.umap(
    pbmc,
    color = "cell type",
    legendLoc = "on data",
    frameon = false,
    legendFontsize = 10,
    legendFontoutline = 2,
) //= sc

// Violins and matrices.
plt.rcContext(mapOf("figure.figsize" to (4.5 to 3))) { //d py
    sc.pl.violin(pbmc, listOf("CD79A", "MS4A1"), groupby = "clusters") //= sc
}
plt.rcContext(mapOf("figure.figsize" to (4.5 to 3))) { //d py
    sc.pl.violin(
        pbmc,
        listOf("n_genes", "percent_mito"),
        groupby = "clusters",
        stripplot = false,
    ) //d sc
}
sc.pl.stackedViolin(pbmc, markerGenesDict, groupby = "clusters", swapAxes = false, dendrogram = true) //= sc
sc.pl.matrixplot(
    pbmc,
    markerGenesDict,
    "clusters",
    dendrogram = true,
    cmap = "Blues",
    standardScale = "var",
    colorbarTitle = "column scaled\nexpression",
) //= sc
pbmc.layers["scaled"] = sc.pp.scale(pbmc, copy = true).X //= sc
sc.pl.matrixplot(
    pbmc,
    markerGenesDict,
    "clusters",
    dendrogram = true,
    colorbarTitle = "mean z-score",
    layer = "scaled",
    vmin = -2,
    vmax = 2,
    cmap = "RdBu_r",
) //= sc

// Three kinds of figures in one.
val (fig, axs) = plt.subplots(1, 3, figsize = 20 to 4, gridspecKw = mapOf("wspace" to 0.9)) //= py
val (ax1, ax2, ax3) = axs
val ax1Dict = sc.pl.dotplot(pbmc, markerGenesDict, groupby = "bulk_labels", ax = ax1, show = false) //= sc
val ax2Dict = sc.pl.stackedViolin(pbmc, markerGenesDict, groupby = "bulk_labels", ax = ax2, show = false) //= sc
val ax3Dict = sc.pl.matrixplot(
    pbmc, markerGenesDict, groupby = "bulk_labels", ax = ax3, show = false, cmap = "viridis",
) //= sc

// Heat maps and tracks.
var ax = sc.pl.heatmap(pbmc, markerGenesDict, groupby = "clusters", cmap = "viridis", dendrogram = true) //= sc
ax = sc.pl.heatmap(
    pbmc,
    markerGenesDict,
    groupby = "clusters",
    layer = "scaled",
    vmin = -2,
    vmax = 2,
    cmap = "RdBu_r",
    dendrogram = true,
    swapAxes = true,
    figsize = 11 to 4,
) //= sc
ax = sc.pl.tracksplot(pbmc, markerGenesDict, groupby = "clusters", dendrogram = true) //= sc

// Genes that mark the clusters.
sc.tl.rankGenesGroups(pbmc, groupby = "clusters", method = "wilcoxon") //= sc
sc.pl.rankGenesGroupsDotplot(pbmc, nGenes = 4) //= sc
sc.pl.rankGenesGroupsDotplot(
    pbmc,
    nGenes = 4,
    valuesToPlot = "logfoldchanges",
    minLogfoldchange = 3,
    vmax = 7,
    vmin = -7,
    cmap = "bwr",
) //= sc
sc.pl.rankGenesGroupsDotplot(
    pbmc,
    nGenes = 30,
    valuesToPlot = "logfoldchanges",
    minLogfoldchange = 4,
    vmax = 7,
    vmin = -7,
    cmap = "bwr",
    groups = listOf("3", "5"),
) //= sc
sc.pl.rankGenesGroupsMatrixplot(
    pbmc, nGenes = 3, useRaw = false, vmin = -3, vmax = 3, cmap = "bwr", layer = "scaled",
) //= sc
sc.pl.rankGenesGroupsStackedViolin(pbmc, nGenes = 3, cmap = "viridis_r") //= sc
sc.pl.rankGenesGroupsHeatmap(
    pbmc,
    nGenes = 3,
    useRaw = false,
    swapAxes = true,
    vmin = -3,
    vmax = 3,
    cmap = "bwr",
    layer = "scaled",
    figsize = 10 to 7,
    show = false,
) //= sc
sc.pl.rankGenesGroupsHeatmap(
    pbmc, nGenes = 10, useRaw = false, swapAxes = true, showGeneLabels = false, vmin = -3, vmax = 3, cmap = "bwr",
) //= sc
sc.pl.rankGenesGroupsTracksplot(pbmc, nGenes = 3) //= sc
plt.rcContext(mapOf("figure.figsize" to (9 to 1.5))) { //d py
    sc.pl.rankGenesGroupsViolin(pbmc, nGenes = 20, jitter = false) //= sc
}

// Trees of groups.
sc.tl.dendrogram(pbmc, "bulk_labels") //= sc
ax = sc.pl.dendrogram(pbmc, "bulk_labels") //= sc
ax = sc.pl.correlationMatrix(pbmc, "bulk_labels", figsize = 5 to 3.5) //= sc
