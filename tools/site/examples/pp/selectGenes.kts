// data: counts
sc.pp.selectGenes(adata, batchKey = "batch")
adata.vars.head(3)
