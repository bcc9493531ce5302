// data: clustered
sc.pl.rankGenesGroupsStackedViolin(adata, nGenes = 2)
