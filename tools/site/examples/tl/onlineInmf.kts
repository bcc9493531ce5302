// data: counts
sc.pp.selectGenes(adata, batchKey = "batch")
sc.tl.onlineInmf(adata, batchKey = "batch", k = 8, minibatchSize = 100)
adata
