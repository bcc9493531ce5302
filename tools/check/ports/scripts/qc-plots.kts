// A user's notebook on the gut of mice: files of six samples put together, quality in six figures.
plt.rcParams["figure.figsize"] = 8 to 8 //= py
val sampleStrings = mutableListOf("Duo_M1", "Duo_M2", "Jej_M1", "Jej_M2", "Il_M1", "Il_M2") //= py
val sampleIdStrings = mutableListOf("3", "4", "5", "6", "7", "8") //= py
val fileBase = "data/gut/GSM283657" //= py
val expString = "_Regional_" //= py
val dataFileEnd = "_matrix.mtx" //= py
val barcodeFileEnd = "_barcodes.tsv" //= py
val geneFileEnd = "_genes.tsv" //= py

// The first sample.
var sample = sampleStrings.removeAt(0) //= py
var sampleId = sampleIdStrings.removeAt(0) //= py
var dataFile = fileBase + sampleId + expString + sample + dataFileEnd //= py
var barcodeFile = fileBase + sampleId + expString + sample + barcodeFileEnd //= py
var geneFile = fileBase + sampleId + expString + sample + geneFileEnd //= py
var adata = sc.read(dataFile, cache = true) //= sc
adata = adata.transpose() //= py
adata.X = adata.X.toarray() //= py
val barcodes = pd.readTable(barcodeFile, header = null) //= py
val genes = pd.readTable(geneFile, header = null) //= py
barcodes.rename(columns = mapOf(0 to "barcode"), inplace = true) //= py
barcodes.setIndex("barcode", inplace = true) //= py
adata.obs = barcodes //= py
adata.obs["sample"] = List(adata.nObs) { sample } //= py
adata.obs["region"] = List(adata.nObs) { sample.split("_")[0] } //= py
adata.obs["donor"] = List(adata.nObs) { sample.split("_")[1] } //= py
genes.rename(columns = mapOf(0 to "id", 1 to "gene_symbol"), inplace = true) //= py
genes.setIndex("id", inplace = true) //= py
adata.vars = genes //= py

// The others.
for (i in sampleStrings.indices) { //= py
    sample = sampleStrings[i] //= py
    sampleId = sampleIdStrings[i] //= py
    dataFile = fileBase + sampleId + expString + sample + dataFileEnd //= py
    barcodeFile = fileBase + sampleId + expString + sample + barcodeFileEnd //= py
    geneFile = fileBase + sampleId + expString + sample + geneFileEnd //= py
    var adataTmp = sc.read(dataFile, cache = true) //= sc
    adataTmp = adataTmp.transpose() //= py
    adataTmp.X = adataTmp.X.toarray() //= py
    val barcodesTmp = pd.readTable(barcodeFile, header = null) //= py
    val genesTmp = pd.readTable(geneFile, header = null) //= py
    barcodesTmp.rename(columns = mapOf(0 to "barcode"), inplace = true) //= py
    barcodesTmp.setIndex("barcode", inplace = true) //= py
    adataTmp.obs = barcodesTmp //= py
    adataTmp.obs["sample"] = List(adataTmp.nObs) { sample } //= py
    adataTmp.obs["region"] = List(adataTmp.nObs) { sample.split("_")[0] } //= py
    adataTmp.obs["donor"] = List(adataTmp.nObs) { sample.split("_")[1] } //= py
    genesTmp.rename(columns = mapOf(0 to "id", 1 to "gene_symbol"), inplace = true) //= py
    genesTmp.setIndex("id", inplace = true) //= py
    adataTmp.vars = genesTmp //= py
    adata = adata.concatenate(adataTmp, batchKey = "sample_id") //= py
    // adata.var["gene_symbol"] = adata.var["gene_symbol-1"]: columns that are the same in both keep their name //d py
    // adata.var.drop(columns=["gene_symbol-1", "gene_symbol-0"], inplace=True) //d py
    adata.obs.drop(columns = listOf("sample_id"), inplace = true) //= py
}
adata.varNames = adata.varNames.map { g -> g.split("_")[1] } //= py
adata.vars["gene_symbol"] = adata.vars["gene_symbol"].tolist().map { g -> "$g".split("_")[1] } //= py
println(adata.obs["region"].valueCounts()) //= py
println("") //= py
println(adata.obs["donor"].valueCounts()) //= py
println("") //= py
println(adata.obs["sample"].valueCounts()) //= py

// Counts by hand.
adata.obs["n_counts"] = adata.X.sum(1) //= py
adata.obs["log_counts"] = np.log(adata.obs["n_counts"]) //= py
adata.obs["n_genes"] = (adata.X gt 0).sum(1) //= py
val mtGeneMask = adata.vars["gene_symbol"].tolist().map { gene -> "$gene".startsWith("mt-") } //= py
adata.obs["mt_frac"] = adata.X[all, mtGeneMask].sum(1) / adata.obs["n_counts"] //= py

// Figures of them.
val t1 = sc.pl.violin(adata, "n_counts", groupby = "sample", size = 2, log = true, cut = 0) //= sc
val t2 = sc.pl.violin(adata, "mt_frac", groupby = "sample") //= sc
val labSize = 25 //= py
val tickSize = 15 //= py
val ax = sc.pl.scatter(adata, "n_counts", "n_genes", color = "mt_frac", show = false, legendFontweight = 50) //= sc
ax.setTitle("Fraction mitochondrial counts", fontsize = labSize) //= py
ax.setXlabel("Count depth", fontsize = labSize) //= py
ax.setYlabel("Number of genes", fontsize = labSize) //= py
ax.tickParams(labelsize = tickSize) //= py
ax.axhline(700, 0, 1, color = "red") //= py
ax.axvline(1500, 0, 1, color = "red") //= py
val fig = plt.gcf() //= py
val cbarAx = fig.axes[-1] //= py
cbarAx.tickParams(labelsize = tickSize) //= py
val f1 = ax.getFigure() //= py
f1.savefig("figures/scatter_qc_gene_count_mtfrac.pdf") //= py
plt.show() //= py
val p2 = sns.distplot(adata.obs["n_counts"], kde = false) //= py
p2.setXlabel("Count depth", fontsize = labSize) //= py
p2.setYlabel("Frequency", fontsize = labSize) //= py
p2.tickParams(labelsize = tickSize) //= py
val f2 = p2.getFigure() //= py
f2.savefig("figures/hist_qc_count_depth.pdf") //= py
plt.show() //= py
val p3 = sns.distplot(adata.obs["n_genes"], kde = false) //= py
p3.setXlabel("Number of genes", fontsize = labSize) //= py
p3.setYlabel("Frequency", fontsize = labSize) //= py
p3.tickParams(labelsize = tickSize) //= py
p3.axvline(700, 0, 1, color = "red") //= py
val f3 = p3.getFigure() //= py
f3.savefig("figures/hist_qc_num_genes.pdf") //= py
plt.show() //= py
val p4 = sns.distplot(adata.obs["n_counts"][adata.obs["n_counts"] lt 4000], kde = false, bins = 60) //= py
p4.setXlabel("Count depth", fontsize = labSize) //= py
p4.setYlabel("Frequency", fontsize = labSize) //= py
p4.tickParams(labelsize = tickSize) //= py
p4.axvline(1500, 0, 1, color = "red") //= py
val f4 = p4.getFigure() //= py
f4.savefig("figures/hist_qc_count_depth_zoom.pdf") //= py
plt.show() //= py
val countData = adata.obs["n_counts"].copy() //= py
val sorted = countData.sortValues(ascending = false) //d py
val order = 1 until sorted.size + 1 //= py
plt.semilogy(order, sorted, "b-") //= py
plt.gca().axhline(1500, 0, 1, color = "red") //= py
plt.xlabel("Barcode rank", fontsize = labSize) //= py
plt.ylabel("Count depth", fontsize = labSize) //= py
plt.tickParams(labelsize = tickSize) //= py
plt.plot() //= py
plt.savefig("figures/line_qc_log_count_depth.pdf") //= py
plt.show() //= py
adata.vars["cells_per_gene"] = np.sum(adata.X gt 0, 0) //= py
val p6 = sns.distplot(adata.vars["cells_per_gene"][adata.vars["cells_per_gene"] lt 100], kde = false, bins = 60) //= py
p6.setXlabel("Number of cells", fontsize = labSize) //= py
p6.setYlabel("Frequency", fontsize = labSize) //= py
p6.setTitle("Cells per gene", fontsize = labSize) //= py
p6.tickParams(labelsize = tickSize) //= py
plt.show() //= py
