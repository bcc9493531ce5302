// A course's chapter on making an object from tables of counts and of cells.
val countDataframe = pd.readCsv(
    "data/brain_counts.csv",
    indexCol = 0,
) //= py
println(countDataframe.head(2)) //= py
// help(pd.DataFrame.shape): help is for verbs of sc //m py
val metadataDataframe = pd.readCsv("data/brain_metadata.csv", indexCol = 0) //= py
val adata = sc.AnnData(X = countDataframe, obs = metadataDataframe) //= sc
println(adata) //= py
val isSpikeIn = mutableMapOf<String, Boolean>() //= py
var numberOfSpikeIns = 0 //= py
for (geneName in adata.varNames) { //= py
    if ("ERCC" in geneName) { //= py
        isSpikeIn[geneName] = true //= py
        numberOfSpikeIns += 1 //= py
    } else {
        isSpikeIn[geneName] = false //= py
    }
}
adata.vars["ERCC"] = pd.Series(isSpikeIn) //= py
println("found this many spike ins:  $numberOfSpikeIns") //= py
adata.write("data/brain_raw.h5ad") //= py
