// data: clustered
sc.pl.rankGenesGroupsViolin(adata, groups = "type_0", nGenes = 5)
