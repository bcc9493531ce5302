// data: logarithms
sc.pp.highlyVariableGenes(adata, nTopGenes = 200, batchKey = "batch")
adata.vars.head()
