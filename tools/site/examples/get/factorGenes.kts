// data: counts
sc.pp.selectGenes(adata, batchKey = "batch")
sc.tl.inmf(adata, batchKey = "batch", k = 8)
sc.get.factorGenes(adata, nGenes = 3).head(6)
