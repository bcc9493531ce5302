// data: counts
sc.pp.quickCorrect(adata, batchKey = "batch", nTopGenes = 300, d = 15)
adata
