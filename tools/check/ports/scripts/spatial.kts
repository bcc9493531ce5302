// A user's notebook on a Visium slide: quality in place, clusters on the tissue, markers as a table.
var adata = sc.readVisium("DD073R_A1_processed") //= sc
adata.varNamesMakeUnique() //= py
adata.uns["spatial"]["DD73RA1_rep2"]["images"]["hires"].shape //= py
adata.obs["thing"] = "a" //= py
plt.rcParams["figure.figsize"] = 8 to 8 //= py
sc.pl.spatial(adata, color = "thing") //= sc
adata.vars["mt"] = adata.varNames.str.startsWith("MT-") //= py
sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt"), inplace = true) //= sc
val (fig, axs) = plt.subplots(1, 4, figsize = 15 to 4) //= py
sns.distplot(adata.obs["total_counts"], kde = false, ax = axs[0]) //= py
sns.distplot(adata.obs["total_counts"][adata.obs["total_counts"] lt 10000], kde = false, bins = 40, ax = axs[1]) //= py
sns.distplot(adata.obs["n_genes_by_counts"], kde = false, bins = 60, ax = axs[2]) //= py
sns.distplot(adata.obs["n_genes_by_counts"][adata.obs["n_genes_by_counts"] lt 4000], kde = false, bins = 60, ax = axs[3]) //= py
plt.show() //= py
sns.distplot(adata.obs["total_counts"][adata.obs["total_counts"] lt 2000], kde = false, bins = 40) //= py
sc.pp.filterCells(adata, minCounts = 100) //= sc
sc.pp.filterCells(adata, maxCounts = 35000) //= sc
sc.pl.violin(adata, listOf("pct_counts_mt"), jitter = 0.4) //= sc
adata = adata[adata.obs["pct_counts_mt"] lt 20] //= py
sc.pp.filterGenes(adata, minCells = 3) //= sc
plt.rcParams["figure.figsize"] = 8 to 8 //= py
sc.pl.spatial(adata, color = "thing") //= sc
sc.pp.normalizeTotal(adata, inplace = true) //= sc
sc.pp.log1p(adata) //= sc
sc.pp.highlyVariableGenes(adata, flavor = "seurat", nTopGenes = 2000) //= sc
sc.pp.pca(adata) //= sc
sc.pp.neighbors(adata) //= sc
sc.tl.umap(adata) //= sc
sc.tl.leiden(adata) //= sc
plt.rcParams["figure.figsize"] = 4 to 4 //= py
sc.pl.umap(adata, color = listOf("total_counts", "n_genes_by_counts", "leiden"), wspace = 0.4) //= sc
plt.rcParams["figure.figsize"] = 8 to 8 //= py
sc.pl.spatial(adata, imgKey = "hires", color = listOf("total_counts", "n_genes_by_counts")) //= sc
sc.pl.spatial(adata, imgKey = "hires", color = "leiden", size = 1.5) //= sc
sc.tl.rankGenesGroups(adata, "leiden", method = "wilcoxon") //= sc

// The ranked genes as one table.
val results = adata.uns["rank_genes_groups"] //= py
// out = np.array([[0, 0, 0, 0, 0]]): one array of texts and numbers; our tables have typed columns //m py
// for group in results["names"].dtype.names //d py
// out = np.vstack((out, ...)) //d py
var markers = sc.get.rankGenesGroupsDf(adata, null).rename(
    columns = mapOf("names" to "Gene", "pvals_adj" to "pval_adj", "logfoldchanges" to "lfc", "group" to "cluster"),
) //d py
markers = markers[(markers["pval_adj"] lt 0.05) and (abs(markers["lfc"]) gt 1)] //= py
markers[markers["cluster"] eq "2"] //= py
sc.pl.spatial(adata, imgKey = "hires", color = listOf("leiden", "S100A2"), size = 1.5) //= sc
