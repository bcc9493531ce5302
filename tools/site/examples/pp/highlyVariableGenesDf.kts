// data: logarithms
sc.pp.highlyVariableGenesDf(adata, nTopGenes = 200).head()
