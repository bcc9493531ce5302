// data: clustered
val model = sc.pp.harmonyModel(adata, key = "batch")
val settled = model.harmonize(10)
"settled: $settled; ${model.nClusters} clusters of ${model.nCells} cells in ${model.levels}"
