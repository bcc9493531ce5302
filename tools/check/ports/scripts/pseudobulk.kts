// A user's notebook on sums of cells by sample, tested by DESeq2's method.
val adata = sc.readH5ad("data/integrated.h5ad") //= sc

fun mapCondition(x: String): String { //= py
    if ("cov" in x) { //= py
        return "COVID19" //= py
    } else {
        return "control" //= py
    }
}

adata.obs["condition"] = adata.obs["Sample"].map(::mapCondition) //= py
plt.rcContext(mapOf("figure.figsize" to (6 to 6))) { //d py
    sc.pl.umap(adata, color = listOf("cell type"), frameon = false, s = 10) //= sc
}
plt.rcContext(mapOf("figure.figsize" to (6 to 6))) { //d py
    sc.pl.umap(adata, color = listOf("Sample"), frameon = false, s = 10) //= sc
}
val cellSubset = adata[adata.obs["cell type"] eq "Macrophage"] //= py

// One sum for each sample.
var pbs = mutableListOf<AnnData>() //= py
for (sample in cellSubset.obs["Sample"].unique()) { //= py
    val sampCellSubset = cellSubset[cellSubset.obs["Sample"] eq sample] //= py
    sampCellSubset.X = sampCellSubset.layers["counts"] //= py
    val repAdata = sc.AnnData(
        X = sampCellSubset.X.sum(axis = 0),
        vars = sampCellSubset.vars[listOf<String>()],
    ) //= sc
    repAdata.obsNames = listOf(sample) //= py
    repAdata.obs["condition"] = sampCellSubset.obs["condition"].iloc[0] //= py
    pbs.add(repAdata) //= py
}
var pb = sc.concat(pbs) //= sc

// Two sums for each sample.
pbs = mutableListOf() //= py
for (sample in cellSubset.obs["Sample"].unique()) { //= py
    val sampCellSubset = cellSubset[cellSubset.obs["Sample"] eq sample] //= py
    sampCellSubset.X = sampCellSubset.layers["counts"] //= py
    val shuffled = sampCellSubset.obsNames.toMutableList() //= py
    np.random.shuffle(shuffled) //d py
    val indices = np.arraySplit(np.array(shuffled), 2) //= py
    for ((i, pseudoRep) in indices.withIndex()) { //= py
        val repAdata = sc.AnnData(
            X = sampCellSubset[indices[i]].X.sum(axis = 0),
            vars = sampCellSubset[indices[i]].vars[listOf<String>()],
        ) //= sc
        repAdata.obsNames = listOf(sample + "_" + i) //= py
        repAdata.obs["condition"] = sampCellSubset.obs["condition"].iloc[0] //= py
        repAdata.obs["replicate"] = i //= py
        pbs.add(repAdata) //= py
    }
}
pb = sc.concat(pbs) //= sc

// pydeseq2's two objects are one verb and one table here.
val counts = pd.DataFrame(pb.X, columns = pb.varNames) //= py
// dds = DeseqDataSet(counts=counts, clinical=pb.obs, design_factors="condition") //d ext
sc.pp.filterGenes(pb, minCells = 1) //= sc
sc.tl.pseudobulkDe(pb, design = "~ condition", contrast = listOf("condition", "COVID19", "control")) //d ext
sc.tl.pca(pb) //= sc
sc.pl.pca(pb, color = "condition", size = 200) //= sc
// stat_res = DeseqStats(dds, n_cpus=8, contrast=("condition", "COVID19", "control")) //d ext
// stat_res.summary() //d ext
val de = sc.get.pseudobulkDf(pb) //d ext
de.sortValues("stat", ascending = false) //= py
