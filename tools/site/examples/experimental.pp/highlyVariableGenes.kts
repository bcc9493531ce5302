// data: counts
sc.experimental.pp.highlyVariableGenes(adata, nTopGenes = 200)
adata.vars.head(3)
