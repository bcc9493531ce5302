// scanpy's tutorial on trajectories in haematopoiesis: graph drawings, PAGA, pseudotime, paths.
sc.settings.verbosity = 3 //= sc
sc.logging.printVersions() //= sc
val resultsFile = "./write/paul15.h5ad" //= py
sc.settings.setFigureParams(dpi = 80, frameon = false, figsize = 3 to 3, facecolor = "white") //= sc
val adata = offline("data/paul15.h5ad") { sc.datasets.paul15() } //= sc
adata.X = adata.X.astype("float64") //= py
sc.pp.recipeZheng17(adata) //= sc
sc.tl.pca(adata, svdSolver = "arpack") //= sc
sc.pp.neighbors(adata, nNeighbors = 4, nPcs = 20) //= sc
sc.tl.drawGraph(adata) //= sc
sc.pl.drawGraph(adata, color = "paul15_clusters", legendLoc = "on data") //= sc
sc.tl.diffmap(adata) //= sc
sc.pp.neighbors(adata, nNeighbors = 10, useRep = "X_diffmap") //= sc
sc.tl.drawGraph(adata) //= sc
sc.pl.drawGraph(adata, color = "paul15_clusters", legendLoc = "on data") //= sc

// The abstracted graph.
sc.tl.louvain(adata, resolution = 1.0) //= sc
sc.tl.paga(adata, groups = "louvain") //= sc
sc.pl.paga(adata, color = listOf("louvain", "Hba-a2", "Elane", "Irf8")) //= sc
sc.pl.paga(adata, color = listOf("louvain", "Itga2b", "Prss34", "Cma1")) //= sc
adata.obs["louvain_anno"] = adata.obs["louvain"].cat.renameCategories(
    mapOf(
        "1" to "1/Ery",
        "2" to "2/Stem",
        "3" to "3/Neu",
    ),
) //= py
sc.tl.paga(adata, groups = "louvain_anno") //= sc
sc.pl.paga(adata, threshold = 0.03, show = false) //= sc
sc.tl.drawGraph(adata, initPos = "paga") //= sc
sc.pl.drawGraph(adata, color = listOf("louvain_anno", "Itga2b", "Prss34", "Cma1"), legendLoc = "on data") //= sc
sc.pl.drawGraph(adata, color = listOf("louvain_anno", "Itga2b", "Prss34", "Cma1"), legendLoc = "on data") //= sc

// Colours of the clusters.
plt.figure(figsize = 8 to 2) //= py
for (i in 0 until 28) { //= py
    plt.scatter(i, 1, c = sc.pl.palettes.zeileis28[i], s = 200) //= py
}
plt.show() //= py
val zeileisColors = np.array(sc.pl.palettes.zeileis28) //= py
val newColors = np.array(adata.uns["louvain_anno_colors"]) //= py
newColors[listOf(2)] = zeileisColors[listOf(12)] //= py
newColors[listOf(1)] = zeileisColors[listOf(5)] //= py
newColors[listOf(0)] = zeileisColors[listOf(17)] //= py
newColors[listOf(3)] = zeileisColors[listOf(6)] //= py
newColors[listOf(1, 0)] = zeileisColors[listOf(2, 8)] //= py
newColors[listOf(2)] = zeileisColors[listOf(18)] //= py
newColors[listOf(0, 1, 2)] = zeileisColors[listOf(6, 6, 6)] //= py
newColors[listOf(0, 1)] = zeileisColors[listOf(25, 25)] //= py
adata.uns["louvain_anno_colors"] = newColors //= py
sc.pl.pagaCompare(
    adata,
    threshold = 0.03,
    title = "",
    size = 10,
    edgeWidthScale = 0.5,
    legendFontsize = 12,
    frameon = false,
    edges = true,
) //d sc

// Pseudotime.
adata.uns["iroot"] = np.flatnonzero(adata.obs["louvain_anno"] eq "2/Stem")[0] //= py
sc.tl.dpt(adata) //= sc
val geneNames =
    listOf("Gata2", "Gata1", "Klf1", "Epor", "Hba-a2") +
        listOf("Elane", "Cebpe", "Gfi1") +
        listOf("Irf8", "Csf1r", "Ctsg") //= py
val adataRaw = offline("data/paul15.h5ad") { sc.datasets.paul15() } //= sc
sc.pp.log1p(adataRaw) //= sc
sc.pp.scale(adataRaw) //= sc
adata.raw = adataRaw //= py
sc.pl.drawGraph(adata, color = listOf("louvain_anno", "dpt_pseudotime"), legendLoc = "on data") //= sc
val paths = listOf(
    "erythrocytes" to listOf(2, 1),
    "neutrophils" to listOf(2, 0),
    "monocytes" to listOf(2, 3),
) //= py
adata.obs["distance"] = adata.obs["dpt_pseudotime"] //= py
adata.obs["clusters"] = adata.obs["louvain_anno"] //= py
adata.uns["clusters_colors"] = adata.uns["louvain_anno_colors"] //= py

// Genes along three paths.
val (_, axs) = plt.subplots(ncols = 3, figsize = 6 to 2.5, gridspecKw = mapOf("wspace" to 0.05, "left" to 0.12)) //= py
plt.subplotsAdjust(left = 0.05, right = 0.98, top = 0.82, bottom = 0.2) //= py
for ((ipath, entry) in paths.withIndex()) { //= py
    val (descr, path) = entry
    val data = sc.pl.pagaPath(
        adata,
        path,
        geneNames,
        showNodeNames = false,
        ax = axs[ipath],
        ytickFontsize = 12,
        leftMargin = 0.15,
        nAvg = 50,
        annotations = listOf("distance"),
        showYticks = ipath == 0,
        showColorbar = false,
        colorMap = "Greys",
        groupsKey = "clusters",
        colorMapsAnnotations = mapOf("distance" to "viridis"),
        title = "$descr path",
        returnData = true,
        show = false,
    ) //= sc
    data.toCsv("./write/paga_path_$descr.csv") //= py
}
plt.savefig("./figures/paga_path_paul15.pdf") //= py
plt.show() //= py
