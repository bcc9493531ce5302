// scanpy's tutorial on clustering: two samples of bone marrow, doublets, clusters at three resolutions, their names.
sc.settings.setFigureParams(dpi = 50, facecolor = "white") //= sc
// EXAMPLE_DATA = pooch.create(...): files are fetched by hand //m ext
// EXAMPLE_DATA.load_registry_from_doi() //m ext
val samples = mapOf(
    "s1d1" to "s1d1_filtered_feature_bc_matrix.h5",
    "s1d3" to "s1d3_filtered_feature_bc_matrix.h5",
) //= py
val adatas = mutableMapOf<String, AnnData>() //= py
for ((sampleId, filename) in samples) { //= py
    // path = EXAMPLE_DATA.fetch(filename) //m ext
    val sampleAdata = sc.read10xH5("data/$filename") //= sc
    sampleAdata.varNamesMakeUnique() //= py
    adatas[sampleId] = sampleAdata //= py
}
val adata = ad.concat(adatas, label = "sample") //= py
adata.obsNamesMakeUnique() //= py
println(adata.obs["sample"].valueCounts()) //= py

// Quality of cells.
adata.vars["mt"] = adata.varNames.str.startsWith("MT-") //= py
adata.vars["ribo"] = adata.varNames.str.startsWith(listOf("RPS", "RPL")) //= py
adata.vars["hb"] = adata.varNames.str.contains("^HB[^(P)]") //= py
sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt", "ribo", "hb"), inplace = true, log1p = true) //= sc
sc.pl.violin(
    adata,
    listOf("n_genes_by_counts", "total_counts", "pct_counts_mt"),
    jitter = 0.4,
    multiPanel = true,
) //= sc
sc.pl.scatter(adata, "total_counts", "n_genes_by_counts", color = "pct_counts_mt") //= sc
sc.pp.filterCells(adata, minGenes = 100) //= sc
sc.pp.filterGenes(adata, minCells = 3) //= sc
sc.pp.scrublet(adata, batchKey = "sample") //= sc

// Scales, genes, components.
adata.layers["counts"] = adata.X.copy() //= py
sc.pp.normalizeTotal(adata) //= sc
sc.pp.log1p(adata) //= sc
sc.pp.highlyVariableGenes(adata, nTopGenes = 2000, batchKey = "sample") //= sc
sc.pl.highlyVariableGenes(adata) //= sc
sc.tl.pca(adata) //= sc
sc.pl.pcaVarianceRatio(adata, nPcs = 50, log = true) //= sc
sc.pl.pca(
    adata,
    color = listOf("sample", "sample", "pct_counts_mt", "pct_counts_mt"),
    dimensions = listOf(0 to 1, 2 to 3, 0 to 1, 2 to 3),
    ncols = 2,
    size = 2,
) //= sc
sc.pp.neighbors(adata) //= sc
sc.tl.umap(adata) //= sc
sc.pl.umap(
    adata,
    color = "sample",
    size = 2,
) //= sc

// Clusters, and whether they follow quality.
sc.tl.leiden(adata, flavor = "igraph", nIterations = 2) //= sc
sc.pl.umap(adata, color = listOf("leiden")) //= sc
sc.pl.umap(
    adata,
    color = listOf("leiden", "predicted_doublet", "doublet_score"),
    wspace = 0.5,
    size = 3,
) //= sc
sc.pl.umap(
    adata,
    color = listOf("leiden", "log1p_total_counts", "pct_counts_mt", "log1p_n_genes_by_counts"),
    wspace = 0.5,
    ncols = 2,
) //= sc
for (res in listOf(0.02, 0.5, 2.0)) { //= py
    sc.tl.leiden(adata, keyAdded = "leiden_res_${"%4.2f".format(res)}", resolution = res, flavor = "igraph") //= sc
}
sc.pl.umap(
    adata,
    color = listOf("leiden_res_0.02", "leiden_res_0.50", "leiden_res_2.00"),
    legendLoc = "on data",
) //= sc
sc.pl.umap(
    adata,
    color = listOf("leiden_res_0.02", "leiden_res_0.50", "leiden_res_2.00"),
    legendLoc = "on data",
) //= sc

// Names by known genes.
val markerGenes = mapOf(
    "CD14+ Mono" to listOf("FCN1", "CD14"),
    "CD16+ Mono" to listOf("TCF7L2", "FCGR3A", "LYN"),
    "cDC2" to listOf("CST3", "COTL1", "LYZ", "DMXL2", "CLEC10A", "FCER1A"),
    "Erythroblast" to listOf("MKI67", "HBA1", "HBB"),
    "NK" to listOf("GNLY", "NKG7", "CD247", "FCER1G", "TYROBP", "KLRG1", "FCGR3A"),
    "Naive CD20+ B" to listOf("MS4A1", "IL4R", "IGHD", "FCRL1", "IGHM"),
    "Plasma cells" to listOf("MZB1", "HSP90B1", "FNDC3B", "PRDM1", "IGKC", "JCHAIN"),
    "CD4+ T" to listOf("CD4", "IL7R", "TRBC2"),
    "CD8+ T" to listOf("CD8A", "CD8B", "GZMK", "GZMA", "CCL5", "GZMB", "GZMH", "GZMA"),
) //= py
sc.pl.dotplot(adata, markerGenes, groupby = "leiden_res_0.02", standardScale = "var") //= sc
adata.obs["cell_type_lvl1"] = adata.obs["leiden_res_0.02"].map(
    mapOf(
        "0" to "Lymphocytes",
        "1" to "Monocytes",
        "2" to "Erythroid",
        "3" to "B Cells",
    ),
) //= py
sc.pl.dotplot(adata, markerGenes, groupby = "leiden_res_0.50", standardScale = "var") //= sc
sc.tl.rankGenesGroups(adata, groupby = "leiden_res_0.50", method = "wilcoxon") //= sc
sc.pl.rankGenesGroupsDotplot(adata, groupby = "leiden_res_0.50", standardScale = "var", nGenes = 5) //= sc
sc.get.rankGenesGroupsDf(adata, group = "3").head(5) //= sc
val dcClusterGenes = sc.get.rankGenesGroupsDf(adata, group = "3").head(5)["names"] //= sc
sc.pl.umap(
    adata,
    color = dcClusterGenes.tolist() + "leiden_res_0.50",
    legendLoc = "on data",
    frameon = false,
    ncols = 3,
) //= sc
