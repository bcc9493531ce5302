// A user's long notebook on lungs: doublets, quality, scVI, names, shares, differential expression.
var adata = sc.readCsv("raw_counts/GSM5226574_C51ctr_raw_counts.csv").T //= sc
sc.pp.filterGenes(adata, minCells = 10) //= sc
sc.pp.highlyVariableGenes(adata, nTopGenes = 2000, subset = true, flavor = "seurat_v3") //= sc
scvi.model.SCVI.setupAnndata(adata) //= ext
val vae = scvi.model.SCVI(adata) //= ext
vae.train(maxEpochs = 2) //= ext
// solo = scvi.external.SOLO.from_scvi_model(vae): sc.pp.scrublet finds doublets here //m ext
// solo.train() //m ext
// df = solo.predict() //m ext
sc.pp.scrublet(adata) //d ext
val df = adata.obs[listOf("doublet_score", "predicted_doublet")] //d ext
df["prediction"] = df["doublet_score"].map { s -> if (s > 0.05) "doublet" else "singlet" } //d ext
df.index = df.index.map { x -> x.dropLast(2) } //= py
df.groupby("prediction").count() //= py
df["dif"] = df["doublet_score"] - df["doublet_score"].median() //= py
sns.displot(df[df["prediction"] eq "doublet"], x = "dif") //= py
val doublets = df[(df["prediction"] eq "doublet") and (df["dif"] gt 1)] //= py

// The sample without them, with all genes.
adata = sc.readCsv("raw_counts/GSM5226574_C51ctr_raw_counts.csv").T //= sc
adata.obs["doublet"] = adata.obs.index.isin(doublets.index) //= py
adata = adata[!adata.obs["doublet"]] //= py
adata.vars["mt"] = adata.vars.index.str.startsWith("MT-") //= py
val riboUrl = "data/KEGG_RIBOSOME.txt" //= py
val riboGenes = pd.readTable(riboUrl, skiprows = 2, header = null) //= py
adata.vars["ribo"] = adata.varNames.isin(riboGenes[0].values) //= py
sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt", "ribo"), percentTop = null, log1p = false, inplace = true) //= sc
adata.vars.sortValues("n_cells_by_counts") //= py
sc.pp.filterGenes(adata, minCells = 3) //= sc
adata.vars.sortValues("n_cells_by_counts") //= py
adata.obs.sortValues("n_genes_by_counts") //= py
sc.pl.violin(
    adata, listOf("n_genes_by_counts", "total_counts", "pct_counts_mt", "pct_counts_ribo"),
    jitter = 0.4, multiPanel = true,
) //= sc
val upperLim = np.quantile(adata.obs["n_genes_by_counts"].values, .98) //= py
adata = adata[adata.obs["n_genes_by_counts"] lt upperLim] //= py
adata = adata[adata.obs["pct_counts_mt"] lt 20] //= py
adata = adata[adata.obs["pct_counts_ribo"] lt 20] //= py
adata.X.sum(axis = 1) //= py
sc.pp.normalizeTotal(adata, targetSum = 1e4) //= sc
adata.X.sum(axis = 1) //= py
sc.pp.log1p(adata) //= sc
adata.X.sum(axis = 1) //= py
adata.raw = adata //= py
sc.pp.highlyVariableGenes(adata, nTopGenes = 2000) //= sc
sc.pl.highlyVariableGenes(adata) //= sc
adata = adata[all, adata.vars["highly_variable"]] //= py
sc.pp.regressOut(adata, listOf("total_counts", "pct_counts_mt", "pct_counts_ribo")) //= sc
sc.pp.scale(adata, maxValue = 10) //= sc
sc.tl.pca(adata, svdSolver = "arpack") //= sc
sc.pl.pcaVarianceRatio(adata, log = true, nPcs = 50) //= sc
sc.pp.neighbors(adata, nPcs = 30) //= sc
sc.tl.umap(adata) //= sc
sc.pl.umap(adata) //= sc
sc.tl.leiden(adata, resolution = 0.5) //= sc
sc.pl.umap(adata, color = listOf("leiden")) //= sc

// The same for every sample.
fun pp(csvPath: String): AnnData { //= py
    val first = sc.readCsv(csvPath).T //= sc
    sc.pp.filterGenes(first, minCells = 10) //= sc
    sc.pp.highlyVariableGenes(first, nTopGenes = 2000, subset = true, flavor = "seurat_v3") //= sc
    scvi.model.SCVI.setupAnndata(first) //= ext
    val vae = scvi.model.SCVI(first) //= ext
    vae.train(maxEpochs = 2) //= ext
    // solo = scvi.external.SOLO.from_scvi_model(vae) //m ext
    // solo.train() //m ext
    // df = solo.predict() //m ext
    sc.pp.scrublet(first) //d ext
    val df = first.obs[listOf("doublet_score", "predicted_doublet")] //d ext
    df["prediction"] = df["doublet_score"].map { s -> if (s > 0.05) "doublet" else "singlet" } //d ext
    df.index = df.index.map { x -> x.dropLast(2) } //= py
    df["dif"] = df["doublet_score"] - df["doublet_score"].median() //= py
    val doublets = df[(df["prediction"] eq "doublet") and (df["dif"] gt 1)] //= py
    var adata = sc.readCsv(csvPath).T //= sc
    adata.obs["Sample"] = csvPath.split("_")[2] //= py
    adata.obs["doublet"] = adata.obs.index.isin(doublets.index) //= py
    adata = adata[!adata.obs["doublet"]] //= py
    sc.pp.filterCells(adata, minGenes = 100) //= sc
    adata.vars["mt"] = adata.varNames.str.startsWith("mt-") //= py
    adata.vars["ribo"] = adata.varNames.isin(riboGenes[0].values) //= py
    sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt", "ribo"), percentTop = null, log1p = false, inplace = true) //= sc
    val upperLim = np.quantile(adata.obs["n_genes_by_counts"].values, .98) //= py
    adata = adata[adata.obs["n_genes_by_counts"] lt upperLim] //= py
    adata = adata[adata.obs["pct_counts_mt"] lt 20] //= py
    adata = adata[adata.obs["pct_counts_ribo"] lt 20] //= py
    return adata //= py
}

val out = mutableListOf<AnnData>() //= py
for (file in os.listdir("raw_counts/")) { //= py
    out.add(pp("raw_counts/" + file)) //= py
}
adata = sc.concat(out) //= sc
sc.pp.filterGenes(adata, minCells = 10) //= sc
adata.X = csrMatrix(adata.X) //= py
adata.writeH5ad("combined.h5ad") //= py

// Both samples together, by scVI.
adata = sc.readH5ad("combined.h5ad") //= sc
adata.obs.groupby("Sample").count() //= py
sc.pp.filterGenes(adata, minCells = 20) //= sc
adata.layers["counts"] = adata.X.copy() //= py
sc.pp.normalizeTotal(adata, targetSum = 1e4) //= sc
sc.pp.log1p(adata) //= sc
adata.raw = adata //= py
adata.obs.head() //= py
scvi.model.SCVI.setupAnndata(
    adata, layer = "counts",
    categoricalCovariateKeys = listOf("Sample"),
    continuousCovariateKeys = listOf("pct_counts_mt", "total_counts", "pct_counts_ribo"),
) //= ext
var model = scvi.model.SCVI(adata) //= ext
model.train(maxEpochs = 5) //= ext
adata.obsm["X_scVI"] = model.getLatentRepresentation() //= ext
adata.layers["scvi_normalized"] = model.getNormalizedExpression(librarySize = 1e4) //= ext
sc.pp.neighbors(adata, useRep = "X_scVI") //= sc
sc.tl.umap(adata) //= sc
sc.tl.leiden(adata, resolution = 0.5) //= sc
sc.pl.umap(adata, color = listOf("leiden", "Sample"), frameon = false) //= sc
adata.writeH5ad("integrated.h5ad") //= py
sc.tl.leiden(adata, resolution = 1) //= sc
sc.tl.rankGenesGroups(adata, "leiden") //= sc
var markers = sc.get.rankGenesGroupsDf(adata, null) //= sc
markers = markers[(markers["pvals_adj"] lt 0.05) and (markers["logfoldchanges"] gt .5)] //= py
var markersScvi = model.differentialExpression(groupby = "leiden", mode = "change") //d ext
markersScvi = markersScvi[markersScvi["is_de_fdr_0.05"] and (markersScvi["lfc_mean"] gt .5)] //= py
sc.pl.umap(adata, color = listOf("leiden"), frameon = false, legendLoc = "on data") //= sc
sc.pl.umap(adata, color = listOf("EPCAM", "MUC1"), frameon = false, layer = "scvi_normalized", vmax = 5) //= sc
val cellType = mapOf(
    "0" to "Macrophage",
    "1" to "Fibroblast",
    "2" to "CD4+ T-cell",
    "3" to "AT2",
    "4" to "AT1",
    "5" to "CD8+ T-cell",
    "6" to "Endothelial cell",
    "7" to "Plasma cell",
    "8" to "Macrophage",
    "9" to "AT2",
) //= py
adata.obs["cell type"] = adata.obs["leiden"].map(cellType) //= py
sc.pl.umap(adata, color = listOf("cell type"), frameon = false) //= sc
adata.uns["scvi_markers"] = markersScvi //= py
adata.uns["markers"] = markers //= py
adata.writeH5ad("integrated.h5ad") //= py
model.save("model.model") //= ext

// How often each type is found in each sample.
adata = sc.readH5ad("integrated.h5ad") //= sc
adata.obs["Sample"].unique().tolist() //= py

fun mapCondition(x: String): String { //= py
    if ("cov" in x) { //= py
        return "COVID19" //= py
    } else {
        return "control" //= py
    }
}

adata.obs["condition"] = adata.obs["Sample"].map(::mapCondition) //= py
val cells = adata.obs.groupby(listOf("Sample")).count() //= py
val numTotCells = cells.index.tolist().zip(cells["doublet"].tolist()).toMap() //= py
var cellTypeCounts = adata.obs.groupby(listOf("Sample", "condition", "cell type")).count() //= py
cellTypeCounts = cellTypeCounts[cellTypeCounts.sum(axis = 1) gt 0].resetIndex() //= py
cellTypeCounts = cellTypeCounts[cellTypeCounts.columns.take(4)] //= py
cellTypeCounts["total_cells"] = cellTypeCounts["Sample"].map(numTotCells).astype("int") //= py
cellTypeCounts["frequency"] = cellTypeCounts["doublet"] / cellTypeCounts["total_cells"] //= py
plt.figure(figsize = 10 to 4) //= py
val ax = sns.boxplot(data = cellTypeCounts, x = "cell type", y = "frequency", hue = "condition") //= py
plt.xticks(rotation = 35, rotationMode = "anchor", ha = "right") //= py
plt.show() //= py

// One type against another, by cells.
val subset = adata[adata.obs["cell type"].isin(listOf("AT1", "AT2"))].copy() //= py
subset.X = subset.X.toarray() //= py
subset.vars.size //= py
sc.pp.filterGenes(subset, minCells = 10) //= sc
subset.vars.size //= py
subset.obs = subset.obs.rename(columns = mapOf("cell type" to "cell_type")) //= py
// res = de.test.wald(data=subset, ...): sc.tl.rankGenesGroups tests cells here //d ext
sc.tl.rankGenesGroups(subset, "cell_type", groups = listOf("AT1"), reference = "AT2", method = "wilcoxon", useRaw = false)
var dedf = sc.get.rankGenesGroupsDf(subset, "AT1").rename(
    columns = mapOf("names" to "gene", "pvals_adj" to "qval", "logfoldchanges" to "log2fc"),
).sortValues("log2fc", ascending = false).resetIndex(drop = true) //d ext
subset.obs["cell_type"].unique() //= py
val mostUp = dedf.iloc[0]["gene"] //= py
val i = np.where(subset.varNames eq mostUp)[0][0] //= py
val at1 = subset[subset.obs["cell_type"] eq "AT1"].X[all, i] //= py
val at2 = subset[subset.obs["cell_type"] eq "AT2"].X[all, i] //= py
println("$mostUp expression:") //= py
println("AT1: ${at1.mean()}") //= py
println("AT2: ${at2.mean()}") //= py
dedf["log2fc"] = dedf["log2fc"] * -1 //= py
dedf = dedf.sortValues("log2fc", ascending = false).resetIndex(drop = true) //= py
dedf = dedf[(dedf["qval"] lt 0.05) and (abs(dedf["log2fc"]) gt .5)] //= py
dedf = dedf[dedf["scores"] ne 0] //= py
val genesToShow = dedf["gene"].tolist().takeLast(25) + dedf["gene"].tolist().take(25) //= py
sc.pl.heatmap(subset, genesToShow, groupby = "cell_type", swapAxes = true) //= sc

// One type against another, by scVI.
model = scvi.model.SCVI.load("model.model", adata) //= ext
var scviDe = model.differentialExpression(
    mode = "change",
    idx1 = listOf(adata.obs["cell type"] eq "AT1"),
    idx2 = listOf(adata.obs["cell type"] eq "AT2"),
) //d ext
scviDe = scviDe[scviDe["is_de_fdr_0.05"] and (abs(scviDe["lfc_mean"]) gt .5)] //= py
scviDe = scviDe.sortValues("lfc_mean") //= py
scviDe = scviDe[(scviDe["raw_mean1"] gt .5) or (scviDe["raw_mean2"] gt .5)] //= py
val shown = scviDe.index.tolist().takeLast(25) + scviDe.index.tolist().take(25) //= py
sc.pl.heatmap(
    subset, genesToShow, groupby = "cell_type", swapAxes = true, layer = "scvi_normalized",
    log = true,
) //= sc
// gp.get_library_name(): gseapy asks a web service //m ext
// enr = gp.enrichr(gene_list=..., gene_sets=[...]) //m ext
sc.pl.violin(subset[subset.obs["cell_type"] eq "AT2"], "ETV5", groupby = "condition") //= sc

// One gene in one type, by condition.
val temp = subset[subset.obs["cell_type"] eq "AT2"] //= py
val gene = np.where(temp.varNames eq "ETV5")[0][0] //= py
val treated = temp[temp.obs["condition"] eq "COVID19"].X[all, gene] //= py
val control = temp[temp.obs["condition"] eq "control"].X[all, gene] //= py
stats.mannwhitneyu(treated, control) //= ext
val datpSig = File("data/datp_sig.txt").readLines().map { x -> x.trim() } //d py
sc.tl.scoreGenes(subset, datpSig, scoreName = "datp") //= sc
sc.pl.violin(subset, "datp", groupby = "condition") //= sc
val a = subset[subset.obs["condition"] eq "COVID19"].obs["datp"].values //= py
val b = subset[subset.obs["condition"] eq "control"].obs["datp"].values //= py
stats.mannwhitneyu(a, b) //= ext
sc.pl.umap(subset, color = "datp", vmax = 1) //= sc
plt.rcContext(mapOf("figure.figsize" to (8 to 8))) { //d py
    sc.pl.umap(
        adata, color = listOf("cell type"), frameon = false, s = 5, legendLoc = "on data",
        legendFontsize = 12, legendFontoutline = 2,
    ) //= sc
}
plt.rcContext(mapOf("figure.figsize" to (8 to 8))) { //d py
    sc.pl.umap(adata, color = listOf("MUC1"), frameon = false, layer = "scvi_normalized", vmax = 5, s = 5) //= sc
}
