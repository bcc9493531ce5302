// scanpy's tutorial on new cells in a known map, and on batches of pancreas.
sc.settings.verbosity = 1 //= sc
sc.logging.printVersions() //= sc
sc.settings.setFigureParams(dpi = 80, frameon = false, figsize = 3 to 3, facecolor = "white") //= sc
var adataRef = offline("data/pbmc3k_processed.h5ad") { sc.datasets.pbmc3kProcessed() } //= sc
var adata = offline("data/pbmc68k_reduced.h5ad") { sc.datasets.pbmc68kReduced() } //= sc
val varNames = adataRef.varNames.intersection(adata.varNames) //= py
adataRef = adataRef[all, varNames].copy() //= py
adata = adata[all, varNames].copy() //= py
sc.pp.pca(adataRef) //= sc
sc.pp.neighbors(adataRef) //= sc
sc.tl.umap(adataRef) //= sc
sc.pl.umap(adataRef, color = "louvain") //= sc
sc.tl.ingest(adata, adataRef, obs = "louvain") //= sc
adata.uns["louvain_colors"] = adataRef.uns["louvain_colors"] //= py
sc.pl.umap(adata, color = listOf("louvain", "bulk_labels"), wspace = 0.5) //= sc
var adataConcat = anndata.concat(listOf(adataRef, adata), label = "batch", keys = listOf("ref", "new")) //= py
adataConcat.obs["louvain"] =
    adataConcat.obs["louvain"].astype("category").cat.reorderCategories(adataRef.obs["louvain"].cat.categories) //= py
adataConcat.uns["louvain_colors"] = adataRef.uns["louvain_colors"] //= py
sc.pl.umap(adataConcat, color = listOf("batch", "louvain")) //= sc
sc.tl.pca(adataConcat) //= sc
sc.external.pp.bbknn(adataConcat, batchKey = "batch") //= sc
sc.tl.umap(adataConcat) //= sc
sc.pl.umap(adataConcat, color = listOf("batch", "louvain")) //= sc

// Pancreas: rare types go, the others are ordered by how many there are.
var adataAll = sc.read(
    "data/pancreas.h5ad",
    backupUrl = "https://www.dropbox.com/s/qj1jlm9w10wmt0u/pancreas.h5ad?dl=1",
) //= sc
val counts = adataAll.obs["celltype"].valueCounts() //= py
// pandas' valueCounts is a Series; ours is a table already
counts //d py
val minorityClasses = counts.index.tolist().takeLast(5) //= py
adataAll = adataAll[!adataAll.obs["celltype"].isin(minorityClasses)].copy() //= py
adataAll.obs["celltype"] = adataAll.obs["celltype"].cat.reorderCategories(counts.index.tolist().dropLast(5)) //= py
sc.pp.pca(adataAll) //= sc
sc.pp.neighbors(adataAll) //= sc
sc.tl.umap(adataAll) //= sc
sc.pl.umap(adataAll, color = listOf("batch", "celltype"), palette = sc.pl.palettes.vega20Scanpy) //= sc
sc.external.pp.bbknn(adataAll, batchKey = "batch") //= sc
sc.tl.umap(adataAll) //= sc
sc.pl.umap(adataAll, color = listOf("batch", "celltype")) //= sc

// One batch as the reference of the others.
adataRef = adataAll[adataAll.obs["batch"] eq "0"].copy() //= py
sc.pp.pca(adataRef) //= sc
sc.pp.neighbors(adataRef) //= sc
sc.tl.umap(adataRef) //= sc
sc.pl.umap(adataRef, color = "celltype") //= sc
val adatas = listOf("1", "2", "3").map { i -> adataAll[adataAll.obs["batch"] eq i].copy() } //= py
sc.settings.verbosity = 2 //= sc
for ((iadata, query) in adatas.withIndex()) { //= py
    println("... integrating batch ${iadata + 1}") //= py
    query.obs["celltype_orig"] = query.obs["celltype"] //= py
    sc.tl.ingest(query, adataRef, obs = "celltype") //= sc
}
adataConcat = anndata.concat(listOf(adataRef) + adatas, label = "batch", join = "outer") //= py
adataConcat.obs["celltype"] =
    adataConcat.obs["celltype"].astype("category").cat.reorderCategories(adataRef.obs["celltype"].cat.categories) //= py
adataConcat.uns["celltype_colors"] = adataRef.uns["celltype_colors"] //= py
sc.pl.umap(adataConcat, color = listOf("batch", "celltype")) //= sc

// How well the labels agree.
val adataQuery = adataConcat[adataConcat.obs["batch"].isin(listOf("1", "2", "3"))].copy() //= py
sc.pl.umap(adataQuery, color = listOf("batch", "celltype", "celltype_orig"), wspace = 0.4) //= sc
val conservedCategories = adataQuery.obs["celltype"].cat.categories.intersection(
    adataQuery.obs["celltype_orig"].cat.categories,
) //= py
val obsQueryConserved = adataQuery.obs.loc[
    adataQuery.obs["celltype"].isin(conservedCategories) and
        adataQuery.obs["celltype_orig"].isin(conservedCategories),
].copy() //= py
obsQueryConserved["celltype"] = obsQueryConserved["celltype"].cat.removeUnusedCategories() //= py
obsQueryConserved["celltype_orig"] =
    obsQueryConserved["celltype_orig"]
        .cat.removeUnusedCategories()
        .cat.reorderCategories(obsQueryConserved["celltype"].cat.categories) //= py
pd.crosstab(obsQueryConserved["celltype"], obsQueryConserved["celltype_orig"]) //= py
pd.crosstab(adataQuery.obs["celltype"], adataQuery.obs["celltype_orig"]) //= py

// Where each batch is dense.
sc.tl.embeddingDensity(adataConcat, groupby = "batch") //= sc
sc.pl.embeddingDensity(adataConcat, groupby = "batch") //= sc
val (fig, axes) = plt.subplots(1, 3, figsize = 15 to 5) //= py
for ((batch, ax) in listOf("1", "2", "3").zip(axes)) { //= py
    sc.pl.umap(adataConcat, color = "batch", groups = listOf(batch), ax = ax, show = false) //= sc
}
