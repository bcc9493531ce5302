// data: components
sc.pl.highlyVariableGenes(adata)
