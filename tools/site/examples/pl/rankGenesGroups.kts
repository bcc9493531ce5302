// data: clustered
sc.pl.rankGenesGroups(adata, nGenes = 10, sharey = false)
