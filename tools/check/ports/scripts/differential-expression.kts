// A course's notebook on differential expression of brain cells between places and donors.
plt.rcParams["figure.figsize"] = 8 to 8 //= py
sc.settings.verbosity = 3 //= sc
sc.logging.printVersions() //= sc
sns.setContext(context = "poster") //= py
// print("batchglm version " + glm.__version__) //m ext
// print("diffpy version " + de.__version__) //m ext
// TF_CONFIG_PROTO.inter_op_parallelism_threads = 1 //m ext
// TF_CONFIG_PROTO.intra_op_parallelism_threads = 12 //m ext
val filePath = "./" //= py
val dataDir = filePath + "data/" //= py
val tableDir = filePath + "tables/" //= py
sc.settings.figdir = filePath + "figures/" //= sc
val adata = sc.read(dataDir + "data_processed.h5ad") //= sc
pd.crosstab(adata.obs["annotated"], adata.obs["location"]) //= py
val adataNew = ad.AnnData(
    X = adata.layers["counts"], obs = adata.obs, vars = adata.vars,
    obsm = adata.obsm.keys.associateWith { adata.obsm[it] }, uns = adata.uns,
) //c py
adataNew.raw = adata //= py
adataNew.write(dataDir + "counts_only.h5ad") //= py
sc.pl.umap(adata, color = listOf("annotated", "location")) //= sc
val adataAstro = adata[adata.obs["annotated"] eq "Astrocyte"].copy() //= py
adataAstro.obs["location"].valueCounts() //= py

// diffxpy's Wald test of cells. Ours tests samples, by DESeq2's method, whose table has other names.
val samples = sc.get.pseudobulk(adataAstro, listOf("donor", "location"), layer = "counts", minCells = 3)
sc.tl.pseudobulkDe(samples, design = "~ 1 + location", contrast = listOf("location", "SN", "MB")) //d ext
val test = sc.get.pseudobulkDf(samples)
test.iloc[0 until 10, all] //= py
test.sortValues("padj").iloc[0 until 10, all] //d py
sc.pl.volcano(samples) //d ext
test.toCsv(tableDir + "test_astrocytes.csv") //= py
val testSummary = pd.readCsv(tableDir + "test_MB_astrocytes.csv", indexCol = 0) //= py
val testSignif = testSummary.loc[testSummary["qval"] lt 0.05] //= py
val testPos = testSignif.loc[testSignif["log2fc"] gt 0] //= py
val testNeg = testSignif.loc[testSignif["log2fc"] lt 0] //= py
testPos.sortValues("mean", ascending = false).iloc[0 until 10, all] //= py
sc.pl.violin(adataAstro, groupby = "location", keys = "SLC1A2") //= sc
// test_sf = de.test.wald(..., as_numeric=["size_factors"]): size factors are part of pseudobulkDe //m ext
sns.scatterplot(
    x = -np.log10(test["pvalue"]),
    y = -np.log10(test["padj"]),
) //c py
plt.show() //= py
testSummary.sortValues("qval", ascending = true).iloc[0 until 10, all] //= py
// test_sf.plot_volcano(...) //m ext
testSummary.toCsv(tableDir + "test_sf.csv") //= py
val adataDN = adata[
    np.logicalAnd(adata.obs["annotated"] eq "Dopaminergic neuron", adata.obs["location"] eq "SN"),
].copy() //= py
adataDN.obs["donor"].valueCounts() //= py
// test_fac = de.test.wald(data=..., formula_loc="~ 1 + donor", ...) //m ext
testSummary.sortValues("qval").iloc[0 until 10, all] //= py
// de.utils.preview_coef_names(sample_description=..., formula="~ 1 + donor") //m ext
// test_coef = de.test.wald(..., coef_to_test=["donor[T.5]"], ...) //m ext
testSummary.sortValues("qval").iloc[0 until 10, all] //= py
testSummary.toCsv(tableDir + "test_coef.csv") //= py
