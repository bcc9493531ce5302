// A user's notebook on many samples: files renamed, quality by sample, doublets.
val files = os.listdir("data/aml/") //= py
val ffs = files.filter { x -> "feature" in x } //= py
for (ff in ffs) { //= py
    // with gzip.open(...) as f_in: streams are the JVM's //m ext
    // with gzip.open(...) as f_out //m ext
    // for line in f_in //m ext
    // f_out.write(line.strip() + "\tGene Expression\n") //m ext
    println(ff)
}
sc.read10xMtx("data/aml/", prefix = "GSM7494269_AML3_DX_raw_") //= sc
for (prefix in files.filter { x -> "processed" !in x && "tar" !in x }.map { x -> x.split("_raw")[0] + "_raw_" }.toSet()) { //= py
    val adata = sc.read10xMtx("data/aml/", prefix = prefix) //= sc
    adata.writeH5ad("raw_adata/" + prefix + ".h5ad") //= py
}

// What the cleaning of background says.
val rows = mutableListOf<DataFrame>() //= py
for (file in os.listdir("clean_adata/").filter { x -> x.endsWith("metrics.csv") }) { //= py
    val one = pd.readCsv(
        "clean_adata/" + file,
        header = null, names = listOf("Metric", "Value"),
    ).setIndex("Metric").T //= py
    one["File"] = file //= py
    rows.add(one) //= py
}
val metrics = pd.concat(rows).resetIndex() //= py
metrics.hist("fraction_counts_removed") //= py
val names = os.listdir("clean_adata/").filter { x -> x.endsWith("filtered.h5") } //= py

fun loadIt(name: String): AnnData { //= py
    val samp = name.split("_")[1] //= py
    val dx = name.split("_")[2] //= py
    val adata = sc.read10xH5("clean_adata/" + name) //= sc
    adata.obs["Patient"] = samp //= py
    adata.obs["DX"] = dx //= py
    adata.obs["Sample"] = adata.obs["Patient"] + "_" + adata.obs["DX"] //= py
    adata.obs.index = adata.obs.index + "-" + samp + "_" + dx //= py
    return adata //= py
}

var adatas = names.map { loadIt(it) } //= py

fun qc(adata: AnnData): AnnData { //= py
    sc.pp.filterCells(adata, minGenes = 200) //= sc
    adata.vars["mt"] = adata.varNames.str.startsWith("MT-") //= py
    adata.vars["ribo"] = adata.varNames.str.startsWith(listOf("RPS", "RPL")) //= py
    adata.vars["hb"] = adata.varNames.str.contains("^HB[^(P)]") //= py
    sc.pp.calculateQcMetrics(
        adata, qcVars = listOf("mt", "ribo", "hb"), inplace = true, percentTop = listOf(20), log1p = true,
    ) //= sc
    val remove = listOf(
        "total_counts_mt", "log1p_total_counts_mt", "total_counts_ribo",
        "log1p_total_counts_ribo", "total_counts_hb", "log1p_total_counts_hb",
    ) //= py
    adata.obs = adata.obs[adata.obs.columns.filter { x -> x !in remove }] //= py
    return adata //= py
}

adatas = adatas.map { qc(it) } //= py
var df = pd.concat(adatas.map { x -> x.obs }) //= py
df = df.sortValues("Sample") //= py

// A ridge plot by seaborn's FacetGrid.
var value = "log1p_total_counts" //= py
sns.set(style = "white", rc = mapOf("axes.facecolor" to listOf(0, 0, 0, 0))) //= py
val g = sns.FacetGrid(df, row = "Sample", hue = "Sample", aspect = 15, height = 0.5, palette = "tab20") //= py
g.map(sns.kdeplot, value, clipOn = false, fill = true, alpha = 1, linewidth = 1.5) //= py
g.map(sns.kdeplot, value, clipOn = false, color = "w", lw = 2) //= py
g.map(plt.axhline, y = 0, lw = 2, clipOn = false) //= py
fun label(x: Column, color: String, label: String) { //= py
    val ax = plt.gca() //= py
    ax.text(
        0, .2, label, fontweight = "bold", color = color, ha = "left", va = "center", transform = ax.transAxes,
    ) //= py
}
g.map(::label, value) //= py
g.figure.subplotsAdjust(hspace = -.6) //= py
g.setTitles("") //= py
g.set(yticks = listOf(), ylabel = "") //= py
g.despine(bottom = true, left = true) //= py
for (ax in g.axes.flat) { //= py
    ax.axvline(x = df[value].median(), color = "r", linestyle = "-") //= py
}
plt.show() //= py

// What is far from the median.
val a = df[df["Sample"] eq "AML10_REM"]["log1p_total_counts"] //= py
np.median(a) //= py
np.median(a) - 5 * mad(a) //= py
np.median(a) + 5 * mad(a) //= py
val ax = sns.displot(a) //= py
plt.axvline(np.median(a) - 5 * mad(a)) //= py
plt.axvline(np.median(a) + 5 * mad(a)) //= py
plt.show() //= py

fun madOutlier(adata: AnnData, metric: String, nmads: Int, upperOnly: Boolean = false): BooleanArray { //= py
    val M = adata.obs[metric] //= py
    if (!upperOnly) { //= py
        return (M lt np.median(M) - nmads * mad(M)) or (M gt np.median(M) + nmads * mad(M)) //= py
    }
    return (M gt np.median(M) + nmads * mad(M)) //= py
}

// clf = doubletdetection.BoostClassifier(...): sc.pp.scrublet finds doublets here //m ext

fun pp(cells: AnnData): AnnData { //= py
    var adata = cells[cells.obs["pct_counts_mt"] lt 25] //= py
    val boolVector = madOutlier(adata, "log1p_total_counts", 5) or
        madOutlier(adata, "log1p_n_genes_by_counts", 5) or
        madOutlier(adata, "pct_counts_in_top_20_genes", 5) or
        madOutlier(adata, "pct_counts_mt", 3, upperOnly = true) //= py
    adata = adata[!boolVector] //= py
    adata.uns["cells_removed"] = boolVector.sum() //= py
    sc.pp.scrublet(adata) //d ext
    // doublet_score = clf.doublet_score() //d ext
    adata.obs["doublet"] = adata.obs["predicted_doublet"] //d py
    adata.obs["doublet_score"] = adata.obs["doublet_score"] //= py
    adata.uns["doublets_removed"] = adata.obs["doublet"].sum() //= py
    adata = adata[adata.obs["doublet"] eq 0] //= py
    return adata //= py
}

adatas = adatas.map { pp(it) } //= py
for (adata in adatas) { //= py
    println("${adata.nObs} ${adata.uns["cells_removed"]} ${adata.uns["doublets_removed"]}") //= py
}

// The ridge plot again, of what is left.
var df2 = pd.concat(adatas.map { x -> x.obs }) //= py
df2 = df2.sortValues("Sample") //= py
value = "pct_counts_in_top_20_genes" //= py
sns.set(style = "white", rc = mapOf("axes.facecolor" to listOf(0, 0, 0, 0))) //= py
val g2 = sns.FacetGrid(df2, row = "Sample", hue = "Sample", aspect = 15, height = 0.5, palette = "tab20") //= py
g2.map(sns.kdeplot, value, clipOn = false, fill = true, alpha = 1, linewidth = 1.5) //= py
g2.map(sns.kdeplot, value, clipOn = false, color = "w", lw = 2) //= py
g2.map(plt.axhline, y = 0, lw = 2, clipOn = false) //= py
fun label2(x: Column, color: String, label: String) { //= py
    val ax = plt.gca() //= py
    ax.text(
        0, .2, label, fontweight = "bold", color = color, ha = "left", va = "center", transform = ax.transAxes,
    ) //= py
}
g2.map(::label2, value) //= py
g2.figure.subplotsAdjust(hspace = -.6) //= py
g2.setTitles("") //= py
g2.set(yticks = listOf(), ylabel = "") //= py
g2.despine(bottom = true, left = true) //= py
for (ax in g2.axes.flat) { //= py
    ax.axvline(x = df2[value].median(), color = "r", linestyle = "-") //= py
}
plt.show() //= py
