// From counts to a clustered, annotated UMAP, with batches brought together by Harmony.
// usage: ./cellweave tutorials/quickstart.kts [10X_FOLDER ... | FILE.h5ad] [OUT.h5ad]
//
// Without arguments it simulates two batches. One folder or file is read as it is; several are joined, and the column
// "batch" tells them apart by their folders' names. The last of two or more arguments is the file to write.

val inputs = if (args.size > 1) args.dropLast(1) else args.toList()
val out = if (args.size > 1) args.last() else "quickstart.h5ad"

// Read ---------------------------------------------------------------------------------------------------------------
val adata =
    when (inputs.size) {
        0 -> sc.datasets.simulatedBatches(nCells = 3000, nBatches = 2)
        1 -> sc.read(inputs[0])
        else -> sc.concat(
            inputs.associate { java.io.File(it).name.removeSuffix(".h5ad") to sc.read(it) },
            label = "batch",
            indexUnique = "-",
        )
    }
val batchKey = "batch".takeIf { it in adata.obs.keys }
println(adata)

// Quality control, normalisation -------------------------------------------------------------------------------------
sc.pp.calculateQcMetrics(adata, percentTop = listOf(50, 100))
sc.pp.filterCells(adata, minGenes = 200)
sc.pp.filterGenes(adata, minCells = 3)
adata.layers["counts"] = adata.X.copy()
sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)

// Genes, components --------------------------------------------------------------------------------------------------
sc.pp.highlyVariableGenes(adata, nTopGenes = 1500, batchKey = batchKey)
sc.pp.pca(adata, nComps = 30)

// Batches ------------------------------------------------------------------------------------------------------------
// iLISI tells how evenly the batches mix around a cell: 0 when they are apart, 1 when every neighbourhood is even.
if (batchKey != null) {
    sc.pp.neighbors(adata, useRep = "X_pca")
    sc.tl.umap(adata)
    sc.pl.umap(adata, color = batchKey, title = "before Harmony", save = "quickstart_before.png")
    sc.pp.harmonyIntegrate(adata, key = batchKey)
    for (rep in listOf("X_pca", "X_pca_harmony")) {
        println("iLISI of %-13s %.3f".format(rep, sc.metrics.ilisi(adata, batchKey, useRep = rep)))
    }
}

// Neighbours, map, clusters ------------------------------------------------------------------------------------------
sc.pp.neighbors(adata, useRep = if (batchKey != null) "X_pca_harmony" else "X_pca")
sc.tl.umap(adata)
sc.tl.leiden(adata, flavor = "igraph", nIterations = 2)
sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "wilcoxon")

// What it found ------------------------------------------------------------------------------------------------------
println("\n${adata.nObs} cells x ${adata.nVars} genes; ${adata.obs["leiden"].nunique()} clusters")
for ((cluster, size) in adata.obs["leiden"].valueCounts().items()) {
    val markers = sc.get.rankGenesGroupsDf(adata, group = cluster)["names"].texts().take(5)
    println("cluster %-3s %5d cells   %s".format(cluster, size.toInt(), markers.joinToString(" ")))
}

sc.pl.umap(adata, color = listOfNotNull(batchKey, "leiden"), save = "quickstart_umap.png")
sc.pl.rankGenesGroupsDotplot(adata, nGenes = 3, save = "quickstart_markers.png")
adata.writeH5ad(out)
println("\nwrote $out, quickstart_umap.png and quickstart_markers.png")
