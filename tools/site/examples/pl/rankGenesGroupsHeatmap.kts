// data: clustered
sc.pl.rankGenesGroupsHeatmap(adata, nGenes = 3)
